import { expect, test } from "vitest";
import { fill } from "./words";

test("a number chooses between one and many", () => {
  expect(fill("{n} {n|user|users}", { n: 1 })).toBe("1 user");
  expect(fill("{n} {n|user|users}", { n: 3 })).toBe("3 users");
});

test("a value that is not given leaves its name to be seen", () => {
  expect(fill("{who} left")).toBe("{who} left");
});
