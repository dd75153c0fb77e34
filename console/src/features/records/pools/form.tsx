/** The inputs of a pool. */
import { Checkbox, Input, InputNumber, Select } from "antd";
import { useId, useState } from "react";
import { inOneLanguage } from "../../../i18n/fields";
import { objectName } from "../../../i18n/objects";
import { pools } from "../../../i18n/pools";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMyObjects } from "../../../session";
import { principal } from "../model";
import { useNames } from "../values";
import { DAY_MS, type Pool, usePrincipals } from "./queries";

export function PoolForm(props: {
  isNew: boolean;
  id: string;
  content: Pool;
  reason: string;
  onId: (id: string) => void;
  onContent: (content: Pool) => void;
  onReason: (reason: string) => void;
}) {
  const say = useWords(pools);
  const at = useLanguage() === "en" ? 0 : 1;
  const objects = useMyObjects().data ?? [];
  const { content } = props;
  const set = (change: Partial<Pool>) => props.onContent({ ...content, ...change });
  const rules = content.rules ?? {};
  const rule = (name: keyof typeof rules, value: number | null) => {
    const { [name]: _gone, ...others } = rules;
    set({ rules: value === null ? others : { ...others, [name]: value } });
  };
  const inDays = (value: number | null | undefined) => (value ? value / DAY_MS : null);
  return (
    <div className="inputs">
      <Labelled label={say("name")}>
        {(id) => (
          <Input id={id} value={content.name} onChange={(one) => set({ name: one.target.value })} />
        )}
      </Labelled>
      <Labelled label={say("object")}>
        {(id) => (
          <Select
            id={id}
            style={{ width: "100%" }}
            disabled={!props.isNew}
            value={content.object || null}
            options={objects.map((one) => ({ value: one.id, label: objectName(one, at) }))}
            onChange={(object: string) => set({ object })}
          />
        )}
      </Labelled>
      {props.isNew && (
        <Labelled label={say("id")} wide>
          {(id) => (
            <Input id={id} value={props.id} onChange={(one) => props.onId(one.target.value)} />
          )}
        </Labelled>
      )}
      <Labelled label={say("admins")} hint={say("adminsWhy")} wide>
        {(id) => (
          <Principals id={id} value={content.admins} onChange={(admins) => set({ admins })} />
        )}
      </Labelled>
      <Labelled label={say("members")} wide>
        {(id) => (
          <Principals id={id} value={content.members} onChange={(members) => set({ members })} />
        )}
      </Labelled>
      <div className="wide stack tight">
        {(
          [
            ["members_view", say("membersView")],
            ["members_claim", say("membersClaim")],
            ["claim_before_assign", say("claimFirst")],
          ] as const
        ).map(([name, label]) => (
          <Checkbox
            key={name}
            checked={content[name] ?? false}
            onChange={(one) => set({ [name]: one.target.checked })}
          >
            {label}
          </Checkbox>
        ))}
      </div>
      <h3 className="part wide">{say("rules")}</h3>
      <Count
        label={say("day")}
        value={rules.claims_a_day_max}
        onChange={(n) => rule("claims_a_day_max", n)}
      />
      <Count label={say("held")} value={rules.held_max} onChange={(n) => rule("held_max", n)} />
      <Count
        label={say("pause")}
        value={inDays(rules.previous_owner_pause)}
        onChange={(n) => rule("previous_owner_pause", n === null ? null : n * DAY_MS)}
      />
      <Count
        label={say("returns")}
        value={inDays(rules.returns_after)}
        onChange={(n) => rule("returns_after", n === null ? null : n * DAY_MS)}
      />
      <Labelled label={say("reason")} wide>
        {(id) => (
          <Input
            id={id}
            value={props.reason}
            onChange={(one) => props.onReason(one.target.value)}
          />
        )}
      </Labelled>
    </div>
  );
}

function Labelled(props: {
  label: string;
  hint?: string;
  wide?: boolean;
  children: (id: string) => React.ReactNode;
}) {
  const id = useId();
  return (
    <div className={props.wide ? "wide" : undefined}>
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint && <p className="quiet hint">{props.hint}</p>}
    </div>
  );
}

function Count(props: {
  label: string;
  value: number | null | undefined;
  onChange: (value: number | null) => void;
}) {
  const say = useWords(pools);
  return (
    <Labelled label={props.label}>
      {(id) => (
        <InputNumber
          id={id}
          min={1}
          precision={0}
          style={{ width: "100%" }}
          placeholder={say("noLimit")}
          value={props.value ?? null}
          onChange={props.onChange}
        />
      )}
    </Labelled>
  );
}

function Principals(props: {
  id: string;
  value: readonly string[] | undefined;
  onChange: (value: string[]) => void;
}) {
  const say = useWords(pools);
  const at = useLanguage() === "en" ? 0 : 1;
  const { people } = useNames();
  const [search, setSearch] = useState("");
  const found = usePrincipals(search);
  const populations = [
    { value: "internal", label: say("internal") },
    { value: "everyone", label: say("everyone") },
  ];
  const named = (value: string) => {
    const { id } = principal(value);
    return people.get(id) ?? (id || value);
  };
  const options = [
    ...populations,
    ...found.choices.map(({ value, label }) => ({ value, label: inOneLanguage(label, at) })),
  ];
  const missing = (props.value ?? [])
    .filter((value) => !options.some((one) => one.value === value))
    .map((value) => ({ value, label: named(value) }));
  return (
    <Select
      id={props.id}
      mode="multiple"
      style={{ width: "100%" }}
      placeholder={say("principals")}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={found.isFetching}
      value={[...(props.value ?? [])]}
      options={[...missing, ...options]}
      onChange={props.onChange}
    />
  );
}
