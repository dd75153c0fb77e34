import { expect, test } from "vitest";
import { lastBackup } from "./counting";

test("the latest backup is told by its name", () => {
  const names = ["2026-11-30T150751.679Z-775ff655", "2026-12-01T080000.000Z-1", "other"];
  expect(lastBackup(names)?.toISOString()).toBe("2026-12-01T08:00:00.000Z");
  expect(lastBackup([])).toBeUndefined();
});
