import { expect, test } from "vitest";
import { beginning, departments, people } from "./lines";

test("departments may hang below ones named before them, and below nothing else", () => {
  const read = departments(
    "top, Head office\nsales，销售部，top\nlost, Lost, gone",
    "unit",
    new Set(),
  );
  expect(read.put.map(({ id }) => id)).toEqual(["top", "sales"]);
  expect(read.faults).toEqual([{ line: 3, why: "departmentUnknown", id: "gone" }]);
});

test("people are placed, as heads where it is said", () => {
  const read = people("li@a, 李, sales, 负责人\n\n, Nobody", new Set(["sales"]));
  expect(read.put[0]?.content).toMatchObject({ placements: [{ node: "sales", as: "head" }] });
  expect(read.faults).toEqual([{ line: 3, why: "idMissing", id: "" }]);
});

test("a beginning has four objects and a set for them", () => {
  expect(beginning("private", "Sales").map(({ kind }) => kind)).toEqual([
    "object",
    "object",
    "object",
    "object",
    "set",
  ]);
});
