import { expect, test } from "vitest";
import { rowsOf } from "./received";

test("each share and each place in a team of a record is a row of its own", () => {
  const rows = rowsOf([
    {
      object: "Deal",
      record: "d-1",
      shares: [{ to: "user:bo", rights: "read", cause: "manual", by: "anna" }],
      team: [{ role: "helps", rights: "edit", ends: "2026-02-01T00:00:00Z" }],
    },
  ]);
  expect(rows.map(({ key, to, role, rights, ends }) => [key, to, role, rights, ends])).toEqual([
    ["Deal d-1 0", "user:bo", undefined, "read", undefined],
    ["Deal d-1 1", undefined, "helps", "edit", "2026-02-01T00:00:00Z"],
  ]);
});
