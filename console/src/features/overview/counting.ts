/** What the overview counts out of what the server listed. */
import type { Schemas } from "../../api/client";

type Row = Schemas["LedgerRow"];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How many rows each object has, most first. */
export function byObject(rows: readonly Row[]): [object: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { entry } of rows) {
    const object = entry.what.object ?? "";
    counts.set(object, (counts.get(object) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** How many rows there were in each of the last 24 hours, the oldest first. */
export function perHour(rows: readonly Row[], now_ms: number): [hour_ms: number, count: number][] {
  const last = Math.floor(now_ms / HOUR_MS);
  const counts = Array.from({ length: 24 }, (_, index): [number, number] => [
    (last - 23 + index) * HOUR_MS,
    0,
  ]);
  for (const { entry } of rows) {
    const hour = counts[Math.floor(entry.time.wall_us / 1000 / HOUR_MS) - last + 23];
    if (hour) hour[1] += 1;
  }
  return counts;
}

/** Sets that reach all records of one object or of every object. */
export function hasAllData({ content }: { content: Schemas["PermissionSet"] }): boolean {
  const all = (one: Schemas["ObjectPermission"] | null | undefined) =>
    one?.view_all === true || one?.modify_all === true;
  return all(content.any_object) || Object.values(content.objects ?? {}).some(all);
}

/** Assignments that end within the days, the first first. */
export function ending<T extends { content: Schemas["Assignment"] }>(
  all: readonly T[],
  now_ms: number,
  days: number,
): T[] {
  const until = now_ms + days * DAY_MS;
  const end = ({ content }: T) => (content.ends ? Date.parse(content.ends) : Number.NaN);
  return all
    .filter((one) => end(one) > now_ms && end(one) <= until)
    .sort((one, other) => end(one) - end(other));
}

/** When the latest backup was taken, as its name says: `2026-11-30T150751.679Z-775ff655`. */
export function lastBackup(names: readonly string[]): Date | undefined {
  const times = names.flatMap((name) => {
    const found = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)/.exec(name);
    return found ? [Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`)] : [];
  });
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
