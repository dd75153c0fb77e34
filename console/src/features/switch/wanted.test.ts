import { expect, test } from "vitest";
import { EMPTY, isLength, isNetwork, longest_ms, missing, toForm, toWanted } from "./wanted";

const asked = {
  ...EMPTY,
  objects: ["Opportunity", "Account"],
  fields: { Account: ["Phone"], Lead: ["Email"] },
  people: ["li.wei"],
  groups: ["group:Deal_Desk"],
  networks: ["10.0.0.0/8"],
  reason: " Quarter end ",
};

test("an object with fields is asked for by its fields alone, and one that is not chosen not at all", () => {
  expect(toWanted(asked).effect).toEqual({
    kind: "suspension",
    scope: { objects: ["Opportunity"], fields: { Account: ["Phone"] } },
    others: "enforced",
  });
});

test("people, groups and networks make the audience; the length is in milliseconds", () => {
  const wanted = toWanted(asked);
  expect(wanted.audience).toEqual({
    users: ["user:li.wei", "group:Deal_Desk"],
    networks: ["10.0.0.0/8"],
  });
  expect(wanted.length).toBe(600_000);
  expect(wanted.reason).toBe("Quarter end");
});

test("what was asked for comes back into the form and out of it the same", () => {
  const wanted = toWanted(asked);
  expect(toWanted(toForm(wanted))).toEqual(wanted);
  const all = toWanted({ ...EMPTY, everything: true, groups: ["everyone"], reason: "x" });
  expect(toForm(all).everything).toBe(true);
  expect(toWanted(toForm(all))).toEqual(all);
});

test("an emergency has no planned start and does not survive a restart", () => {
  const wanted = toWanted({
    ...asked,
    emergency: true,
    starts: "2030-01-01T10:00",
    survives: true,
  });
  expect(wanted).not.toHaveProperty("starts");
  expect(wanted).not.toHaveProperty("survives_reboot");
  expect(wanted.urgency).toBe("emergency");
});

test("a disablement keeps its id whole, also with a colon inside", () => {
  const wanted = toWanted({ ...EMPTY, kind: "disablement", what: "rule:a:b", reason: "x" });
  expect(wanted.effect).toEqual({ kind: "disablement", what: { rule: "a:b" } });
});

test("a length is from a second to the longest there is, and never goes on otherwise", () => {
  const usual = longest_ms({ emergency: false });
  expect([0, 0.01, -1, 241, 999, Number.NaN].filter((n) => isLength(n, usual))).toEqual([]);
  expect([0.02, 0.1, 10, 240].filter((n) => !isLength(n, usual))).toEqual([]);
  expect(longest_ms({ emergency: true })).toBe(15 * 60_000);
  expect(longest_ms({ emergency: false }, { length_max: 60_000 })).toBe(60_000);
  expect(missing({ ...asked, minutes: 0 })).toEqual(["long"]);
  expect(missing({ ...asked, minutes: 999 })).toEqual(["long"]);
  expect(missing({ ...asked, minutes: 30 }, 20 * 60_000)).toEqual(["long"]);
});

test("it is said what is missing", () => {
  expect(missing(EMPTY)).toEqual(["what", "whom", "why"]);
  expect(missing(asked)).toEqual([]);
  expect(missing({ ...asked, people: [], groups: [], networks: ["home"] })).toEqual(["network"]);
  expect(missing({ ...EMPTY, kind: "disablement", what: "rule:x", reason: "y" })).toEqual([]);
  expect(missing({ ...EMPTY, kind: "elevation", what: "set:x", reason: "y" })).toEqual(["whom"]);
});

test("networks are written as addresses, ranges or with a length", () => {
  for (const good of ["10.0.0.0/8", "10.0.0.1-10.0.0.9", "::1", "192.168.1.7"])
    expect(isNetwork(good)).toBe(true);
  for (const bad of ["office", "10", "10.0.0.0/", "a b"]) expect(isNetwork(bad)).toBe(false);
});
