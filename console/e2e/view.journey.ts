import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { foreign } from "./calls";

const SALES = "li.wei@lanhai.example";
const SAYS = {
  en: {
    reason: "Reason",
    begin: "Begin",
    frame: /views as Li Wei|views as .*li\.wei/i,
    end: "End",
    not: "Not while you see as somebody else",
    missing: "Not found",
    title: "View as",
    row: /Seen as somebody else/,
  },
  zh: {
    reason: "原因",
    begin: "开始",
    frame: /正以 .* 的视角查看/,
    end: "结束",
    not: "以他人视角查看时不可用",
    missing: "未找到",
    title: "以用户视角查看",
    row: /以用户视角查看/,
  },
} as const;

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`an administrator sees as a sales person sees, and everybody knows it: ${language}`, async () => {
    const record = await foreign(SALES);
    const { page, faults, close } = await open({ language, dark: language === "en" });
    await page.goto(address(`/view-as?who=${SALES}`));
    await signIn(page, "administrator", language);
    await axeClean(page);
    await page.getByRole("textbox", { name: say.reason }).fill("Ticket 4711");
    await page.getByRole("button", { name: say.begin, exact: true }).click();
    await page.locator(".band.viewing").getByText(say.frame).waitFor();
    await page.getByRole("table").first().waitFor();
    await axeClean(page);
    // The menu is theirs; what administrates is closed, in this tab alone, also after a reload.
    expect(await page.locator("nav.rail a").count()).toBeLessThan(8);
    await page.reload();
    await page.locator(".band.viewing").waitFor();
    await page.goto(address(`/records/Account/${record}`));
    await page.getByRole("heading", { name: say.missing }).waitFor();
    await page.goto(address("/users"));
    await page.locator(".state").first().waitFor();
    await page.goto(address("/account"));
    await page.getByText(say.not).first().waitFor();
    await axeClean(page);
    await page.getByRole("button", { name: say.end, exact: true }).click();
    await page.getByRole("heading", { name: say.title, level: 1 }).waitFor();
    expect(await page.locator(".band.viewing").count()).toBe(0);
    await page.goto(address("/audit?tab=data"));
    await page.getByRole("cell", { name: say.row }).first().waitFor();
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
