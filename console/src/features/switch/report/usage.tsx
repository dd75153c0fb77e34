/** What the window was used for, beside what was foreseen. */
import { Table } from "antd";
import { actionWord, refusalWord } from "../../../i18n/switch-acts";
import { report as words } from "../../../i18n/switch-report";
import { useLanguage, useWords } from "../../../i18n/words";
import { PersonTag } from "../../../ui/person";
import { RecordTag, useTitles } from "../../../ui/titles";
import { byAction, Change, sum } from "../amounts";
import type { WindowEvidence, WindowReport, WriteUnder } from "../documents";
import { PassedChart, PassedTable, passed } from "../live";
import { Clock, useObjectName } from "../parts";
import { useNames } from "../queries";
import { WideTable } from "../wide";

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
        ]}
      />
      <PassedChart rows={through} />
      <PassedTable rows={through} />
    </>
  );
}

export function WouldDenied(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { would_denies } = props.window;
  if (would_denies.total === 0) return <p className="quiet">{say("none")}</p>;
  const rules: Record<string, number> = {};
  for (const rule of would_denies.rows.flatMap((row) => row.rules)) {
    rules[rule] = (rules[rule] ?? 0) + 1;
  }
  const same = (id: string) => id;
  const groups: [string, Record<string, number>, (id: string) => string][] = [
    [say("byUser"), would_denies.users, (id) => nameOf(id) ?? id],
    [say("byObject"), would_denies.objects, object],
    [say("byField"), would_denies.fields, same],
    [say("byAction"), would_denies.actions, (id) => actionWord(id, language)],
    [say("byRefusal"), would_denies.refusals, (id) => refusalWord(id, language)],
    [say("byRule"), rules, same],
  ];
  return (
    <div className="two">
      {groups
        .filter(([, counts]) => Object.keys(counts).length > 0)
        .map(([name, counts, named]) => (
          <div key={name}>
            <h3 className="part">{name}</h3>
            {Object.entries(counts)
              .sort(([, one], [, other]) => other - one)
              .map(([id, n]) => (
                <div key={id}>
                  {named(id)} <b className="number">{n}</b>
                </div>
              ))}
          </div>
        ))}
    </div>
  );
}

export function Writes(props: { writes: readonly WriteUnder[] }) {
  const say = useWords(words);
  const object = useObjectName();
  const nameOf = useNames();
  const titles = useTitles(props.writes);
  if (props.writes.length === 0) return <p className="quiet">{say("noWrites")}</p>;
  const kinds = { created: say("created"), changed: say("changed"), deleted: say("deleted") };
  const state = (row: WriteUnder) => {
    if (row.undone_by) return say("undoneBy", { run: row.undone_by });
    return row.erased ? say("erased") : say("stands");
  };
  return (
    <WideTable
      label={say("writes")}
      rowKey={(row) => `${row.sequence} ${row.record}`}
      dataSource={[...props.writes]}
      columns={[
        {
          key: "what",
          title: say("what"),
          render: (_, row) => kinds[row.what as keyof typeof kinds] ?? row.what,
        },
        { key: "object", title: say("object"), render: (_, row) => object(row.object) },
        {
          key: "record",
          title: say("record"),
          render: (_, row) => <RecordTag {...row} titles={titles} />,
        },
        {
          key: "by",
          title: say("by"),
          render: (_, row) => <PersonTag id={row.by} name={nameOf(row.by)} />,
        },
        { key: "undone", title: say("undone"), render: (_, row) => state(row) },
        { key: "row", title: say("ledger"), align: "right", render: (_, row) => row.sequence },
      ]}
    />
  );
}

export function Disclosures(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { lists } = props.window;
  if (lists.length === 0) return <p className="quiet">{say("none")}</p>;
  return (
    <>
      <p>{say("disclosuresWhy")}</p>
      <WideTable
        label={say("disclosures")}
        rowKey="sequence"
        dataSource={lists}
        columns={[
          { key: "at", title: say("when"), render: (_, row) => <Clock us={row.at_us} /> },
          {
            key: "user",
            title: say("user"),
            render: (_, row) => <PersonTag id={row.user} name={nameOf(row.user)} />,
          },
          {
            key: "action",
            title: say("action"),
            render: (_, row) => actionWord(row.action, language),
          },
          { key: "object", title: say("object"), render: (_, row) => object(row.object) },
          { key: "rows", title: say("rowsMore"), align: "right", render: (_, row) => row.rows },
          { key: "row", title: say("ledger"), align: "right", render: (_, row) => row.sequence },
        ]}
      />
    </>
  );
}
