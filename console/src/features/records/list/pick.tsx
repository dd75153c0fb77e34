/** Choosing one of the fields of an object. */
import { Select } from "antd";
import type { Field } from "../model";

export function FieldPick(props: {
  label: string;
  fields: readonly Field[];
  value: string | undefined;
  onChange: (field: string | undefined) => void;
}) {
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      aria-label={props.label}
      placeholder={props.label}
      style={{ width: "100%" }}
      value={props.value}
      options={props.fields.map(({ id, label }) => ({ value: id, label }))}
      onChange={props.onChange}
    />
  );
}
