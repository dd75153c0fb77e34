/** Groups of the list with their sums; a click on a group filters by it. */
import { Button, Select, Table } from "antd";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { Failed } from "../../../ui/state";
import { asked, asking } from "../filter";
import type { Field } from "../model";
import { type ListAsked, useGroups } from "../queries";

const GROUPS_SHOWN = 50;

type Row = { key: string; value: string; count: number; sum: number | null };

export function Groups(props: {
  object: string;
  fields: readonly Field[];
  asked: Pick<ListAsked, "filter" | "search">;
}) {
  const say = useWords(records);
  const [search, go] = useAddress();
  const usable = props.fields.filter(({ filter }) => filter === "any");
  const by = usable.find(({ id }) => id === search.group);
  const sums = usable.filter(({ type }) => type === "number");
  const sum = sums.find(({ id }) => id === search.sum);
  const found = useGroups(
    props.object,
    {
      ...props.asked,
      group_by: by?.id ?? "",
      measures: sum ? `count,sum:${sum.id}` : "count",
    },
    by !== undefined,
  );
  const rows: Row[] = (found.data ?? []).map(({ group, values }, index) => ({
    key: String(index),
    value: group[0] === null || group[0] === undefined ? "" : String(group[0]),
    count: Number(values[0] ?? 0),
    sum: typeof values[1] === "number" ? values[1] : null,
  }));
  const shown = [...rows]
    .sort((a, b) => (b.sum ?? b.count) - (a.sum ?? a.count))
    .slice(0, GROUPS_SHOWN);
  const total = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const options = (all: readonly Field[]) => all.map(({ id, label }) => ({ value: id, label }));
  return (
    <div className="groups">
      <div className="pair">
        <Select
          aria-label={say("groupBy")}
          placeholder={say("groupBy")}
          allowClear
          style={{ width: 200 }}
          value={by?.id}
          options={options(
            usable.filter(({ type }) => type === "choice" || type === "boolean" || type === "text"),
          )}
          onChange={(group: string | undefined) => go({ group: group ?? "" }, "replace")}
        />
        <Select
          aria-label={say("sumOf")}
          placeholder={say("sumOf")}
          allowClear
          style={{ width: 200 }}
          value={sum?.id}
          options={options(sums)}
          onChange={(next: string | undefined) => go({ sum: next }, "replace")}
        />
        <Button type="text" onClick={() => go({ group: undefined, sum: undefined }, "replace")}>
          {say("groupOff")}
        </Button>
      </div>
      {found.error && <Failed error={found.error} />}
      {by && !found.error && (
        <Table
          rowKey="key"
          size="small"
          pagination={false}
          loading={found.isFetching && !found.data}
          dataSource={shown}
          scroll={{ y: 240 }}
          columns={[
            {
              key: "value",
              title: by.label,
              render: (_, row) => (
                <Button
                  type="link"
                  className="plain"
                  disabled={row.value === ""}
                  onClick={() => {
                    const value =
                      by.type === "boolean" ? (row.value === "true" ? "yes" : "no") : row.value;
                    go(asking(search, { ...asked(search), [by.id]: value }));
                  }}
                >
                  {groupText(by, row.value, say("yes"), say("no")) || say("groupNone")}
                </Button>
              ),
            },
            {
              key: "count",
              title: say("groupCount"),
              width: 120,
              align: "end",
              render: (_, row) => <span className="number">{row.count.toLocaleString()}</span>,
            },
            ...(sum
              ? [
                  {
                    key: "sum",
                    title: sum.label,
                    width: 180,
                    align: "end" as const,
                    render: (_: unknown, row: Row) => (
                      <span className="number">{row.sum?.toLocaleString() ?? "–"}</span>
                    ),
                  },
                ]
              : []),
          ]}
          footer={() => (
            <span className="quiet number">
              {say("groupTotal")}: {total(({ count }) => count).toLocaleString()}
              {sum && ` · ${sum.label} ${total((row) => row.sum ?? 0).toLocaleString()}`}
              {rows.length > GROUPS_SHOWN && ` · ${say("groupCut", { n: GROUPS_SHOWN })}`}
            </span>
          )}
        />
      )}
    </div>
  );
}

function groupText(field: Field, value: string, yes: string, no: string): string {
  if (field.type !== "boolean" || value === "") return value;
  return value === "true" ? yes : no;
}
