import { expect, test } from "vitest";
import { share } from "../../../i18n/share";
import { fill, type Say } from "../../../i18n/words";
import { causeOf, levelOf, readerReason, reasonOf } from "./reasons";

const say: Say<typeof share> = (key, ...values) => fill(share[key][0], values[0]);
const named = (id: string) => ({ "li@x": "Li Wei" })[id] ?? id;

test("a manager reads as standing above the owner, by name", () => {
  const evidence = {
    path: "roll_up",
    roll_up: "r",
    cover: "owned",
    source: { owner: "user:li@x" },
    rights: "full",
  } as const;
  expect(reasonOf(evidence, say, named)).toEqual({
    words: "Above Li Wei in the organization",
    rights: "full",
  });
});

test("each path has words of its own", () => {
  const scope = { path: "scope", scope: "unit" } as const;
  expect(reasonOf(scope, say, named).words).toBe("Their role reaches this data (department)");
  const rule = { path: "rule", rule: "R1", rights: "read" } as const;
  expect(reasonOf(rule, say, named).words).toBe("Sharing rule R1");
});

test("a path over another record is not told, a window is", () => {
  expect(readerReason({}, say, named).words).toBe("Another record that is not open to you");
  expect(readerReason({ overlay: "o-1" }, say, named).words).toBe("Open window of the off switch");
});

test("what made a share and its level read in words", () => {
  expect(causeOf("manual", say)).toBe("Shared by hand");
  expect(causeOf("rule:R1", say)).toBe("Sharing rule R1");
  expect(causeOf("import", say)).toBe("Made by import");
  expect(levelOf("read", say)).toBe("May see");
  expect(levelOf("read+share", say)).toBe("read + share");
});
