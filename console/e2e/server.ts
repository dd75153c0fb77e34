/** One real server for all journeys: `guan demo` on a free port, with the accounts that it prints. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

export type Account = { role: string; user: string; password: string };
export type Demo = { address: string; accounts: readonly Account[] };

declare module "vitest" {
  interface ProvidedContext {
    demo: Demo;
  }
}

const guan = process.env.GUAN_BIN ?? join(import.meta.dirname, "../../target/debug/guan");
const WAIT_MAX_MS = 60_000;

export default async function setup(project: TestProject) {
  // A server that runs already, such as the one of `npm run dev`, with the file in which `guan demo` said its accounts.
  const { GUAN_E2E_URL, GUAN_E2E_ACCOUNTS } = process.env;
  if (GUAN_E2E_URL && GUAN_E2E_ACCOUNTS) {
    const { accounts } = JSON.parse(readFileSync(GUAN_E2E_ACCOUNTS, "utf8"));
    project.provide("demo", { address: GUAN_E2E_URL, accounts });
    return;
  }
  const server = spawn(guan, ["demo", "--format", "json", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  let said = "";
  const demo = await new Promise<Demo>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no server: ${said}`)), WAIT_MAX_MS);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the server ended: ${said}`)));
    server.stdout.on("data", (part) => {
      said += part;
      try {
        resolve(JSON.parse(said));
        clearTimeout(late);
      } catch {
        // Not all of it has been said yet.
      }
    });
  });
  project.provide("demo", demo);
  return async () => {
    server.kill("SIGTERM");
    await ended;
  };
}
