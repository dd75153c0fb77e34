import { expect, test } from "vitest";
import { branchesOf, branchOf, kept, mayMove, peopleAt, titleOf, within } from "./tree";

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

test("a tree is called by its sort, with the word of its source where that is another one", () => {
  expect(titleOf("Role hierarchy", "Role hierarchy")).toBe("Role hierarchy");
  expect(titleOf("角色层级", "Role hierarchy")).toBe("角色层级 (Role hierarchy)");
});

test("of a search those above what is meant are kept, and all below it", () => {
  const branches = branchesOf("role", nodes, new Map());
  const found = branches.flatMap((branch) => kept(branch, ({ key }) => key === "b"));
  expect(found.map(({ key }) => key)).toEqual(["a"]);
  expect(found[0] && within(found[0])).toEqual(["a", "b", "c"]);
});

test("a node does not move below itself, nor to where it is", () => {
  const branches = branchesOf("role", nodes, new Map());
  expect(mayMove(branches, "b", "c")).toBe(false);
  expect(mayMove(branches, "b", "a")).toBe(false);
  expect(mayMove(branches, "c", "a")).toBe(true);
});
