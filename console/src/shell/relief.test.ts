import { expect, test } from "vitest";
import { sayRelief } from "./relief";

const deals = { id: "Opportunity", name: "" };
const own = { id: "Ship__c", name: "船舶 Ships" };

test("the band names what is off, in the person's language", () => {
  const relief = { objects: [deals, own], actions: [], in_part: false };
  expect(sayRelief(relief, 0)).toBe(
    "Permission management is off for Opportunities, Ships, for you",
  );
  expect(sayRelief(relief, 1)).toBe("已对您暂停商机、船舶的权限管控");
  const acts = { objects: [deals], actions: ["read", "append_to"], in_part: true };
  expect(sayRelief(acts, 0)).toBe(
    "Permission management is partly off for Opportunities (read, append to), for you",
  );
  expect(sayRelief(acts, 1)).toBe("已对您暂停商机（查看、追加到）的部分权限管控");
});

test("no object named is everything, and none that may be named is a part", () => {
  expect(sayRelief({ actions: [], in_part: false }, 0)).toBe(
    "Permission management is off for everything, for you",
  );
  expect(sayRelief({ objects: [], actions: [], in_part: false }, 0)).toBe(
    "Permission management is partly off for you",
  );
});
