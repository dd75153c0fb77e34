import { expect, test } from "vitest";
import { decisionsOf, differencesOf, placeOf } from "./changes";

test("an edit is told member by member, as deep as both sides go", () => {
  const before = { name: "Firm", fields: { Size: "read", Name: "read" } };
  const after = { name: "Company", fields: { Size: "edit", Name: "read" }, extra: [1] };
  expect(differencesOf(before, after)).toEqual([
    { what: "extra", after: "[1]" },
    { what: "fields · Size", before: "read", after: "edit" },
    { what: "name", before: "Firm", after: "Company" },
  ]);
  expect(differencesOf(undefined, "new", "whole")).toEqual([{ what: "whole", after: "new" }]);
});

test("nothing is resolved before every conflict is decided", () => {
  const one = { kind: "object", id: "Account", member: ["name"] };
  const other = { kind: "set", id: "s", member: [] };
  expect(decisionsOf([one, other], { [placeOf(one)]: "waiting" })).toBeNull();
  expect(decisionsOf([one], { [placeOf(one)]: "waiting" })).toEqual({
    decisions: [{ kind: "object", id: "Account", member: ["name"], take: "waiting" }],
  });
});
