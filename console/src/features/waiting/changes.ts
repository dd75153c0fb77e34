/** What an edit changes, member by member; and which of its conflicts are decided. */
import type { Schemas } from "../../api/client";
import type { Difference } from "../../ui/diff";

export type Edit = Schemas["WaitingEditShown"];
export type Conflict = {
  kind: string;
  id: string;
  member: readonly string[];
  base?: unknown;
  waiting?: unknown;
  current?: unknown;
};
export type Take = "waiting" | "current";

/** The description of the interface says no more than that they are objects. */
export const conflictsOf = (edit: Edit): readonly Conflict[] =>
  edit.conflicts as unknown as readonly Conflict[];

export const placeOf = ({ kind, id, member }: Conflict): string =>
  JSON.stringify([kind, id, member]);

export const shown = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The members that differ, as deep as both sides have some. */
export function differencesOf(before: unknown, after: unknown, at = ""): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      differencesOf(before[name], after[name], at ? `${at} · ${name}` : name),
    );
  }
  return [
    {
      what: at,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    },
  ];
}

/** The body of a resolution; nothing while a conflict is open. */
export function decisionsOf(
  conflicts: readonly Conflict[],
  takes: Readonly<Record<string, Take>>,
): Schemas["ResolutionBody"] | null {
  const decisions = conflicts.flatMap((conflict) => {
    const take = takes[placeOf(conflict)];
    const { kind, id, member } = conflict;
    return take ? [{ kind, id, member: [...member], take }] : [];
  });
  return decisions.length === conflicts.length ? { decisions } : null;
}
