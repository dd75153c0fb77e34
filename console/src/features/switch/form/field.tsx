/** One labelled entry of the form. */
import { type ReactNode, useId } from "react";

export function Field(props: {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the entry; nothing while it is in order. */
  error?: ReactNode;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="entry">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint && (
        <div id={`${id}-says`} className="quiet">
          {props.hint}
        </div>
      )}
      {props.error && (
        <div id={`${id}-says`} role="alert" className="wrong">
          {props.error}
        </div>
      )}
    </div>
  );
}

/** What every section of the form is given. */
export type Section = {
  form: import("../wanted").Form;
  change: (part: Partial<import("../wanted").Form>) => void;
};
