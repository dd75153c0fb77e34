import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { personName, plain, titleOf } from "./called";

const record = (fields: Record<string, unknown>) => ({
  id: "r1",
  fields: Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, { clear: value }])),
});

function object(id: string, types: Record<string, Schemas["FieldType"]>): Schemas["ObjectShown"] {
  const rest = { name: "", access: "read", filter: "any", sortable: false } as const;
  const fields = Object.entries(types).map(([field, type]) => [field, { ...rest, type }]);
  return { id, name: id, actions: [], fields: Object.fromEntries(fields), relations: {} };
}

test("a record is called by its name, its person or its company, and by its id at last", () => {
  expect(titleOf(record({ Name: "Donaublick Optik" }))).toBe("Donaublick Optik");
  expect(titleOf(record({ LastName: "汪", FirstName: "志强", Company: "泓松" }))).toBe(
    "汪志强 · 泓松",
  );
  expect(titleOf(record({ Name: "汪志强", Company: "泓松" }))).toBe("汪志强 · 泓松");
  expect(titleOf(record({ LastName: "Gruber", FirstName: "Lena" }))).toBe("Lena Gruber");
  expect(titleOf(record({ Company: "泓松" }))).toBe("泓松");
  expect(titleOf(record({ Subject: "Call back", Status: "Open" }))).toBe("Call back");
  expect(titleOf(record({}))).toBe("r1");
  expect(personName("方", "俊杰")).toBe("方俊杰");
});

test("names are found in the spelling of every system", () => {
  expect(titleOf(record({ fullname: "Lena Gruber", companyname: "Optik" }))).toBe(
    "Lena Gruber · Optik",
  );
  const deals = object("Deals", { Deal_Name: "text", Account_Name: "reference" });
  expect(titleOf(record({ Deal_Name: "Frames", Account_Name: "a1" }), deals)).toBe("Frames");
  const accounts = object("Account", { Account_Name: "reference" });
  expect(titleOf(record({ Account_Name: "a1" }), accounts)).toBe("r1");
  const cases = object("Case", { CaseNumber: "text", Subject: "text" });
  expect(titleOf(record({ CaseNumber: "0012" }), cases)).toBe("0012");
});

test("an object of the organization's own is called by its name field, else by its first text", () => {
  const visits = object("Visit__c", { Count__c: "number", Place__c: "text", Topic: "text" });
  expect(titleOf(record({ Count__c: 3, Place__c: "Wien" }), visits)).toBe("Wien");
  expect(titleOf(record({ Count__c: 3 }), visits)).toBe("r1");
  expect(titleOf(record({ Place__c: "x".repeat(200) }), visits)).toBe(`${"x".repeat(80)}…`);
  const named = object("Visit__c", { Place__c: "text", Visit_Name__c: "text" });
  expect(titleOf(record({ Place__c: "Wien", Visit_Name__c: "First" }), named)).toBe("First");
});

test("a mask is shown as it came, lists are joined, nothing is empty", () => {
  expect(plain({ masked: "138****1234" })).toBe("138****1234");
  expect(titleOf({ id: "r1", fields: { Name: { masked: "张**" } } })).toBe("张**");
  expect(plain({ clear: ["a", "b"] })).toBe("a, b");
  expect(plain({ clear: null })).toBe("");
});
