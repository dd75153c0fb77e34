import { expect, test } from "vitest";
import { address, axeClean, open, signIn } from "./browser";
import { project } from "./project";

const WORDS = {
  en: {
    label: "Customer Export, renamed",
    apply: "Apply as a revision",
    report: "Report",
    changes: /^What would change/,
    reason: "Reason",
    applied: "applied",
    approximated: "approximated",
    all: "All imports",
  },
  zh: {
    label: "客户导出（已改名）",
    apply: "应用为修订版",
    report: "报告",
    changes: /^将发生的变化/,
    reason: "原因",
    applied: "已应用",
    approximated: "近似",
    all: "全部导入",
  },
} as const;

for (const language of ["en", "zh"] as const) {
  test(`the sample project is imported: report, differences, one revision: ${language}`, async () => {
    const say = WORDS[language];
    // Another name each time, so that a server that ran the journey before finds a difference too.
    const label = `${say.label} ${process.pid}`;
    const { page, faults, close } = await open({ language });
    await page.goto(address("/imports"));
    await signIn(page, "administrator", language);
    await page.locator("input[type=file]").setInputFiles({
      name: "lanhai.zip",
      mimeType: "application/zip",
      buffer: project(label),
    });
    await page.getByRole("button", { name: say.apply }).waitFor({ timeout: 40_000 });
    await axeClean(page);
    await page.getByRole("tab", { name: say.report }).click();
    await page.getByText(say.approximated, { exact: true }).first().waitFor();
    await axeClean(page);
    await page.getByRole("tab", { name: say.changes }).click();
    await page.getByText(label).waitFor();
    await axeClean(page);

    await page.getByRole("button", { name: say.apply }).click();
    const asking = page.getByRole("dialog");
    await asking.getByLabel(say.reason).fill(label);
    await axeClean(page);
    await asking.getByRole("button", { name: say.apply }).click();
    await page
      .getByRole("status")
      .filter({ hasText: say.applied })
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: say.all }).click();
    await page.getByRole("cell", { name: say.applied, exact: true }).first().waitFor();
    expect(faults).toEqual([]);
    await close();
  }, 120_000);
}
