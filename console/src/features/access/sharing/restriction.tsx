/** The editor of a restriction: whom it names, what they still see, and what it hides. */
import { Checkbox } from "antd";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { ACTIONS } from "../levels";
import { useLevels } from "../words";
import { type Restriction, useFieldName } from "../world";
import type { FormProps } from "./form";
import { ConditionInput, Line, Mistake, NameAndObject, Several, usePrincipals } from "./inputs";
import { at } from "./problems";

export function RestrictionForm({ policy, content, wrong, onChange }: FormProps<Restriction>) {
  const say = useWords(words);
  const levels = useLevels();
  const principals = usePrincipals(policy);
  const fieldName = useFieldName();
  const fields = Object.entries(policy.objects[content.object]?.fields ?? {});
  return (
    <>
      <NameAndObject policy={policy} content={content} wrong={wrong} onChange={onChange} />
      <Line label={say("who")} wrong={at(wrong, "who")}>
        {(id) => (
          <Several
            id={id}
            value={content.who}
            options={principals}
            placeholder={say("everybody")}
            onChange={(who) => onChange({ who })}
          />
        )}
      </Line>
      {(["whose", "only"] as const).map((member) => (
        <Line key={member} label={say(member)}>
          {(id) => (
            <>
              <ConditionInput
                id={id}
                policy={policy}
                object={content.object}
                value={content[member]}
                onChange={(value) =>
                  onChange({ [member]: member === "only" ? (value ?? "") : value })
                }
              />
              {at(wrong, member).map((one) => (
                <Mistake key={one.what} wrong={one} text={content[member] ?? ""} />
              ))}
            </>
          )}
        </Line>
      ))}
      <Line label={say("actions")} wrong={at(wrong, "actions")}>
        {(id) => (
          <Several
            id={id}
            value={content.actions}
            placeholder={say("allActions")}
            options={ACTIONS.map((value) => ({ value, label: levels.action(value) }))}
            onChange={(actions) => onChange({ actions })}
          />
        )}
      </Line>
      <Line label={say("fields")} wrong={at(wrong, "fields")}>
        {(id) => (
          <Several
            id={id}
            value={content.fields}
            placeholder={say("wholeRecord")}
            options={fields.map(([value, field]) => ({ value, label: fieldName(value, field) }))}
            onChange={(chosen) => onChange({ fields: chosen })}
          />
        )}
      </Line>
      <Checkbox
        checked={content.exempt_all ?? false}
        onChange={({ target }) => onChange({ exempt_all: target.checked || undefined })}
      >
        {say("exemptAll")}
      </Checkbox>
      <br />
      <Checkbox
        checked={content.active ?? true}
        onChange={({ target }) => onChange({ active: target.checked })}
      >
        {say("active")}
      </Checkbox>
    </>
  );
}
