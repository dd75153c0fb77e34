/** The editor of a roll-up: what flows up which tree, from where, with which rights. */
import { InputNumber, Select } from "antd";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { nameOf, type RollUp } from "../world";
import type { FormProps } from "./form";
import { Line, Several } from "./inputs";
import { at } from "./problems";

const COVERS = ["owned", "shared", "team", "ruled", "unit"] as const;
const RIGHTS = ["none", "read", "edit", "full"] as const;
const RIGHT_WORDS = {
  none: "rightNone",
  read: "rightRead",
  edit: "rightEdit",
  full: "rightFull",
} as const;

type Word = "placed" | "members" | "heads" | "same" | "below" | "same_or_below";

export function RollUpForm({ policy, content, wrong, onChange }: FormProps<RollUp>) {
  const say = useWords(words);
  const choice = (member: "who" | "span", values: readonly Word[], label: string) => (
    <Line label={label} wrong={at(wrong, member)}>
      {(id) => (
        <Select
          id={id}
          style={{ width: "100%" }}
          value={content[member] ?? values[0] ?? null}
          options={values.map((value) => ({ value: value as string, label: say(value) }))}
          onChange={(value) => onChange({ [member]: value })}
        />
      )}
    </Line>
  );
  return (
    <>
      <Line label={say("tree")} wrong={at(wrong, "tree")}>
        {(id) => (
          <Select
            id={id}
            style={{ width: "100%" }}
            value={content.tree || null}
            options={Object.entries(policy.trees).map(([value, tree]) => ({
              value,
              label: nameOf(value, tree),
            }))}
            onChange={(tree) => onChange({ tree })}
          />
        )}
      </Line>
      {choice("who", ["placed", "members", "heads"], say("gains"))}
      {choice("span", ["below", "same", "same_or_below"], say("span"))}
      <Line label={say("carries")} wrong={at(wrong, "covers")}>
        {(id) => (
          <Several
            id={id}
            value={content.covers}
            options={COVERS.map((value) => ({ value, label: say(value) }))}
            onChange={(covers) => onChange({ covers: covers ?? [] })}
          />
        )}
      </Line>
      <Line label={say("depth")} wrong={at(wrong, "depth_max")}>
        {(id) => (
          <InputNumber
            id={id}
            min={1}
            max={64}
            placeholder={say("noDepth")}
            value={content.depth_max ?? null}
            onChange={(depth) => onChange({ depth_max: depth ?? undefined })}
          />
        )}
      </Line>
      <Line label={say("rightsByDistance")} wrong={at(wrong, "rights")}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            style={{ width: "100%" }}
            value={[...content.rights]}
            options={RIGHTS.map((value) => ({
              value: value as string,
              label: say(RIGHT_WORDS[value]),
            }))}
            onChange={(rights: string[]) => onChange({ rights })}
          />
        )}
      </Line>
    </>
  );
}
