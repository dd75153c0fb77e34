import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { caller, foreign } from "./calls";

const WHO = "li.wei@lanhai.example";
const WORDS = {
  en: {
    allowed: "Allowed",
    denied: "Denied",
    stop: "Remove the share",
    who: "Who can",
    graph: "Graph",
    past: /Refusal number/,
  },
  zh: {
    allowed: "允许",
    denied: "拒绝",
    stop: "取消共享",
    who: "谁可以",
    graph: "关系图",
    past: /拒绝编号/,
  },
} as const;

for (const language of ["en", "zh"] as const) {
  test(`why somebody sees a record is found out, and stopped: ${language}`, async () => {
    const say = WORDS[language];
    const id = await foreign(WHO);
    const call = await caller("administrator");
    const { version } = await call("GET", `/api/v1/records/Account/${id}`);
    const shared = await call(
      "POST",
      `/api/v1/records/Account/${id}/shares`,
      { to: `user:${WHO}`, rights: "read" },
      { "if-match": `"${version}"` },
    );
    expect(shared.status).toBeLessThan(300);

    const { page, faults, close } = await open({ language });
    await page.goto(address(`/explain?who=${WHO}&act=read&object=Account&record=${id}`));
    await signIn(page, "administrator", language);
    await page.getByText(say.allowed, { exact: true }).waitFor();
    await axeClean(page);
    await page.getByRole("tab", { name: say.who }).click();
    await page.getByText(say.graph, { exact: true }).click();
    await page.getByRole("row", { name: /李薇/ }).first().waitFor();
    await axeClean(page);
    await page.goto(address(`/explain?who=${WHO}&act=read&object=Account&record=${id}`));

    await page.getByRole("button", { name: say.stop }).click();
    const asking = page.getByRole("dialog");
    await asking.waitFor();
    await axeClean(page);
    await asking.getByRole("button", { name: say.stop }).click();
    await page.getByText(say.denied, { exact: true }).waitFor();
    await axeClean(page);
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}

test("a refusal is found by its reference number, by who was refused and by an administrator", async () => {
  const id = await foreign(WHO);
  const sales = await caller("sales");
  const { reference } = await sales("GET", `/api/v1/records/Account/${id}`);
  for (const role of ["sales", "administrator"] as const) {
    const { page, faults, close } = await open();
    await page.goto(address(`/explain/${reference}`));
    await signIn(page, role);
    await page.getByRole("heading", { name: WORDS.en.past }).waitFor();
    await page.getByText("Denied", { exact: true }).waitFor();
    await axeClean(page);
    expect(faults).toEqual([]);
    await close();
  }
});
