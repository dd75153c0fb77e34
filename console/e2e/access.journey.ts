import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { address, axeClean, type Language, open, settled, signIn } from "./browser";
import { caller } from "./calls";

const SAYS = {
  en: {
    sets: "Permission sets",
    openMatrix: "Open the matrix",
    pending: "1 unsaved change",
    review: "Review & save",
    save: "Save as a revision",
    reason: "Reason",
    gain: /\+\d+ (person|people) can view Opportunities/,
    inEffect: /Revision \d+ is in effect/,
    rollBack: "Roll back",
    rolledBack: /Rolled back: revision \d+ is in effect/,
    view: "View, All, risky",
    was: "View, Reachable",
    changed: "View, All, changed, risky",
  },
  zh: {
    sets: "权限集",
    openMatrix: "打开权限矩阵",
    pending: "1 处未保存的修改",
    review: "查看影响并保存",
    save: "保存为新修订版",
    reason: "原因",
    gain: /\+\d+ 人可以查看商机/,
    inEffect: /修订版 \d+ 已生效/,
    rollBack: "回退",
    rolledBack: /已回退，修订版 \d+ 生效/,
    view: "查看, 全部, 高风险",
    was: "查看, 可达",
    changed: "查看, 全部, 已修改, 高风险",
  },
} as const;

const SET = "/sets/Sales_Core/matrix";

/** The grid with the focus on the cell of an object's row in the column “view”. */
async function atView(page: Page, object: string) {
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("Control+Home");
  const row = grid.getByRole("row").filter({ hasText: object }).first();
  const at = Number(await row.getAttribute("data-row"));
  for (let n = 0; n < at; n += 1) await page.keyboard.press("ArrowDown");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  return row;
}

for (const language of ["en", "zh"] as const satisfies readonly Language[]) {
  const says = SAYS[language];
  const opportunities = language === "en" ? "Opportunities" : "商机";

  test(`a set is changed with its impact in sight, saved, and rolled back: ${language}`, async () => {
    // Where the way back leads: what else has run on this server before does not matter.
    const call = await caller("administrator");
    const { items } = await call("GET", "/api/v1/revisions?limit=1");
    const start = String((items as { number: number }[])[0]?.number);
    const { page, faults, close } = await open({ language });
    await page.goto(address("/sets"));
    await signIn(page, "administrator", language);
    await page.getByRole("heading", { name: says.sets, level: 1 }).waitFor();
    await axeClean(page);
    await page.getByRole("button", { name: /Sales Core/ }).click();
    await page.getByRole("link", { name: says.openMatrix }).click();

    const row = await atView(page, opportunities);
    expect(await row.getByRole("gridcell").nth(3).getAttribute("aria-label")).toBe(says.was);
    await axeClean(page);
    await page.keyboard.press("4");
    await page.getByText(says.pending).waitFor();
    expect(await row.getByRole("gridcell").nth(3).getAttribute("aria-label")).toBe(says.changed);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+y");

    // What is not saved survives a reload.
    await page.reload();
    await page.getByText(says.pending).waitFor();
    await page.getByRole("button", { name: says.review }).click();
    await page.getByText(says.gain).waitFor({ timeout: 60_000 });
    await axeClean(page);
    await page.getByLabel(says.reason).fill("Sales see every opportunity");
    await page.getByRole("button", { name: says.save }).click();
    await page.getByText(says.inEffect).waitFor({ timeout: 60_000 });
    const cell = page.getByRole("gridcell", { name: says.view, exact: true });
    await cell.first().waitFor();

    // It acts: the server says so of somebody who has the set.
    await page.goto(address("/users/li.wei@lanhai.example/matrix"));
    await cell.first().waitFor();
    await axeClean(page);

    await page.goto(address(SET));
    await settled(page);
    await page.goto(address("/revisions"));
    await page.getByText("Sales see every opportunity").first().waitFor();
    await axeClean(page);
    await page.goBack();
    await atView(page, opportunities);
    await page.keyboard.press("1");
    await page.getByRole("button", { name: says.review }).click();
    await page.getByLabel(says.reason).fill("Not all of them after all");
    await page.getByRole("button", { name: says.save }).click({ timeout: 60_000 });
    await page.getByText(says.inEffect).waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: says.rollBack }).click();
    await page.getByText(says.rolledBack).waitFor({ timeout: 60_000 });
    await cell.first().waitFor();

    // And back by the list of revisions, where anything earlier can be made current.
    await page.goto(address(`/revisions?revision=${start}`));
    await page.getByRole("button", { name: /^(Make current|设为当前修订版)$/ }).click();
    const asked = language === "en" ? `Type ${start} to confirm` : `请输入 ${start} 以确认`;
    await page.getByLabel(asked).fill(start);
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^(Make current|设为当前修订版)$/ })
      .last()
      .click();
    await page.getByText(says.inEffect).waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
    await close();
  }, 180_000);
}

test("a rule with a wrong condition is told at its place, and a right one shows whom it concerns", async () => {
  const { page, faults, close } = await open();
  await page.goto(
    address("/sharing?tab=rules&entity=Account/criteria/Strategic_Accounts_to_Finance"),
  );
  await signIn(page, "administrator");
  const condition = page.getByRole("textbox", { name: "Condition" });
  await condition.fill("Industry = 3 and");
  await page.getByRole("button", { name: "Dry run" }).click();
  await page.getByText("At character 17:").waitFor();
  await condition.fill('AnnualRevenue = "much"');
  await page.getByRole("button", { name: "Dry run" }).click();
  await page.getByText("`much` is not a number").first().waitFor();
  await condition.fill("Strategic__c = false");
  await page.getByRole("button", { name: "Dry run" }).click();
  await page
    .getByText(/can view .*Customers/)
    .first()
    .waitFor({ timeout: 60_000 });
  await axeClean(page);
  await page.getByRole("button", { name: "Add to the changes" }).click();
  await page.getByText("1 unsaved change").waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("tooltip").getByRole("button", { name: "Discard" }).click();
  expect(faults).toEqual([]);
  await close();
}, 120_000);

test("fields, objects, the map and the comparison of sets open without barriers", async () => {
  const { page, faults, close } = await open({ language: "zh", dark: true });
  await page.goto(address("/fields?object=Contact&field=MobilePhone"));
  await signIn(page, "administrator", "zh");
  await page.getByText("13800138000").or(page.locator("#sample")).first().waitFor();
  await page.getByRole("combobox", { name: "脱敏方式" }).click();
  await page.getByTitle("保留首尾字符").click();
  expect(await page.locator("output").textContent()).toBe("138****8000");
  await axeClean(page);
  for (const path of [
    "/fields?object=Account",
    "/access-map",
    "/objects?object=Account",
    "/sets/Sales_Core/compare?with=Sales_Insight",
    "/set-groups/Sales_Kit/matrix",
    "/sharing?tab=baselines",
  ]) {
    await page.goto(address(path));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await axeClean(page);
  }
  expect(faults).toEqual([]);
  await close();
}, 120_000);
