/** `npm run shots`: a picture of every screen of the menu, in both languages, light and dark. */
import { test } from "vitest";
import { address, type Language, open, SHOTS, shot, signIn } from "./browser";

const wanted = process.env.GUAN_SHOTS !== undefined;
const languages: readonly Language[] = ["en", "zh"];

for (const language of languages) {
  for (const dark of [false, true]) {
    test.runIf(wanted)(
      `pictures of every screen: ${language}, ${dark ? "dark" : "light"}`,
      async () => {
        const { page, close } = await open({ language, dark });
        const name = (screen: string) => `${screen}-${language}-${dark ? "dark" : "light"}`;
        await page.goto(address("/"));
        await page.locator("#user").waitFor();
        await shot(page, name("sign-in"));
        await signIn(page, "administrator", language);
        const links = await page
          .locator("aside nav a")
          .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? "/"));
        for (const path of [
          ...links,
          "/no/such/screen",
          ...(process.env.GUAN_SHOTS_ALSO?.split(" ") ?? []),
        ]) {
          await page.goto(address(path));
          await shot(
            page,
            name(path.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "") || "overview"),
          );
        }
        process.stdout.write(`pictures in ${SHOTS}\n`);
        await close();
      },
      300_000,
    );
  }
}
