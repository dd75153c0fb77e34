/** What the window was used for, beside what was foreseen. */
import { Table } from "antd";
import { report as words } from "../../../i18n/switch-report";
import { useWords } from "../../../i18n/words";
import { PersonTag } from "../../../ui/person";
import { byAction, Change, sum } from "../amounts";
import type { WindowEvidence, WindowReport } from "../documents";
import { PassedChart, PassedTable, passed } from "../live";
import { useNames } from "../queries";

export function Against(props: { report: WindowReport }) {
  const say = useWords(words);
  const { preview, reality } = props.report;
  const more = (action: string) =>
    preview ? (
      <Change of={sum(preview.objects.map(({ actions }) => byAction(actions, action)))} />
    ) : (
      "–"
    );
  const rows = [
    [say("users"), preview?.gaining ?? preview?.concerned ?? "–", reality.users],
    [say("records"), more("read"), reality.records],
    [say("listed"), "–", reality.listed],
    [say("written"), more("edit"), reality.written],
  ] as const;
  return (
    <>
      {!preview && <p className="quiet">{say("noPreview")}</p>}
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">{say("what")}</th>
            <th scope="col">{say("foreseen")}</th>
            <th scope="col">{say("real")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, foreseen, real]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{foreseen}</td>
              <td className="number">{real.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** For each person how often they were let through, by lists, and how much they wrote. */
export function usage({ would_denies, lists, writes }: WindowEvidence) {
  const found = new Map<string, { user: string; would: number; lists: number; writes: number }>();
  const of = (user: string) => {
    const kept = found.get(user) ?? { user, would: 0, lists: 0, writes: 0 };
    found.set(user, kept);
    return kept;
  };
  for (const [user, n] of Object.entries(would_denies.users)) of(user).would += n;
  for (const { user } of lists) of(user).lists += 1;
  for (const { by } of writes) of(by).writes += 1;
  return [...found.values()];
}

export function Used(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const nameOf = useNames();
  const rows = usage(props.window);
  if (rows.length === 0) return <p className="quiet">{say("nobody")}</p>;
  const through = passed(props.window);
  return (
    <>
      <Table
        rowKey="user"
        size="small"
        pagination={false}
        dataSource={rows}
        columns={[
          {
            key: "user",
            title: say("user"),
            render: (_, row) => <PersonTag id={row.user} name={nameOf(row.user)} />,
          },
          { key: "would", title: say("times"), align: "right", render: (_, row) => row.would },
          { key: "lists", title: say("lists"), align: "right", render: (_, row) => row.lists },
          { key: "writes", title: say("changes"), align: "right", render: (_, row) => row.writes },
          {
            key: "sum",
            title: say("all"),
            align: "right",
            render: (_, row) => <b>{row.would + row.lists + row.writes}</b>,
          },
        ]}
      />
      <PassedChart rows={through} />
      <PassedTable rows={through} />
    </>
  );
}
