import { expect, test } from "vitest";
import { labelled } from "./labels";

test("choices bear their names, and their ids too where two names are the same", () => {
  const names: Record<string, string> = { a: "Customer", b: "Customer", c: "Contact" };
  expect(labelled(["a", "b", "c"], (id) => names[id] ?? id)).toEqual([
    { value: "a", label: "Customer (a)" },
    { value: "b", label: "Customer (b)" },
    { value: "c", label: "Contact" },
  ]);
});
