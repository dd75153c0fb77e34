import { expect, test } from "vitest";
import { bodyOf, codeOf, QUESTIONS } from "./calls";

test("every question begins with a body about the object", () => {
  for (const question of QUESTIONS) {
    expect(JSON.stringify(bodyOf(question, "Account"))).toContain('"Account"');
  }
});

test("a body with a quote does not leave the shell's quotes", () => {
  expect(codeOf("curl", "http://h", "check", `{"a":"it's"}`)).toContain(`'{"a":"it'\\''s"}'`);
});
