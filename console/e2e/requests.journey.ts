import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { foreign } from "./calls";

const SALES = "li.wei@lanhai.example";
const SAYS = {
  en: {
    missing: "Not found",
    ask: "Ask for access",
    reason: "Reason",
    send: "Send the request",
    mine: "Asked by me",
    open: "Open",
    badge: /^Access to decide/,
    show: /^Look a-/,
    grant: "Grant",
    unreachable: "Guan cannot be reached",
    granted: "Granted",
    until: /^until \d{4}-/,
    refuse: "Refuse",
    words: "Answer",
    refused: "Refused",
  },
  zh: {
    missing: "未找到",
    ask: "申请访问",
    reason: "申请理由",
    send: "提交申请",
    mine: "我的申请",
    open: "待审批",
    badge: /^待审批的访问/,
    show: /^查看 a-/,
    grant: "授权",
    unreachable: "无法连接 Guan",
    granted: "已授权",
    until: /^至 \d{4}-/,
    refuse: "拒绝",
    words: "答复",
    refused: "已拒绝",
  },
} as const;

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`access is asked for from a refusal, granted for a while, and used: ${language}`, async () => {
    const record = await foreign(SALES);
    const sales = await open({ language });
    await sales.page.goto(address(`/records/Account/${record}`));
    await signIn(sales.page, "sales", language);
    await sales.page.getByRole("heading", { name: say.missing }).waitFor();
    await axeClean(sales.page);
    await sales.page.getByRole("link", { name: say.ask }).first().click();
    const reason = sales.page.getByRole("textbox", { name: say.reason });
    await reason.fill("The offer is due 报价到期");
    await expect.poll(() => sales.page.locator("#ask-record").inputValue()).toBe(record);
    await axeClean(sales.page);
    await sales.page.getByRole("button", { name: say.send }).click();
    await sales.page.getByRole("cell", { name: say.open }).first().waitFor();
    await axeClean(sales.page);

    const decider = await open({ language, dark: language === "zh" });
    await decider.page.goto(address("/"));
    await signIn(decider.page, "administrator", language);
    await decider.page.getByRole("link", { name: say.badge }).click();
    await axeClean(decider.page);
    await decider.page.getByRole("button", { name: say.show }).first().click();
    await decider.page.getByText("The offer is due 报价到期").last().waitFor();
    await axeClean(decider.page);
    // The network goes in the middle: nothing happened, what was entered stays, and it is done again.
    await decider.page.context().setOffline(true);
    await decider.page.getByRole("button", { name: say.grant, exact: true }).click();
    await decider.page.getByText(say.unreachable).first().waitFor();
    await decider.page.context().setOffline(false);
    await decider.page.getByRole("button", { name: say.grant, exact: true }).click();
    await decider.page.getByText(say.until).first().waitFor();
    await axeClean(decider.page);

    await sales.page.goto(address(`/records/Account/${record}`));
    await sales.page.getByRole("heading", { level: 1 }).waitFor();
    expect(await sales.page.getByRole("heading", { name: say.missing }).count()).toBe(0);
    await sales.page.goto(address("/requests?show=mine"));
    await sales.page.getByText(say.granted).first().waitFor();

    // Another one is refused, with an answer.
    const other = await foreign(SALES);
    await sales.page.goto(address(`/requests?ask=yes&object=Account&record=${other}`));
    await sales.page.getByRole("textbox", { name: say.reason }).fill("To look around");
    await sales.page.getByRole("button", { name: say.send }).click();
    await decider.page.goto(address("/requests"));
    await decider.page.getByRole("button", { name: say.show }).first().click();
    const refuse = decider.page.getByRole("button", { name: say.refuse, exact: true });
    expect(await refuse.isDisabled()).toBe(true);
    await decider.page.getByRole("textbox", { name: say.words }).fill("Ask the owner first");
    await refuse.click();
    await decider.page.getByRole("dialog").getByText(say.refused).first().waitFor();
    await sales.page.goto(address("/requests?show=mine"));
    await sales.page.getByRole("cell", { name: say.refused }).first().waitFor();
    expect([...sales.faults, ...decider.faults]).toEqual([]);
    await sales.close();
    await decider.close();
  }, 180_000);
}
