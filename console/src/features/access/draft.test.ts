import { expect, test } from "vitest";
import { batch, changed, conflicts, type Edits, keyOf, rebased, settle } from "./draft";
import { reduce, restored } from "./drafting";
import { type Policy, whole } from "./world";

const place = (...path: string[]) => ({ kind: "set" as const, id: "Core", path });
const READ = place("objects", "Account", "actions", "read");

const policy = (read: string | undefined, more: object = {}): Policy =>
  whole({
    sets: {
      Core: {
        name: "Core",
        objects: read === undefined ? {} : { Account: { actions: { read } } },
        ...more,
      },
    },
  });

const none: Edits = new Map();

test("a place that is set back to what it was is changed no more", () => {
  const once = changed(policy("reachable"), none, [{ ...READ, now: "all" }]);
  expect(once.get(keyOf(READ))?.was).toBe("reachable");
  expect(changed(policy("reachable"), once, [{ ...READ, now: "reachable" }]).size).toBe(0);
});

test("edits become whole entities, and what is emptied is named no more", () => {
  const before = policy("reachable", { fields: { Account: { Phone: "read" } } });
  const edits = changed(before, none, [
    { ...READ, now: undefined },
    { ...place("fields", "Account", "Phone"), now: "edit" },
    { ...place("objects", "Lead", "actions", "export"), now: "all" },
  ]);
  expect(batch(before, edits)).toEqual({
    put: [
      {
        kind: "set",
        id: "Core",
        content: {
          name: "Core",
          objects: { Lead: { actions: { export: "all" } } },
          fields: { Account: { Phone: "edit" } },
        },
      },
    ],
    remove: [],
  });
});

test("a mask that is taken off leaves its field there", () => {
  const before = whole({ objects: { Account: { fields: { Phone: { mask: "full" } } } } });
  const mask = { kind: "object" as const, id: "Account", path: ["fields", "Phone", "mask"] };
  const edits = changed(before, none, [{ ...mask, now: undefined }]);
  expect(batch(before, edits).put[0]?.content).toEqual({ fields: { Phone: {} } });
});

test("an entity whose whole content goes is removed", () => {
  const before = whole({ rules: { Old: { object: "Account", to: [], rights: "read" } } });
  const edits = changed(before, none, [{ kind: "rule", id: "Old", path: [], now: undefined }]);
  expect(batch(before, edits)).toEqual({ put: [], remove: [{ kind: "rule", id: "Old" }] });
});

test("what somebody else changed at the same place is a conflict until one of the two is chosen", () => {
  const edits = changed(policy("reachable"), none, [{ ...READ, now: "all" }]);
  expect(conflicts(policy("reachable"), edits)).toEqual([]);
  const newer = policy("unit");
  const [torn] = conflicts(newer, edits);
  if (!torn) throw new Error("no conflict");
  expect(conflicts(newer, settle(newer, edits, torn, "mine"))).toEqual([]);
  expect(settle(newer, edits, torn, "theirs").size).toBe(0);
});

test("an edit that came about by itself is an edit no more", () => {
  const edits = changed(policy("reachable"), none, [{ ...READ, now: "all" }]);
  expect(conflicts(policy("all"), edits)).toEqual([]);
  expect(rebased(policy("all"), edits).size).toBe(0);
});

test("undo and redo go through the steps, and a new step ends redo", () => {
  const one = changed(policy("reachable"), none, [{ ...READ, now: "unit" }]);
  const two = changed(policy("reachable"), one, [{ ...READ, now: "all" }]);
  const start = { edits: none, past: [], future: [] };
  const done = reduce(reduce(start, { to: one }), { to: two });
  const undone = reduce(done, { step: "undo" });
  expect(undone.edits).toBe(one);
  expect(reduce(undone, { step: "redo" }).edits).toBe(two);
  expect(reduce(undone, { to: none }).future).toEqual([]);
  expect(reduce(start, { step: "undo" })).toBe(start);
});

test("a draft comes back from what was kept, and nonsense is no draft", () => {
  const edits = changed(policy(undefined), none, [{ ...READ, now: "all" }]);
  const kept = JSON.stringify([...edits.values()]);
  expect(conflicts(policy(undefined), restored(kept))).toEqual([]);
  expect(restored(kept).get(keyOf(READ))?.now).toBe("all");
  expect(restored("{nonsense").size).toBe(0);
});
