import { expect, test } from "vitest";
import { endedOf, type Window } from "./switch";

const window = (overlay: string, more: object = {}) =>
  ({ overlay, concerns_me: true, acting: true, ends: "2026-11-30T22:39:00Z", ...more }) as Window;
const END_MS = Date.parse("2026-11-30T22:39:00Z");

test("a window that is gone has ended: at its end, or earlier by hand", () => {
  expect(endedOf([window("a")], [], END_MS + 900)).toEqual({
    at_ms: END_MS,
    known_ms: END_MS + 900,
  });
  expect(endedOf([window("a")], [], END_MS - 60_000)?.at_ms).toBe(END_MS - 60_000);
  expect(endedOf([window("a")], [window("a", { acting: false })], END_MS)).toBeDefined();
});

test("windows of others, and those that go on, have not ended for the person", () => {
  expect(endedOf([window("a"), window("b", { concerns_me: false })], [window("a")], 0)).toBe(
    undefined,
  );
});
