import { expect, test } from "vitest";
import { ticks } from "./ticks";

const day = (text: string) => new Date(`${text}T00:00:00`).getTime();

test("marks are whole units of the calendar, inside the span and few", () => {
  expect(ticks(day("2026-11-30"), day("2026-12-03")).map(({ label }) => label)).toEqual([
    "11-30",
    "12-01",
    "12-02",
    "12-03",
  ]);
  const year = ticks(day("2026-01-15"), day("2026-12-20"));
  expect(year.map(({ label }) => label)).toEqual(["2026-04", "2026-07", "2026-10"]);
  for (const days of [0.1, 1, 5, 40, 200, 900, 9_000]) {
    const from = day("2026-03-17");
    const marks = ticks(from, from + days * 86_400_000);
    expect(marks.length).toBeLessThanOrEqual(9);
    for (const { at_ms } of marks) expect(at_ms).toBeGreaterThanOrEqual(from);
  }
});
