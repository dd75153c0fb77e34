import { expect, test } from "vitest";
import { fromTsv, grantOf, isRisky, stepped, strength, toTsv, turned } from "./levels";

test("a step goes to the next scope and round, and keeps the flag of unowned records", () => {
  expect(stepped("scope", "none")).toBe("reachable");
  expect(stepped("scope", "all+unassigned")).toBe("none+unassigned");
  expect(stepped("flag", "no")).toBe("yes");
  expect(stepped("access", "edit")).toBe("hidden");
  expect(stepped("access", "only_edit")).toBe("hidden");
});

test("the flag of unowned records turns by itself", () => {
  expect(turned("scope", "unit")).toBe("unit+unassigned");
  expect(turned("scope", "unit+unassigned")).toBe("unit");
  expect(turned("flag", "yes")).toBe("yes");
  expect(grantOf("none+unassigned")).toEqual({ scope: "none", unassigned: true });
});

test("whole objects and every export are risky, creating is not", () => {
  expect(isRisky("scope", "read", "all")).toBe(true);
  expect(isRisky("scope", "read", "unit_and_below")).toBe(false);
  expect(isRisky("scope", "export", "reachable")).toBe(true);
  expect(isRisky("scope", "create", "all")).toBe(false);
  expect(isRisky("flag", "modify_all", "yes")).toBe(true);
});

test("edit is stronger than masked edit, which is stronger than read", () => {
  const order = ["hidden", "masked", "read", "masked+edit", "edit"];
  expect([...order].sort((a, b) => strength("access", a) - strength("access", b))).toEqual(order);
});

test("a block survives the way through a spreadsheet", () => {
  const rows = [
    ["all", "none"],
    ["unit+unassigned", "yes"],
  ];
  expect(fromTsv(`${toTsv(rows).replaceAll("\n", "\r\n")}\r\n`)).toEqual(rows);
});
