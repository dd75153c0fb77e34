/** The network goes in the middle of what is dangerous: the screen says what is known, and nothing happens twice. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  address,
  axeClean,
  type Language,
  loseAnswer,
  open,
  settled,
  shot,
  signIn,
} from "./browser";
import { caller, foreign, openWindow, SALES } from "./calls";
import { project } from "./project";

const WORDS = {
  en: {
    unknown: (act: string) => `It is not known whether “${act}” happened`,
    notTaken: (act: string) => `“${act}” did not happen`,
    taken: (act: string) => `“${act}” did happen`,
    look: "Look again",
    understood: "Understood",
    reason: "Reason",
    close: "Close now",
    undo: "Undo",
    undoDo: /^Undo \d groups?$/,
    import: "Apply as a revision",
    applied: "applied",
    review: "Review & save",
    save: "Save as a revision",
    inEffect: /Revision \d+ is in effect/,
    rollBack: "Roll back",
    rolledBack: /Rolled back: revision \d+ is in effect/,
    restore: "Restore",
    restored: "Restored: ",
  },
  zh: {
    unknown: (act: string) => `尚不清楚“${act}”是否已执行`,
    notTaken: (act: string) => `“${act}”未执行`,
    taken: (act: string) => `“${act}”已执行`,
    look: "再次查看",
    understood: "知道了",
    reason: "原因",
    close: "立即关闭",
    undo: "撤销",
    undoDo: /^撤销 \d 组$/,
    import: "应用为修订版",
    applied: "已应用",
    review: "查看影响并保存",
    save: "保存为新修订版",
    inEffect: /修订版 \d+ 已生效/,
    rollBack: "回退",
    rolledBack: /已回退，修订版 \d+ 生效/,
    restore: "恢复",
    restored: "已恢复：",
  },
} as const;
type Say = (typeof WORDS)[Language];

/** An administrator at a screen; nothing may fail in its console. */
async function at(language: Language, path: string, act: (page: Page) => Promise<void>) {
  const { page, faults, close } = await open({ language });
  await page.goto(address(path));
  await signIn(page, "administrator", language);
  try {
    await act(page);
    expect(faults).toEqual([]);
  } catch (fault) {
    await shot(page, `lost-${language}-failed`).catch(() => {});
    throw fault;
  } finally {
    await close();
  }
}

/** Everything that was asked is old, and asked again by a look at the page; without a network that fails. */
async function grow(page: Page): Promise<void> {
  let failed = 0;
  page.on("requestfailed", (request) => {
    if (request.url().endsWith("/me")) failed += 1;
  });
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 120_000;
    window.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => failed, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
}

/** Done without a network: it is unknown, then known not to have happened. Then done, and its answer gets lost. */
async function lose(
  page: Page,
  say: Say,
  act: { name: string; button: Locator; end: string; grow?: true },
): Promise<void> {
  await act.button.waitFor();
  await page.context().setOffline(true);
  await act.button.click();
  await page.getByText(say.unknown(act.name)).waitFor();
  await page.getByRole("button", { name: say.look }).click();
  if (act.grow) await grow(page);
  await page.getByText(say.unknown(act.name)).waitFor();
  await page.context().setOffline(false);
  await page.getByText(say.notTaken(act.name)).waitFor();
  await axeClean(page);
  await page.getByRole("button", { name: say.understood }).click();
  await page.getByText(say.notTaken(act.name)).waitFor({ state: "detached" });
  await loseAnswer(page, act.end);
  await act.button.click();
  await page.getByText(say.unknown(act.name)).waitFor();
}

const revision = async (): Promise<number> => {
  const call = await caller("administrator");
  const { items } = await call("GET", "/api/v1/revisions?limit=1");
  return (items as { number: number }[])[0]?.number ?? 0;
};

for (const language of ["en", "zh"] as const) {
  const say = WORDS[language];
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole("button", { name, exact: typeof name === "string" });

  test(`an answer is lost while a window is closed, and while its writes are undone: ${language}`, async () => {
    const record = await foreign(SALES);
    const { request } = await openWindow(`lost ${language}`);
    const sales = await caller("sales");
    const path = `/api/v1/records/Account/${record}`;
    const phone = language === "en" ? "+49 30 100 0001" : "+49 30 100 0002";
    const patch = { fields: { Phone: phone } };
    expect((await sales("PATCH", path, patch, { "if-match": "*" })).status).toBe(200);
    await at(language, `/switch/${request}`, async (page) => {
      await lose(page, say, { name: say.close, button: button(page, say.close), end: "/closing" });
      await page.getByText(say.taken(say.close)).waitFor();
      await page.goto(address(`/switch/${request}/undo`));
      await page.getByRole("textbox", { name: say.reason, exact: true }).fill("Not wanted 不需要");
      const undo = button(page, say.undoDo);
      await lose(page, say, { name: say.undo, button: undo, end: "/undo" });
      await page.getByText(say.taken(say.undo)).waitFor();
      await axeClean(page);
    });
    const call = await caller("administrator");
    const { items } = await call("GET", `/api/v1/switch/windows/${request}/undo`);
    expect((items as { writes: number }[]).map(({ writes }) => writes)).toEqual([1]);
    const { fields } = (await call("GET", path)) as { fields: Record<string, unknown> };
    expect(JSON.stringify(fields.Phone)).not.toContain(phone);
  }, 180_000);

  test(`an answer is lost while an import is applied: ${language}`, async () => {
    const label = `Lost ${language} ${process.pid}`;
    await at(language, "/imports", async (page) => {
      await page.locator("input[type=file]").setInputFiles({
        name: "lanhai.zip",
        mimeType: "application/zip",
        buffer: project(label),
      });
      const before = await revision();
      await button(page, say.import).click({ timeout: 60_000 });
      const asking = page.getByRole("dialog");
      await asking.getByLabel(say.reason).fill(label);
      const apply = asking.getByRole("button", { name: say.import });
      await lose(page, say, { name: say.import, button: apply, end: "/apply" });
      await asking.waitFor({ state: "detached", timeout: 60_000 });
      await page.getByRole("status").filter({ hasText: say.applied }).first().waitFor();
      expect(await revision()).toBe(before + 1);
    });
  }, 180_000);

  test(`an answer is lost while a revision is saved, and while it is rolled back: ${language}`, async () => {
    await at(language, "/sets/Sales_Core/matrix", async (page) => {
      const grid = page.getByRole("grid");
      await grid.getByRole("gridcell").first().waitFor();
      await grid.focus();
      await page.keyboard.press("Control+Home");
      for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("4");
      await button(page, say.review).click();
      await page.getByLabel(say.reason).fill(`To be lost ${language}`);
      const before = await revision();
      const save = button(page, say.save);
      await lose(page, say, { name: say.save, button: save, end: "/revisions", grow: true });
      await page.getByText(say.inEffect).waitFor({ timeout: 60_000 });
      expect(await revision()).toBe(before + 1);
      await settled(page);
      const back = button(page, say.rollBack);
      await lose(page, say, { name: say.rollBack, button: back, end: "/make-current" });
      await page.getByText(say.rolledBack).waitFor({ timeout: 60_000 });
      expect(await revision()).toBe(before + 2);
    });
  }, 180_000);

  test(`an answer is lost while a record is restored: ${language}`, async () => {
    const call = await caller("administrator");
    const { items } = await call("GET", "/api/v1/records/Lead?limit=1");
    const id = (items as { id: string }[])[0]?.id;
    const path = `/api/v1/records/Lead/${id}`;
    expect((await call("DELETE", path, undefined, { "if-match": "*" })).status).toBeLessThan(300);
    await at(language, "/bin/Lead", async (page) => {
      const row = page.getByRole("row").filter({ hasText: id ?? "" });
      const restore = row.getByRole("button", { name: say.restore, exact: true });
      await lose(page, say, { name: say.restore, button: restore, end: `/${id}/restore` });
      await page.getByText(say.taken(say.restore)).waitFor();
      await row.waitFor({ state: "detached" });
    });
    expect((await call("GET", path)).status).toBe(200);
  }, 180_000);
}
