/** What came of one act on many records. */

export type Left = { id: string; why: string; reference?: unknown };
export type Outcome = { done: number; left: readonly Left[] };

/** The rows that were changed: all but those that were left as they are. */
export function doneOf<Row extends { id: string }>(
  rows: readonly Row[],
  { left }: Outcome,
): readonly Row[] {
  const stays = new Set(left.map(({ id }) => id));
  return rows.filter(({ id }) => !stays.has(id));
}
