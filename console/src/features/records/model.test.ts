import { expect, test } from "vitest";
import { fieldName, inOneLanguage } from "../../i18n/fields";
import { fieldsOf, type ObjectInfo, personName, plain, principal, titleOf } from "./model";

const record = (fields: Record<string, unknown>) => ({
  id: "r1",
  fields: Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, { clear: value }])),
});

test("a record is called by its name, its person or its company, and by its id at last", () => {
  expect(titleOf(record({ Name: "Donaublick Optik" }))).toBe("Donaublick Optik");
  expect(titleOf(record({ LastName: "汪", FirstName: "志强", Company: "泓松" }))).toBe(
    "汪志强 · 泓松",
  );
  expect(titleOf(record({ LastName: "Gruber", FirstName: "Lena" }))).toBe("Lena Gruber");
  expect(titleOf(record({}))).toBe("r1");
  expect(personName("方", "俊杰")).toBe("方俊杰");
});

test("a name in both languages is read in one", () => {
  expect(inOneLanguage("城市 City", 0)).toBe("City");
  expect(inOneLanguage("城市 City", 1)).toBe("城市");
  expect(inOneLanguage("Finance Reviewers 财务评审组", 1)).toBe("财务评审组");
  expect(inOneLanguage("大华 3C 数码", 0)).toBe("大华 3C 数码");
  expect(fieldName("Contract_Value__c", "", 0)).toBe("Contract Value");
  expect(fieldName("Industry", "", 1)).toBe("行业");
});

test("what the system keeps comes last, relations are known", () => {
  const field = { name: "", access: "read", filter: "any", sortable: false } as const;
  const object: ObjectInfo = {
    id: "Contact",
    name: "Contact",
    actions: ["read"],
    fields: {
      Id: { ...field, type: "reference" },
      Zeta: { ...field, type: "text" },
      AccountId: { ...field, type: "reference" },
      Name: { ...field, type: "text" },
    },
    relations: { AccountId: "Account" },
  };
  const fields = fieldsOf(object, 0);
  expect(fields.map(({ id }) => id)).toEqual(["Name", "AccountId", "Zeta", "Id"]);
  expect(fields[1]?.relation).toBe("Account");
});

test("a mask is shown as it came, lists are joined, nothing is empty", () => {
  expect(plain({ masked: "138****1234" })).toBe("138****1234");
  expect(plain({ clear: ["a", "b"] })).toBe("a, b");
  expect(plain({ clear: null })).toBe("");
  expect(principal("group:queue/China")).toEqual({ kind: "group", id: "queue/China" });
  expect(principal("everyone")).toEqual({ kind: "everyone", id: "" });
});
