import { expect, test } from "vitest";
import { masked, sampleFor } from "./fields/mask";
import { reachOf } from "./heat/reach";
import { holders } from "./holders";
import { gathered } from "./impact";
import { risksOf } from "./sets/risks";
import { whole } from "./world";

const gain = (user: string, action: string, gained: number, lost: number) => ({
  user,
  object: "Account",
  action,
  gained,
  lost,
  gained_samples: [],
  lost_samples: [],
});

test("gains and losses are gathered apart, the change for the most people first", () => {
  const all = gathered([gain("a", "edit", 0, 3), gain("a", "read", 5, 1), gain("b", "read", 7, 0)]);
  expect(
    all.map(({ way, action, records, people }) => [way, action, records, people.length]),
  ).toEqual([
    ["gain", "read", 12, 2],
    ["lose", "edit", 3, 1],
    ["lose", "read", 1, 1],
  ]);
  expect(all[0]?.people[0]?.user).toBe("b");
});

test("a set reaches those who have a group of sets with it", () => {
  const policy = whole({
    set_groups: { Kit: { sets: ["Core"] } },
    assignments: {
      1: { what: "set_group:Kit", to: "user:a" },
      2: { what: "set:Core", to: "group:b" },
    },
  });
  expect(holders(policy)("set:Core")).toEqual({ direct: ["group:b"], through: ["user:a"] });
});

test("risks are read from what a set states, and a muting set has none", () => {
  const set = {
    any_object: { view_all: true },
    objects: { Lead: { actions: { export: "unit" } } },
  };
  expect(risksOf(set)).toEqual(["allData", "export"]);
  expect(risksOf({ ...set, kind: "muting" })).toEqual([]);
  expect(risksOf({ system: ["guan.manage_sets"] })).toEqual(["guan"]);
});

test("the map counts in what acts on all objects", () => {
  const set = {
    any_object: { modify_all: true },
    objects: { Lead: { actions: { read: "unit" } } },
  };
  expect(reachOf(set, "Lead", "edit")).toBe("all");
  expect(reachOf(set, "Lead", "export")).toBe("none");
});

test("masks look as the server makes them", () => {
  expect(masked({ keep: { first: 3, last: 4 } }, "13800138000")).toBe("138****8000");
  expect(masked({ keep: { first: 3, last: 4 } }, "1234567")).toBe("*******");
  expect(masked("mail", "li.wei@lanhai.example")).toBe("l***@lanhai.example");
  expect(masked(null, "anything")).toBe("******");
  expect(sampleFor("MobilePhone")).toBe("13800138000");
});
