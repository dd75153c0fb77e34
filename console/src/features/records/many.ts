/** One act on each of many records, one after the other, counting how far it is. */
import { problemOf } from "../../api/client";

export type Left = { id: string; why: string; reference?: unknown };
export type Outcome = { done: number; left: readonly Left[] };

export async function eachOf<Row extends { id: string }>(
  rows: readonly Row[],
  act: (row: Row) => Promise<unknown>,
  reason: (error: unknown) => string,
  told: (done: number) => void,
): Promise<Outcome> {
  let done = 0;
  const left: Left[] = [];
  for (const row of rows) {
    try {
      await act(row);
      done += 1;
    } catch (error) {
      left.push({ id: row.id, why: reason(error), reference: problemOf(error).reference });
    }
    told(done + left.length);
  }
  return { done, left };
}
