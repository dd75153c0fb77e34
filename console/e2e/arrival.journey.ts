import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";

const SAYS = {
  en: {
    customers: "Customers",
    menu: "Main menu",
    leads: "Leads",
    create: "New lead",
    last: "Last name",
    company: "Company",
    phone: "Phone",
    save: "Save",
    anyway: "Save anyway",
    odd: "This does not look like a phone number.",
  },
  zh: {
    customers: "客户",
    menu: "主菜单",
    leads: "线索",
    create: "新建线索",
    last: "姓",
    company: "公司",
    phone: "电话",
    save: "保存",
    anyway: "仍然保存",
    odd: "这不像电话号码。",
  },
} as const;

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`who sells arrives at the customers, and on a narrow window finds the rest behind a button: ${language}`, async () => {
    const { page, faults, close } = await open({ language, dark: language === "zh" });
    const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await page.goto(address("/"));
    await signIn(page, "sales", language);
    await heading(say.customers);
    expect(new URL(page.url()).pathname).toBe("/records/Account");

    await page.setViewportSize({ width: 768, height: 1024 });
    const menu = button(say.menu);
    await menu.waitFor();
    expect(await page.locator("nav.rail").count()).toBe(0);
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("link", { name: say.leads }).waitFor();
    await axeClean(page);
    // Away by the key, back at its button, and away by a choice.
    await page.keyboard.press("Escape");
    await page.locator("nav.rail").waitFor({ state: "hidden" });
    await expect.poll(() => menu.evaluate((it) => it === document.activeElement)).toBe(true);
    await menu.click();
    await page.getByRole("dialog").getByRole("link", { name: say.leads }).click();
    await heading(say.leads);
    await page.locator("nav.rail").waitFor({ state: "hidden" });
    await axeClean(page);

    // A drawer gives the focus back to what opened it.
    const create = button(say.create);
    const form = page.getByRole("dialog");
    await create.focus();
    await page.keyboard.press("Enter");
    await form.waitFor();
    const inside = () => document.activeElement?.closest(".ant-drawer") != null;
    await expect.poll(() => page.evaluate(inside)).toBe(true);
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "hidden" });
    await expect.poll(() => create.evaluate((it) => it === document.activeElement)).toBe(true);

    // A value that looks odd is asked about once; whoever saves again means it.
    await create.click();
    await form.getByLabel(say.last, { exact: true }).fill(`Narrow ${language}`);
    await form.getByLabel(say.company, { exact: true }).fill("Halle 7");
    await form.getByLabel(say.phone, { exact: true }).fill("call me");
    await form.getByRole("button", { name: say.save, exact: true }).click();
    await form.getByText(say.odd).waitFor();
    await axeClean(page);
    await form.getByRole("button", { name: say.anyway, exact: true }).click();
    await form.waitFor({ state: "hidden" });
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
