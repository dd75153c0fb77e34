import { expect, test } from "vitest";
import { bounded, DAY_MS, endOf, shownTime, type Window, within } from "./spans";

const grant = (id: string, ends?: string) => ({
  id,
  content: { what: "set:a", to: "user:b", ...(ends ? { ends } : {}) },
});

test("what lasts for ever is not on the time line", () => {
  expect(bounded([grant("x"), grant("y", "2026-12-01T00:00:00Z")]).map(({ id }) => id)).toEqual([
    "y",
  ]);
});

test("the time line reaches from a month ago to the last end, within a month and a year", () => {
  const now = Date.parse("2026-11-30T00:00:00Z");
  const span = (days: number) => ({ from_ms: undefined, to_ms: now + days * DAY_MS });
  expect(shownTime([], now)).toEqual([now - 30 * DAY_MS, now + 30 * DAY_MS]);
  expect(shownTime([span(60)], now)[1]).toBe(now + 63 * DAY_MS);
  expect(shownTime([span(4_000)], now)[1]).toBe(now + 365 * DAY_MS);
});

test("only what touches the time is drawn, the next end first", () => {
  const spans = [
    { key: "none", from_ms: 50, to_ms: undefined },
    { key: "late", from_ms: 20, to_ms: 90 },
    { key: "soon", from_ms: undefined, to_ms: 30 },
    { key: "over", from_ms: 0, to_ms: 5 },
    { key: "far", from_ms: 200, to_ms: 300 },
  ];
  expect(within(spans, [10, 100]).map(({ key }) => key)).toEqual(["soon", "late", "none"]);
});

test("a window that was closed early ended then", () => {
  const overlay = { starts: "2026-11-30T08:00:00Z", ends: "2026-11-30T09:00:00Z" };
  const closing = { at: "2026-11-30T08:20:00Z" };
  expect(endOf({ overlay } as unknown as Window)).toBe(Date.parse(overlay.ends));
  expect(endOf({ overlay, closing } as unknown as Window)).toBe(Date.parse(closing.at));
});
