import { expect, test } from "vitest";
import { losses } from "./losses";
import type { Entry } from "./queries";

const entry = (name: string, rating: string, widens = false): Entry => ({
  element: "Profile",
  name,
  file: "a.xml",
  line: 1,
  rating,
  why: "",
  count: 1,
  widens,
});
const all = [
  entry("a", "exact"),
  entry("b", "ignored"),
  entry("c", "approximated"),
  entry("d", "approximated", true),
];

test("losses come before the rest, and what widens access before all", () => {
  expect(losses(all, "losses", "").map(({ name }) => name)).toEqual(["d", "c", "b"]);
  expect(losses(all, "all", "").at(-1)?.name).toBe("a");
});

test("a search looks at every text of an entry", () => {
  expect(losses(all, "all", "PROFILE")).toHaveLength(4);
  expect(losses(all, "all", "nothing")).toHaveLength(0);
});
