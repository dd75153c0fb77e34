import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { caller, foreign, openWindow, SALES } from "./calls";

/** A window over customers that the sales person used, opened with a second person and closed again. */
async function used(words: string): Promise<{ record: string }> {
  const record = await foreign(SALES);
  const closeWindow = await openWindow(words);
  // Answered, and recorded as one that would have been refused.
  const sales = await caller("sales");
  const asked = { session: {}, action: "read", object: "Account", record };
  expect((await sales("POST", "/api/v1/check", asked)).decision).toBe("relaxed");
  await closeWindow();
  return { record };
}

const WORDS = {
  en: {
    reason: "merge duplicates, for the audit journey",
    windows: "Windows",
    opened: "Window opened",
    closed: "Window closed",
    would: "Would have been refused",
    explain: "Explain this decision",
    verify: "Verify",
    holds: /The chain holds/,
    row: /^Row \d+$/,
    past: /Refusal number/,
  },
  zh: {
    reason: "合并重复客户，用于审计检查",
    windows: "权限窗口",
    opened: "开启权限窗口",
    closed: "关闭权限窗口",
    would: "本应拒绝",
    explain: "诊断此判定",
    verify: "校验",
    holds: /哈希链完整/,
    row: /^第 \d+ 条$/,
    past: /拒绝编号/,
  },
} as const;

for (const language of ["en", "zh"] as const) {
  test(`a window is audited from its opening to what it let pass: ${language}`, async () => {
    const say = WORDS[language];
    const { record } = await used(say.reason);
    const { page, faults, close } = await open({ language });
    await page.goto(address("/audit"));
    await signIn(page, "administrator", language);
    await page.getByRole("tab", { name: say.windows, exact: true }).click();
    await page
      .getByRole("cell", { name: new RegExp(say.opened) })
      .first()
      .waitFor();
    await page
      .getByRole("cell", { name: new RegExp(say.closed) })
      .first()
      .waitFor();
    await axeClean(page);

    const would = page
      .getByRole("row")
      .filter({ hasText: say.would })
      .filter({ has: page.locator(`a[title$="${record}"]`) });
    await would.first().getByRole("button", { name: say.row }).click();
    await page.getByRole("link", { name: say.explain }).waitFor();
    await axeClean(page);
    await page.getByRole("link", { name: say.explain }).click();
    await page.getByRole("heading", { name: say.past }).waitFor();
    await page.goto(address("/audit?tab=windows"));

    await page.getByRole("button", { name: say.verify, exact: true }).click();
    await page.getByText(say.holds).waitFor();
    await axeClean(page);
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
