/** Rules, restrictions and roll-ups with the unsaved changes upon them. */
import { type Edits, entityOf, keyOf, read } from "../draft";
import type { Policy, Restriction, RollUp, Rule } from "../world";

export type EntityKind = "rule" | "restriction" | "roll_up";
export type Contents = { rule: Rule; restriction: Restriction; roll_up: RollUp };
export type State = "same" | "new" | "changed" | "removed";
export type Row<K extends EntityKind> = { id: string; content: Contents[K]; state: State };

const COLLECTIONS = { rule: "rules", restriction: "restrictions", roll_up: "roll_ups" } as const;

export const BLANK: Contents = {
  rule: { object: "", name: "", active: true, to: [], rights: "read", include_superiors: true },
  restriction: { object: "", name: "", active: true, only: "" },
  roll_up: { tree: "", who: "placed", span: "below", covers: ["owned"], rights: ["full"] },
};

/** The members of each kind that are conditions. */
export const CONDITIONS: Readonly<Record<EntityKind, readonly string[]>> = {
  rule: ["when"],
  restriction: ["whose", "only"],
  roll_up: [],
};

export const placeOf = <K extends EntityKind>(kind: K, id: string) => ({ kind, id, path: [] });

export function contentOf<K extends EntityKind>(
  policy: Policy,
  edits: Edits,
  kind: K,
  id: string,
): Contents[K] | undefined {
  return read(policy, edits, placeOf(kind, id)) as Contents[K] | undefined;
}

/** What is there, and what would be there, by id. What is to be removed stays in sight. */
export function rowsOf<K extends EntityKind>(policy: Policy, edits: Edits, kind: K): Row<K>[] {
  const here = policy[COLLECTIONS[kind]] as Readonly<Record<string, Contents[K]>>;
  const ids = new Set(Object.keys(here));
  for (const edit of edits.values()) if (edit.kind === kind) ids.add(edit.id);
  return [...ids].sort().flatMap((id): Row<K>[] => {
    const edit = edits.get(keyOf(placeOf(kind, id)));
    const was = entityOf(policy, { kind, id }) as Contents[K] | undefined;
    if (!edit) return was ? [{ id, content: was, state: "same" }] : [];
    if (edit.now === undefined) return was ? [{ id, content: was, state: "removed" }] : [];
    return [{ id, content: edit.now as Contents[K], state: was ? "changed" : "new" }];
  });
}

/** An id that is still free, made from what the entity is about. */
export function freeId(policy: Policy, edits: Edits, kind: EntityKind, about: string): string {
  const base = `${about || kind}`.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replaceAll(/^_|_$/g, "");
  const taken = new Set(rowsOf(policy, edits, kind).map(({ id }) => id));
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(id)) return id;
  }
}

/** The content as it is sent: members that say nothing are left out. */
export function trimmed<T extends object>(content: T): T {
  const said = Object.entries(content).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said.filter(([name, value]) => name !== "name" || value !== "")) as T;
}
