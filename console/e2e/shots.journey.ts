/** `npm run shots`: a picture of every screen, in both languages, light and dark. */
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
  "/structure?node=Marketing",
  "/structure?tab=groups&group=Deal_Desk",
  "/sets/Sales_Core/matrix",
  "/sets/Sales_Core/compare?with=Sales_Insight",
  "/fields?object=Contact&field=MobilePhone",
  "/sharing?tab=rules",
  "/objects?object=Account",
  "/revisions?revision=1",
  `/compare?first=${SALES}&second=wang.fang@lanhai.example`,
  `/view-as?who=${SALES}`,
  "/grants?add=yes",
  "/delegations?delegation=new",
  "/requests?show=all",
  "/requests?ask=yes&object=Account",
  "/waiting-edits?show=all",
  "/audit?tab=windows",
  "/audit?row=1",
  "/switch/new",
  "/switch/settings",
  "/setup?step=departments",
  "/setup?step=finish",
  "/guide/off-switch",
  "/no/such/screen",
];

/** Screens of what was made to happen before the pictures. */
const made: string[] = [];

// There is something to be seen on every screen: a record, a question, a request, a window with its report, edits that wait.
beforeAll(async () => {
  const [sales, administrator] = [await caller("sales"), await caller("administrator")];
  const record = await foreign(SALES);
  const ask = { action: "read", object: "Account", record, length_s: 604_800 };
  const reason = "The offer is due 报价到期";
  const asked = await sales("POST", "/api/v1/access-requests", { ...ask, reason });
  const closeWindow = await openWindow("clean up duplicates 合并重复客户");
  const question = { session: {}, action: "read", object: "Account", record };
  await sales("POST", "/api/v1/check", question);
  for (const name of ["Firms", "Companies"]) {
    const body = { content: { name } };
    await administrator("PATCH", "/api/v1/objects/Account", body, { "if-match": "*" });
  }
  await closeWindow();
  const { request } = await openWindow("quarter end 季末");
  made.push(
    `/records/Account/${record}`,
    `/requests?show=all&request=${asked.id}`,
    `/explain?${new URLSearchParams({ who: SALES, act: "read", object: "Account", record })}`,
    `/explain?${new URLSearchParams({ tab: "who-can", act: "read", object: "Account", record })}`,
    `/switch/${closeWindow.request}`,
    `/switch/${closeWindow.request}/report`,
    `/switch/${request}`,
  );
}, 120_000);

for (const language of languages) {
  for (const dark of [false, true]) {
    test(`pictures of every screen: ${language}, ${dark ? "dark" : "light"}`, async () => {
      const { page, close } = await open({ language, dark });
      const name = (screen: string) => `${screen}-${language}-${dark ? "dark" : "light"}`;
      await page.goto(address("/"));
      await page.locator("#user").waitFor();
      await shot(page, name("sign-in"));
      await signIn(page, "administrator", language);
      const links = await page
        .locator("aside nav a")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? "/"));
      const more = process.env.GUAN_SHOTS_ALSO?.split(" ") ?? [];
      for (const path of [...links, ...ALSO, ...made, ...more]) {
        await page.goto(address(path));
        const screen = path.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "") || "overview";
        await shot(page, name(screen));
      }
      process.stdout.write(`pictures in ${SHOTS}\n`);
      await close();
    }, 900_000);
  }
}
