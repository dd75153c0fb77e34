/** Fields of one object against the sets: what each set shows of each field. */
import { soughtBy } from "../../../i18n/fields";
import { at, type Change, type Edits, entityOf, keyOf, type Place, read } from "../draft";
import type { CellView } from "../grid/body";
import type { At } from "../grid/range";
import { type Access, nothing, stepped, strength } from "../levels";
import { cellOf, isOpen, statedOf } from "../matrix/rows";
import type { Levels } from "../words";
import { type Field, nameOf, type Policy } from "../world";

export type Only = "all" | "classified" | "changed";

export type Grid = {
  policy: Policy;
  edits: Edits;
  object: string;
  fields: readonly string[];
  sets: readonly string[];
};

const placeOf = (set: string, object: string, field: string): Place => ({
  kind: "set",
  id: set,
  path: ["fields", object, field],
});

/** A field with the unsaved changes of its properties. */
export function fieldOf(
  { policy, edits, object }: Omit<Grid, "fields" | "sets">,
  id: string,
): Field {
  const field = policy.objects[object]?.fields?.[id] ?? {};
  if (edits.size === 0) return field;
  const changed = { ...field };
  for (const name of ["class", "mask", "secured", "searchable"] as const) {
    const place: Place = { kind: "object", id: object, path: ["fields", id, name] };
    const edit = edits.get(keyOf(place));
    if (edit) Object.assign(changed, { [name]: edit.now });
  }
  return changed;
}

export function valueAt(grid: Grid, field: string, set: string): string {
  const place = placeOf(set, grid.object, field);
  const open = isOpen(grid.policy.objects[grid.object], field);
  return cellOf("access", read(grid.policy, grid.edits, place), open);
}

export function viewOf(
  grid: Grid,
  levels: Levels,
  row: number,
  column: number,
): CellView | undefined {
  const [field, set] = [grid.fields[row], grid.sets[column]];
  if (field === undefined || set === undefined) return undefined;
  const value = valueAt(grid, field, set);
  const changed = grid.edits.size > 0 && grid.edits.has(keyOf(placeOf(set, grid.object, field)));
  const all = changed || value === "" ? undefined : allFields(grid.policy, set, grid.object);
  const more = all !== undefined && strength("access", all) > strength("access", value);
  const own = levels.value("access", value);
  const text = more ? levels.value("access", all) : own;
  const name = nameOf(set, grid.policy.sets[set]);
  return {
    kind: "access",
    text,
    level: value === "" ? 0 : strength("access", more ? all : value),
    spoken: [name, text, changed && levels.say("changed"), more && levels.say("implied")]
      .filter(Boolean)
      .join(", "),
    changed,
    risky: false,
    implied: more,
  };
}

export type Act = { step: true } | { clear: true } | { word: string };

function wanted(act: Act, now: string, levels: Levels): string | undefined {
  if ("step" in act) return stepped("access", now);
  if ("clear" in act) return nothing("access");
  return levels.understood("access", act.word);
}

function changeOf(grid: Grid, spot: At, word: string | undefined): Change[] {
  const [field, set] = [grid.fields[spot.row], grid.sets[spot.column]];
  if (field === undefined || set === undefined || word === undefined) return [];
  const open = isOpen(grid.policy.objects[grid.object], field);
  return [{ ...placeOf(set, grid.object, field), now: statedOf("access", word, open) }];
}

/** One act on all cells of a selection; stepping makes all of them what the first becomes. */
export function acted(grid: Grid, levels: Levels, cells: readonly At[], act: Act): Change[] {
  const [first] = cells;
  const [field, set] = [grid.fields[first?.row ?? -1], grid.sets[first?.column ?? -1]];
  if (field === undefined || set === undefined) return [];
  const lead = wanted(act, valueAt(grid, field, set), levels);
  return cells.flatMap((spot) => changeOf(grid, spot, lead));
}

export function laid(grid: Grid, levels: Levels, words: readonly { at: At; word: string }[]) {
  const said = words.filter(({ word }) => word.trim() !== "");
  const changes = said.flatMap(({ at: spot, word }) =>
    changeOf(grid, spot, levels.understood("access", word)),
  );
  return { changes, left: said.length - changes.length };
}

/** The sets that give the object anything, or every set that can be given. */
export function setsOf(policy: Policy, object: string, which: "giving" | "all"): string[] {
  return Object.entries(policy.sets)
    .filter(([, set]) => set.kind !== "muting" || which === "all")
    .filter(
      ([, set]) =>
        which === "all" ||
        set.objects?.[object] !== undefined ||
        set.fields?.[object] !== undefined ||
        set.any_object != null,
    )
    .map(([id]) => id);
}

export function fieldsOf(grid: Omit<Grid, "fields">, search: string, only: Only): string[] {
  const words = search.trim().toLowerCase();
  const all = Object.entries(grid.policy.objects[grid.object]?.fields ?? {});
  const isChanged = (id: string) =>
    [...grid.edits.values()].some(({ kind, id: of, path }) =>
      kind === "object"
        ? of === grid.object && path[1] === id
        : path[1] === grid.object && path[2] === id,
    );
  return all
    .filter(([id, { name = "" }]) => soughtBy(id, name).includes(words))
    .filter(([id]) => only !== "classified" || fieldOf(grid, id).class != null)
    .filter(([id]) => only !== "changed" || isChanged(id))
    .map(([id]) => id);
}

/** What a set gives on all fields of an object, beside what it lists. */
function allFields(policy: Policy, set: string, object: string): Access | undefined {
  const content = entityOf(policy, { kind: "set", id: set });
  const own = at(content, ["objects", object, "all_fields"]);
  const any = at(content, ["any_object", "all_fields"]);
  return (own ?? any) as Access | undefined;
}
