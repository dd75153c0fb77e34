import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operationWord } from "./operations";

const text = (path: string) => readFileSync(join(import.meta.dirname, "../../..", path), "utf8");

test("every operation of the interface and of the ledger is said in both languages", () => {
  const names = [
    ...text("openapi/guan.json").matchAll(/"operationId": "(\w+)"/g),
    ...text("crates/guan-store/src/change.rs").matchAll(/^ {4}\w+ "(\w+)",$/gm),
    ...text("crates/guan-store/src/change.rs").matchAll(/\/\/\/ `(\w+)`: /g),
    ...text("crates/guan-store/src/credential.rs").matchAll(/\/\/\/ `(\w+)`: /g),
  ].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => operationWord(name, 0) === name)).toEqual([]);
  expect(names.filter((name) => !/\p{Script=Han}/u.test(operationWord(name, 1)))).toEqual([]);
  expect(operationWord("list_permission_sets", 0)).toBe("List permission sets");
  expect(operationWord("edit_record", 1)).toBe("修改记录");
  expect(operationWord("something_new", 1)).toBe("something_new");
});
