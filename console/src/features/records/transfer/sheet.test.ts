import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import type { ObjectInfo } from "../model";
import { guess, twice } from "./mapping";
import { csvRows, headOf } from "./sheet";

test("quotes, commas and line ends inside a cell stay in it", () => {
  expect(csvRows('\uFEFFName,"No, te"\r\n"a ""b""","x\ny"\r\nlast', 9)).toEqual([
    ["Name", "No, te"],
    ['a "b"', "x\ny"],
    ["last"],
  ]);
  expect(csvRows("a,b\n1,2\n3,4", 2)).toHaveLength(2);
});

test("the first rows of a workbook are read, shared and inline texts alike", async () => {
  const bytes = zipSync({
    "xl/sharedStrings.xml": strToU8(
      "<sst><si><t>名称</t></si><si><r><t>Ti</t></r><r><t>er</t></r></si></sst>",
    ),
    "xl/worksheets/sheet1.xml": strToU8(
      '<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
        '<row><c r="A2" t="inlineStr"><is><t>蓝海</t></is></c><c r="C2"><v>5</v></c></row></sheetData></worksheet>',
    ),
  });
  const file = new File([bytes as BlobPart], "a.XLSX");
  expect(await headOf(file)).toEqual({ columns: ["名称", "Tier"], sample: ["蓝海", "", "5"] });
});

const field = { name: "", type: "text", access: "edit", filter: "any", sortable: false } as const;
const object: ObjectInfo = {
  id: "Account",
  name: "Account",
  actions: ["create"],
  fields: {
    Name: field,
    City__c: { ...field, name: "城市 City" },
    Secret: { ...field, access: "read" },
  },
  relations: {},
};

test("columns are known by id or by the name in either language; the rest is left out", () => {
  expect(guess(object, ["名称", "city", "城市", "Secret", "ID"])).toEqual({
    名称: "Name",
    city: "City__c",
    城市: "",
    Secret: "",
    ID: "id",
  });
  expect(twice({ a: "Name", b: "Name", c: "", d: "" })).toBe("Name");
  expect(twice({ a: "", b: "" })).toBeUndefined();
});
