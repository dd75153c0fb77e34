/** The editor of a sharing rule: which records, given to whom, with what rights, and how long. */
import { Checkbox } from "antd";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import type { Rule } from "../world";
import { type FormProps, nodesOf } from "./form";
import {
  ConditionInput,
  Line,
  Mistake,
  MomentInput,
  NameAndObject,
  Rights,
  Several,
  usePrincipals,
} from "./inputs";
import { at } from "./problems";

export function RuleForm({ policy, content, wrong, onChange }: FormProps<Rule>) {
  const say = useWords(words);
  const principals = usePrincipals(policy);
  const units = nodesOf(policy, ["unit"]);
  const tags = nodesOf(policy, ["dimension"]);
  return (
    <>
      <NameAndObject policy={policy} content={content} wrong={wrong} onChange={onChange} />
      <h3 className="part">{say("covers")}</h3>
      <Line label={say("ownedBy")} wrong={at(wrong, "owned_by")}>
        {(id) => (
          <Several
            id={id}
            value={content.owned_by}
            options={principals}
            placeholder={say("everybody")}
            onChange={(owned_by) => onChange({ owned_by })}
          />
        )}
      </Line>
      {units.length > 0 && (
        <Line label={say("inUnits")} wrong={at(wrong, "in_units")}>
          {(id) => (
            <Several
              id={id}
              value={content.in_units}
              options={units}
              onChange={(in_units) => onChange({ in_units })}
            />
          )}
        </Line>
      )}
      {tags.length > 0 && (
        <Line label={say("tagged")} wrong={at(wrong, "tagged")}>
          {(id) => (
            <Several
              id={id}
              value={content.tagged}
              options={tags}
              onChange={(tagged) => onChange({ tagged })}
            />
          )}
        </Line>
      )}
      <Line label={say("when")} hint={say("whenHint")}>
        {(id) => (
          <>
            <ConditionInput
              id={id}
              policy={policy}
              object={content.object}
              value={content.when}
              onChange={(when) => onChange({ when })}
            />
            {at(wrong, "when").map((one) => (
              <Mistake key={one.what} wrong={one} text={content.when ?? ""} />
            ))}
          </>
        )}
      </Line>
      <Line label={say("to")} wrong={at(wrong, "to")}>
        {(id) => (
          <Several
            id={id}
            value={content.to}
            options={principals}
            onChange={(to) => onChange({ to: to ?? [] })}
          />
        )}
      </Line>
      <Line label={say("rights")} wrong={at(wrong, "rights")}>
        {(id) => (
          <Rights id={id} value={content.rights} onChange={(rights) => onChange({ rights })} />
        )}
      </Line>
      <Line label={say("starts")} wrong={at(wrong, "starts")}>
        {(id) => (
          <MomentInput id={id} value={content.starts} onChange={(starts) => onChange({ starts })} />
        )}
      </Line>
      <Line label={say("ends")} wrong={at(wrong, "ends")}>
        {(id) => (
          <MomentInput id={id} value={content.ends} onChange={(ends) => onChange({ ends })} />
        )}
      </Line>
      <Checkbox
        checked={content.include_superiors ?? true}
        onChange={({ target }) => onChange({ include_superiors: target.checked })}
      >
        {say("includeSuperiors")}
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
