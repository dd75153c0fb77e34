/**
 * Unsaved work: single places of entities of the policy, each with what stood there when it was changed.
 * So it can be undone, kept over a reload, and laid upon a newer revision without overwriting what others did.
 */
import type { Policy } from "./world";

export type Json = unknown;
/** The kinds that the server knows edits of. */
export type Kind = "action" | "set" | "set_group" | "object" | "rule" | "restriction" | "roll_up";
export type Place = { kind: Kind; id: string; path: readonly string[] };
export type Edit = Place & { was: Json; now: Json };
export type Edits = ReadonlyMap<string, Edit>;

const COLLECTIONS = {
  action: "actions",
  set: "sets",
  set_group: "set_groups",
  object: "objects",
  rule: "rules",
  restriction: "restrictions",
  roll_up: "roll_ups",
} as const;

export const keyOf = ({ kind, id, path }: Place): string => [kind, id, ...path].join("\u0001");

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Equal as JSON, whatever the order of members; absent equals absent. */
export function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => same(item, b[at]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name], b[name]));
}

export function at(value: Json, path: readonly string[]): Json {
  let found = value;
  for (const name of path) found = isObject(found) ? found[name] : undefined;
  return found;
}

export const entityOf = (policy: Policy, { kind, id }: { kind: Kind; id: string }): Json =>
  policy[COLLECTIONS[kind]][id];

/** What the policy has at a place. */
export const stands = (policy: Policy, place: Place): Json =>
  at(entityOf(policy, place), place.path);

/** What the place holds with the edits. */
export function read(policy: Policy, edits: Edits, place: Place): Json {
  const edit = edits.get(keyOf(place));
  return edit ? edit.now : stands(policy, place);
}

/** The value with `now` at the path. With `prune` a member that is emptied by it goes too. */
function placed(value: Json, path: readonly string[], now: Json, prune: "prune" | "keep"): Json {
  const [name, ...rest] = path;
  if (name === undefined) return now;
  const { [name]: inside, ...others } = isObject(value) ? value : {};
  const next = placed(inside, rest, now, prune);
  const emptied = rest.length > 0 && isObject(next) && Object.keys(next).length === 0;
  if (next === undefined || (prune === "prune" && emptied)) return others;
  return { ...others, [name]: next };
}

export type Batch = {
  put: { kind: Kind; id: string; content: Record<string, never> }[];
  remove: { kind: Kind; id: string }[];
};

/** The edits as the server takes them: each entity whole. */
export function batch(policy: Policy, edits: Edits): Batch {
  const entities = new Map<string, { kind: Kind; id: string; content: Json }>();
  for (const edit of edits.values()) {
    const { kind, id } = edit;
    const key = `${kind}\u0001${id}`;
    const content = entities.get(key)?.content ?? entityOf(policy, edit);
    // A set that no longer says anything of an object does not name it.
    const prune = kind === "set" ? "prune" : "keep";
    entities.set(key, { kind, id, content: placed(content, edit.path, edit.now, prune) });
  }
  const all = [...entities.values()];
  return {
    put: all.filter(({ content }) => content !== undefined) as Batch["put"],
    remove: all
      .filter(({ content }) => content === undefined)
      .map(({ kind, id }) => ({ kind, id })),
  };
}

/** Edits whose place was changed by somebody else since. */
export function conflicts(policy: Policy, edits: Edits): Edit[] {
  return [...edits.values()].filter((edit) => {
    const there = stands(policy, edit);
    return !same(there, edit.was) && !same(there, edit.now);
  });
}

/** The edits upon a newer policy: what has come about by itself is an edit no more. */
export function rebased(policy: Policy, edits: Edits): Edits {
  const kept = [...edits].filter(([, edit]) => !same(stands(policy, edit), edit.now));
  return kept.length === edits.size ? edits : new Map(kept);
}

/** Mine: the edit stands upon what the other one wrote. Theirs: it goes. */
export function settle(policy: Policy, edits: Edits, edit: Edit, whose: "mine" | "theirs"): Edits {
  const next = new Map(edits);
  if (whose === "theirs") next.delete(keyOf(edit));
  else next.set(keyOf(edit), { ...edit, was: stands(policy, edit) });
  return next;
}

export type Change = Place & { now: Json };

/** The edits with some more; a place that is as it was is not changed. */
export function changed(policy: Policy, edits: Edits, changes: readonly Change[]): Edits {
  const next = new Map(edits);
  for (const { kind, id, path, now } of changes) {
    const key = keyOf({ kind, id, path });
    const was = next.has(key) ? next.get(key)?.was : stands(policy, { kind, id, path });
    if (same(was, now)) next.delete(key);
    else next.set(key, { kind, id, path, was, now });
  }
  return next;
}
