/** The audit log: tabs by subject, filters in the address, and one row beside the list. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Table, Tabs } from "antd";
import dayjs from "dayjs";
import { audit } from "../../i18n/audit";
import { ledgerKinds } from "../../i18n/ledger";
import { useLanguage, useWords } from "../../i18n/words";
import { AboutRow, useRowTitles } from "../../ui/about";
import { useAddress } from "../../ui/address";
import { useNames } from "../../ui/directory";
import { callerName, kindOf, type LedgerRow, rowsOf } from "../../ui/ledger";
import { underTop, WhyFew } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { PageHeader } from "../../ui/page";
import { Empty, Failed, Loading } from "../../ui/state";
import { Term } from "../../ui/term";
import { Chain } from "./chain";
import { Filters } from "./filters";
import { RowDrawer } from "./row";
import { step, TABS, type Tab, tabOf } from "./rows";

export default function Audit() {
  const say = useWords(audit);
  const [search, go] = useAddress();
  const tab = tabOf(search.tab);
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="chain" guide="commands" />
          </>
        }
        acts={<Chain />}
      />
      <Tabs
        activeKey={tab}
        items={(Object.keys(TABS) as Tab[]).map((key) => ({ key, label: say(key) }))}
        onChange={(next) => go({ tab: next, kind: undefined, row: undefined })}
      />
      <div className="sheet">
        <Filters tab={tab} />
        <Rows tab={tab} />
      </div>
      {search.row && <RowDrawer key={search.row} sequence={Number(search.row)} />}
    </>
  );
}

function Rows(props: { tab: Tab }) {
  const say = useWords(audit);
  const kind = useNamed(ledgerKinds);
  const at = useLanguage() === "en" ? 0 : 1;
  const status = useNamed(audit);
  const names = useNames();
  const [search, go] = useAddress();
  const { tab } = props;
  const { row: _, ...filters } = search;
  const narrowed = tab !== "everything" || Object.keys(filters).some((name) => name !== "tab");
  const found = useInfiniteQuery({
    queryKey: ["ledger", "rows", tab, filters],
    queryFn: ({ pageParam }) => step(tab, filters, pageParam, rowsOf),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  const titles = useRowTitles(rows);
  if (found.error && !found.data) {
    return <Failed error={found.error} retry={() => void found.refetch()} />;
  }
  const routine = found.data?.pages.reduce((sum, page) => sum + page.routine, 0) ?? 0;
  const looked = found.data?.pages.reduce((sum, page) => sum + page.looked, 0) ?? 0;
  return (
    <>
      <Table<LedgerRow>
        rowKey="sequence"
        size="small"
        pagination={false}
        dataSource={rows}
        scroll={{ x: 960 }}
        sticky={underTop}
        locale={{
          emptyText: found.isPending ? (
            <Loading />
          ) : (
            <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
          ),
        }}
        columns={[
          {
            key: "number",
            title: say("number"),
            width: 80,
            fixed: "start",
            render: (_, row) => (
              <Button
                type="link"
                className="plain number"
                aria-label={say("row", { n: row.sequence })}
                onClick={() => go({ row: String(row.sequence) })}
              >
                {row.sequence}
              </Button>
            ),
          },
          {
            key: "at",
            title: `${say("at")} (UTC${dayjs().format("Z")})`,
            width: 175,
            render: (_, row) => <Moment seconds at={row.entry.time.wall_us / 1_000} />,
          },
          {
            key: "by",
            title: say("by"),
            width: 190,
            render: (_, { entry: { who } }) => (
              <>
                {callerName(who.caller, names.user, at)}
                {who.on_behalf_of && who.on_behalf_of !== who.caller && (
                  <div className="quiet">
                    {say("onBehalf", { who: names.user(who.on_behalf_of) })}
                  </div>
                )}
              </>
            ),
          },
          {
            key: "what",
            title: say("what"),
            render: (_, row) => (
              <>
                {kind(kindOf(row))} <AboutRow row={row} titles={titles} />
              </>
            ),
          },
          {
            key: "result",
            title: say("result"),
            width: 90,
            render: (_, { entry: { result } }) => (result ? status(result.status) : "–"),
          },
          {
            key: "address",
            title: say("address"),
            width: 130,
            render: (_, { entry: { who } }) => who.source_address ?? "–",
          },
        ]}
      />
      <div className="foot">
        <span className="number">{say("shown", { n: rows.length })}</span>
        <span className="number">{say("looked", { n: looked })}</span>
        {routine > 0 && (
          <span>
            <span className="number">{say("routineLeft", { n: routine })}</span>{" "}
            <Button type="link" size="small" onClick={() => go({ routine: "shown" }, "replace")}>
              {say("routineShow")}
            </Button>
          </span>
        )}
        {search.routine && (
          <Button type="link" size="small" onClick={() => go({ routine: undefined }, "replace")}>
            {say("routineHide")}
          </Button>
        )}
        {narrowed && <WhyFew>{say("few")}</WhyFew>}
        <span className="rest">
          {found.hasNextPage ? (
            <Button
              size="small"
              loading={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {say("more")}
            </Button>
          ) : (
            !found.isPending && say("end")
          )}
        </span>
      </div>
    </>
  );
}
