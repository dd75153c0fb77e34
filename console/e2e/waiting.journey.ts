import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { caller, openWindow } from "./calls";

const SAYS = {
  en: {
    badge: /^Edits? waits? for its window/,
    show: /^Look e-/,
    changes: "What it changes",
    decide: /to decide/,
    conflicts: "Changed by two people",
    take: "The edit",
    resolve: "Apply the decisions",
    applied: "Applied",
    nothing: "No edit waits",
    all: "All",
  },
  zh: {
    badge: /^等待窗口结束的修改/,
    show: /^查看 e-/,
    changes: "修改明细",
    decide: /待决定的修改/,
    conflicts: "被两人同时修改",
    take: "此修改",
    resolve: "应用决定",
    applied: "已生效",
    nothing: "没有等待中的修改",
    all: "全部",
  },
} as const;

/** Gives an object another name while a window over it is open. */
async function rename(name: string): Promise<number> {
  const administrator = await caller("administrator");
  const body = { content: { name } };
  const answer = await administrator("PATCH", "/api/v1/objects/Account", body, { "if-match": "*" });
  return Number(answer.status);
}

for (const language of ["en", "zh"] as const) {
  const say = SAYS[language];
  test(`edits inside the scope of a window wait, and a person decides their conflict: ${language}`, async () => {
    const closeWindow = await openWindow(`tidy up ${language}`);
    expect([await rename(`Firm ${language}`), await rename(`Company ${language}`)]).toEqual([
      202, 202,
    ]);
    const { page, faults, close } = await open({ language });
    await page.goto(address("/"));
    await signIn(page, "administrator", language);
    await page.getByRole("link", { name: say.badge }).click();
    await page.getByRole("button", { name: say.show }).nth(1).waitFor();
    await axeClean(page);
    await page.getByRole("button", { name: say.show }).first().click();
    await page.getByRole("heading", { name: say.changes }).waitFor();
    await page.getByText(`Company ${language}`).first().waitFor();
    await axeClean(page);

    await closeWindow();
    await page.goto(address("/"));
    await page.getByRole("link", { name: say.decide }).click();
    await page.getByRole("button", { name: say.show }).first().click();
    await page.getByRole("heading", { name: say.conflicts }).waitFor();
    await axeClean(page);
    await page.getByRole("radio", { name: say.take }).check();
    await page.getByRole("button", { name: say.resolve }).click();
    await page.getByText(say.nothing).waitFor();
    await page.getByText(say.all, { exact: true }).click();
    expect(await page.getByText(say.applied, { exact: true }).count()).toBeGreaterThan(1);
    const administrator = await caller("administrator");
    const { content } = (await administrator("GET", "/api/v1/objects/Account")) as {
      content: { name: string };
    };
    expect(content.name).toBe(`Company ${language}`);
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
