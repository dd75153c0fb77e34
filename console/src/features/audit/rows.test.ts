import { expect, test } from "vitest";
import type { LedgerRow } from "../../ui/ledger";
import { step, tabOf, takes } from "./rows";

const row = (sequence: number, kind: string, status = "done") =>
  ({
    sequence,
    entry: { kind, who: { caller: "a", source_address: "10.0.0.1" }, result: { status } },
  }) as unknown as LedgerRow;

test("a tab takes its kinds, filters take the rest", () => {
  expect(takes(row(1, "session_opened"), "signIn", {})).toBe(true);
  expect(takes(row(1, "would_deny"), "signIn", {})).toBe(false);
  expect(takes(row(1, "would_deny"), "everything", { result: "refused" })).toBe(false);
  expect(takes(row(1, "would_deny"), "windows", { address: "10.0." })).toBe(true);
  expect(tabOf("nonsense")).toBe("everything");
});

test("routine rows are left out and counted, until they are asked for", async () => {
  const page = async () => ({ rows: [row(2, "list_relaxed"), row(1, "would_deny")] });
  const left = await step("everything", {}, undefined, page);
  expect(left.rows.map(({ sequence }) => sequence)).toEqual([1]);
  expect(left).toMatchObject({ looked: 2, routine: 1 });
  for (const filters of [{ routine: "shown" }, { kind: "list_relaxed" }]) {
    expect((await step("everything", filters, undefined, page)).rows.length).toBe(2);
  }
});

test("a step goes on while few rows match, and ends where the log begins", async () => {
  const asked: unknown[] = [];
  const found = await step("signIn", {}, undefined, async ({ cursor }) => {
    asked.push(cursor);
    return cursor === undefined
      ? { rows: [row(9, "would_deny")], next: 9 }
      : { rows: [row(1, "session_opened")] };
  });
  expect(asked).toEqual([undefined, 9]);
  expect(found).toMatchObject({ looked: 2, next: undefined });
  expect(found.rows.map(({ sequence }) => sequence)).toEqual([1]);
});
