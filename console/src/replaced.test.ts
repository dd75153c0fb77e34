import { afterEach, expect, test, vi } from "vitest";
import { isReplaced } from "./replaced";

afterEach(() => vi.unstubAllGlobals());

test("the page is loaded anew when the server has another one, and never when it cannot be reached", async () => {
  document.head.innerHTML = '<script type="module" src="/assets/index-a.js"></script>';
  const serve = (page: string) => vi.stubGlobal("fetch", async () => new Response(page));
  serve('<script type="module" src="/assets/index-a.js">');
  expect(await isReplaced()).toBe(false);
  serve('<script type="module" src="/assets/index-b.js">');
  expect(await isReplaced()).toBe(true);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await isReplaced()).toBe(false);
});
