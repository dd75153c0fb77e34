import { expect, test } from "vitest";
import { ProblemError } from "../../api/client";
import { eachOf } from "./many";

test("what is refused is kept with its number, the rest goes on", async () => {
  const refused = new ProblemError({
    type: "",
    title: "no",
    status: 403,
    code: "denied",
    reference: 12,
  });
  const told: number[] = [];
  const outcome = await eachOf(
    [{ id: "a" }, { id: "b" }, { id: "c" }],
    async ({ id }) => {
      if (id === "b") throw refused;
    },
    () => "words",
    (n) => told.push(n),
  );
  expect(outcome).toEqual({ done: 2, left: [{ id: "b", why: "words", reference: 12 }] });
  expect(told).toEqual([1, 2, 3]);
});
