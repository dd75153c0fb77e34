/** Which column becomes what: guessed from the names, corrected by the person. */
import { fieldName } from "../../../i18n/fields";
import { isEditable, isSystem, type ObjectInfo } from "../model";
import type { Mapping } from "./port";

export const LEFT_OUT = "";
export const ID = "id";
export const OWNERS = "owners";

const bare = (name: string): string => name.toLowerCase().replaceAll(/[\s_()（）*-]/g, "");

/** The fields and relations that a column may become. */
export function targets(object: ObjectInfo, at: 0 | 1): readonly { id: string; label: string }[] {
  return Object.entries(object.fields)
    .filter(([id, field]) => isEditable(field) && !isSystem(id))
    .map(([id, field]) => ({ id, label: fieldName(id, field.name, at) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

export function guess(object: ObjectInfo, columns: readonly string[]): Mapping {
  const known = new Map<string, string>([
    [bare(ID), ID],
    [bare(OWNERS), OWNERS],
  ]);
  for (const at of [0, 1] as const) {
    for (const { id, label } of targets(object, at)) {
      known.set(bare(label), id);
      known.set(bare(id), id);
    }
  }
  const taken = new Set<string>();
  return Object.fromEntries(
    columns.map((name) => {
      const to = known.get(bare(name)) ?? LEFT_OUT;
      const free = to !== LEFT_OUT && !taken.has(to);
      if (free) taken.add(to);
      return [name, free ? to : LEFT_OUT];
    }),
  );
}

/** What two columns would both become; `undefined` when all is well. */
export function twice(mapping: Mapping): string | undefined {
  const all = Object.values(mapping).filter(Boolean);
  return all.find((to, at) => all.indexOf(to) !== at);
}
