/** What is off: everything, or objects and parts of them; and the choice of another kind. */
import { Checkbox, Collapse, Radio, Select } from "antd";
import { actionWord } from "../../../i18n/switch-acts";
import { form as formWords } from "../../../i18n/switch-form";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMyObjects } from "../../../session";
import { useObjectName } from "../parts";
import { useChoices, useSchema } from "../queries";
import type { Form } from "../wanted";
import { Field, type Section } from "./field";
import { Disablement, Elevation } from "./other";

const KINDS = ["suspension", "elevation", "disablement"] as const;

export function What(props: Section) {
  const say = useWords(formWords);
  const { form, change } = props;
  return (
    <>
      <Radio.Group
        className="choices"
        aria-label={say("kind")}
        value={form.kind}
        onChange={(event) => change({ kind: event.target.value as Form["kind"], what: "" })}
        options={KINDS.map((kind) => ({
          value: kind,
          label: (
            <>
              {say(kind)}
              <div className="quiet">{say(`${kind}Why`)}</div>
            </>
          ),
        }))}
      />
      {form.kind === "suspension" && <Scope {...props} />}
      {form.kind === "elevation" && <Elevation {...props} />}
      {form.kind === "disablement" && <Disablement {...props} />}
    </>
  );
}

function Scope({ form, change }: Section) {
  const say = useWords(formWords);
  const object = useObjectName();
  const mine = useMyObjects().data ?? [];
  // Who administers objects names all of them, also those that are closed to themselves just now.
  const all = useChoices("objects", "guan.manage_objects").data ?? [];
  const known = [...new Set([...all, ...mine].map(({ id }) => id).concat(form.objects))].sort();
  return (
    <div className="inset">
      <Radio.Group
        aria-label={say("what")}
        value={form.everything}
        onChange={(event) => change({ everything: event.target.value === true })}
        options={[
          { value: false, label: say("objects") },
          { value: true, label: say("everything") },
        ]}
      />
      {form.everything ? (
        <p className="quiet">{say("everythingWhy")}</p>
      ) : (
        <Checkbox.Group
          className="boxes"
          role="group"
          aria-label={say("objectsLabel")}
          value={form.objects}
          onChange={(objects) => change({ objects })}
          options={known.map((id) => ({ value: id, label: object(id) }))}
        />
      )}
      <Collapse
        ghost
        size="small"
        items={[
          {
            key: "narrow",
            label: say("narrow"),
            children: <Narrow form={form} change={change} />,
          },
        ]}
      />
    </div>
  );
}

const LAYERS = ["object", "record", "field"] as const;
const CLASSES = ["personal", "sensitive", "financial", "protected"] as const;

function Narrow({ form, change }: Section) {
  const say = useWords(formWords);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const schema = useSchema().data;
  const mine = useMyObjects().data ?? [];
  const restrictions = useChoices("restrictions", "guan.manage_sharing").data ?? [];
  const sets = useChoices("permission-sets", "guan.manage_sets").data ?? [];
  const actions = [...new Set([...mine.flatMap((one) => one.actions), ...form.actions])];
  const named = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
  const fieldsOf = (id: string) =>
    Object.entries(schema?.objects[id]?.fields ?? {}).map(([name, shown]) => ({
      value: name,
      label: shown.name || name,
    }));
  return (
    <div className="two">
      {!form.everything &&
        form.objects.map((id) => (
          <Field key={id} label={say("fieldsOf", { object: object(id) })}>
            {(name) => (
              <Select
                id={name}
                mode="tags"
                placeholder={say("fieldsAll")}
                value={form.fields[id] ?? []}
                options={fieldsOf(id)}
                onChange={(fields) => change({ fields: { ...form.fields, [id]: fields } })}
              />
            )}
          </Field>
        ))}
      <Field label={say("actions")}>
        {(name) => (
          <Select
            id={name}
            mode="tags"
            placeholder={say("actionsAll")}
            value={form.actions}
            options={actions.map((id) => ({ value: id, label: actionWord(id, language) }))}
            onChange={(chosen) => change({ actions: chosen })}
          />
        )}
      </Field>
      <Field label={say("layers")}>
        {(name) => (
          <Select
            id={name}
            mode="multiple"
            placeholder={say("layersAll")}
            value={form.layers}
            options={LAYERS.map((value) => ({ value, label: say(value) }))}
            onChange={(layers) => change({ layers })}
          />
        )}
      </Field>
      <Field label={say("restrictions")}>
        {(name) => (
          <Select
            id={name}
            mode="tags"
            placeholder={say("anyRule")}
            value={form.restrictions}
            options={restrictions.map(named)}
            onChange={(chosen) => change({ restrictions: chosen })}
          />
        )}
      </Field>
      <Field label={say("sets")}>
        {(name) => (
          <Select
            id={name}
            mode="tags"
            placeholder={say("anyRule")}
            value={form.sets}
            options={sets.map(named)}
            onChange={(chosen) => change({ sets: chosen })}
          />
        )}
      </Field>
      <Field label={say("classes")} hint={say("heavier")}>
        {(name) => (
          <Select
            id={name}
            mode="multiple"
            placeholder={say("classesNone")}
            value={form.classes}
            options={CLASSES.map((value) => ({ value, label: say(value) }))}
            onChange={(classes) => change({ classes })}
          />
        )}
      </Field>
      <Checkbox checked={form.bulk} onChange={(event) => change({ bulk: event.target.checked })}>
        {say("bulk")} <span className="quiet">{say("heavier")}</span>
      </Checkbox>
    </div>
  );
}
