import { expect, test } from "vitest";
import type { Field } from "../model";
import { checks } from "./checks";

const field = (id: string, type: Field["type"], more: object = {}) =>
  ({ id, type, label: id, access: "read_edit", filter: "any", ...more }) as unknown as Field;
const FIELDS = [
  field("Phone", "text"),
  field("Email", "text"),
  field("Website", "text"),
  field("AnnualRevenue", "number"),
  field("Fee", "number", { class: "financial" }),
  field("Discount", "number"),
  field("Tier", "choice"),
  field("CloseDate", "date"),
  field("Birthdate", "date"),
  field("Met", "date_time"),
];
const found = (values: Record<string, unknown>) =>
  checks(FIELDS, values).map(({ field, is, says }) => `${field} ${is} ${says}`);

test("a phone number, an address and a page that look odd are asked about", () => {
  expect(found({ Phone: "hello", Email: "nobody", Website: "no page" })).toEqual([
    "Phone doubt phoneOdd",
    "Email doubt mailOdd",
    "Website doubt pageOdd",
  ]);
  const usual = [
    "+86 755 8888-0001",
    "(021) 5050 1234 转 208",
    "13800138000",
    "+49.30.123/45 ext. 6",
  ];
  for (const Phone of usual) expect(found({ Phone })).toEqual([]);
  expect(found({ Email: "li.wei@lanhai.example", Website: "https://lanhai.example/a?b" })).toEqual(
    [],
  );
  // What is taken out, and what is not touched, is not looked at.
  expect(found({ Phone: null })).toEqual([]);
});

test("days that are far away are asked about, days on which people are born are not", () => {
  expect(found({ CloseDate: "1969-12-31", Met: "2101-01-01T08:00:00Z" })).toEqual([
    "CloseDate doubt dateOdd",
    "Met doubt dateOdd",
  ]);
  expect(found({ CloseDate: "2026-12-31", Birthdate: "1969-12-31", Met: null })).toEqual([]);
  expect(found({ Birthdate: "1869-12-31" })).toEqual(["Birthdate doubt dateOdd"]);
});

test("what the server does not keep is wrong, and money below nothing is only asked about", () => {
  expect(found({ AnnualRevenue: -5 })).toEqual(["AnnualRevenue doubt moneyNegative"]);
  expect(found({ Fee: -5 })).toEqual(["Fee doubt moneyNegative"]);
  expect(found({ Discount: -5 })).toEqual([]);
  expect(found({ Discount: 1e15 })).toEqual(["Discount wrong numberGreat"]);
  expect(found({ Discount: 0.12345 })).toEqual(["Discount doubt numberPlaces"]);
  expect(found({ Tier: "字".repeat(1025) })).toEqual(["Tier wrong textLong"]);
  expect(found({ Tier: "𠮷".repeat(1024) })).toEqual([]);
});
