/** What journeys do: open a browser on the demo, sign somebody in, look for barriers, take a picture. */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { demo } from "./server";

export type Role = "administrator" | "manager" | "sales";
export type Language = "en" | "zh";

const CHROMIUM = process.env.GUAN_CHROMIUM ?? "/usr/bin/chromium";
/** How long a screen may load before it counts as stuck; machines of tests are busy. */
const PATIENCE_MS = 30_000;
/** Where pictures go. */
export const SHOTS = process.env.GUAN_SHOTS_DIR ?? join(tmpdir(), "guan-shots");

export type Browsing = { page: Page; faults: string[]; close: () => Promise<void> };

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
let begun: Promise<Browser> | undefined;

/** The one browser of a file of journeys. */
function browser(): Promise<Browser> {
  begun ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  return begun;
}

afterAll(async () => {
  await (await begun)?.close();
});

/** A window of its own, which shares nothing with others. Its faults — errors of scripts, refusals by the policy — are kept. */
export async function open(
  options: { language?: Language; dark?: boolean; tour?: boolean } = {},
): Promise<Browsing> {
  const { language = "en", dark = false, tour = false } = options;
  const context = await (await browser()).newContext({
    viewport: { width: 1366, height: 768 },
    locale: language === "zh" ? "zh-CN" : "en-GB",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  if (!tour) await context.addInitScript(() => localStorage.setItem("guan.toured", "yes"));
  const page = await context.newPage();
  // Two cores may be busy with other work.
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A browser reports every refused request; what refused is looked at by the journey itself.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) faults.push(message.text());
  });
  return { page, faults, close: () => context.close() };
}

export const address = (path: string) => `${demo().address}${path}`;

const BUTTON: Record<Language, string> = { en: "Sign in", zh: "登录" };

/** Signs an account of the demo in, through the page. */
export async function signIn(page: Page, role: Role, language: Language = "en"): Promise<void> {
  const account = demo().accounts.find((one) => one.role === role);
  if (!account) throw new Error(`the demo has no ${role}`);
  if (!page.url().startsWith("http")) await page.goto(address("/"));
  await page.fill("#user", account.user);
  await page.fill("#password", account.password);
  await page.getByRole("button", { name: BUTTON[language], exact: true }).click();
  await page.locator("nav.rail").first().waitFor();
}

/** Waits until nothing is being loaded, so that a picture or an examination sees the screen itself. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  const isCalm = await page.evaluate(async (patience) => {
    const until = performance.now() + patience;
    // A part begins to load some frames after the screen that it stands in.
    for (let calm = 0; calm < 6; ) {
      if (performance.now() > until) return false;
      await new Promise((next) => requestAnimationFrame(next));
      const stands = document.querySelector("h1, h2, #user") !== null;
      const loads = document.querySelector(".ant-skeleton-active, .ant-spin-spinning") !== null;
      calm = stands && !loads ? calm + 1 : 0;
    }
    return true;
  }, PATIENCE_MS);
  expect(isCalm, `still loading after ${PATIENCE_MS} ms: ${page.url()}`).toBe(true);
}

/** No barrier that axe knows of. */
export async function axeClean(page: Page): Promise<void> {
  await settled(page);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      // What holds is not told place by place, which takes longer than to find it out.
      resultTypes: ["violations"],
      selectors: false,
      preload: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}\n${failureSummary}`),
    );
  });
  expect(found).toEqual([]);
}

/** The next request whose address ends so arrives, and its answer does not. */
export async function loseAnswer(page: Page, end: string): Promise<void> {
  let isLost = false;
  await page.route(`**${end}`, async (route) => {
    if (isLost || route.request().method() === "GET") return route.fallback();
    isLost = true;
    await route.fetch();
    await route.abort();
  });
}

/** A picture, to be looked at. */
export async function shot(page: Page, name: string): Promise<string> {
  await settled(page);
  mkdirSync(SHOTS, { recursive: true });
  const path = join(SHOTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
