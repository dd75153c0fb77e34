import { expect, test } from "vitest";
import { fieldName, inOneLanguage } from "../../i18n/fields";
import { fieldsOf, type ObjectInfo, principal } from "./model";

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

test("a principal is taken apart", () => {
  expect(principal("group:queue/China")).toEqual({ kind: "group", id: "queue/China" });
  expect(principal("everyone")).toEqual({ kind: "everyone", id: "" });
});
