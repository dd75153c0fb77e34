import { expect, test } from "vitest";
import { deviceOf } from "./device";

test("a browser is called by its name, anything else by what it says", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
  expect(deviceOf(chrome)).toBe("Chrome · Linux");
  expect(deviceOf("curl/7.88.1")).toBe("curl/7.88.1");
  expect(deviceOf(null)).toBe("–");
});
