/** The filter form: one control for each field that may be used, by its type. What it asks for is the address. */
import { Button, DatePicker, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { type Asked, asked, asking, range } from "../filter";
import { ParentPick } from "../inputs";
import { type Field, isSystem } from "../model";
import { useChoices } from "../queries";

/** The fields that a filter may use. */
export const filterable = (fields: readonly Field[]): readonly Field[] =>
  fields.filter(({ id, filter }) => filter !== "no" && !isSystem(id));

export function FilterForm(props: { object: string; fields: readonly Field[] }) {
  const say = useWords(records);
  const [search, go] = useAddress();
  const [draft, setDraft] = useState<Asked>(() => asked(search));
  const set = (field: string, value: string | undefined) =>
    setDraft({ ...draft, [field]: value ?? "" });
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        go(asking(search, draft), "replace");
      }}
    >
      {filterable(props.fields).map((field) => (
        <div key={field.id}>
          <span className="quiet">{field.label}</span>
          <Control
            object={props.object}
            field={field}
            value={draft[field.id] ?? ""}
            onChange={(value) => set(field.id, value)}
          />
        </div>
      ))}
      <div className="acts">
        <Button type="primary" htmlType="submit">
          {say("apply")}
        </Button>
        <Button
          onClick={() => {
            setDraft({});
            go(asking(search, {}), "replace");
          }}
        >
          {say("clearFilters")}
        </Button>
      </div>
    </form>
  );
}

type ControlOf = {
  object: string;
  field: Field;
  value: string;
  onChange: (value: string | undefined) => void;
};

function Control(props: ControlOf) {
  const say = useWords(records);
  const { field, value, onChange } = props;
  switch (field.type) {
    case "boolean":
      return (
        <Select
          aria-label={field.label}
          allowClear
          placeholder={say("any")}
          value={value || undefined}
          options={[
            { value: "yes", label: say("yes") },
            { value: "no", label: say("no") },
          ]}
          onChange={(next: string | undefined) => onChange(next)}
        />
      );
    case "number":
      return <Numbers {...props} />;
    case "date":
    case "date_time":
      return <Days {...props} />;
    case "choice":
    case "multi_choice":
      return field.filter === "any" ? <Choices {...props} /> : <Text {...props} />;
    case "reference":
      return field.relation ? (
        <ParentPick
          object={props.object}
          relation={field.id}
          label={field.label}
          value={value || undefined}
          onChange={onChange}
        />
      ) : (
        <Text {...props} />
      );
    case "text":
      return <Text {...props} />;
  }
}

function Text(props: ControlOf) {
  const say = useWords(records);
  const { field, value, onChange } = props;
  const whole = field.filter !== "any" || field.type !== "text";
  return (
    <Input
      aria-label={field.label}
      allowClear
      placeholder={say(whole ? "exactly" : "contains")}
      value={value}
      onChange={(at) => onChange(at.target.value)}
    />
  );
}

/** A number without the signs that a machine of another country writes. */
const numeral = (value: number | null): string => (value === null ? "" : String(value));

function Numbers(props: ControlOf) {
  const say = useWords(records);
  const [from, to] = range(props.value);
  const set = (next: readonly [string, string]) =>
    props.onChange(next.some(Boolean) ? next.join("..") : undefined);
  const what = props.field.label;
  return (
    <span className="pair">
      <InputNumber
        aria-label={say("from", { what })}
        placeholder="≥"
        value={from === "" ? null : Number(from)}
        onChange={(value) => set([numeral(value), to])}
      />
      <InputNumber
        aria-label={say("to", { what })}
        placeholder="≤"
        value={to === "" ? null : Number(to)}
        onChange={(value) => set([from, numeral(value)])}
      />
    </span>
  );
}

function Days(props: ControlOf) {
  const [from, to] = range(props.value);
  return (
    <DatePicker.RangePicker
      aria-label={props.field.label}
      allowEmpty={[true, true]}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      onChange={(days) => {
        const text = (days ?? []).map((day) => day?.format("YYYY-MM-DD") ?? "");
        props.onChange(text.some(Boolean) ? text.join("..") : undefined);
      }}
    />
  );
}

function Choices(props: ControlOf) {
  const say = useWords(records);
  const [looked, setLooked] = useState(false);
  const { loading, values } = useChoices(props.object, props.field.id, looked);
  return (
    <Select
      mode="multiple"
      notFoundContent={say(loading ? "choicesRead" : "choicesNone")}
      maxTagCount="responsive"
      aria-label={props.field.label}
      placeholder={say("any")}
      loading={loading}
      value={props.value.split("\n").filter(Boolean)}
      options={values.map(({ value, count }) => ({
        value,
        label: `${value} (${count.toLocaleString()})`,
      }))}
      onFocus={() => setLooked(true)}
      onChange={(next: string[]) => props.onChange(next.join("\n") || undefined)}
    />
  );
}
