/** What the ledger has about a user: by them, about them, and to their account. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table } from "antd";
import { ledgerKinds } from "../../i18n/ledger";
import { users } from "../../i18n/users";
import { useLanguage, useWords } from "../../i18n/words";
import { AboutRow, useRowTitles } from "../../ui/about";
import { useNames } from "../../ui/directory";
import { callerName, kindOf, type LedgerRow, momentOf, rowsOf } from "../../ui/ledger";
import { useNamed } from "../../ui/named";
import { Answered, Empty } from "../../ui/state";

const ROWS = 50;

/** Both questions in one list, the latest first, each row once. */
function merged(...lists: readonly (readonly LedgerRow[])[]): LedgerRow[] {
  const rows = new Map(lists.flat().map((row) => [row.sequence, row]));
  return [...rows.values()].sort((a, b) => b.sequence - a.sequence).slice(0, ROWS);
}

export function History(props: { user: string }) {
  const say = useWords(users);
  const kind = useNamed(ledgerKinds);
  const names = useNames();
  const at = useLanguage() === "en" ? 0 : 1;
  const { user } = props;
  const found = useQuery({
    queryKey: ["ledger", "of", user],
    queryFn: async () => {
      const [by, to] = await Promise.all([
        rowsOf({ user, limit: ROWS }),
        rowsOf({ record: user, limit: ROWS }),
      ]);
      return merged(by.rows, to.rows);
    },
  });
  const titles = useRowTitles(found.data ?? []);
  return (
    <>
      <p className="quiet">{say("historyWhy")}</p>
      <p>
        <Link to={`/audit?user=${encodeURIComponent(user)}` as string}>{say("openAudit")}</Link>
      </p>
      <Answered of={found}>
        {(rows) => (
          <Table
            rowKey="sequence"
            size="small"
            pagination={false}
            dataSource={rows}
            locale={{ emptyText: <Empty title={say("noHistory")} /> }}
            columns={[
              { key: "at", title: say("at"), width: 160, render: (_, row) => momentOf(row) },
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
                key: "by",
                title: say("by"),
                width: 160,
                render: (_, row) => callerName(row.entry.who.caller, names.user, at),
              },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
