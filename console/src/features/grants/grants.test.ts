import { expect, test } from "vitest";
import { byEnd, type Grant, isShown, stateOf } from "./grants";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const grant = (ends?: string, starts?: string): Grant => ({
  id: ends ?? "lasting",
  content: {
    what: "set:x",
    to: "user:a",
    ...(ends ? { ends } : {}),
    ...(starts ? { starts } : {}),
  },
});
const soon = grant("2026-12-03T12:00:00Z");
const today = grant("2026-11-30T15:30:00Z");
const over = grant("2026-11-30T12:00:00Z");
const lasting = grant();

test("a grant ends exactly at its end", () => {
  expect(stateOf(over, NOW)).toEqual({ is: "ended" });
  expect(stateOf(soon, NOW)).toEqual({ is: "days", n: 3 });
  expect(stateOf(today, NOW)).toEqual({ is: "hours", n: 3 });
  expect(stateOf(lasting, NOW)).toEqual({ is: "lasting" });
  expect(stateOf(grant(undefined, "2027-01-01T00:00:00Z"), NOW)).toEqual({ is: "coming" });
});

test("filters show what they say", () => {
  const shown = (filter: Parameters<typeof isShown>[1]) =>
    [soon, today, over, lasting].filter((one) => isShown(one, filter, NOW));
  expect(shown("soon")).toEqual([soon, today]);
  expect(shown("ended")).toEqual([over]);
  expect(shown("bounded")).toEqual([soon, today, over]);
});

test("what ends first comes first, what has ended last", () => {
  expect([over, lasting, soon, today].sort(byEnd(NOW))).toEqual([today, soon, lasting, over]);
});
