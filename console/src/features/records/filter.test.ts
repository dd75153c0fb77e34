import { expect, test } from "vitest";
import { asked, asking, condition } from "./filter";
import type { Field, FieldType } from "./model";

const inventedField = (id: string, type: FieldType): Field => ({
  id,
  label: id,
  name: id,
  type,
  access: "edit",
  filter: "any",
  sortable: true,
});

const fields: readonly Field[] = [
  inventedField("Name", "text"),
  inventedField("Tier", "choice"),
  inventedField("Amount", "number"),
  inventedField("Close", "date"),
  inventedField("Hot", "boolean"),
  inventedField("Tags", "multi_choice"),
  { ...inventedField("IdNumber", "text"), filter: "equality_only" },
  { ...inventedField("Secret", "text"), filter: "no" },
];

test("each type of field becomes a condition of its own", () => {
  const search = {
    "f.Name": 'a "b" \\',
    "f.Tier": "A\nB",
    "f.Amount": "100..",
    "f.Close": "2026-01-01..2026-02-01",
    "f.Hot": "no",
    "f.Tags": "x\ny",
  };
  expect(condition(search, fields, "me@x")).toBe(
    [
      '`Name` contains "a \\"b\\" \\\\"',
      '`Tier` in ("A", "B")',
      "`Amount` >= 100",
      '`Close` >= "2026-01-01"',
      '`Close` <= "2026-02-01"',
      "`Hot` = false",
      '(`Tags` contains "x" or `Tags` contains "y")',
    ].join(" and "),
  );
});

test("a field that may be compared alone is not searched in, and one that may not be used is left out", () => {
  expect(condition({ "f.IdNumber": "42", "f.Secret": "x" }, fields, "me")).toBe(
    '`IdNumber` = "42"',
  );
  expect(condition({ "f.Unknown": "x" }, fields, "me")).toBeUndefined();
});

test("whose records stands beside the fields", () => {
  expect(condition({ owner: "me" }, fields, "li@x")).toBe('$record.owner = "li@x"');
  expect(condition({ owner: "none", "f.Hot": "yes" }, fields, "li@x")).toBe(
    "$record.owner is null and `Hot` = true",
  );
});

test("asking for something else takes the old filters and the place in the list away", () => {
  const search = { "f.Name": "a", cursor: "c", q: "kept" };
  expect(asked(search)).toEqual({ Name: "a" });
  expect({ ...search, ...asking(search, { Tier: "A" }) }).toEqual({
    q: "kept",
    "f.Name": undefined,
    "f.Tier": "A",
    cursor: undefined,
  });
});
