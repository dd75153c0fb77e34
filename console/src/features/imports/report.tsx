/** What an import understood: ratings by element, losses with their place, what was assumed. */
import { Input, Progress, Segmented, Table } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { imports } from "../../i18n/imports";
import { useWords } from "../../i18n/words";
import { useNamed } from "../../ui/named";
import { Facts } from "../../ui/page";
import { Empty } from "../../ui/state";
import { losses } from "./losses";
import { type Entry, RATINGS, type Report } from "./queries";

const PAGE = 20;
const number = (n: number | undefined) => (
  <span className={n ? "number" : "number quiet"}>{(n ?? 0).toLocaleString()}</span>
);

export function Summary(props: { of: Report; found: Schemas["JobShown"]["found"] }) {
  const say = useWords(imports);
  const rating = useNamed(imports);
  const { coverage, counts, assumptions } = props.of;
  const { understood, permission_bearing: all } = coverage;
  return (
    <>
      <h2 className="part">{say("coverage")}</h2>
      <Progress
        aria-label={say("coverage")}
        percent={all === 0 ? 100 : Math.floor((understood / all) * 1000) / 10}
        style={{ maxWidth: 420 }}
      />
      <p className="quiet">{say("coverageOf", { n: understood, all })}</p>
      <h2 className="part">{say("found")}</h2>
      <Facts
        rows={Object.entries(props.found?.counts ?? {}).map(([name, n]) => [
          rating(name),
          number(n as number),
        ])}
      />
      <h2 className="part">{say("rating")}</h2>
      <Table
        rowKey="0"
        size="small"
        pagination={false}
        dataSource={Object.entries(counts)}
        columns={[
          { key: "element", title: say("element"), render: (_, [element]) => element },
          ...RATINGS.map((rating) => ({
            key: rating,
            title: say(rating),
            align: "right" as const,
            render: (_: unknown, [, of]: [string, Readonly<Record<string, number>>]) =>
              number(of[rating]),
          })),
        ]}
      />
      {assumptions.length > 0 && (
        <>
          <h2 className="part">{say("assumptions")}</h2>
          <ul lang="en">
            {assumptions.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

export function Losses(props: { of: Report }) {
  const say = useWords(imports);
  const rating = useNamed(imports);
  const [which, setWhich] = useState<"losses" | "all">("losses");
  const [typed, setTyped] = useState("");
  const rows = losses(props.of.entries, which, typed);
  return (
    <>
      <div className="tools" style={{ padding: "0 0 10px" }}>
        <Segmented
          aria-label={say("report")}
          value={which}
          options={[
            { value: "losses", label: say("losses") },
            { value: "all", label: say("allEntries") },
          ]}
          onChange={setWhich}
        />
        <Input
          allowClear
          style={{ width: 220 }}
          aria-label={say("name")}
          placeholder={say("name")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Table<Entry>
        rowKey={(row) => `${row.file} ${row.line} ${row.element} ${row.name} ${row.why ?? row.how}`}
        size="small"
        tableLayout="fixed"
        className="breaking"
        dataSource={rows}
        pagination={rows.length > PAGE ? { pageSize: PAGE, showSizeChanger: false } : false}
        locale={{ emptyText: <Empty title={say("noLosses")}>{say("noLossesWhy")}</Empty> }}
        columns={[
          {
            key: "rating",
            title: say("rating"),
            width: 130,
            render: (_, row) => (
              <>
                <strong>{rating(row.rating)}</strong>
                {row.widens && <div className="verdict deny">{say("widens")}</div>}
              </>
            ),
          },
          { key: "element", title: say("element"), width: 190, render: (_, row) => row.element },
          { key: "name", title: say("name"), render: (_, row) => row.name },
          {
            key: "why",
            title: say("why"),
            render: (_, row) => <span lang="en">{row.why ?? row.how ?? ""}</span>,
          },
          {
            key: "place",
            title: say("place"),
            render: (_, row) => <span className="code quiet">{`${row.file}:${row.line}`}</span>,
          },
        ]}
      />
    </>
  );
}
