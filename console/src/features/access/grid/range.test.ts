import { expect, test } from "vitest";
import { blockOf, countOf, FIRST, fitting, moved, pasted, wholeColumn, wholeRow } from "./range";
import { seen } from "./window";

const SIZE = { rows: 100, columns: 14 };
const key = (name: string, held: object = {}) => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  ...held,
});

test("arrows stop at the edges, Ctrl goes to them, Shift selects on the way", () => {
  expect(moved(FIRST, key("ArrowUp"), SIZE)).toEqual(FIRST);
  const end = moved(FIRST, key("End", { ctrlKey: true, shiftKey: true }), SIZE);
  expect(end).toEqual({ anchor: { row: 0, column: 0 }, focus: { row: 99, column: 13 } });
  expect(end && countOf(blockOf(end))).toBe(1400);
  expect(moved(FIRST, key("x"), SIZE)).toBeUndefined();
});

test("heads select whole rows and columns", () => {
  expect(blockOf(wholeRow(3, SIZE))).toEqual({ top: 3, bottom: 3, left: 0, right: 13 });
  expect(countOf(blockOf(wholeColumn(2, SIZE)))).toBe(100);
});

test("a selection shrinks with the rows", () => {
  const far = { anchor: { row: 90, column: 0 }, focus: { row: 99, column: 13 } };
  expect(fitting(far, { rows: 5, columns: 14 }).focus).toEqual({ row: 4, column: 13 });
});

test("one word fills a selection, a block its own size within the grid", () => {
  const selection = { anchor: { row: 98, column: 12 }, focus: { row: 99, column: 13 } };
  expect(pasted(selection, [["all"]], SIZE)).toHaveLength(4);
  const block = pasted(selection, [["a", "b", "c"], ["d"], ["e"]], SIZE);
  expect(block.map(({ word }) => word)).toEqual(["a", "b", "d"]);
});

test("the drawn window changes in steps, so that a small scroll draws nothing", () => {
  const measures = { row: 32, column: 104, head: 240, rows: 10_200, columns: 20 };
  const view = (top: number) => ({ top, left: 0, height: 480, width: 1100 });
  expect(seen(view(0), measures)).toEqual(seen(view(20), measures));
  const far = seen(view(160_000), measures);
  expect(far.top).toBeLessThanOrEqual(5000);
  expect(far.bottom - far.top).toBeLessThan(40);
  expect(far.right).toBeLessThanOrEqual(20);
});
