import { expect, test } from "vitest";
import { lengthOf, stateOf } from "./state";

test("what was given ends exactly at its end", () => {
  const given = { ends: "2026-11-30T12:00:00Z" };
  const at = (time: string) => stateOf({ state: "granted", given }, Date.parse(time));
  expect(at("2026-11-30T11:59:59Z")).toBe("granted");
  expect(at("2026-11-30T12:00:00Z")).toBe("ended");
  expect(stateOf({ state: "open" }, 0)).toBe("open");
});

test("a length is told in the largest unit that says it without a rest", () => {
  expect(lengthOf(7 * 86_400)).toEqual(["days", 7]);
  expect(lengthOf(36 * 3_600)).toEqual(["hours", 36]);
  expect(lengthOf(90)).toEqual(["minutes", 2]);
});
