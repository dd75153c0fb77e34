import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { axeClean, open } from "./browser";
import { guan, said, stop } from "./server";

type First = { address: string; administrator: { user: string; password: string } };

const SAYS = {
  en: {
    signIn: "Sign in",
    must: "Choose your own password",
    given: "Password you were given",
    next: "New password",
    again: "New password again",
    change: "Change and go on",
    title: "Setup",
    name: "Name",
    preview: "Preview",
    apply: /^Apply/,
    reason: /reason/i,
    go: "Next",
    skip: "Skip",
    lines: "Lines",
    read: "3 lines understood",
    people: "2 lines understood",
    done: "done",
    checklist: "Checklist",
  },
  zh: {
    signIn: "登录",
    must: "设置您自己的密码",
    given: "收到的密码",
    next: "新密码",
    again: "再次输入新密码",
    change: "修改并继续",
    title: "初始化向导",
    name: "名称",
    preview: "预览",
    apply: /^(应用|保存|确认)/,
    reason: /原因|理由/,
    go: "下一步",
    skip: "跳过",
    lines: "内容",
    read: "已识别 3 行",
    people: "已识别 2 行",
    done: "已完成",
    checklist: "检查清单",
  },
} as const;
const PASSWORD = "nine blue herons wait at the weir";
const DEPARTMENTS = "hq, Head office\nsales, Sales, hq\nservice, Service, hq";
const PEOPLE = "mei@example.com, Mei, sales, head\nbo@example.com, Bo, sales";

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`an empty installation is set up by its first administrator: ${language}`, async () => {
    const data = mkdtempSync(join(tmpdir(), "guan-first-"));
    const line = ["serve", "--listen", "127.0.0.1:0", "--log", "off", "--format", "json"];
    const server = spawn(guan, line, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, GUAN_DATA: data },
    });
    const first = await said<First>(server);
    const { page, faults, close } = await open({ language });
    await page.goto(first.address);
    await page.fill("#user", first.administrator.user);
    await page.fill("#password", first.administrator.password);
    await page.getByRole("button", { name: say.signIn, exact: true }).click();
    await page.getByRole("heading", { name: say.must }).waitFor();
    await axeClean(page);
    await page.getByLabel(say.given, { exact: true }).fill(first.administrator.password);
    await page.getByLabel(say.next, { exact: true }).fill(PASSWORD);
    await page.getByLabel(say.again, { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: say.change }).click();
    await page.locator("nav.rail").first().waitFor();

    const apply = async () => {
      await page.getByRole("button", { name: say.preview, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox").first().fill("first start");
      await axeClean(page);
      await dialog.locator(".ant-btn-primary").click();
      await dialog.waitFor({ state: "detached", timeout: 30_000 });
    };
    const go = () => page.getByRole("button", { name: say.go, exact: true }).click();
    await page.goto(`${first.address}/setup`);
    await page.getByRole("heading", { name: say.title, level: 1 }).waitFor();
    await axeClean(page);
    await page.getByRole("textbox", { name: say.name }).fill("Blue Herons Ltd");
    await apply();
    await page.goto(`${first.address}/setup?step=import`);
    await page.getByRole("button", { name: say.skip, exact: true }).click();
    await page.getByRole("textbox", { name: say.lines }).fill(DEPARTMENTS);
    await page.getByText(say.read).waitFor();
    await apply();
    await go();
    await page.getByRole("textbox", { name: say.lines }).fill(PEOPLE);
    await page.getByText(say.people).waitFor();
    await apply();
    await go();
    await page.goto(`${first.address}/setup?step=finish`);
    await page.getByRole("heading", { name: say.checklist }).waitFor();
    // Organization, departments, people, and the objects that the starter brings.
    await expect.poll(() => page.locator(".rows .allow").count()).toBeGreaterThanOrEqual(3);
    await axeClean(page);
    // What was made counts: the people are there.
    await page.goto(`${first.address}/users`);
    await page.getByText("mei@example.com").first().waitFor();
    expect(faults).toEqual([]);
    await close();
    await stop(server);
    rmSync(data, { recursive: true, force: true });
  }, 180_000);
}
