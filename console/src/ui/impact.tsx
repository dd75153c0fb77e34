/** Who gains and loses what between two policies or two people, with samples. */
import { Table } from "antd";
import type { Schemas } from "../api/client";
import { actions } from "../i18n/decision";
import { revise } from "../i18n/revise";
import { useWords } from "../i18n/words";
import { useObjectTitle } from "./choice";
import { useNames } from "./directory";
import { useNamed } from "./named";
import { PersonTag } from "./person";

type Gain = Schemas["Gain"];
/** As `Comparison`; its cells are counted here, not read. */
export type Compared = { gains: Gain[]; cells: readonly unknown[]; gained: number; lost: number };

const ROWS = 8;

export function Impact(props: {
  of: Compared;
  /** The two who are compared, where it is not one change for many people. */
  two?: readonly [first: string, second: string];
}) {
  const say = useWords(revise);
  const names = useNames();
  const act = useNamed(actions);
  const title = useObjectTitle();
  const { gains, cells, gained, lost } = props.of;
  const { two } = props;
  if (gains.length === 0 && (two || cells.length === 0))
    return <p className="quiet">{say(two ? "same" : "nobody")}</p>;
  const number = (n: number, samples: readonly string[]) => (
    <span className="number" title={samples.join("\n")}>
      {n === 0 ? "–" : n.toLocaleString()}
    </span>
  );
  return (
    <>
      <p>
        <strong>
          {two ? say("onlyOne", { who: two[1], n: gained }) : say("gains", { n: gained })}
        </strong>{" "}
        ·{" "}
        <strong>
          {two ? say("onlyOne", { who: two[0], n: lost }) : say("losses", { n: lost })}
        </strong>
        {!two && cells.length > 0 && ` · ${say("cells", { n: cells.length })}`}
      </p>
      {gains.length > 0 && (
        <Table<Gain>
          rowKey={(row) => `${row.user} ${row.object} ${row.action}`}
          size="small"
          dataSource={gains}
          pagination={
            gains.length > ROWS ? { pageSize: ROWS, size: "small", showSizeChanger: false } : false
          }
          columns={[
            ...(two
              ? []
              : [
                  {
                    key: "user",
                    title: say("person"),
                    render: (_: unknown, row: Gain) => (
                      <PersonTag id={row.user} name={names.user(row.user)} />
                    ),
                  },
                ]),
            { key: "object", title: say("object"), render: (_, row) => title(row.object) },
            { key: "action", title: say("action"), render: (_, row) => act(row.action) },
            {
              key: "gained",
              title: two ? say("only", { who: two[1] }) : say("gained"),
              align: "right" as const,
              render: (_, row) => number(row.gained, row.gained_samples),
            },
            {
              key: "lost",
              title: two ? say("only", { who: two[0] }) : say("lost"),
              align: "right" as const,
              render: (_, row) => number(row.lost, row.lost_samples),
            },
          ]}
        />
      )}
    </>
  );
}
