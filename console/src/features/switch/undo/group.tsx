/** Writes that are undone together or not at all: what would be written, what has to be decided, what stays. */
import { Radio } from "antd";
import { undo as words } from "../../../i18n/switch-undo";
import { useWords } from "../../../i18n/words";
import { RecordTag, useTitles } from "../../../ui/titles";
import type { Conflict, PlanGroup } from "../documents";
import { useObjectName } from "../parts";
import { useNames } from "../queries";
import { Deleted } from "../touched";
import { type Choice, type Choices, keyOf } from "./choices";
import { usePart, Value } from "./seen";

export function Group(props: {
  group: PlanGroup;
  choices: Choices;
  onChoose: (key: string, choice: Choice) => void;
}) {
  const say = useWords(words);
  const object = useObjectName();
  const nameOf = useNames();
  const part = usePart();
  const { group } = props;
  const titles = useTitles(
    group.entries.map(({ record }) => ({ object: record.object, record: record.id })),
  );
  const tone = { ready: "good", waits: "caution", nothing: "", unfit: "alarm" }[group.standing];
  const whats = { created: say("created"), changed: say("changed"), deleted: say("deleted") };
  return (
    <section className="sheet asked">
      {group.entries.map((entry) => (
        <div key={entry.number}>
          <span className={`pill ${tone}`}>{say(`s_${group.standing}`)}</span>{" "}
          <strong>{object(entry.record.object)}</strong>{" "}
          <RecordTag object={entry.record.object} record={entry.record.id} titles={titles} />{" "}
          {entry.what === "deleted" && <Deleted />}{" "}
          <span className="quiet">
            {say("by", {
              who: nameOf(entry.by) ?? entry.by,
              what: whats[entry.what as keyof typeof whats] ?? entry.what,
            })}
          </span>
        </div>
      ))}
      {group.writes.map((write) =>
        write.changes.length === 0 ? (
          <p key={write.record.id}>{say(write.what === "removed" ? "w_removed" : "w_restored")}</p>
        ) : (
          <table key={write.record.id} className="diff">
            <thead>
              <tr>
                <th scope="col">{say("part")}</th>
                <th scope="col">{say("now")}</th>
                <th scope="col">{say("afterwards")}</th>
              </tr>
            </thead>
            <tbody>
              {write.changes.map((change) => (
                <tr key={JSON.stringify(change.part)}>
                  <th scope="row">{part(change.part)}</th>
                  <td>
                    <del>
                      <Value of={change.now} />
                    </del>
                  </td>
                  <td>
                    <ins>
                      <Value of={change.then} />
                    </ins>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ),
      )}
      {group.conflicts.length > 0 && <Conflicts {...props} conflicts={group.conflicts} />}
      {group.untouched.map((left) => (
        <div key={JSON.stringify([left.entry, left.part])} className="quiet">
          {part(left.part)}: {say(`u_${left.why}` as "u_erased")}
        </div>
      ))}
      {group.problems.map((problem) => (
        <div key={problem} className="quiet">
          {problem}
        </div>
      ))}
    </section>
  );
}

function Conflicts(props: {
  conflicts: readonly Conflict[];
  choices: Choices;
  onChoose: (key: string, choice: Choice) => void;
}) {
  const say = useWords(words);
  const part = usePart();
  const kindOf = ({ kind }: Conflict) =>
    typeof kind === "string" ? kind : (Object.keys(kind)[0] ?? "changed_later");
  return (
    <table className="diff">
      <thead>
        <tr>
          <th scope="col">{say("part")}</th>
          <th scope="col">{say("before")}</th>
          <th scope="col">{say("inWindow")}</th>
          <th scope="col">{say("now")}</th>
          <th scope="col">{say("decision")}</th>
        </tr>
      </thead>
      <tbody>
        {props.conflicts.map((conflict) => {
          const key = keyOf(conflict);
          const name = part(conflict.part);
          return (
            <tr key={key}>
              <th scope="row">
                {name}
                <div className="quiet">{say(`k_${kindOf(conflict)}` as "k_changed_later")}</div>
              </th>
              <td>
                <Value of={conflict.before} />
              </td>
              <td>
                <Value of={conflict.window} />
              </td>
              <td>
                <Value of={conflict.now} />
              </td>
              <td>
                <Radio.Group
                  vertical
                  aria-label={`${say("decision")}: ${name}`}
                  value={props.choices[key] ?? conflict.choice}
                  onChange={(event) => props.onChoose(key, event.target.value as Choice)}
                  options={[
                    { value: "keep", label: say("keep") },
                    { value: "restore", label: say("restore"), disabled: !conflict.may_restore },
                  ]}
                />
                {!conflict.may_restore && <div className="quiet">{say("keepOnly")}</div>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
