import { expect, test } from "vitest";
import { type Namers, stepOf, tell } from "./tell";

const same = (text: string) => text;
const by: Namers = {
  principal: (text) => ({ "user:li.wei": "李伟", everyone: "Everyone" })[text] ?? text,
  set: (id) => ({ sales: "Sales" })[id] ?? id,
  setGroup: same,
  object: (id) => ({ Account: "Customers" })[id] ?? id,
  field: (_, id) => ({ Phone: "Telephone" })[id] ?? id,
  node: (id) => ({ east: "East region" })[id] ?? id,
  tree: same,
  action: (name) => ({ read: "View" })[name] ?? name,
  scope: (text) => ({ all: "All" })[text] ?? text,
  access: (text) => ({ masked: "Masked" })[text] ?? text,
  power: (name) => ({ "guan.read_ledger": "Read the audit log" })[name] ?? name,
};

test("an entity that came or went is told member by member, with names instead of ids", () => {
  const given = { what: "set:sales", to: "user:li.wei", ends: "2026-12-01T08:00:00Z" };
  expect(tell(given, [], by, 0)).toMatch(/^What: Sales\nTo: 李伟\nUntil: 2026-12-01 \d\d:00$/);
  const user = { name: "Chen", active: false, placements: [{ node: "east", as: "head" }] };
  expect(tell(user, [], by, 1)).toBe(
    "名称：Chen\n启用：否\n所在位置：位置：East region；身份：负责人",
  );
});

test("values are told by where they stand", () => {
  expect(tell({ read: "all" }, ["objects", "Account", "actions"], by, 0)).toBe("View: All");
  expect(tell("masked", ["fields", "Account", "Phone"], by, 0)).toBe("Masked");
  expect(tell(["guan.read_ledger"], ["system"], by, 0)).toBe("Read the audit log");
  expect(tell([], ["members"], by, 0)).toBe("nothing");
  expect(tell("internal", ["kind"], by, 0)).toBe("Internal");
  expect(tell("yes", ["attributes", "Answer"], by, 0)).toBe("yes");
});

test("long lists say how many more there are", () => {
  const many = Array.from({ length: 9 }, (_, n) => `user:${n}`);
  expect(tell(many, ["members"], by, 0)).toMatch(/user:5, and 3 more$/);
});

test("steps of a path are named by what stands before them", () => {
  expect(stepOf("Account", ["objects"], by, 0)).toBe("Customers");
  expect(stepOf("Phone", ["fields", "Account"], by, 0)).toBe("Telephone");
  expect(stepOf("Department", ["attributes"], by, 0)).toBe("Department");
  expect(stepOf("0", ["placements"], by, 0)).toBe("1");
  expect(stepOf("include_superiors", [], by, 1)).toBe("包括上级");
});
