import { expect, test } from "vitest";
import { BOX, type Box, CHILDREN_STEP, doneBy, firstOpen, laidOut, neighbour } from "./layout";
import { type Branch, branchesOf } from "./tree";

const node = (id: string, parent?: string) => ({
  id,
  content: { tree: "role", ...(parent ? { parent } : {}) },
});
const branches = (...nodes: ReturnType<typeof node>[]): Branch[] =>
  branchesOf("role", nodes, new Map());
const at = (boxes: readonly Box[], key: string) => boxes.find((box) => box.key === key);

const small = branches(
  node("top"),
  node("a", "top"),
  node("b", "top"),
  node("a1", "a"),
  node("a2", "a"),
);

test("what is folded is not laid out; what is open stands below and never on another", () => {
  expect(laidOut(small, new Map()).boxes.map(({ key }) => key)).toEqual(["top"]);
  const { boxes, lines, width } = laidOut(small, firstOpen(small, 60));
  expect(boxes.map(({ key }) => key)).toEqual(["top", "a", "a1", "a2", "b"]);
  expect(lines.length).toBe(4);
  for (const one of boxes) {
    for (const other of boxes) {
      const apart =
        one === other ||
        Math.abs(one.x - other.x) >= BOX.width ||
        Math.abs(one.y - other.y) >= BOX.height;
      expect(apart, `${one.key} on ${other.key}`).toBe(true);
    }
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + BOX.width).toBeLessThanOrEqual(width);
  }
  expect(at(boxes, "a1")).toMatchObject({ parent: "a", level: 3, place: 1, of: 2 });
});

test("a tree of two thousand begins folded, and a wide node shows its children in steps", () => {
  const many = branches(
    node("top"),
    ...Array.from({ length: 40 }, (_, n) => node(`d${n}`, "top")),
    ...Array.from({ length: 1960 }, (_, n) => node(`t${n}`, `d${n % 40}`)),
  );
  const open = firstOpen(many, 60);
  const { boxes } = laidOut(many, open);
  expect(boxes.length).toBe(1 + CHILDREN_STEP + 1);
  expect(boxes.at(-1)?.more).toBe(40 - CHILDREN_STEP);
  const { boxes: more } = laidOut(many, new Map([...open, ["top", 40]]));
  expect(more.length).toBe(41);
});

test("the way to a chosen node is open, however deep and however far behind", () => {
  const many = branches(
    node("top"),
    ...Array.from({ length: 40 }, (_, n) => node(`d${n}`, "top")),
    node("deep", "d39"),
  );
  const { boxes } = laidOut(many, firstOpen(many, 10, "deep"));
  expect(at(boxes, "deep")?.parent).toBe("d39");
});

test("arrows lead up, down and along a level", () => {
  const { boxes } = laidOut(small, firstOpen(small, 60));
  expect(neighbour(boxes, "top", "ArrowDown")).toBe("a");
  expect(neighbour(boxes, "a", "ArrowRight")).toBe("b");
  expect(neighbour(boxes, "a2", "ArrowUp")).toBe("a");
  expect(neighbour(boxes, "top", "ArrowUp")).toBeUndefined();
  expect(neighbour(boxes, "b", "End")).toBe("b");
});

test("plus opens, minus folds, enter chooses, and what has nothing below does neither", () => {
  const { boxes } = laidOut(small, firstOpen(small, 60));
  const [a, leaf] = [at(boxes, "a"), at(boxes, "b")];
  if (!a || !leaf) throw new Error("not laid out");
  expect(doneBy("+", a, false)).toBe("toggle");
  expect(doneBy("+", a, true)).toBeUndefined();
  expect(doneBy("-", a, true)).toBe("toggle");
  expect(doneBy("+", leaf, false)).toBeUndefined();
  expect(doneBy("Enter", leaf, false)).toBe("act");
});
