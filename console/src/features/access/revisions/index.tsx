/** The list of revisions; two of them can be compared, and one be made current. */

import { Button, Table, Tag } from "antd";
import { useState } from "react";
import { reasonWord } from "../../../i18n/operations";
import { revisions as words } from "../../../i18n/revisions";
import { useLanguage, useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useMay } from "../../../session";
import { useAddress } from "../../../ui/address";
import { ListFoot, underTop, usePaging } from "../../../ui/list";
import { Moment } from "../../../ui/moment";
import { PageHeader } from "../../../ui/page";
import { PersonTag } from "../../../ui/person";
import { Empty, Failed, Loading } from "../../../ui/state";
import { type Revision, useWorld } from "../world";
import { RevisionDrawer } from "./drawer";
import { useRevisions } from "./queries";

const ORIGINS = ["created", "edited", "replaced", "made_current"] as const;

export default function Revisions() {
  const say = useWords(words);
  const at = useLanguage() === "en" ? 0 : 1;
  const { density } = useLook();
  const [search, go] = useAddress();
  const paging = usePaging();
  const found = useRevisions(paging.limit, paging.cursor);
  const world = useWorld().data;
  const users = world?.policy.users ?? {};
  const current = world?.revision.number;
  const beside = (number: number, back?: "yes") =>
    go({
      revision: String(number),
      from: current === undefined ? undefined : String(current),
      back,
    });
  const mayReturn = useMay()(["guan.manage_sets"]);
  const [chosen, choose] = useState<readonly number[]>([]);
  const compare = () => {
    const [older, newer] = [...chosen].sort((a, b) => a - b);
    if (older !== undefined && newer !== undefined) {
      go({ revision: String(newer), from: String(older) });
    }
  };
  const origin = (name: string) => {
    const known = ORIGINS.find((one) => one === name);
    return known ? say(known) : name;
  };
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="sheet">
        <div className="tools">
          <span className="quiet">{say("pick")}</span>
          <span className="rest">
            <Button disabled={chosen.length !== 2} onClick={compare}>
              {say("compareSelected")}
            </Button>
          </span>
        </div>
        {found.error && !found.data ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Table<Revision>
            rowKey="number"
            size={density === "compact" ? "small" : "middle"}
            dataSource={found.data?.items ?? []}
            pagination={false}
            sticky={underTop}
            scroll={{ x: 1070 }}
            locale={{ emptyText: found.isPending ? <Loading /> : <Empty /> }}
            rowSelection={{
              selectedRowKeys: [...chosen],
              hideSelectAll: true,
              onChange: (keys) => choose(keys.map(Number).slice(-2)),
              getCheckboxProps: ({ number }) => ({ "aria-label": say("facts", { n: number }) }),
            }}
            columns={[
              {
                key: "number",
                title: say("number"),
                width: 125,
                render: (_, { number, current }) => (
                  <span className="tags">
                    <Button
                      type="link"
                      className="plain number"
                      onClick={() => go({ revision: String(number), from: undefined })}
                    >
                      {number}
                    </Button>
                    {current && <Tag className="good">{say("current")}</Tag>}
                  </span>
                ),
              },
              {
                key: "at",
                title: say("at"),
                width: 140,
                render: (_, { at }) => <Moment at={at} />,
              },
              {
                key: "author",
                title: say("author"),
                width: 130,
                render: (_, { author }) => <PersonTag id={author} name={users[author]?.name} />,
              },
              {
                key: "reason",
                title: say("reason"),
                render: (_, { reason }) =>
                  reasonWord(reason, at) || <span className="quiet">{say("noReason")}</span>,
              },
              {
                key: "origin",
                title: say("origin"),
                width: 100,
                render: (_, row) => origin(row.origin),
              },
              {
                key: "changed",
                title: say("changed"),
                width: 90,
                align: "end",
                render: (_, { changed }) => <span className="number">{changed}</span>,
              },
              {
                key: "acts",
                title: say("acts"),
                width: 320,
                fixed: "end",
                render: (_, row) =>
                  !row.current && (
                    <span className="tags">
                      <Button
                        size="small"
                        aria-label={say("compareCurrentOf", { n: String(row.number) })}
                        onClick={() => beside(row.number)}
                      >
                        {say("compareCurrent")}
                      </Button>
                      {mayReturn && (
                        <Button
                          size="small"
                          aria-label={say("makeCurrentOf", { n: String(row.number) })}
                          onClick={() => beside(row.number, "yes")}
                        >
                          {say("makeCurrent")}
                        </Button>
                      )}
                    </span>
                  ),
              },
            ]}
          />
        )}
        <ListFoot
          shown={found.data?.items.length}
          next={found.data?.next ?? undefined}
          paging={paging}
        />
      </div>
      {search.revision && (
        <RevisionDrawer
          key={`${search.revision} ${search.from ?? ""}`}
          number={Number(search.revision)}
          from={search.from ? Number(search.from) : undefined}
          known={found.data?.items ?? []}
        />
      )}
    </>
  );
}
