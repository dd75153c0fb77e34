import { expect, test } from "vitest";
import { purposeIn } from "./ledger";

test("what the server wrote is told in the person's language, what people wrote as it is", () => {
  const tested = "0 of 1 would-denies that were asked again are refused";
  expect(purposeIn(tested, 0)).toBe("of 1 asked again, 0 refused");
  expect(purposeIn(tested, 1)).toBe("再次询问 1 项判定，其中 0 项被拒绝");
  expect(purposeIn("by_hand: merged duplicates", 1)).toBe("手动 · merged duplicates");
  expect(purposeIn("deadline", 1)).toBe("到时");
  expect(purposeIn("quarter end: by hand", 1)).toBe("quarter end: by hand");
});
