import { expect, test } from "vitest";
import { answer, ProblemError, waitIn } from "./client";

test("how long to wait is read where the server says it", () => {
  expect(waitIn(new Headers({ "retry-after": "31" }))).toBe(31);
  expect(waitIn(new Headers({ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }))).toBeUndefined();
  expect(waitIn(new Headers())).toBeUndefined();
});

test("a refusal carries the wait with it", async () => {
  const response = new Response(null, { status: 429, headers: { "retry-after": "5" } });
  const error = { type: "", title: "Too many", status: 429, code: "sign_in_paused" };
  const thrown = await answer(Promise.resolve({ error, response })).catch((one: unknown) => one);
  expect(thrown).toBeInstanceOf(ProblemError);
  expect((thrown as ProblemError).wait_s).toBe(5);
});
