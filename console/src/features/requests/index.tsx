/** Requests for access: what waits for a decision, what one asked, what became of it. */

import { Button, Table, Tabs } from "antd";
import { actions } from "../../i18n/decision";
import { objectName } from "../../i18n/objects";
import { requests } from "../../i18n/requests";
import { useLanguage, useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { useNames } from "../../ui/directory";
import { showColumn, underTop, WhyFew } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { sortedBy } from "../../ui/sorted";
import { Empty, Failed, Loading } from "../../ui/state";
import { Term } from "../../ui/term";
import { RecordTag, useTitles } from "../../ui/titles";
import { Ask } from "./ask";
import { Decide } from "./decide";
import { StateTag, useLength } from "./parts";
import { type Request, type Show, showOf, useRequests } from "./queries";
import { stateOf } from "./state";

const TABS: readonly (readonly [Show, "toDecide" | "mine" | "all"])[] = [
  ["to_decide", "toDecide"],
  ["mine", "mine"],
  ["all", "all"],
];
const EMPTY = {
  to_decide: ["nothingToDecide", "nothingToDecideWhy"],
  mine: ["nothingMine", "nothingMineWhy"],
  all: ["nothingAll", "nothingAllWhy"],
} as const;

const FEW = { to_decide: "fewToDecide", mine: "fewMine", all: "fewAll" } as const;

export default function Requests() {
  const say = useWords(requests);
  const [search, go] = useAddress();
  const show = showOf(search.show);
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="request" guide="access-requests" />
          </>
        }
        acts={
          <Button type="primary" onClick={() => go({ ask: "yes" })}>
            {say("ask")}
          </Button>
        }
      />
      <Tabs
        activeKey={show}
        items={TABS.map(([key, label]) => ({ key, label: say(label) }))}
        onChange={(next) => go({ show: next, request: undefined })}
      />
      <div className="sheet">
        <Rows key={show} show={show} />
      </div>
      {search.ask && (
        <Ask
          key={JSON.stringify(search)}
          wanted={search}
          onClose={(show) =>
            go({
              ask: undefined,
              act: undefined,
              object: undefined,
              record: undefined,
              reference: undefined,
              ...(show ? { show } : {}),
            })
          }
        />
      )}
      {search.request && (
        <Decide
          key={search.request}
          id={search.request}
          onClose={() => go({ request: undefined })}
        />
      )}
    </>
  );
}

function Rows(props: { show: Show }) {
  const say = useWords(requests);
  const language = useLanguage() === "en" ? 0 : 1;
  const act = useNamed(actions);
  const names = useNames();
  const length = useLength();
  const [, go] = useAddress();
  const found = useRequests(props.show);
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const titles = useTitles(rows);
  const isWhole = found.data !== undefined && !found.hasNextPage;
  if (found.error && !found.data) {
    return <Failed error={found.error} retry={() => void found.refetch()} />;
  }
  const [nothing, why] = EMPTY[props.show];
  return (
    <>
      <Table<Request>
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={rows}
        sticky={underTop}
        scroll={{ x: 960 }}
        locale={{
          emptyText: found.isPending ? <Loading /> : <Empty title={say(nothing)}>{say(why)}</Empty>,
        }}
        columns={[
          {
            key: "who",
            ...sortedBy(isWhole, (row: Request) => names.user(row.asker)),
            title: say("who"),
            width: 180,
            fixed: "start",
            render: (_, row) => <PersonTag id={row.asker} name={names.user(row.asker)} />,
          },
          {
            key: "what",
            title: say("what"),
            render: (_, row) => (
              <>
                {act(row.action)} · {objectName({ id: row.object, name: row.object }, language)}{" "}
                {row.record && (
                  <RecordTag object={row.object} record={row.record} titles={titles} />
                )}
              </>
            ),
          },
          {
            key: "reason",
            ...sortedBy(isWhole, (row: Request) => row.reason),
            title: say("reason"),
            dataIndex: "reason",
          },
          {
            key: "length",
            ...sortedBy(isWhole, (row: Request) => row.length_s),
            title: say("length"),
            width: 110,
            render: (_, row) => <span className="number">{length(row.length_s)}</span>,
          },
          {
            key: "asked",
            ...sortedBy(isWhole, (row: Request) => row.asked),
            title: say("asked"),
            width: 145,
            render: (_, row) => <Moment at={row.asked} />,
          },
          {
            key: "state",
            ...sortedBy(isWhole, (row: Request) => stateOf(row, Date.now())),
            title: say("state"),
            width: 210,
            render: (_, row) => <StateTag request={row} />,
          },
          showColumn(say("show"), (request) => go({ request })),
        ]}
      />
      <div className="foot">
        <span className="number">{say("shown", { n: rows.length })}</span>
        {rows.length > 0 && <WhyFew>{say(FEW[props.show])}</WhyFew>}
        {found.hasNextPage && (
          <span className="rest">
            <Button
              size="small"
              loading={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {say("more")}
            </Button>
          </span>
        )}
      </div>
    </>
  );
}
