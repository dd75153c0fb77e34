/**
 * `npm run shots`: a picture of every screen, in both languages, light and dark; main screens also narrow, and printed.
 * `GUAN_SHOTS_ONLY="zh light"` takes those of one language and look alone.
 */
import type { Page } from "playwright-core";
import { beforeAll, test } from "vitest";
import { address, type Language, open, SHOTS, shot, signIn } from "./browser";
import { caller, foreign, openWindow, SALES } from "./calls";

const languages: readonly Language[] = ["en", "zh"];

/** Screens that no menu leads to, and screens with something open in them. */
const ALSO = [
  "/records/Account?new=1",
  "/records/Account?group=Industry",
  `/users?user=${SALES}&tab=effective`,
  `/users?user=${SALES}&tab=sources`,
  `/users?user=${SALES}`,
  `/users?user=${SALES}&tab=owned`,
  `/users?user=${SALES}&tab=sessions`,
  `/users?user=${SALES}&tab=history`,
  `/users/${SALES}/matrix`,
  "/structure?view=chart",
  "/structure?node=Marketing",
  "/structure?tab=groups&group=Deal_Desk",
  "/sets/Sales_Core/matrix",
  "/sets/Sales_Core/compare?with=Sales_Insight",
  "/fields?object=Contact&field=MobilePhone",
  "/sharing?tab=baselines",
  "/sharing?tab=rules&entity=Account/criteria/Strategic_Accounts_to_Finance",
  "/sharing?tab=restrictions",
  "/set-groups/Sales_Kit/matrix",
  "/objects?object=Account",
  "/revisions?revision=1",
  `/compare?first=${SALES}&second=wang.fang@lanhai.example`,
  "/compare?kind=sets&first=set:Sales_Core&second=set:Sales_Insight",
  "/compare?kind=revisions&first=1&second=2",
  `/view-as?who=${SALES}`,
  "/grants?add=yes",
  "/grants?view=time",
  "/delegations?delegation=new",
  "/requests?show=all",
  "/requests?ask=yes&object=Account",
  "/waiting-edits?show=all",
  "/audit?tab=windows",
  "/audit?row=1",
  "/audit?tab=configuration",
  "/audit?tab=decisions",
  "/switch/new",
  "/switch/settings",
  "/setup?step=organization",
  "/setup?step=import",
  "/setup?step=departments",
  "/setup?step=people",
  "/setup?step=access",
  "/setup?step=trying",
  "/setup?step=safety",
  "/setup?step=finish",
  "/guide/off-switch",
  "/no/such/screen",
];

/** Screens that are looked at on a narrow window too. */
const NARROW = [
  "/",
  "/records/Account",
  "/users",
  "/sets/Sales_Core/matrix",
  "/switch",
  "/switch/new",
];
/** What an auditor prints. */
const PRINTED = ["/audit", "/sets/Sales_Core/matrix", `/users/${SALES}/matrix`];

/** Screens of what was made to happen before the pictures. */
const made: string[] = [];

// There is something to be seen on every screen: a record, a question, a request, a window with its report, edits that wait.
beforeAll(async () => {
  const [sales, administrator] = [await caller("sales"), await caller("administrator")];
  const record = await foreign(SALES);
  const ask = { action: "read", object: "Account", record, length_s: 604_800 };
  const reason = "The offer is due 报价到期";
  const asked = await sales("POST", "/api/v1/access-requests", { ...ask, reason });
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
  const closeWindow = await openWindow("clean up duplicates 合并重复客户");
  const question = { session: {}, action: "read", object: "Account", record };
  await sales("POST", "/api/v1/check", question);
  for (const name of ["Firms", "Companies"]) {
    const body = { content: { name } };
    await administrator("PATCH", "/api/v1/objects/Account", body, { "if-match": "*" });
  }
  await closeWindow();
  const { request } = await openWindow("quarter end 季末");
  const explained = `/explain?${new URLSearchParams({ tab: "who-can", act: "read", object: "Account", record })}`;
  made.push(
    `/records/Account/${record}`,
    `/requests?show=all&request=${asked.id}`,
    `/explain?${new URLSearchParams({ who: SALES, act: "read", object: "Account", record })}`,
    explained,
    `/switch/${closeWindow.request}`,
    `/switch/${closeWindow.request}/report`,
    `/switch/${closeWindow.request}/undo`,
    `/switch/${closeWindow.request}?tab=preview`,
    `/switch/${closeWindow.request}?tab=timeline`,
    "/pools?pool=lead_pool",
    `${explained}&view=graph`,
    `/switch/${request}`,
  );
}, 120_000);

const OWN = "/records/Account/0015g000000CaRhAAK";

/** What opens by a button, not by an address: by the sales person and by the administrator. */
async function opened(page: Page, at: 0 | 1, take: (screen: string) => Promise<unknown>) {
  const press = (words: readonly [string, string]) =>
    page.getByRole("button", { name: words[at], exact: true }).first().click();
  await page.goto(address(OWN));
  await take("record-own");
  await press(["Edit", "编辑"]);
  await page.getByRole("dialog").waitFor();
  await take("record-edit");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await press(["Share", "共享"]);
  await page.getByRole("dialog").waitFor();
  await take("record-share");
  await page.keyboard.press("Escape");
  await page.goto(address("/records/Account"));
  await press(["Filters", "筛选"]);
  await take("records-filters");
}

async function administered(page: Page, at: 0 | 1, take: (screen: string) => Promise<unknown>) {
  await page.goto(address("/sets/Sales_Core/matrix"));
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+Home");
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "4"]) {
    await page.keyboard.press(key);
  }
  await take("matrix-changed");
  await page.getByRole("button", { name: ["Review & save", "查看影响并保存"][at] ?? "" }).click();
  await take("matrix-review");
  await page.goto(address("/switch/new"));
  await page.getByRole("checkbox", { name: ["Opportunities", "商机"][at] ?? "" }).check();
  await page
    .getByRole("combobox", { name: ["People", "人员"][at] ?? "", exact: true })
    .fill("li.wei");
  await page.getByTitle(SALES).first().click();
  await page
    .getByRole("textbox", { name: ["Reason", "原因"][at] ?? "", exact: true })
    .fill("季末 Quarter end");
  await take("switch-new-filled");
  await page
    .getByRole("button", { name: ["See what it would change", "查看影响"][at] ?? "" })
    .click();
  await page
    .getByRole("button", { name: ["Back up and ask for approval", "备份并提交审批"][at] ?? "" })
    .waitFor();
  await take("switch-previewed");
}

const wanted = process.env.GUAN_SHOTS_ONLY;

for (const language of languages) {
  for (const look of ["light", "dark"] as const) {
    const dark = look === "dark";
    test.skipIf(wanted && wanted !== `${language} ${look}`)(
      `pictures of every screen: ${language}, ${look}`,
      async () => {
        const { page, close } = await open({ language, dark });
        const take = (screen: string) => shot(page, `${screen}-${language}-${look}`);
        const nameOf = (path: string) =>
          path.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "") || "overview";
        const at = language === "en" ? 0 : 1;
        await page.goto(address("/"));
        await page.locator("#user").waitFor();
        await take("sign-in");
        await signIn(page, "administrator", language);
        const links = await page
          .locator("aside nav a")
          .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? "/"));
        const more = process.env.GUAN_SHOTS_ALSO?.split(" ") ?? [];
        for (const path of [...links, ...ALSO, ...made, ...more]) {
          await page.goto(address(path));
          await take(nameOf(path));
        }
        await administered(page, at, take);
        if (!dark) {
          await page.setViewportSize({ width: 768, height: 1024 });
          for (const path of NARROW) {
            await page.goto(address(path));
            await take(`narrow-${nameOf(path)}`);
          }
          await page.setViewportSize({ width: 1366, height: 768 });
          await page.emulateMedia({ media: "print" });
          for (const path of [...PRINTED, ...made.filter((one) => one.endsWith("/report"))]) {
            await page.goto(address(path));
            await take(`print-${nameOf(path)}`);
          }
        }
        await close();
        const sales = await open({ language, dark });
        await sales.page.goto(address("/"));
        await signIn(sales.page, "sales", language);
        await opened(sales.page, at, (screen) => shot(sales.page, `${screen}-${language}-${look}`));
        await sales.close();
        process.stdout.write(`pictures in ${SHOTS}\n`);
      },
      900_000,
    );
  }
}
