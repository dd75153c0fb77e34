import { expect, test } from "vitest";
import { ProblemError } from "../../api/client";
import { doneOf } from "./many";
import { reasonOf, rowReason } from "./refused";

const say = ((key: string) => key) as never;

test("what is not among those left was done", () => {
  const rows = [{ id: "a" }, { id: "b" }, { id: "c" }];
  expect(doneOf(rows, { done: 2, left: [{ id: "b", why: "words" }] })).toEqual([
    { id: "a" },
    { id: "c" },
  ]);
});

test("a limit of a pool is told by its code, whatever the sentence", () => {
  expect(rowReason({ why: "whatever", pool: "held_max" }, say)).toBe("poolHeld");
  expect(rowReason({ why: "whatever", refusal: "locked" }, say)).toBe("locked");
  expect(rowReason({ why: "`claim` is refused" }, say)).toBe("rowClaim");
  const problem = { type: "", title: "", status: 409, code: "pool_refuses", pool: "pause" };
  expect(reasonOf(new ProblemError(problem), say)).toBe("poolPause");
});
