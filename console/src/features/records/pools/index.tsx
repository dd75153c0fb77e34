/** Public pools: for members where they may claim, for who manages sharing the pools themselves. */

import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Table } from "antd";
import { objectName } from "../../../i18n/objects";
import { pools } from "../../../i18n/pools";
import { useLanguage, useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useMay, useMyObjects } from "../../../session";
import { useAddress } from "../../../ui/address";
import { ListFoot, SearchBox, underTop, usePaging } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { sortedBy } from "../../../ui/sorted";
import { Answered, Empty, Failed, Loading } from "../../../ui/state";
import { ownership } from "../filter";
import type { ObjectInfo } from "../model";
import { useColleagueNames, useCount } from "../queries";
import { NamesKnown, Principal } from "../values";
import { PoolDrawer } from "./drawer";
import { DAY_MS, type PoolRow, usePools } from "./queries";

const MANAGES = ["guan.manage_sharing"];

export default function Pools() {
  const say = useWords(pools);
  const may = useMay();
  const [search, go] = useAddress();
  const people = useColleagueNames();
  const manages = may(MANAGES);
  return (
    <NamesKnown value={{ people, parents: new Map() }}>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          manages && (
            <Button
              type="primary"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => go({ pool: "+" })}
            >
              {say("create")}
            </Button>
          )
        }
      />
      <Taking quiet={manages} />
      {manages && <List />}
      {manages && search.pool && (
        <PoolDrawer
          key={search.pool}
          pool={search.pool === "+" ? undefined : search.pool}
          onClose={() => go({ pool: undefined })}
        />
      )}
    </NamesKnown>
  );
}

/** The kinds of records that the person may claim, each with how many wait. */
function Taking(props: { quiet: boolean }) {
  const say = useWords(pools);
  return (
    <Answered of={useMyObjects()}>
      {(objects) => {
        const open = objects.filter(({ actions }) => actions.includes("claim"));
        if (open.length === 0) {
          return props.quiet ? null : (
            <div className="sheet">
              <Empty title={say("notMember")}>{say("notMemberWhy")}</Empty>
            </div>
          );
        }
        return (
          <section aria-label={say("takeFrom")}>
            <p className="quiet">{say("takeFromWhy")}</p>
            <div className="tiles">
              {open.map((object) => (
                <Waiting key={object.id} object={object} />
              ))}
            </div>
          </section>
        );
      }}
    </Answered>
  );
}

function Waiting(props: { object: ObjectInfo }) {
  const say = useWords(pools);
  const at = useLanguage() === "en" ? 0 : 1;
  const { object } = props;
  const filter = ownership("none", "")[0];
  const count = useCount(object.id, { filter, search: undefined }).data?.count;
  return (
    <Link
      className="sheet tile"
      to={`/records/${object.id}` as string}
      search={{ owner: "none" } as never}
    >
      <b className="number">{count?.toLocaleString() ?? "…"}</b>
      {say("waiting", { what: objectName(object, at).toLowerCase() })}
    </Link>
  );
}

function List() {
  const say = useWords(pools);
  const at = useLanguage() === "en" ? 0 : 1;
  const { density } = useLook();
  const [search, go] = useAddress();
  const paging = usePaging();
  const found = usePools(search.q, paging.limit, paging.cursor);
  const objects = useMyObjects().data ?? [];
  const rows = found.data?.items ?? [];
  const isWhole = !paging.canGoBack && found.data !== undefined && !found.data.next;
  const limit = (value: number | null | undefined) => value?.toLocaleString() ?? say("noLimit");
  const span = (value: number | null | undefined) =>
    value ? say("days", { n: Math.round(value / DAY_MS) }) : say("noLimit");
  const who = (all: readonly string[] | undefined) =>
    (all ?? []).map((one) => (
      <div key={one}>
        <Principal of={one} />
      </div>
    ));
  return (
    <div className="sheet">
      <div className="tools">
        <SearchBox placeholder={say("search")} />
      </div>
      {found.error && !found.data ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Table<PoolRow>
          rowKey="id"
          size={density === "compact" ? "small" : "middle"}
          pagination={false}
          dataSource={rows}
          sticky={underTop}
          scroll={{ x: 1050 }}
          locale={{
            emptyText: found.isPending ? (
              <Loading />
            ) : (
              <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
            ),
          }}
          columns={[
            {
              key: "name",
              ...sortedBy(isWhole, ({ id, content }: PoolRow) => content.name || id),
              title: say("name"),
              width: 180,
              fixed: "start",
              render: (_, { id, content }) => (
                <Button type="link" className="plain" onClick={() => go({ pool: id })}>
                  {content.name || id}
                </Button>
              ),
            },
            {
              key: "object",
              ...sortedBy(isWhole, ({ content }: PoolRow) => content.object),
              title: say("object"),
              width: 100,
              render: (_, { content }) => {
                const object = objects.find(({ id }) => id === content.object);
                return objectName(object ?? { id: content.object, name: content.object }, at);
              },
            },
            {
              key: "admins",
              title: say("admins"),
              width: 150,
              render: (_, row) => who(row.content.admins),
            },
            {
              key: "members",
              title: say("members"),
              width: 150,
              render: (_, row) => who(row.content.members),
            },
            {
              key: "day",
              ...sortedBy(isWhole, (row: PoolRow) => row.content.rules?.claims_a_day_max),
              title: say("dayShort"),
              width: 110,
              render: (_, row) => limit(row.content.rules?.claims_a_day_max),
            },
            {
              key: "held",
              ...sortedBy(isWhole, (row: PoolRow) => row.content.rules?.held_max),
              title: say("heldShort"),
              width: 110,
              render: (_, row) => limit(row.content.rules?.held_max),
            },
            {
              key: "pause",
              ...sortedBy(isWhole, (row: PoolRow) => row.content.rules?.previous_owner_pause),
              title: say("pauseShort"),
              width: 120,
              render: (_, row) => span(row.content.rules?.previous_owner_pause),
            },
            {
              key: "returns",
              ...sortedBy(isWhole, (row: PoolRow) => row.content.rules?.returns_after),
              title: say("returnsShort"),
              width: 130,
              render: (_, row) => span(row.content.rules?.returns_after),
            },
          ]}
        />
      )}
      <ListFoot shown={found.data && rows.length} next={found.data?.next} paging={paging} />
    </div>
  );
}
