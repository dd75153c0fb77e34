import { expect, test } from "vitest";
import { inOrder, sortedBy } from "./sorted";

test("texts, numbers and moments stand in order, and what is empty last", () => {
  expect(["b", "", "a", undefined].sort(inOrder)).toEqual(["a", "b", "", undefined]);
  expect([10, 9, 100].sort(inOrder)).toEqual([9, 10, 100]);
  expect(inOrder(false, true)).toBeLessThan(0);
});

test("one page of many is never sorted by itself", () => {
  expect(sortedBy(false, (row: { at: string }) => row.at)).toEqual({});
  const { sorter } = sortedBy(true, (row: { at: string }) => row.at);
  expect(sorter?.({ at: "2026-01-01" }, { at: "2026-01-02" })).toBeLessThan(0);
});
