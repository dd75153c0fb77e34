import { expect, test } from "vitest";
import { isSought, optionSought } from "./sought";

const liWei = ["li.wei@lanhai.example", "李薇"];

test("a person is found by their words in any order, joined or apart, in any case", () => {
  for (const typed of [
    "li wei",
    "wei li",
    "liwei",
    "LI.Wei",
    "li-wei",
    "li_wei",
    "李",
    "李薇",
    "",
  ]) {
    expect(isSought(typed, liWei), typed).toBe(true);
  }
  expect(isSought("lanhai wei", liWei)).toBe(true);
  expect(isSought("李薇 li", liWei)).toBe(true);
});

test("every word has to be found", () => {
  expect(isSought("li wang", liWei)).toBe(false);
  expect(isSought("weili", liWei)).toBe(false);
  // A word does not run from the id into the name.
  expect(isSought("example李", liWei)).toBe(false);
  expect(isSought("x", [undefined])).toBe(false);
});

test("a choice is searched by its id and its name", () => {
  expect(optionSought("wei li", { value: "user:li.wei", label: "李薇" })).toBe(true);
  expect(optionSought("chen", { value: "user:li.wei", label: "李薇" })).toBe(false);
});
