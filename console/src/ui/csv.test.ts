import { expect, test } from "vitest";
import { csv } from "./csv";

test("a cell that looks like a formula is disarmed, and quotes are doubled", () => {
  expect(csv([["=1+1", '岚海 "仪器", Ltd']])).toBe(`\uFEFF'=1+1,"岚海 ""仪器"", Ltd"\r\n`);
});
