import { expect, test } from "vitest";
import { type Structure, sourcesOf, winners } from "./sources";

const structure: Structure = {
  nodes: [
    { id: "top", content: { tree: "role" } },
    { id: "sales", content: { tree: "role", parent: "top" } },
  ],
  groups: [
    { id: "g", content: { members: ["group:h"] } },
    { id: "h", content: { members: ["user:a", "group:g"] } },
  ],
  assignments: [
    { id: "1", content: { what: "set:x", to: "user:a" } },
    { id: "2", content: { what: "set:y", to: "group:g" } },
    { id: "3", content: { what: "set:z", to: "node_and_below:top" } },
    { id: "4", content: { what: "set:w", to: "node:top" } },
    { id: "5", content: { what: "set:v", to: "internal" } },
  ],
};
const user = { placements: [{ node: "sales" }] };

test("assignments reach a user directly, through nested groups, from above and by population", () => {
  expect(sourcesOf("a", user, structure).map(({ id }) => id)).toEqual(["1", "2", "3", "5"]);
});

test("groups in a circle name nobody else", () => {
  expect(sourcesOf("b", {}, structure).map(({ id }) => id)).toEqual(["5"]);
});

test("the winner of a cell is the set that says the same", () => {
  expect(
    winners("all", [
      { of: "set:a", value: "reachable" },
      { of: "set:b", value: "all" },
      { of: "set:c", value: undefined },
    ]),
  ).toEqual(["set:b"]);
});
