import { expect, test } from "vitest";
import { lastBackup } from "./counting";
import { leadsTo } from "./parts";

test("the latest backup is told by its name", () => {
  const names = ["2026-11-30T150751.679Z-775ff655", "2026-12-01T080000.000Z-1", "other"];
  expect(lastBackup(names)?.toISOString()).toBe("2026-12-01T08:00:00.000Z");
  expect(lastBackup([])).toBeUndefined();
});

test("an address leads to a screen whose path has parts in it", () => {
  expect(leadsTo("/records/$object", "/records/Account")).toBe(true);
  expect(leadsTo("/records/$object/$id", "/records/Account")).toBe(false);
  expect(leadsTo("/requests", "/requests")).toBe(true);
  expect(leadsTo("/users", "/requests")).toBe(false);
});
