import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";

test("an administrator signs in, reads the users in both languages, and signs out", async () => {
  const { page, faults, close } = await open();
  await page.goto(address("/users"));
  await page.locator("#user").waitFor();
  await axeClean(page);
  await signIn(page, "administrator");
  await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();
  await axeClean(page);

  await page.getByLabel("Name, user id or e-mail").fill("wang");
  await page
    .getByRole("button", { name: "wang.fang@lanhai.example" })
    .or(page.locator("[title='wang.fang@lanhai.example']"))
    .first()
    .click();
  await page.getByRole("tab", { name: "Profile" }).waitFor();
  expect(page.url()).toContain("user=wang.fang");
  await page.getByRole("tab", { name: "Sign-in & sessions" }).click();
  await page.getByText("Failed attempts").waitFor();
  await axeClean(page);
  await page.goBack();

  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { name: "用户", level: 1 }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
  await page.reload();
  await page.getByRole("heading", { name: "用户", level: 1 }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "输入页面或任务" }).fill("turn off");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: /账户/ }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await page.locator("#password").waitFor();
  expect(faults).toEqual([]);
  await close();
});

test("a sales person sees no screen of the administration, and is told so at its address", async () => {
  const { page, faults, close } = await open();
  await page.goto(address("/users"));
  await signIn(page, "sales");
  await page.getByRole("heading", { name: "Not open to you" }).waitFor();
  expect(await page.getByRole("navigation").getByText("Users").count()).toBe(0);
  await page.goto(address("/no/such/screen"));
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  await axeClean(page);
  expect(faults).toEqual([]);
  await close();
});

test("a wrong password is told in words, and nothing opens", async () => {
  const { page, close } = await open({ language: "zh" });
  await page.goto(address("/"));
  await page.fill("#user", "nobody@lanhai.example");
  await page.fill("#password", "not the password");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByText("用户名或密码不正确。").waitFor();
  await close();
});
