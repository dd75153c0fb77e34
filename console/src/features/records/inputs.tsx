/** What a person fills in: a value by its type, a colleague, a parent record. */
import { useQuery } from "@tanstack/react-query";
import { DatePicker, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { records } from "../../i18n/records";
import { useWords } from "../../i18n/words";
import { useRecordTitle } from "../../ui/called";
import { useColleaguesFound } from "../../ui/directory";
import type { Field } from "./model";
import { said, useChoices } from "./queries";

const PAUSE_MS = 250;
const PICKED_MAX = 20;

/** What was typed, after the person paused. */
function usePaused(typed: string): string {
  const [paused, setPaused] = useState(typed);
  useEffect(() => {
    const wait = setTimeout(() => setPaused(typed), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [typed]);
  return paused;
}

type Status = "error" | "warning" | undefined;

type Pick = {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined, name?: string) => void;
  id?: string;
  disabled?: boolean;
  status?: Status;
  toldBy?: string;
};

export function ColleaguePick(props: Pick) {
  const say = useWords(records);
  const [typed, setTyped] = useState("");
  const found = useColleaguesFound(typed);
  return (
    <Select
      {...(props.id && { id: props.id })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      style={{ width: "100%" }}
      aria-label={props.label}
      placeholder={say("colleague")}
      value={props.value}
      loading={found.isFetching}
      notFoundContent={say("nobody")}
      options={found.people.map(({ id, name }) => ({
        value: id,
        label: name && name !== id ? `${name} · ${id}` : id,
        name,
      }))}
      onChange={(value: string | undefined, option) =>
        props.onChange(value, (option as { name?: string } | undefined)?.name)
      }
    />
  );
}

/** A record that may be chosen as a parent. */
export function ParentPick(props: Pick & { object: string; relation: string; shown?: string }) {
  const say = useWords(records);
  const title = useRecordTitle();
  const [typed, setTyped] = useState("");
  const search = usePaused(typed);
  const { object, relation } = props;
  const found = useQuery({
    queryKey: ["records", object, "pick", relation, search],
    queryFn: () =>
      answer(
        api.GET("/api/v1/record-choices/{object}/{relation}", {
          params: { path: { object, relation }, query: said({ search, limit: PICKED_MAX }) },
        }),
      ),
    placeholderData: (previous) => previous,
  });
  const options = (found.data?.items ?? []).map((item) => ({
    value: item.id,
    label: title(item),
  }));
  const isThere = !props.value || options.some(({ value }) => value === props.value);
  return (
    <Select
      {...(props.id && { id: props.id })}
      {...(props.status && { status: props.status })}
      {...(props.toldBy && { "aria-describedby": props.toldBy })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      disabled={props.disabled ?? false}
      style={{ width: "100%" }}
      aria-label={props.label}
      placeholder={say("pickRecord", { what: props.label })}
      value={props.value}
      loading={found.isFetching}
      notFoundContent={say("pickNothing")}
      options={
        isThere
          ? options
          : [{ value: props.value ?? "", label: props.shown ?? props.value ?? "" }, ...options]
      }
      onChange={(value: string | undefined) => props.onChange(value)}
    />
  );
}

export type ValueInput = {
  object: string;
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  id?: string;
  placeholder?: string;
  status?: Status;
  /** The id of what is said about the value. */
  toldBy?: string;
};

/** The input for a value of a field; `null` takes the value out. */
export function FieldInput(props: ValueInput) {
  const say = useWords(records);
  const { field, value, onChange } = props;
  const own = {
    "aria-label": field.label,
    ...(props.id && { id: props.id }),
    ...(props.placeholder && { placeholder: props.placeholder }),
    ...(props.status && { status: props.status }),
    ...(props.toldBy && { "aria-describedby": props.toldBy }),
  };
  const text = value === null || value === undefined ? "" : String(value);
  switch (field.type) {
    case "number":
      return (
        <InputNumber
          {...own}
          style={{ width: "100%" }}
          value={typeof value === "number" ? value : null}
          onChange={(next) => onChange(next ?? null)}
        />
      );
    case "boolean":
      return (
        <Select
          {...own}
          allowClear
          style={{ width: "100%" }}
          value={typeof value === "boolean" ? value : undefined}
          options={[
            { value: true, label: say("yes") },
            { value: false, label: say("no") },
          ]}
          onChange={(next: boolean | undefined) => onChange(next ?? null)}
        />
      );
    case "date":
    case "date_time": {
      const timed = field.type === "date_time";
      return (
        <DatePicker
          {...own}
          style={{ width: "100%" }}
          showTime={timed ? { format: "HH:mm" } : false}
          value={text ? dayjs(text) : null}
          onChange={(next) => {
            const day = Array.isArray(next) ? next[0] : next;
            if (!day) onChange(null);
            else onChange(timed ? day.toISOString() : day.format("YYYY-MM-DD"));
          }}
        />
      );
    }
    case "choice":
    case "multi_choice":
      return <ChoiceInput {...props} />;
    case "text":
    case "reference":
      return <Input {...own} value={text} onChange={(at) => onChange(at.target.value || null)} />;
  }
}

/** Choices that records have already; another one may be written where the field takes one value. */
function ChoiceInput(props: ValueInput) {
  const say = useWords(records);
  const { field, value, onChange } = props;
  const [looked, setLooked] = useState(false);
  const [typed, setTyped] = useState("");
  const choices = useChoices(props.object, field.id, looked && field.filter === "any");
  const written = typed.trim();
  const held = Array.isArray(value) ? value.map(String) : [text(value)].filter(Boolean);
  const known = [...held, ...choices.values.map((one) => one.value)];
  // What is typed can be chosen too: the server names no list of allowed values.
  const offered = [...new Set(written ? [...known, written] : known)];
  const own = {
    "aria-label": field.label,
    ...(props.id && { id: props.id }),
    ...(props.placeholder && { placeholder: props.placeholder }),
    ...(props.status && { status: props.status }),
    ...(props.toldBy && { "aria-describedby": props.toldBy }),
    style: { width: "100%" },
    showSearch: { onSearch: setTyped },
    allowClear: true,
    notFoundContent: say(choices.loading ? "choicesRead" : "choicesNone"),
    loading: choices.loading,
    options: offered.map((one) => ({ value: one, label: one })),
    onFocus: () => setLooked(true),
  };
  if (field.type === "multi_choice") {
    return (
      <Select
        {...own}
        mode="multiple"
        value={held}
        onChange={(next: string[]) => onChange(next.length > 0 ? next : null)}
      />
    );
  }
  return (
    <Select
      {...own}
      value={held[0] ?? null}
      onChange={(next: string | null | undefined) => onChange(next || null)}
    />
  );
}

const text = (value: unknown): string =>
  value === null || value === undefined ? "" : String(value);
