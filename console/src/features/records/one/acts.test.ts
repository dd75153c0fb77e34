import { expect, test } from "vitest";
import type { ObjectInfo, RecordRow } from "../model";
import { actsOf } from "./acts";
import { kinOf } from "./related";

const me = "li@x";
const all = ["read", "edit", "delete", "assign", "share", "claim"];
const record = (change: Partial<RecordRow>) => ({
  etag: '"1"',
  value: { owners: [`user:${me}`], locked: false, ...change } as RecordRow,
});

test("a record that waits is claimed or given out, one that somebody owns is moved or returned", () => {
  const waiting = record({ owners: [], pool: "p" });
  expect(actsOf({ record: waiting, actions: all }, me)).toEqual([
    "edit",
    "share",
    "claim",
    "giveOut",
    "lock",
    "delete",
  ]);
  const mine = record({ pool: "p" });
  expect(actsOf({ record: mine, actions: ["read"] }, me)).toEqual(["return"]);
  expect(actsOf({ record: mine, actions: all }, me)).toContain("owner");
});

test("what the server does not name is not offered", () => {
  expect(actsOf({ record: record({ locked: true }), actions: ["read"] }, me)).toEqual([]);
  expect(actsOf({ record: record({ locked: true }), actions: all }, me)).toContain("unlock");
});

test("related records are those whose relation can be asked by", () => {
  const field = { name: "", type: "reference", access: "read", sortable: false } as const;
  const other = (id: string, filter: "any" | "no"): ObjectInfo => ({
    id,
    name: id,
    actions: ["read"],
    fields: { AccountId: { ...field, filter } },
    relations: { AccountId: "Account", Gone: "Account" },
  });
  const found = kinOf("Account", [other("Contact", "any"), other("Secret", "no")]);
  expect(found.map(({ object, relation }) => [object.id, relation])).toEqual([
    ["Contact", "AccountId"],
  ]);
});
