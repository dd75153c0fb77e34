/** Two people changed the same record: both values of each field, and which of them stays. */

import { Alert, Radio } from "antd";
import { edit } from "../../../i18n/edit";
import { useWords } from "../../../i18n/words";
import { plain } from "../../../ui/called";
import { moment } from "../../../ui/moment";
import type { Field, RecordRow } from "../model";
import { useNames } from "../values";
import type { Draft } from "./draft";

const asText = (value: unknown): string => plain({ clear: value });

export function Conflict(props: {
  fields: readonly Field[];
  present: RecordRow;
  draft: Draft;
  /** The fields whose present value is taken. */
  taken: readonly string[];
  onTaken: (taken: readonly string[]) => void;
}) {
  const say = useWords(edit);
  const { people } = useNames();
  const { present, draft, taken } = props;
  const touched = props.fields.filter(({ id }) => id in draft.values || id in draft.parents);
  const who = people.get(present.changed_by) ?? present.changed_by;
  const theirs = ({ id }: Field) => present.parents?.[id] ?? plain(present.fields[id]);
  const mine = ({ id }: Field) =>
    id in draft.parents ? (draft.parents[id] ?? "") : asText(draft.values[id]);
  return (
    <div className="stack" role="alert">
      <Alert
        showIcon
        type="warning"
        title={say("conflict")}
        description={say("conflictWho", { who, at: moment(present.changed) })}
      />
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">{say("field")}</th>
            <th scope="col">{say("mine")}</th>
            <th scope="col">{say("theirs")}</th>
          </tr>
        </thead>
        <tbody>
          {touched.map((field) => {
            const { id, label } = field;
            const isTaken = taken.includes(id);
            const others = taken.filter((one) => one !== id);
            return (
              <tr key={id}>
                <th scope="row">{label}</th>
                <td>
                  <Radio
                    name={`keep-${id}`}
                    checked={!isTaken}
                    aria-label={say("keepMine", { field: label })}
                    onChange={() => props.onTaken(others)}
                  >
                    {mine(field) || say("empty")}
                  </Radio>
                </td>
                <td>
                  <Radio
                    name={`keep-${id}`}
                    checked={isTaken}
                    aria-label={say("takeTheirs", { field: label })}
                    onChange={() => props.onTaken([...others, id])}
                  >
                    {theirs(field) || say("empty")}
                  </Radio>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
