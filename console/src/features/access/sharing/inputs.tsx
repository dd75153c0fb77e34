/** Inputs that the editors of rules, restrictions and roll-ups share. */
import { Input, Select } from "antd";
import { type ReactNode, useId, useMemo } from "react";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { optionSought } from "../../../ui/sought";
import { usePrincipalName } from "../people";
import { type Policy, useFieldName } from "../world";
import { type FormProps, useObjectOptions } from "./form";
import { at, type Wrong } from "./problems";

/** A labelled input with what is wrong with it. */
export function Line(props: {
  label: string;
  wrong?: readonly Wrong[];
  hint?: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  const { wrong = [] } = props;
  return (
    <div className="line">
      <label htmlFor={id}>{props.label}</label>
      <div>
        {props.children(id)}
        {props.hint && <div className="quiet">{props.hint}</div>}
        {wrong.map((one) => (
          <Mistake key={one.what} wrong={one} />
        ))}
      </div>
    </div>
  );
}

/** What a rule or a restriction is called, and of which object it speaks. */
export function NameAndObject(props: FormProps<{ name?: string; object: string }>) {
  const { policy, content, wrong, onChange } = props;
  const say = useWords(words);
  const objects = useObjectOptions(policy);
  return (
    <>
      <Line label={say("name")} wrong={at(wrong, "name")}>
        {(id) => (
          <Input
            id={id}
            value={content.name}
            onChange={({ target }) => onChange({ name: target.value })}
          />
        )}
      </Line>
      <Line label={say("object")} wrong={at(wrong, "object")}>
        {(id) => (
          <Select
            id={id}
            style={{ width: "100%" }}
            value={content.object || null}
            options={objects}
            onChange={(object) => onChange({ object })}
          />
        )}
      </Line>
    </>
  );
}

/** What is wrong, with the character of a condition marked. */
export function Mistake(props: { wrong: Wrong; text?: string }) {
  const { wrong } = props;
  const say = useWords(words);
  const text = wrong.text ?? props.text;
  if (wrong.character === undefined) {
    return (
      <p className="wrong" role="alert">
        {wrong.what}
      </p>
    );
  }
  const n = wrong.character;
  return (
    <div className="wrong" role="alert">
      <div>{say("atCharacter", { n: n + 1, what: wrong.what })}</div>
      {text !== undefined && (
        <code>
          {[...text].slice(0, n).join("")}
          <mark>{[...text][n] ?? "␣"}</mark>
          {[...text].slice(n + 1).join("")}
        </code>
      )}
    </div>
  );
}

/** Users, groups, nodes and populations of the organization. */
export function usePrincipals(policy: Policy) {
  const name = usePrincipalName(policy);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names follow the policy; a language is rarely changed here
  return useMemo(() => {
    const all = [
      "everyone",
      "internal",
      "external",
      "guests",
      ...Object.keys(policy.groups).map((id) => `group:${id}`),
      ...Object.entries(policy.nodes)
        .filter(([, { tree }]) => policy.trees[tree]?.kind !== "manager")
        .flatMap(([id]) => [`node:${id}`, `node_and_below:${id}`, `above:${id}`]),
      ...Object.keys(policy.trees).map((id) => `placed:${id}`),
      ...Object.keys(policy.users).map((id) => `user:${id}`),
    ];
    return all.map((value) => ({ value, label: name(value) }));
  }, [policy]);
}

export function Several(props: {
  id: string;
  value: readonly string[] | undefined;
  options: readonly { value: string; label: string }[];
  placeholder?: string;
  onChange: (value: string[] | undefined) => void;
}) {
  return (
    <Select
      id={props.id}
      mode="multiple"
      style={{ width: "100%" }}
      showSearch={{ filterOption: optionSought }}
      placeholder={props.placeholder}
      value={[...(props.value ?? [])]}
      options={[...props.options]}
      onChange={(value: string[]) => props.onChange(value.length > 0 ? value : undefined)}
    />
  );
}

export function Rights(props: { id: string; value: string; onChange: (value: string) => void }) {
  const say = useWords(words);
  const known = [
    { value: "none", label: say("rightNone") },
    { value: "read", label: say("rightRead") },
    { value: "edit", label: say("rightEdit") },
    { value: "full", label: say("rightFull") },
  ];
  const isKnown = known.some(({ value }) => value === props.value);
  return (
    <Select
      id={props.id}
      style={{ width: 200 }}
      value={props.value}
      options={isKnown ? known : [...known, { value: props.value, label: props.value }]}
      onChange={props.onChange}
    />
  );
}

export function ConditionInput(props: {
  id: string;
  value: string | null | undefined;
  policy: Policy;
  object: string;
  onChange: (value: string | undefined) => void;
}) {
  const say = useWords(words);
  const { value } = props;
  const fieldName = useFieldName();
  const fields = props.policy.objects[props.object]?.fields ?? {};
  const options = Object.entries(fields).map(([id, field]) => ({
    value: id,
    label: `${fieldName(id, field)} (${id})`,
  }));
  const insert = (id: string) => {
    const word = /^[A-Za-z_]\w*$/.test(id) ? id : `\`${id}\``;
    props.onChange(`${value ?? ""}${value ? " " : ""}${word} `);
  };
  return (
    <>
      <Input.TextArea
        id={props.id}
        className="code"
        spellCheck={false}
        rows={3}
        value={value ?? ""}
        onChange={({ target }) => props.onChange(target.value || undefined)}
      />
      <div className="condition">
        <Select
          aria-label={say("insertField")}
          placeholder={say("insertField")}
          style={{ width: 220 }}
          showSearch={{ optionFilterProp: "label" }}
          value={null}
          options={options}
          onChange={(id: string | null) => id && insert(id)}
        />
        <span className="quiet">{say("conditionHelp")}</span>
      </div>
    </>
  );
}

const local = (moment: string | null | undefined) => {
  if (!moment) return "";
  const at = new Date(moment);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
};

export function MomentInput(props: {
  id: string;
  value: string | null | undefined;
  onChange: (value: string | undefined) => void;
}) {
  return (
    <Input
      id={props.id}
      type="datetime-local"
      style={{ width: 220 }}
      value={local(props.value)}
      onChange={({ target }) =>
        props.onChange(target.value ? new Date(target.value).toISOString() : undefined)
      }
    />
  );
}
