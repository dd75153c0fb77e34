import { expect, test } from "vitest";
import { byObject } from "./titles";

test("each object is asked for once, without what names no record", () => {
  const rows = [
    { object: "Account", record: "b" },
    { object: "Lead", record: "l" },
    { object: "Account", record: "a" },
    { object: "Account", record: "b" },
    { object: "Account", record: null },
    { record: "x" },
  ];
  expect(byObject(rows)).toEqual([
    ["Account", ["a", "b"]],
    ["Lead", ["l"]],
  ]);
});

test("one question names no more ids than a page holds", () => {
  const rows = Array.from({ length: 500 }, (_, n) => ({ object: "Account", record: `${n}` }));
  expect(byObject(rows)[0]?.[1]).toHaveLength(200);
});
