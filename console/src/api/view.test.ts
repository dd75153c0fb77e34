import { expect, test } from "vitest";
import { sendingOf } from "./view";

test("in a view records are read as for the other, and nothing is written at all", () => {
  const cases = [
    ["GET", "/api/v1/me", "other"],
    ["GET", "/api/v1/records/Account", "other"],
    ["GET", "/api/v1/records/Account/a-1/history", "other"],
    ["GET", "/api/v1/records/Account/a-1/shares", "refused"],
    ["PATCH", "/api/v1/records/Account/a-1", "refused"],
    ["POST", "/api/v1/record-exports/Account", "refused"],
    ["GET", "/api/v1/users", "refused"],
    ["GET", "/api/v1/me/sessions", "refused"],
    ["GET", "/api/v1/switch", "oneself"],
    ["POST", "/api/v1/switch/requests", "refused"],
    ["POST", "/api/v1/explain", "oneself"],
    ["DELETE", "/api/v1/views/v-1", "oneself"],
  ] as const;
  for (const [method, path, sending] of cases) {
    expect(sendingOf(method, path), `${method} ${path}`).toBe(sending);
  }
});
