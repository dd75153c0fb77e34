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
  /** What is wrong, by field. */
  errors: Readonly<Record<string, string>>;
  /** What looks odd, by field; it can be saved. */
  doubts: Readonly<Record<string, string>>;
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

/** What is said about a value, and how an input shows it. */
export function toldOf(error: string | undefined, doubt: string | undefined, id: string) {
  if (!(error ?? doubt)) return { shown: {} };
  return {
    shown: { status: error ? ("error" as const) : ("warning" as const), toldBy: id },
    words: (
      <p id={id} className={error ? "wrong" : "odd"} role="alert">
        {error ?? doubt}
      </p>
    ),
  };
}

function Row(props: FormOf & { field: Field }) {
  const say = useWords(edit);
  const id = useId();
  const { parents } = useNames();
  const { field, draft, record, onDraft } = props;
  const told = toldOf(props.errors[field.id], props.doubts[field.id], `${id}-told`);
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
          {...told.shown}
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
          {...told.shown}
          object={props.object}
          field={field}
          {...(isMasked(field) && { placeholder: say("maskedNow") })}
          value={field.id in draft.values ? draft.values[field.id] : before}
          onChange={(next) => onDraft(withValue(draft, field.id, next, before))}
        />
      )}
      {told.words}
    </div>
  );
}
