/** A choice of people: by name or id; whoever was chosen keeps their name. */
import { Select } from "antd";
import { useState } from "react";
import { form } from "../../../i18n/switch-form";
import { useWords } from "../../../i18n/words";
import { useColleaguesFound } from "../../../ui/directory";
import { PersonTag } from "../../../ui/person";
import { useNames } from "../queries";

export function People(props: {
  id: string;
  value: readonly string[];
  onChange: (people: string[]) => void;
}) {
  const say = useWords(form);
  const nameOf = useNames();
  const [typed, setTyped] = useState("");
  const found = useColleaguesFound(typed);
  const items = found.people;
  const known = new Set(items.map(({ id }) => id));
  const kept = props.value
    .filter((id) => !known.has(id))
    .map((id) => ({ id, name: nameOf(id) ?? id }));
  return (
    <Select
      id={props.id}
      mode="multiple"
      placeholder={say("peopleHint")}
      value={[...props.value]}
      loading={found.isFetching}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      options={[...items, ...kept].map(({ id, name }) => ({ value: id, label: name }))}
      optionRender={({ value, label }) => (
        <PersonTag id={String(value)} name={String(label)} withId />
      )}
      onChange={(people) => {
        props.onChange(people);
        setTyped("");
      }}
    />
  );
}
