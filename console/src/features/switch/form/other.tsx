/** The other two kinds: a set that is given for a while, and what does not count for a while. */
import { Select } from "antd";
import { form as formWords } from "../../../i18n/switch-form";
import { useWords } from "../../../i18n/words";
import { useChoices } from "../queries";
import { Field, type Section } from "./field";
import { People } from "./people";

export function Elevation({ form, change }: Section) {
  const say = useWords(formWords);
  const sets = useChoices("permission-sets", "guan.manage_sets").data ?? [];
  return (
    <div className="inset">
      <Field label={say("set")}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            maxCount={1}
            placeholder={say("setHint")}
            value={form.what ? [form.what] : []}
            optionFilterProp="label"
            options={sets.map((one) => ({ value: `set:${one.id}`, label: one.name }))}
            onChange={(chosen) => change({ what: chosen[0] ?? "" })}
          />
        )}
      </Field>
    </div>
  );
}

export function Disablement({ form, change }: Section) {
  const say = useWords(formWords);
  const sets = useChoices("permission-sets", "guan.manage_sets").data ?? [];
  const rules = useChoices("sharing-rules", "guan.manage_sharing").data ?? [];
  const options = [
    {
      label: say("rules"),
      options: rules.map(({ id, name }) => ({ value: `rule:${id}`, label: name })),
    },
    {
      label: say("sets"),
      options: sets.map(({ id, name }) => ({ value: `set:${id}`, label: name })),
    },
  ];
  return (
    <div className="inset two">
      <Field label={say("offWhat")}>
        {(id) => (
          <Select
            id={id}
            showSearch={{ optionFilterProp: "label" }}
            allowClear
            placeholder={say("offHint")}
            value={form.what && !form.what.startsWith("user:") ? form.what : null}
            options={options}
            onChange={(what) => change({ what: what ?? "" })}
          />
        )}
      </Field>
      <Field label={say("user")}>
        {(id) => (
          <People
            id={id}
            value={form.what.startsWith("user:") ? [form.what.slice("user:".length)] : []}
            onChange={(people) => change({ what: people.at(-1) ? `user:${people.at(-1)}` : "" })}
          />
        )}
      </Field>
    </div>
  );
}
