/** What would have been refused without the window: questions, what was read, what was written, each with its number. */
import { fieldName } from "../../../i18n/fields";
import { actionWord, refusalWord } from "../../../i18n/switch-acts";
import { report as words } from "../../../i18n/switch-report";
import { useLanguage, useWords } from "../../../i18n/words";
import { useActColumns } from "../columns";
import type { WindowEvidence, WriteUnder } from "../documents";
import { Clock, useObjectName } from "../parts";
import { useNames } from "../queries";
import { Deleted } from "../touched";
import { WideTable } from "../wide";

/** How much of each kind was let through, and all of it. */
export function counted({ would_denies, lists, writes }: WindowEvidence) {
  const [questions, reads, written] = [would_denies.total, lists.length, writes.length];
  return { questions, reads, written, all: questions + reads + written };
}

export function WouldDenied(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const n = counted(props.window);
  if (n.all === 0) return <p className="quiet">{say("none")}</p>;
  const parts = [
    {
      name: say("refusedQuestions"),
      tile: say("refusedQuestions"),
      count: n.questions,
      shown: <Questions {...props} />,
    },
    {
      name: say("refusedLists"),
      tile: say("refusedLists"),
      count: n.reads,
      shown: <Disclosures {...props} />,
    },
    {
      name: say("refusedWrites"),
      tile: say("changes"),
      count: n.written,
      shown: <Writes {...props} />,
    },
  ];
  return (
    <>
      <div className="tiles">
        <div className="sheet tile inner">
          <span className="quiet">{say("refusedAll")}</span>
          <b className="number">{n.all.toLocaleString()}</b>
          <span className="quiet">{say("refusedOf")}</span>
        </div>
        {parts.map(({ tile, count }) => (
          <div key={tile} className="sheet tile inner">
            <span className="quiet">{tile}</span>
            <b className="number">{count.toLocaleString()}</b>
          </div>
        ))}
      </div>
      {parts
        .filter(({ count }) => count > 0)
        .map(({ name, count, shown }) => (
          <div key={name} className="document">
            <h3 className="part">{say("refusedPart", { name, n: count })}</h3>
            {shown}
          </div>
        ))}
    </>
  );
}

function Questions(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { would_denies } = props.window;
  const rules: Record<string, number> = {};
  for (const rule of would_denies.rows.flatMap((row) => row.rules)) {
    rules[rule] = (rules[rule] ?? 0) + 1;
  }
  const same = (id: string) => id;
  const groups: [string, Record<string, number>, (id: string) => string][] = [
    [say("byUser"), would_denies.users, (id) => nameOf(id) ?? id],
    [say("byObject"), would_denies.objects, object],
    [say("byField"), would_denies.fields, (id) => fieldName(id, "", language)],
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

function Writes(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const { writes, timeline } = props.window;
  const columns = useActColumns(writes, ({ by }) => by);
  const times = new Map(timeline.map((event) => [event.sequence, event.effective_us]));
  const kinds = { created: say("created"), changed: say("changed"), deleted: say("deleted") };
  const state = (row: WriteUnder) => {
    if (row.undone_by) return say("undoneBy", { run: row.undone_by });
    return row.erased ? say("erased") : say("stands");
  };
  return (
    <WideTable
      label={say("refusedWrites")}
      rowKey={(row) => `${row.sequence} ${row.record}`}
      dataSource={writes}
      columns={[
        {
          key: "at",
          title: say("when"),
          render: (_, row) => <Clock us={times.get(row.sequence)} />,
        },
        {
          key: "what",
          title: say("what"),
          render: (_, row) => kinds[row.what as keyof typeof kinds] ?? row.what,
        },
        columns.object,
        {
          ...columns.record,
          render: (value, row, n) => (
            <>
              {columns.record.render?.(value, row, n) as React.ReactNode}{" "}
              {row.what === "deleted" && !row.undone_by && <Deleted />}
            </>
          ),
        },
        columns.user,
        { key: "undone", title: say("undone"), render: (_, row) => state(row) },
        { key: "row", title: say("ledger"), align: "right", render: (_, row) => row.sequence },
      ]}
    />
  );
}

function Disclosures(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const { lists } = props.window;
  const columns = useActColumns(lists, ({ user }) => user);
  return (
    <>
      <p>{say("disclosuresWhy")}</p>
      <WideTable
        label={say("refusedLists")}
        rowKey="sequence"
        dataSource={lists}
        columns={[
          { key: "at", title: say("when"), render: (_, row) => <Clock us={row.at_us} /> },
          columns.user,
          columns.action,
          columns.object,
          columns.record,
          { key: "rows", title: say("rowsMore"), align: "right", render: (_, row) => row.rows },
          { key: "row", title: say("ledger"), align: "right", render: (_, row) => row.sequence },
        ]}
      />
    </>
  );
}
