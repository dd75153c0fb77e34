import { expect, test } from "vitest";
import { leftOf } from "./reveals";

test("what is left is the less of the hour and the day, and never below nothing", () => {
  const limits = { an_hour_max: 20, a_day_max: 100 };
  expect(leftOf({ in_hour: 3, in_day: 10, limits })).toBe(17);
  expect(leftOf({ in_hour: 0, in_day: 99, limits })).toBe(1);
  // The limit was lowered meanwhile.
  expect(leftOf({ in_hour: 25, in_day: 25, limits })).toBe(0);
});
