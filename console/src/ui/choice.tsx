/** Pickers: a user, an object, an action, a record, a set, a node. Each asks the server when something is typed. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { AutoComplete, Select } from "antd";
import { useState } from "react";
import { answer, api } from "../api/client";
import { actions, choice } from "../i18n/decision";
import { objectName } from "../i18n/objects";
import { useLanguage, useWords } from "../i18n/words";
import { useMyObjects } from "../session";
import { useRecordTitle } from "./called";
import { useColleaguesFound, useNodes, useObjects, useSetGroups, useSets } from "./directory";
import { useNamed } from "./named";

type Picker<T = string> = {
  value?: T | undefined;
  onChange?: (value: T | undefined) => void;
  label?: string;
  id?: string;
};

const WIDE = { width: "100%", minWidth: 180 } as const;

export function UserPicker(props: Picker) {
  const say = useWords(choice);
  const [typed, setTyped] = useState("");
  const found = useColleaguesFound(typed);
  const listed = found.people;
  const chosen = props.value;
  // Who is chosen may stand far down the list.
  const one = useQuery({
    queryKey: ["users", "colleagues", chosen],
    queryFn: () =>
      answer(
        api.GET("/api/v1/colleagues", { params: { query: { search: chosen ?? "", limit: 30 } } }),
      ),
    enabled: chosen !== undefined && !found.isFetching && !listed.some(({ id }) => id === chosen),
  });
  const people = [
    ...listed,
    ...(one.data?.items ?? []).filter(
      ({ id }) => id === chosen && !listed.some((other) => other.id === id),
    ),
  ];
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      style={WIDE}
      aria-label={props.label ?? say("user")}
      placeholder={props.label ?? say("userHint")}
      value={props.value ?? null}
      onChange={(value) => props.onChange?.(value ?? undefined)}
      loading={found.isFetching}
      options={people.map(({ id, name }) => ({
        value: id,
        label: name && name !== id ? `${name} · ${id}` : id,
      }))}
    />
  );
}

/** The objects that may be asked about: those of the policy for who may read it, else one's own. */
export function useObjectChoices(): readonly { value: string; label: string }[] {
  const at = useLanguage() === "en" ? 0 : 1;
  const every = useObjects().data?.map(({ id, content }) => ({ id, name: content.name ?? id }));
  const mine = useMyObjects().data ?? [];
  return (every ?? mine).map((one) => ({ value: one.id, label: objectName(one, at) }));
}

/** What an object is called. */
export function useObjectTitle(): (id: string) => string {
  const titles = new Map(useObjectChoices().map(({ value, label }) => [value, label]));
  return (id) => titles.get(id) ?? id;
}

export function ObjectPicker(props: Picker & { clear?: boolean }) {
  const say = useWords(choice);
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      showSearch={{ optionFilterProp: "label" }}
      allowClear={props.clear ?? false}
      style={WIDE}
      aria-label={props.label ?? say("object")}
      placeholder={say("object")}
      value={props.value ?? null}
      onChange={(value) => props.onChange?.(value ?? undefined)}
      options={[...useObjectChoices()]}
    />
  );
}

export function ActionPicker(props: Picker) {
  const say = useWords(choice);
  const name = useNamed(actions);
  const own = useQuery({
    queryKey: ["actions", "every"],
    queryFn: () => answer(api.GET("/api/v1/actions", { params: { query: { limit: 200 } } })),
    retry: false,
  });
  const known = [...Object.keys(actions), ...(own.data?.items ?? []).map(({ id }) => id)];
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      showSearch={{ optionFilterProp: "label" }}
      style={WIDE}
      aria-label={props.label ?? say("action")}
      value={props.value ?? null}
      onChange={(value) => props.onChange?.(value ?? undefined)}
      options={[...new Set(known)].map((action) => ({ value: action, label: name(action) }))}
    />
  );
}

/** A record by its name, or its id typed: who may not read it can still ask about it. */
export function RecordPicker(props: Picker & { object: string | undefined }) {
  const say = useWords(choice);
  const title = useRecordTitle();
  const { object = "" } = props;
  const search = props.value || undefined;
  const found = useQuery({
    queryKey: ["records", object, "pick", search],
    queryFn: () =>
      answer(
        api.GET("/api/v1/records/{object}", {
          params: { path: { object }, query: search ? { search, limit: 20 } : { limit: 20 } },
        }),
      ),
    enabled: object !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <AutoComplete
      {...(props.id ? { id: props.id } : {})}
      allowClear
      style={WIDE}
      aria-label={props.label ?? say("record")}
      placeholder={say("recordHint")}
      value={props.value ?? ""}
      onChange={(value) => props.onChange?.(value || undefined)}
      options={(found.data?.items ?? []).map((record) => ({
        value: record.id,
        label: `${title(record)} · ${record.id}`,
      }))}
    />
  );
}

export function FieldPicker(props: Picker<string[]> & { object: string | undefined }) {
  const say = useWords(choice);
  const found = useObjects().data?.find(({ id }) => id === props.object);
  const mine = useMyObjects().data?.find(({ id }) => id === props.object);
  const names = Object.keys(found?.content.fields ?? mine?.fields ?? {});
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      mode="multiple"
      allowClear
      style={WIDE}
      aria-label={say("fields")}
      placeholder={say("fieldsHint")}
      value={props.value ?? []}
      onChange={(value) => props.onChange?.(value.length > 0 ? value : undefined)}
      options={names.map((value) => ({ value, label: value }))}
    />
  );
}

/** A set or a group of sets, as `set:ID` or `set_group:ID`. */
export function SetPicker(props: Picker) {
  const say = useWords(choice);
  const sets = useSets().data ?? [];
  const groups = useSetGroups().data ?? [];
  const options = [
    ...sets
      .filter(({ content }) => content.kind !== "muting")
      .map(({ id, content }) => ({ value: `set:${id}`, label: content.name || id })),
    ...groups.map(({ id, content }) => ({ value: `set_group:${id}`, label: content.name || id })),
  ];
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      style={WIDE}
      aria-label={props.label ?? say("set")}
      placeholder={say("setHint")}
      value={props.value ?? null}
      onChange={(value) => props.onChange?.(value ?? undefined)}
      options={options}
    />
  );
}

export function NodePicker(props: Picker & { tree?: string | undefined }) {
  const say = useWords(choice);
  const nodes = useNodes().data ?? [];
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      style={WIDE}
      aria-label={props.label ?? say("node")}
      placeholder={say("node")}
      value={props.value ?? null}
      onChange={(value) => props.onChange?.(value ?? undefined)}
      options={nodes
        .filter(({ content }) => props.tree === undefined || content.tree === props.tree)
        .map(({ id, content }) => ({ value: id, label: content.name || id }))}
    />
  );
}
