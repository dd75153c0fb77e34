import { expect, test } from "vitest";
import { branchesOf, branchOf, mayMove, peopleAt, within } from "./tree";

const node = (id: string, parent?: string) => ({
  id,
  content: { tree: "role", ...(parent ? { parent } : {}) },
});
const nodes = [node("a"), node("b", "a"), node("c", "b"), node("lost", "gone")];
const users = [
  { id: "m", content: { placements: [{ node: "b", as: "member" as const }] } },
  { id: "h", content: { placements: [{ node: "b", as: "head" as const }] } },
];

test("nodes hang below their parents, one with an unknown parent at the top", () => {
  const branches = branchesOf("role", nodes, peopleAt(users));
  expect(branches.map(({ key }) => key)).toEqual(["a", "lost"]);
  expect(branches[0] && within(branches[0])).toEqual(["a", "b", "c"]);
});

test("heads come before members", () => {
  const branches = branchesOf("role", nodes, peopleAt(users));
  expect(branchOf(branches, "b")?.people.map(({ user }) => user.id)).toEqual(["h", "m"]);
});

test("a node does not move below itself, nor to where it is", () => {
  const branches = branchesOf("role", nodes, new Map());
  expect(mayMove(branches, "b", "c")).toBe(false);
  expect(mayMove(branches, "b", "a")).toBe(false);
  expect(mayMove(branches, "c", "a")).toBe(true);
});
