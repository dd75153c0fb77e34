import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { caller, SALES } from "./calls";

const SAYS = {
  en: {
    without: "Active users without any set",
    few: "What is not shown?",
    more: "You may reveal 20 more now",
    reason: "Why do you need it?",
    reveal: "Reveal",
    left: "You may reveal 19 more now",
    revealOf: /^Reveal /,
    hide: /^Hide /,
  },
  zh: {
    without: "没有任何权限集的启用用户",
    few: "哪些内容未显示？",
    more: "您目前还可显示 20 个明文",
    reason: "查看理由",
    reveal: "显示明文",
    left: "您目前还可显示 19 个明文",
    revealOf: /^显示“.*”的明文$/,
    hide: /^重新隐藏/,
  },
} as const;

const DAY_MS = 86_400_000;

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`what wants attention leads to it; trees and grants are pictures: ${language}`, async () => {
    const administrator = await caller("administrator");
    const content = { name: `Newcomer ${language}` };
    await administrator("POST", "/api/v1/users", { id: `newcomer.${language}`, content });
    const ends = new Date(Date.now() + 3 * DAY_MS).toISOString();
    const given = { what: "set:Sales_Insight", to: `user:${SALES}`, ends };
    await administrator("POST", "/api/v1/assignments", { id: `soon-${language}`, content: given });
    const { page, faults, close } = await open({ language, dark: language === "zh" });
    await page.goto(address("/"));
    await signIn(page, "administrator", language);
    await page.getByRole("link", { name: say.without }).click();
    await page.getByText(content.name).waitFor();
    await page.getByRole("button", { name: say.few }).click();
    await axeClean(page);
    // The chart is gone through by keyboard: down into a unit, beside it, and chosen.
    await page.goto(address("/structure?tab=role&view=chart"));
    const tree = page.getByRole("tree");
    await tree.locator('[tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/node=/);
    expect(await tree.locator('[aria-selected="true"]').count()).toBe(1);
    await axeClean(page);
    await page.goto(address("/grants?view=time"));
    await page.locator(".time-bar").first().waitFor();
    await axeClean(page);
    expect(faults).toEqual([]);
    await close();
  }, 120_000);

  test(`a person sees how many masked values they may still reveal: ${language}`, async () => {
    const administrator = await caller("administrator");
    const sales = await caller("sales");
    await administrator("POST", "/api/v1/actions", { id: "reveal", content: { needs: "read" } });
    const part = {
      objects: { Contact: { actions: { reveal: "reachable" } } },
      fields: { Contact: { ID_Number__c: "masked" } },
    };
    const set = "/api/v1/permission-sets/Sales_Core";
    await administrator("PATCH", set, { content: part }, { "if-match": "*" });
    const { items } = (await sales("GET", "/api/v1/records/Contact?limit=1")) as {
      items: { id: string }[];
    };
    const { page, faults, close } = await open({ language });
    await page.goto(address(`/records/Contact/${items[0]?.id}`));
    await signIn(page, "sales", language);
    const ask = page.getByRole("button", { name: say.revealOf }).first();
    await ask.click();
    await page.getByText(language === "en" ? say.more : SAYS.zh.left).waitFor();
    await axeClean(page);
    await page.getByRole("textbox", { name: say.reason }).fill("Contract 合同");
    await page.getByRole("button", { name: say.reveal, exact: true }).click();
    await page.getByRole("button", { name: say.hide }).first().click();
    await ask.click();
    if (language === "en") await page.getByText(say.left).waitFor();
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
