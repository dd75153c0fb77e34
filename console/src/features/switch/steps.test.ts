import { expect, test } from "vitest";
import { rules } from "../../i18n/switch-rules";
import type { Shown } from "./queries";
import { order, settle } from "./steps";

const shown = (version: number) =>
  ({ request: { id: "w-1", version, edition: 2 } }) as unknown as Shown;

test("each step names the version that was seen, closing none", () => {
  expect(order({ act: "back_up" }, shown(3))).toEqual(["backup", { version: 3 }]);
  expect(order({ act: "close", words: "" }, shown(3))).toEqual(["closing", { words: "" }]);
  expect(order({ act: "open" }, shown(5))).toEqual(["opening", { version: 5 }]);
  const [path, body] = order({ act: "approve" }, shown(4));
  expect(path).toBe("approval");
  expect(body).toMatchObject({ version: 4, edition: 2 });
  expect(String(body.key).length).toBeGreaterThan(16);
});

test("whether a step was taken is told by the version that is read afterwards", () => {
  const sent = { step: { act: "open" as const }, version: 4 };
  expect(settle(sent, shown(4)).is).toBe("not_taken");
  expect(settle(sent, shown(5)).is).toBe("taken");
});

test("every rule of the switch has a sentence", async () => {
  const { readFileSync } = await import("node:fs");
  const source = readFileSync("../crates/guan-engine/src/lifecycle/rule.rs", "utf8");
  const table = source.slice(source.indexOf("rules! {"));
  const codes = [...table.matchAll(/"([a-z_]+)" "/g)].map((found) => found[1] ?? "");
  expect(codes.length).toBeGreaterThan(40);
  for (const code of codes) expect(rules).toHaveProperty(code);
});
