/** Marks of a time axis: whole hours, days, months or years, few enough to be read. */
import dayjs, { type Dayjs, type ManipulateType } from "dayjs";

const MARKS_MAX = 8;
const HOUR_MS = 3_600_000;

type Step = readonly [unit: ManipulateType, count: number, ms: number, form: string];
const STEPS: readonly Step[] = [
  ["hour", 1, HOUR_MS, "HH:mm"],
  ["hour", 6, 6 * HOUR_MS, "MM-DD HH:mm"],
  ["day", 1, 24 * HOUR_MS, "MM-DD"],
  ["day", 7, 7 * 24 * HOUR_MS, "MM-DD"],
  ["month", 1, 30 * 24 * HOUR_MS, "YYYY-MM"],
  ["month", 3, 91 * 24 * HOUR_MS, "YYYY-MM"],
  ["year", 1, 365 * 24 * HOUR_MS, "YYYY"],
];
const LONGEST: Step = ["year", 10, 3_650 * 24 * HOUR_MS, "YYYY"];

export type Tick = { at_ms: number; label: string };

export function ticks(from_ms: number, to_ms: number): Tick[] {
  const span = to_ms - from_ms;
  const [unit, count, , form] = STEPS.find(([, , ms]) => span / ms <= MARKS_MAX) ?? LONGEST;
  const marks: Tick[] = [];
  let at: Dayjs = dayjs(from_ms).startOf(unit === "hour" ? "day" : unit);
  while (at.valueOf() <= to_ms && marks.length <= MARKS_MAX) {
    if (at.valueOf() >= from_ms) marks.push({ at_ms: at.valueOf(), label: at.format(form) });
    at = at.add(count, unit);
  }
  return marks;
}
