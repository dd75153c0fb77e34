import { expect, test } from "vitest";
import type { Cells } from "../../ui/matrix";
import { pairs } from "./cells";

const cell = (action: string, value: string) =>
  [
    action,
    { kind: "object" as const, subject: "", object: "Account", field: "", action, value },
  ] as const;
const first: Cells = new Map([cell("read", "all"), cell("edit", "unit")]);
const second: Cells = new Map([cell("read", "all"), cell("delete", "all")]);

test("only what differs is shown, and what one lacks counts as none", () => {
  expect(pairs(first, second, "different").map((one) => [one.what, one.first, one.second])).toEqual(
    [
      ["edit", "unit", "none"],
      ["delete", "none", "all"],
    ],
  );
});

test("all of it is shown when it is wanted", () => {
  expect(pairs(first, second, "all")).toHaveLength(3);
});
