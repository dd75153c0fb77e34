/** The inputs of a record: each field that the person may set, with what is wrong beside it. */
import { useId } from "react";
import { edit } from "../../../i18n/edit";
import { useWords } from "../../../i18n/words";
import { FieldInput, ParentPick } from "../inputs";
import { clear, type Field, isMasked, type RecordRow } from "../model";
import { parentKey, useNames } from "../values";
import { type Draft, withParent, withValue } from "./draft";

export type FormOf = {
  object: string;
  fields: readonly Field[];
  record: RecordRow | undefined;
  draft: Draft;
  errors: Readonly<Record<string, string>>;
  onDraft: (draft: Draft) => void;
};

export function Form(props: FormOf) {
  const say = useWords(edit);
  const basics = props.fields.filter((field) => !field.class);
  const guarded = props.fields.filter((field) => field.class);
  return (
    <>
      {basics.length > 0 && <Part title={say("basics")} {...props} fields={basics} />}
      {guarded.length > 0 && <Part title={say("protectedPart")} {...props} fields={guarded} />}
    </>
  );
}

function Part(props: FormOf & { title: string }) {
  return (
    <section aria-label={props.title}>
      <h3 className="part">{props.title}</h3>
      <div className="inputs">
        {props.fields.map((field) => (
          <Row key={field.id} {...props} field={field} />
        ))}
      </div>
    </section>
  );
}

function Row(props: FormOf & { field: Field }) {
  const say = useWords(edit);
  const id = useId();
  const { parents } = useNames();
  const { field, draft, record, errors, onDraft } = props;
  const error = errors[field.id];
  const status = error ? { status: "error" as const } : {};
  const before = clear(record?.fields[field.id]) ?? null;
  const parentBefore = record?.parents?.[field.id] ?? null;
  const parent = field.id in draft.parents ? draft.parents[field.id] : parentBefore;
  const shown = field.relation && parent && parents.get(parentKey(field.relation, parent));
  return (
    <div className={field.type === "text" && field.id === "Name" ? "wide" : undefined}>
      <label htmlFor={id}>{field.label}</label>
      {field.relation ? (
        <ParentPick
          id={id}
          {...status}
          object={props.object}
          relation={field.id}
          label={field.label}
          value={parent ?? undefined}
          {...(shown && { shown })}
          onChange={(next) => onDraft(withParent(draft, field.id, next ?? null, parentBefore))}
        />
      ) : (
        <FieldInput
          id={id}
          {...status}
          object={props.object}
          field={field}
          {...(isMasked(field) && { placeholder: say("maskedNow") })}
          value={field.id in draft.values ? draft.values[field.id] : before}
          onChange={(next) => onDraft(withValue(draft, field.id, next, before))}
        />
      )}
      {error && (
        <p className="wrong" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
