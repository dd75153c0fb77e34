/** Two sets side by side: only what differs, unless all is asked for. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, Segmented, Select, Table } from "antd";
import { useMemo } from "react";
import { list } from "../../../i18n/list";
import { sets as words } from "../../../i18n/sets";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useAddress, usePart } from "../../../ui/address";
import { csv, save } from "../../../ui/csv";
import { underTop, WholeFoot } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import { strength } from "../levels";
import { ANY } from "../matrix/rows";
import { useLevels } from "../words";
import { nameOf, useFieldName, useObjectName, useWorld, type World } from "../world";
import { compared, type Pair } from "./compare";

const ROWS_MAX = 1_000;

export default function Comparing() {
  const say = useWords(words);
  const set = usePart("set");
  const world = useWorld();
  return (
    <>
      <PageHeader title={say("compareTitle")} about={say("compareAbout")} />
      <Answered of={world}>{(data) => <Two key={set} set={set} world={data} />}</Answered>
    </>
  );
}

function Two(props: { set: string; world: World }) {
  const { set, world } = props;
  const { policy } = world;
  const say = useWords(words);
  const sayList = useWords(list);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const fieldName = useFieldName();
  const { density } = useLook();
  const [search, go] = useAddress();
  const other = search.with ?? "";
  const which = search.show === "all" ? "all" : "differences";
  const pairs = useMemo(
    () => (policy.sets[other] ? compared(policy, set, other, which) : []),
    [policy, set, other, which],
  );
  const place = ({ row, column }: Pair): string => {
    if (!row) return `${say("system")} › ${column}`;
    if (row.object === ANY) return `${levels.say("anyObject")} › ${levels.action(column)}`;
    const field = row.field && policy.objects[row.object]?.fields?.[row.field];
    const last = row.field ? fieldName(row.field, field || undefined) : levels.action(column);
    return `${objectName(row.object)} › ${last}`;
  };
  const chip = ({ kind }: Pair, value: string) => (
    <span className={`chip level-${strength(kind, value)}`}>{levels.value(kind, value)}</span>
  );
  const names = [set, other].map((id) => nameOf(id, policy.sets[id]));
  const file = () => {
    const rows = pairs.map((pair) => [
      place(pair),
      levels.value(pair.kind, pair.a),
      levels.value(pair.kind, pair.b),
    ]);
    save("compare-sets.csv", csv([[say("place"), ...names], ...rows]));
  };
  return (
    <div className="sheet">
      <div className="tools">
        <b>{names[0]}</b>
        <label htmlFor="with">{say("compareWith")}</label>
        <Select
          id="with"
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: 280 }}
          placeholder={say("choose")}
          value={other || null}
          options={Object.entries(policy.sets)
            .filter(([id]) => id !== set)
            .map(([value, one]) => ({ value, label: nameOf(value, one) }))}
          onChange={(next) => go({ with: next ?? undefined }, "replace")}
        />
        <Segmented
          aria-label={say("onlyDifferences")}
          value={which}
          options={[
            { value: "differences", label: say("onlyDifferences") },
            { value: "all", label: say("all") },
          ]}
          onChange={(show) => go({ show: show === "all" ? "all" : undefined }, "replace")}
        />
        <span className="rest">
          <Button icon={<DownloadOutlined />} disabled={pairs.length === 0} onClick={file}>
            {sayList("export")}
          </Button>
        </span>
      </div>
      <Table<Pair>
        rowKey={place}
        size={density === "compact" ? "small" : "middle"}
        pagination={false}
        sticky={underTop}
        dataSource={pairs.slice(0, ROWS_MAX)}
        locale={{
          emptyText: <Empty title={other ? say("equal") : say("choose")} />,
        }}
        columns={[
          { key: "place", title: say("place"), render: (_, pair) => place(pair) },
          { key: "a", title: names[0], width: 260, render: (_, pair) => chip(pair, pair.a) },
          {
            key: "b",
            title: other ? names[1] : "–",
            width: 260,
            render: (_, pair) => chip(pair, pair.b),
          },
        ]}
      />
      <WholeFoot
        shown={Math.min(pairs.length, ROWS_MAX)}
        all={pairs.length}
        why={say("comparedFew")}
      />
    </div>
  );
}
