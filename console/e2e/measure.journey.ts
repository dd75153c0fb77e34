/** `npm run measure`: how fast the console is in a browser. `GUAN_RECORDS` says how many customers the large list has. */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { address, open, settled, signIn } from "./browser";
import { guan, said, stop } from "./server";

const RECORDS = Number(process.env.GUAN_RECORDS ?? 1_000_000);
const TIMES = 7;
const SAMPLE = join(import.meta.dirname, "../../examples/lanhai");

const print = (name: string, values: object) =>
  process.stdout.write(`${name}: ${JSON.stringify(values)}\n`);

function spread(times: number[]) {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)];
  return { median_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1), n: sorted.length };
}

/** Until the heading stands and the page has been idle: the end of the last long task that begins before. */
async function interactive(page: Page, ready: string): Promise<number> {
  await page.locator(ready).first().waitFor();
  return page.evaluate(async () => {
    const shown = performance.now();
    let end = shown;
    const watch = new PerformanceObserver((all) => {
      for (const one of all.getEntries()) end = Math.max(end, one.startTime + one.duration);
    });
    watch.observe({ type: "longtask", buffered: true });
    await new Promise((next) => setTimeout(next, 1_000));
    watch.disconnect();
    return end;
  });
}

const loaded = (page: Page) =>
  page.evaluate(() => {
    const all = [
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource"),
    ] as PerformanceResourceTiming[];
    const own = all.filter(({ name }) => !name.includes("/api/"));
    const bytes = own.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    return { files: own.length, kib: Math.round(bytes / 1024) };
  });

test("the first load: how much, and until it can be used", async () => {
  const [gate, overview, users]: number[][] = [[], [], []];
  let size: object = {};
  for (let n = 0; n < TIMES; n += 1) {
    // A cache of its own each time.
    const { page, close } = await open();
    await page.goto(address("/"));
    gate?.push(await interactive(page, "#user"));
    const atGate = await loaded(page);
    await signIn(page, "administrator");
    await settled(page);
    size = { sign_in: atGate, with_overview: await loaded(page) };
    await close();
    const again = await open();
    await again.page.goto(address("/"));
    await signIn(again.page, "administrator");
    const state = await again.page.context().storageState();
    await again.close();
    for (const [path, times] of [
      ["/", overview],
      ["/users", users],
    ] as const) {
      const fresh = await open();
      await fresh.page.context().addCookies(state.cookies);
      await fresh.page.goto(address(path));
      times?.push(await interactive(fresh.page, "h1"));
      await fresh.close();
    }
  }
  print("first load, compressed", size);
  print("interactive, sign-in, nothing cached", spread(gate ?? []));
  print("interactive, overview, nothing cached", spread(overview ?? []));
  print("interactive, users, nothing cached", spread(users ?? []));
  expect(spread(gate ?? []).median_ms).toBeLessThan(2_000);
}, 300_000);

/** An installation of the sample with as many customers as wanted. */
function large(folder: string): { data: string; user: string; password: string } {
  const [project, data] = [join(folder, "project"), join(folder, "data")];
  cpSync(SAMPLE, project, { recursive: true });
  const rows = join(project, "rows");
  const owners = execFileSync("cut", ["-d,", "-f1", join(rows, "User.csv")], { encoding: "utf8" })
    .split("\n")
    .slice(1)
    .map((id) => id.replaceAll('"', ""))
    .filter((id) => id !== "");
  const file = openSync(join(rows, "Account.csv"), "a");
  const line = (n: number) => {
    const id = `0015g00000X${n.toString(36).toUpperCase().padStart(7, "0")}`;
    const owner = owners[n % owners.length];
    return `"${id}","Customer ${n} 客户","${owner}","+86 100 ${n}","https://x${n}.example","Retail","${n % 9_999_999}","上海","China","East China","${"ABC"[n % 3]}","false","false","${n % 1_000_000}",""\n`;
  };
  for (let from = 0; from < RECORDS; from += 10_000) {
    const until = Math.min(from + 10_000, RECORDS);
    writeSync(file, Array.from({ length: until - from }, (_, nth) => line(from + nth)).join(""));
  }
  closeSync(file);
  const env = { ...process.env, GUAN_DATA: data };
  const run = (...line: string[]) =>
    execFileSync(guan, line, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  const begun = Date.now();
  run("init", "--org", "lanhai", "--name", "Lanhai");
  try {
    run("import", "salesforce", project, "--rows", rows, "--yes");
  } catch (fault) {
    // 4 says: done, with losses.
    if ((fault as { status?: number }).status !== 4) throw fault;
  }
  const user = "lin.zhiyuan@lanhai.example";
  const said = JSON.parse(run("user", "password", user, "--format", "json"));
  print("installation", { records: RECORDS, import_s: Math.round((Date.now() - begun) / 1000) });
  return { data, user, password: said.password };
}

/** From the click until the rows that it brings have been painted. */
async function turned(page: Page, name: string): Promise<number> {
  await page.evaluate(() => {
    const first = () =>
      document.querySelector("tbody .ant-table-row")?.getAttribute("data-row-key");
    const kept = window as unknown as { turned: Promise<number> };
    const before = first();
    kept.turned = new Promise((done) => {
      document.addEventListener(
        "click",
        ({ timeStamp }) => {
          const look = () => {
            if (first() === before || first() === undefined) return requestAnimationFrame(look);
            // The frame with the rows has been painted when the next one begins.
            return requestAnimationFrame(() => done(performance.now() - timeStamp));
          };
          requestAnimationFrame(look);
        },
        { capture: true, once: true },
      );
    });
  });
  await page.getByRole("button", { name, exact: true }).click();
  return page.evaluate(() => (window as unknown as { turned: Promise<number> }).turned);
}

test("the list of customers: from the click to the paint of a page", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guan-measure-"));
  const { data, user, password } = large(folder);
  const line = ["serve", "--listen", "127.0.0.1:0", "--log", "off", "--format", "json"];
  const begun = Date.now();
  const server = spawn(guan, line, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, GUAN_DATA: data },
  });
  const { address: at } = await said<{ address: string }>(server);
  print("server", { begins_s: Math.round((Date.now() - begun) / 1000) });
  const { page, close } = await open();
  await page.goto(`${at}/records/Account`);
  await page.fill("#user", user);
  await page.fill("#password", password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const next = `${password} and herons`;
  await page.getByLabel("Password you were given", { exact: true }).fill(password);
  await page.getByLabel("New password", { exact: true }).fill(next);
  await page.getByLabel("New password again", { exact: true }).fill(next);
  await page.getByRole("button", { name: "Change and go on" }).click();
  await page.locator("tbody .ant-table-row").first().waitFor();
  await settled(page);
  const forwards: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    forwards.push(await turned(page, "Next page"));
    await settled(page);
  }
  const back: number[] = [];
  for (let n = 0; n < 10; n += 1) back.push(await turned(page, "Previous page"));
  print("page of customers, forwards", spread(forwards));
  print("page of customers, back", spread(back));
  await close();
  await stop(server);
  rmSync(folder, { recursive: true, force: true });
}, 1_800_000);
