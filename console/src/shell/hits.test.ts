import { expect, test } from "vitest";
import { screens } from "../screens";
import { findable, meant } from "./hits";

const found = (typed: string) => meant(typed, screens.filter(findable.is).map(findable.of));
const first = (typed: string) => found(typed)[0]?.to;

test("turning off finds the switch before the guide that tells of it", () => {
  for (const typed of ["turn off", "Turn  Off ", "off switch", "关闭权限"]) {
    expect(first(typed), typed).toBe("/switch");
  }
  const places = found("turn off").map(({ to }) => to);
  expect(places.slice(0, 2)).toEqual(["/switch", "/switch/new"]);
  expect(places).toContain("/guide");
});

test("undoing and reports are found at the switch", () => {
  for (const typed of ["undo", "windows", "撤销", "report of a window"]) {
    expect(
      found(typed).map(({ to }) => to),
      typed,
    ).toContain("/switch");
  }
  expect(first("undo")).toBe("/switch");
});

test("a title comes before other words, and words count in any order", () => {
  expect(first("audit")).toBe("/audit");
  expect(first("users")).toBe("/users");
  expect(first("使用指南")).toBe("/guide");
  expect(first("log audit")).toBe("/audit");
  expect(found("no such screen")).toEqual([]);
});
