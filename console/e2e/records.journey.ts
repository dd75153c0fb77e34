import { beforeAll, expect, test } from "vitest";
import { address, axeClean, type Language, open, type Role, signIn } from "./browser";
import { demo } from "./server";

type Calling = (method: string, path: string, body?: unknown, etag?: string) => Promise<Response>;

/** Somebody who works at the same time, without a browser. */
async function somebody(role: Role): Promise<Calling> {
  const account = demo().accounts.find((one) => one.role === role);
  const origin = demo().address;
  const signedIn = await fetch(address("/api/v1/sessions"), {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ user: account?.user, password: account?.password }),
  });
  const { csrf } = (await signedIn.json()) as { csrf: string };
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return (method, path, body, etag) =>
    fetch(address(path), {
      method,
      headers: {
        "content-type": "application/json",
        "x-csrf-token": csrf,
        origin,
        cookie,
        ...(etag && { "if-match": etag }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

const SALES = "li.wei@lanhai.example";
const CUSTOMER = "/api/v1/records/Account/0015g000000CaRhAAK";
/** Her contact with an identity number, which she sees masked. */
const CONTACT = "/records/Contact/0035g000000CaRhAAK";
const CLAIMING = { Lead: { actions: { read: "reachable", claim: "reachable" } } };
const REVEALING = { Contact: { actions: { reveal: "reachable" } } };
const MASKED = { Contact: { ID_Number__c: "masked" } };

beforeAll(async () => {
  const administrator = await somebody("administrator");
  await administrator("POST", "/api/v1/pools", {
    id: "lead_pool",
    content: {
      object: "Lead",
      name: "Leads of the fair 展会线索",
      members: ["internal"],
      members_view: true,
      members_claim: true,
      rules: { claims_a_day_max: 50 },
    },
  });
  await administrator("POST", "/api/v1/permission-sets", {
    id: "Claiming",
    content: { name: "Claiming", kind: "permission_set", objects: CLAIMING },
  });
  await administrator("POST", "/api/v1/actions", { id: "reveal", content: { needs: "read" } });
  await administrator("POST", "/api/v1/permission-sets", {
    id: "Revealing",
    content: {
      name: "Revealing",
      kind: "permission_set",
      objects: REVEALING,
      fields: MASKED,
    },
  });
  for (const set of ["Claiming", "Revealing"]) {
    await administrator("POST", "/api/v1/assignments", {
      id: `${set}_of_sales`,
      content: { what: `set:${set}`, to: `user:${SALES}` },
    });
  }
});

const WORDS = {
  en: {
    customers: "Customers",
    search: "Search customers",
    edit: "Edit",
    phone: "Phone",
    save: "Save",
    kept: "What you had not saved is back.",
    conflict: "Somebody else changed this meanwhile",
    take: "Take the present value of Phone",
    overwrite: "Save with these choices",
    share: "Share",
    who: "Who",
    byHand: "Shared by hand",
    pools: "Public pools",
    waiting: "Waiting leads",
    claim: "Claim",
    claimed: "It is yours now.",
    export: "Export",
    csv: "As CSV",
    refused: "Your role does not include this.",
    why: /see why|See the explanation/,
    missing: "Not found",
    above: /^Above .* in the organization/,
    reveal: /^Reveal ID Number/,
    need: "Why do you need it?",
    show: "Reveal",
    hide: /^Hide ID Number/,
    owner: "Change owner",
    would: /2 records get the new owner/,
    filters: "Filters",
    apply: "Apply",
    tier: "Tier",
  },
  zh: {
    customers: "客户",
    search: "搜索客户",
    edit: "编辑",
    phone: "电话",
    save: "保存",
    kept: "已恢复您尚未保存的内容。",
    conflict: "内容已被他人修改",
    take: "电话：采用当前值",
    overwrite: "按所选保存",
    share: "共享",
    who: "人员",
    byHand: "手动共享",
    pools: "公海",
    waiting: "待领取的线索",
    claim: "领取",
    claimed: "已领取，您现在是负责人。",
    export: "导出",
    csv: "导出为 CSV",
    refused: "您的角色不包含此项操作。",
    why: /查看原因|查看说明/,
    missing: "未找到",
    above: /的上级$/,
    reveal: /^显示“证件号码”的明文/,
    need: "查看理由",
    show: "显示明文",
    hide: /^重新隐藏“证件号码”/,
    owner: "更换负责人",
    would: /2 条将更换负责人/,
    filters: "筛选",
    apply: "查询",
    tier: "客户等级",
  },
} as const;

const languages: readonly Language[] = ["en", "zh"];

for (const language of languages) {
  test(`the day of a sales person (${language})`, async () => {
    const say = WORDS[language];
    // Another number for each run: what changes nothing is refused.
    const run = String(Date.now()).slice(-4);
    const manager = await somebody("manager");
    const made = await manager("POST", "/api/v1/records/Lead", {
      fields: { LastName: `Fair ${language}`, Company: "Halle 7" },
    });
    const lead = ((await made.json()) as { id: string }).id;
    await manager("POST", `/api/v1/records/Lead/${lead}/return`, { pool: "lead_pool" });

    const { page, faults, close } = await open({ language });
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await page.goto(address("/records/Account"));
    await signIn(page, "sales", language);
    await page.getByRole("heading", { name: say.customers, level: 1 }).waitFor();
    await page.getByRole("row").nth(2).waitFor();
    await axeClean(page);

    // Filters by type, then the search: the customer is found.
    await button(say.filters).click();
    await axeClean(page);
    await page.getByRole("combobox", { name: say.tier }).click();
    await page.getByTitle(/^B \(/).click();
    await page.keyboard.press("Escape");
    await button(say.apply).click();
    await page.waitForURL(/f\.Tier__c=B/);
    await page.getByLabel(say.search).fill("南屿");
    const name = page.getByRole("link", { name: "深圳南屿精密仪器有限公司" });
    await page.waitForURL(/q=/);
    await name.click();
    await page.getByRole("heading", { name: "深圳南屿精密仪器有限公司", level: 1 }).waitFor();
    await axeClean(page);

    // What is filled in survives a reload; a change of somebody else in between shows both values.
    await button(say.edit).click();
    const phone = page.getByRole("textbox", { name: say.phone });
    await phone.fill(`+86 100 0001 ${run}`);
    await page.reload();
    await page.getByText(say.kept).waitFor();
    await axeClean(page);
    const theirs = `+86 100 0002 ${run}`;
    const changed = await manager("PATCH", CUSTOMER, { fields: { Phone: theirs } }, "*");
    expect(changed.status).toBe(200);
    await button(say.save).click();
    await page.getByText(say.conflict).waitFor();
    await page.getByText(theirs).first().waitFor();
    await axeClean(page);
    await page.getByRole("radio", { name: say.take }).check();
    await button(say.overwrite).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByText(theirs).waitFor();

    // Shared with a colleague, who is listed with the reason.
    await button(say.share).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: say.who }).fill("bai.xue");
    await page
      .locator(".ant-select-dropdown")
      .getByTitle(/bai\.xue@/)
      .click();
    await dialog.getByRole("button", { name: say.share, exact: true }).click();
    await dialog.getByText(say.byHand).first().waitFor();
    await axeClean(page);
    await page.keyboard.press("Escape");

    // Whoever may share it sees who else reads it and why.
    await button(say.share).click();
    await page.getByRole("dialog").getByText(say.above).first().waitFor();
    await page.keyboard.press("Escape");

    // A masked number is shown once, with a reason.
    await page.goto(address(CONTACT));
    await page.getByRole("button", { name: say.reveal }).click();
    await page.getByLabel(say.need).fill("Call about the delivery");
    await axeClean(page);
    await page.getByRole("dialog").getByRole("button", { name: say.show, exact: true }).click();
    await page.getByRole("button", { name: say.hide }).waitFor();

    // Another owner for several records is tried before it is done.
    await page.goto(address("/records/Opportunity"));
    await page.getByRole("checkbox").nth(1).check();
    await page.getByRole("checkbox").nth(2).check();
    await button(say.owner).click();
    await page.getByRole("dialog").getByRole("combobox").fill("bai.xue");
    await page
      .locator(".ant-select-dropdown")
      .getByTitle(/bai\.xue@/)
      .click();
    await page.getByText(say.would).waitFor();
    await axeClean(page);
    await page.keyboard.press("Escape");

    // A lead of the pool is claimed.
    await page.getByRole("link", { name: say.pools }).click();
    await page.getByRole("link", { name: say.waiting }).click();
    await page
      .getByRole("link", { name: new RegExp(`Fair ${language}`) })
      .first()
      .click();
    await button(say.claim).click();
    await page.getByRole("dialog").getByRole("button", { name: say.claim, exact: true }).click();
    await page.getByText(say.claimed).waitFor();
    await axeClean(page);

    // An export that is refused says why, and leads to its explanation.
    await page.goto(address("/records/Account"));
    await button(say.export).click();
    await page.getByRole("menuitem", { name: say.csv }).click();
    await page.getByText(say.refused).waitFor();
    await axeClean(page);
    const why = page.getByRole("link", { name: say.why });
    expect(await why.getAttribute("href")).toContain("/explain");

    // What is not there and what is secret look the same.
    await page.goto(address("/records/Account/nobody"));
    await page.getByRole("heading", { name: say.missing }).waitFor();
    await axeClean(page);
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
