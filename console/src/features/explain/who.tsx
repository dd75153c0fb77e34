/** Who can, as a list with reasons and as a graph: the record, the ways, the people. */
import { Link } from "@tanstack/react-router";
import { Alert, Segmented, Table } from "antd";
import { useMemo } from "react";
import type { Schemas } from "../../api/client";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { Chart } from "../../ui/chart";
import { useEvidence } from "../../ui/decision";
import { useNames } from "../../ui/directory";
import { ActsHead } from "../../ui/list";
import { PersonTag } from "../../ui/person";
import { Answered, Empty } from "../../ui/state";
import { titleIn, useTitles } from "../../ui/titles";
import { useWho } from "./queries";
import { addressOf, type Question } from "./question";

type Accessor = Schemas["Accessor"];

/** The record whose reading opens this one, if that is the reason. */
function childOf(one: Accessor): { object?: string; record?: string } {
  const evidence = one.decision === "allow" ? one.evidence : undefined;
  if (evidence?.path !== "implicit_parent") return {};
  return { object: evidence.child.object, record: evidence.child.id };
}

/** One reason for each person, in words. */
function useReason(all: readonly Accessor[]): (one: Accessor) => string {
  const say = useWords(explain);
  const words = useEvidence(useTitles(all.map(childOf)));
  return (one) => {
    if (one.decision === "relaxed") return say("relaxedBy", { overlay: one.overlay });
    if (one.decision === "allow" && one.evidence) return words(one.evidence);
    return say("bySet");
  };
}

export function Who(props: { question: Question }) {
  const say = useWords(explain);
  const [search, go] = useAddress();
  const found = useWho(props.question);
  if (!props.question.record) {
    return <Empty title={say("whoNeeds")}>{say("whoNeedsWhy")}</Empty>;
  }
  const graph = search.view === "graph";
  return (
    <Answered of={found}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty title={say("nobody")}>{say("nobodyWhy")}</Empty>
        ) : (
          <>
            <div className="tools" style={{ padding: "0 0 12px" }}>
              <Segmented
                aria-label={say("graphOf")}
                value={graph ? "graph" : "list"}
                options={[
                  { value: "list", label: say("list") },
                  { value: "graph", label: say("graph") },
                ]}
                onChange={(view) => go({ view }, "replace")}
              />
              <span className="number">{say("people", { n: items.length })}</span>
            </div>
            {next && (
              <Alert
                type="info"
                showIcon
                title={say("more", { n: items.length })}
                style={{ marginBottom: 12 }}
              />
            )}
            {graph && <Graph items={items} question={props.question} />}
            <People items={items} question={props.question} />
          </>
        )
      }
    </Answered>
  );
}

function People(props: { items: readonly Accessor[]; question: Question }) {
  const say = useWords(explain);
  const names = useNames();
  const reason = useReason(props.items);
  return (
    <Table
      rowKey="user"
      size="small"
      pagination={false}
      dataSource={[...props.items]}
      columns={[
        {
          key: "user",
          title: say("who"),
          width: 240,
          render: (_, one) => <PersonTag id={one.user} name={names.user(one.user)} />,
        },
        { key: "reason", title: say("reason"), render: (_, one) => reason(one) },
        {
          key: "why",
          title: <ActsHead />,
          width: 90,
          render: (_, one) => (
            <Link to={addressOf({ ...props.question, who: one.user }) as string}>{say("why")}</Link>
          ),
        },
      ]}
    />
  );
}

/** Pixels for each person. */
const ROW = 40;

function Graph(props: { items: readonly Accessor[]; question: Question }) {
  const say = useWords(explain);
  const names = useNames();
  const reason = useReason(props.items);
  const { object = "", record: id = "" } = props.question;
  const record = titleIn(useTitles([{ object, record: id }]), object, id);
  const rows = props.items.map((one) => [names.user(one.user), one.user, reason(one)] as const);
  const drawn = JSON.stringify(rows);
  const option = useMemo(() => graphOf(record, JSON.parse(drawn)), [record, drawn]);
  return <Chart title={say("graphOf")} option={option} height={rows.length * ROW + 120} />;
}

/** The record at the left, the ways in the middle, the people at the right. */
function graphOf(record: string, rows: readonly (readonly [string, string, string])[]) {
  const ways = [...new Set(rows.map(([, , way]) => way))];
  const place = (index: number, count: number) => ((index + 0.5) / count) * rows.length * ROW;
  const right = { label: { show: true, position: "right" } };
  return {
    tooltip: { trigger: "item" },
    series: [
      {
        type: "graph",
        layout: "none",
        left: 110,
        right: 160,
        top: 30,
        bottom: 30,
        symbolSize: 12,
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 6,
        data: [
          {
            id: "record",
            name: record,
            x: 0,
            y: place(0, 1),
            category: 0,
            symbolSize: 22,
            label: { show: true, position: "bottom", width: 200, overflow: "truncate" },
          },
          ...ways.map((way, index) => ({
            id: `way ${way}`,
            name: way,
            x: 270,
            y: place(index, ways.length),
            category: 1,
            label: { show: true, position: "top" },
          })),
          ...rows.map(([name, id], index) => ({
            id,
            name,
            x: 540,
            y: place(index, rows.length),
            category: 2,
            ...right,
          })),
        ],
        categories: [{ name: "record" }, { name: "way" }, { name: "person" }],
        links: [
          ...ways.map((way) => ({ source: "record", target: `way ${way}` })),
          ...rows.map(([, id, way]) => ({ source: `way ${way}`, target: id })),
        ],
      },
    ],
  };
}
