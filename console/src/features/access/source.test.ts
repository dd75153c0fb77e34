import { expect, test } from "vitest";
import { isFromSalesforce } from "./source";

test("a policy is from Salesforce when a set bears an id of its import", () => {
  expect(isFromSalesforce({ sets: { "profile/Admin": {} } })).toBe(true);
  expect(isFromSalesforce({ sets: { reader: {}, "my/profile/": {} } })).toBe(false);
});
