import { expect, test } from "vitest";
import { ProblemError } from "../../../api/client";
import { at, elsewhere, wrongOf, wrongs } from "./problems";

test("a condition that does not fit is told with its text and character", () => {
  const what = 'condition `AnnualRevenue = "a"`, at character 0: `a` is not a number';
  expect(wrongOf("/when", what)).toEqual({
    pointer: "/when",
    text: 'AnnualRevenue = "a"',
    character: 0,
    what: "`a` is not a number",
  });
});

const refused = (detail: string) =>
  new ProblemError({ type: "", title: "", status: 422, code: "wrong_shape", detail });

test("a condition that does not parse is told at the only one there is", () => {
  const detail =
    "rule `x`: condition, at character 7: expected a value, found `=` at line 1 column 74";
  expect(wrongs(undefined, refused(detail), ["when"])).toEqual([
    { pointer: "/when", character: 7, what: "expected a value, found `=`" },
  ]);
  const unsure = wrongs(undefined, refused(detail), ["whose", "only"]);
  expect(at(unsure, "only")).toEqual([]);
  expect(elsewhere(unsure, ["whose", "only"])).toHaveLength(1);
});

test("a problem inside a list is told at the list", () => {
  const told = { problems: [{ pointer: "/to/0", what: "there is no group `x`" }] };
  expect(at(wrongs(told, null, []), "to")).toHaveLength(1);
});
