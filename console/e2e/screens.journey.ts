import { expect, test } from "vitest";
import { address, axeClean, type Language, open, signIn } from "./browser";

const WHO = "li.wei@lanhai.example";
/** Screens that are mostly read, each with something open in it. */
const PLACES = [
  "/users?status=active",
  `/users?user=${WHO}&tab=sources`,
  `/users?user=${WHO}&tab=effective`,
  `/users?user=${WHO}&tab=owned`,
  `/users?user=${WHO}&tab=history`,
  "/structure?node=Marketing",
  "/structure?tab=groups&group=Deal_Desk",
  `/compare?first=${WHO}&second=wang.fang@lanhai.example`,
  "/compare?kind=sets&first=set:Sales_Core&second=set:Sales_Insight",
  "/compare?kind=revisions&first=1&second=2",
  `/view-as?who=${WHO}&object=Account`,
  "/grants?show=ended",
  "/grants?add=yes",
  "/audit?tab=configuration",
  "/audit?row=1",
  "/explain",
  "/tokens",
  "/playground",
  "/backups",
  "/imports",
  "/delegations?delegation=new",
  "/account",
  "/setup?step=people",
  "/setup?step=finish",
];

for (const [language, dark] of [
  ["en", false],
  ["zh", true],
] as const satisfies readonly (readonly [Language, boolean])[]) {
  test(`screens of people, access and audit have no barrier: ${language}`, async () => {
    const { page, faults, close } = await open({ language, dark });
    await page.goto(address("/"));
    await signIn(page, "administrator", language);
    for (const place of PLACES) {
      await page.goto(address(place));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await axeClean(page).catch((fault) => {
        throw new Error(`${place}: ${fault.message}\n${JSON.stringify(fault.actual, null, 1)}`);
      });
    }
    expect(faults).toEqual([]);
    await close();
  }, 240_000);
}
