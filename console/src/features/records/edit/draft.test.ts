import { expect, test } from "vitest";
import { fieldOf, isEmpty, keepDraft, keptDraft, NOTHING, withParent, withValue } from "./draft";

test("a change that leads back to what is there is none", () => {
  const changed = withValue(NOTHING, "Name", "b", "a");
  expect(changed.values).toEqual({ Name: "b" });
  expect(isEmpty(withValue(changed, "Name", "a", "a"))).toBe(true);
  expect(isEmpty(withValue(NOTHING, "Name", null, undefined))).toBe(true);
  expect(withParent(NOTHING, "AccountId", null, "1").parents).toEqual({ AccountId: null });
});

test("what was not saved is there again for the same person and for nobody else", () => {
  const draft = withValue(NOTHING, "Name", "b", "a");
  keepDraft("li", "Account", "1", draft);
  expect(keptDraft("li", "Account", "1")).toEqual(draft);
  expect(keptDraft("wang", "Account", "1")).toEqual(NOTHING);
  keepDraft("li", "Account", "1", NOTHING);
  expect(sessionStorage.length).toBe(0);
});

test("a refusal that names a field is shown at the field", () => {
  expect(fieldOf("`Nope`: there is no such field that you may use so")).toBe("Nope");
  expect(fieldOf("something else")).toBeUndefined();
});
