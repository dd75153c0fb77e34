import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { byObject, ending, hasAllData, lastBackup, perHour } from "./counting";

const row = (object: string, at_ms: number) =>
  ({ entry: { what: { object }, time: { wall_us: at_ms * 1000 } } }) as Schemas["LedgerRow"];

test("refusals are counted by object, most first, and by hour", () => {
  const now = Date.parse("2026-11-30T10:30:00Z");
  const rows = [row("Lead", now - 60_000), row("Account", now), row("Account", now - 7_200_000)];
  expect(byObject(rows)).toEqual([
    ["Account", 2],
    ["Lead", 1],
  ]);
  const hours = perHour(rows, now);
  expect(hours.length).toBe(24);
  expect(hours.at(-1)?.[1]).toBe(2);
  expect(hours.at(-3)?.[1]).toBe(1);
});

test("a set that sees all of one object has all data", () => {
  const set = (content: object) => ({ content: content as Schemas["PermissionSet"] });
  expect(hasAllData(set({ name: "a", kind: "permission_set" }))).toBe(false);
  expect(hasAllData(set({ objects: { Account: { view_all: true } } }))).toBe(true);
  expect(hasAllData(set({ any_object: { modify_all: true } }))).toBe(true);
});

test("only what ends within the days counts, the first first", () => {
  const day = (n: number) => ({
    content: { what: "set:x", to: "everyone", ends: new Date(n * 86_400_000).toISOString() },
  });
  const found = ending([day(9), day(3), day(2), { content: { what: "", to: "" } }], 0, 7);
  expect(found).toEqual([day(2), day(3)]);
});

test("the latest backup is told by its name", () => {
  const names = ["2026-11-30T150751.679Z-775ff655", "2026-12-01T080000.000Z-1", "other"];
  expect(lastBackup(names)?.toISOString()).toBe("2026-12-01T08:00:00.000Z");
  expect(lastBackup([])).toBeUndefined();
});
