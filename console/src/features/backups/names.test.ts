import { expect, test } from "vitest";
import { momentOfName, sizeOf } from "./names";

test("the instant of a backup stands in its name", () => {
  expect(momentOfName("2026-11-30T150958.932Z-e966137a")).toMatch(/^2026-(11-30|12-01)/);
  expect(momentOfName("something else")).toBe("–");
});

test("sizes are short", () => {
  expect(sizeOf(512)).toBe("512 B");
  expect(sizeOf(8542821)).toBe("8.1 MiB");
});
