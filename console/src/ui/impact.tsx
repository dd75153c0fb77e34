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

export function Impact(props: { of: Compared; people?: boolean }) {
  const say = useWords(revise);
  const names = useNames();
  const act = useNamed(actions);
  const title = useObjectTitle();
  const { gains, cells, gained, lost } = props.of;
  const one = props.people === false;
  if (gains.length === 0 && (one || cells.length === 0))
    return <p className="quiet">{say("nobody")}</p>;
  const number = (n: number, samples: readonly string[]) => (
    <span className="number" title={samples.join("\n")}>
      {n === 0 ? "–" : n.toLocaleString()}
    </span>
  );
  return (
    <>
      <p>
        <strong>{say(one ? "onlySecond" : "gains", { n: gained })}</strong> ·{" "}
        <strong>{say(one ? "onlyFirst" : "losses", { n: lost })}</strong>
        {!one && cells.length > 0 && ` · ${say("cells", { n: cells.length })}`}
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
            ...(one
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
              title: say("gained"),
              align: "right" as const,
              render: (_, row) => number(row.gained, row.gained_samples),
            },
            {
              key: "lost",
              title: say("lost"),
              align: "right" as const,
              render: (_, row) => number(row.lost, row.lost_samples),
            },
          ]}
        />
      )}
    </>
  );
}
