import { expect, test } from "vitest";
import { sum } from "./amounts";
import type { Plan, TimelineEvent, WindowEvidence, WindowReport } from "./documents";
import { asksLess, type SwitchSettings } from "./lenient";
import { passed, perMinute } from "./live";
import { findings } from "./report/glance";
import { moved } from "./report/timeline";
import { counted } from "./report/would";
import { decideAll, keyOf, toOrder } from "./undo/choices";

test("amounts add up, with their errors at worst", () => {
  const all = [
    { gained: 2, lost: 1, gained_error: 1 },
    { gained: 3, lost: 0, gained_error: 2, lost_error: 1 },
  ];
  expect(sum(all)).toEqual({ gained: 5, lost: 1, gained_error: 3, lost_error: 1 });
  expect(sum([])).toEqual({ gained: 0, lost: 0 });
});

test("what was let through is counted minute by minute, empty minutes too", () => {
  const at = (minute: number) => ({ at_us: minute * 60_000_000 + 5 });
  expect(perMinute([at(10), at(12), at(12)])).toEqual([
    [600_000, 1],
    [660_000, 0],
    [720_000, 2],
  ]);
  expect(perMinute([{ at_us: undefined }])).toEqual([]);
});

test("would-denies, lists and writes are one list, the latest first", () => {
  const rows = passed({
    would_denies: { rows: [{ sequence: 1, at_us: 1 }] },
    lists: [{ sequence: 2, at_us: 2, rows: 7 }],
    writes: [{ sequence: 3, what: "changed", by: "li" }],
    timeline: [{ sequence: 3, effective_us: 9 }],
  } as unknown as WindowEvidence);
  expect(rows.map(({ kind }) => kind)).toEqual(["liveWrites", "liveLists", "liveWould"]);
  expect(rows[0]).toMatchObject({ at_us: 9, action: "edit", user: "li" });
});

test("what would have been refused is the sum of questions, reads and writes", () => {
  const window = {
    would_denies: { total: 0 },
    lists: [{ sequence: 1 }],
    writes: [{ sequence: 2 }, { sequence: 3 }],
  } as unknown as WindowEvidence;
  expect(counted(window)).toEqual({ questions: 0, reads: 1, written: 2, all: 3 });
});

test("the clocks are compared within one boot only", () => {
  const event = (kind: string, us: number, boot: string) =>
    ({ kind, effective_us: us, recorded_us: null, since_boot_us: us, boot }) as TimelineEvent;
  const opened = event("overlay_opened", 1_000, "a");
  expect(moved([opened, event("overlay_closed", 5_000, "a")])).toEqual({ wall: 4, boot: 4 });
  expect(moved([opened, event("overlay_closed", 5_000, "b")])).toBeUndefined();
});

test("a self-test that asked nothing proves nothing", () => {
  const report = {
    soundness: "whole",
    window: { seal_holds: true, backup: { holds: true }, policy: { unchanged: false } },
    floor: { touched: [4], outside: [] },
    self_test: { of: 0, asked: 0, refused: 0, still_allowed: [] },
  } as unknown as WindowReport;
  expect(findings(report)).toEqual([
    ["policy", "bad", 0],
    ["floor", "bad", 1],
    ["selfTest", "open", 0],
    ["seal", "good", 0],
    ["backup", "good", 0],
  ]);
});

test("decisions go to the server by write and part; what cannot come back is kept", () => {
  const conflict = (entry: number, may_restore: boolean) => ({
    entry,
    part: { field: "Amount" },
    may_restore,
  });
  const plan = { groups: [{ conflicts: [conflict(1, true), conflict(2, false)] }] };
  const choices = decideAll(plan as unknown as Plan, "restore", {});
  expect(choices[keyOf(conflict(2, false))]).toBe("keep");
  expect(toOrder({ of: "user", user: "li" }, choices, "u-1")).toEqual({
    run: "u-1",
    user: "li",
    choices: [
      { entry: 1, part: { field: "Amount" }, choice: "restore" },
      { entry: 2, part: { field: "Amount" }, choice: "keep" },
    ],
  });
});

test("fewer approvers, other approvers and longer windows ask for less; more approvers do not", () => {
  const settings = (part: object) =>
    ({ approvals: { usual: { kind: "one_other" } }, length_max: 60, ...part }) as SwitchSettings;
  const usual = (policy: object) => settings({ approvals: { usual: policy } });
  const now = settings({});
  expect(asksLess(now, usual({ kind: "none" }))).toEqual(["usual"]);
  expect(asksLess(now, settings({ length_max: 90 }))).toEqual(["length_max"]);
  expect(asksLess(now, usual({ kind: "some_of", count: 2 }))).toEqual([]);
  expect(asksLess(usual({ kind: "some_of", count: 1, among: ["group:Board"] }), now)).toEqual([
    "usual",
  ]);
});
