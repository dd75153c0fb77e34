/** One labelled entry of the form. */
import { type ReactNode, useId } from "react";

export function Field(props: {
  label: string;
  hint?: ReactNode;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="entry">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint && <div className="quiet">{props.hint}</div>}
    </div>
  );
}

/** What every section of the form is given. */
export type Section = {
  form: import("../wanted").Form;
  change: (part: Partial<import("../wanted").Form>) => void;
};
