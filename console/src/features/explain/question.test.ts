import { expect, test } from "vitest";
import { addressOf, asked, pathOf, stageOf } from "./question";

test("a question without an act or an object is not asked", () => {
  expect(asked({ who: "a" })).toBeNull();
  expect(asked({ who: "a", act: "read" })).toBeNull();
});

test("only what is said goes into the question", () => {
  expect(asked({ who: "a", act: "read", object: "Account", fields: "Name,Phone" })).toEqual({
    session: { subject: "a" },
    action: "read",
    object: "Account",
    fields: ["Name", "Phone"],
  });
});

test("stages before the refusal passed, those behind it were not examined", () => {
  expect(pathOf("reach").map(([, state]) => state)).toEqual([
    "passed",
    "passed",
    "stopped",
    "skipped",
    "skipped",
  ]);
  expect(pathOf(null).every(([, state]) => state === "passed")).toBe(true);
});

test("a refusal falls at its stage", () => {
  expect(stageOf("inactive")).toBe("session");
  expect(stageOf("no_grant")).toBe("verb");
  expect(stageOf("field_hidden")).toBe("field");
});

test("the address of a question leaves out what is empty", () => {
  expect(addressOf({ act: "read", object: "Account", record: "" })).toBe(
    "/explain?act=read&object=Account",
  );
});
