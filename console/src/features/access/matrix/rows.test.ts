import { expect, test } from "vitest";
import { changed, type Edits } from "../draft";
import { whole } from "../world";
import { columnsOf, matrixOf, placeOf, rowsOf } from "./rows";

const policy = whole({
  objects: {
    Account: { field_mode: "closed", fields: { Phone: {}, Name: { secured: false } } },
    Lead: { field_mode: "open", fields: { Source: { name: "来源 Source" } } },
  },
  sets: {
    Core: {
      objects: { Account: { actions: { read: "reachable", export: "reachable" }, view_all: true } },
      fields: { Account: { Phone: "masked" } },
    },
  },
});
const none: Edits = new Map();
const saved = matrixOf(policy, none, "Core");
const ask = (only: "all" | "granted" | "changed" | "risky", more: object = {}) => ({
  search: "",
  only,
  opened: new Set<string>(),
  objectName: (id: string) => id,
  saved,
  ...more,
});
const names = (rows: readonly { object: string; field?: string }[]) =>
  rows.map(({ object, field }) => (field ? `${object}.${field}` : object));

test("a cell says what the set states, or what the object does with a field that is not listed", () => {
  const { value } = saved;
  expect(value({ object: "Account" }, "read")).toBe("reachable");
  expect(value({ object: "Account" }, "view_all")).toBe("yes");
  expect(value({ object: "Lead" }, "read")).toBe("none");
  expect(value({ object: "Account", field: "Phone" }, "all_fields")).toBe("masked");
  expect(value({ object: "Account", field: "Name" }, "all_fields")).toBe("");
  expect(value({ object: "Lead", field: "Source" }, "all_fields")).toBe("");
});

test("hidden is stated for an open field, and by silence for a closed one", () => {
  const row = { object: "Account", field: "Phone" };
  expect(saved.stated(row, "all_fields", "hidden")).toBeUndefined();
  expect(saved.stated({ object: "Lead", field: "Source" }, "all_fields", "hidden")).toBe("hidden");
  expect(saved.stated({ object: "Lead" }, "read", "none")).toBeUndefined();
});

test("opened objects show their fields, and a search finds a field without its object being opened", () => {
  expect(names(rowsOf(policy, saved, ask("all")))).toEqual(["*", "Account", "Lead"]);
  const opened = ask("all", { opened: new Set(["Account"]) });
  expect(names(rowsOf(policy, saved, opened))).toContain("Account.Phone");
  expect(names(rowsOf(policy, saved, ask("all", { search: "来源" })))).toEqual([
    "Lead",
    "Lead.Source",
  ]);
});

test("filters leave what is granted, risky or changed; a row that was granted stays while it is edited", () => {
  expect(names(rowsOf(policy, saved, ask("granted")))).toEqual(["Account"]);
  expect(names(rowsOf(policy, saved, ask("risky")))).toEqual(["Account"]);
  const place = placeOf("Core", { object: "Lead" }, "read");
  const edits = changed(policy, none, [{ ...place, now: "all" }]);
  const edited = matrixOf(policy, edits, "Core");
  expect(names(rowsOf(policy, edited, ask("changed")))).toEqual(["Lead"]);
  expect(names(rowsOf(policy, edited, ask("risky")))).toEqual(["Account", "Lead"]);
});

test("custom actions of the organization are columns too", () => {
  const more = { ...policy, actions: { approve: { needs: "edit" as const } } };
  expect(columnsOf(more)).toContain("approve");
});
