/** A real server for the journeys of a file: `guan demo` on a free port, with the accounts that it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export type Account = { role: string; user: string; password: string };
export type Demo = { address: string; accounts: readonly Account[] };

export const guan = process.env.GUAN_BIN ?? join(import.meta.dirname, "../../target/debug/guan");
const WAIT_MAX_MS = 60_000;

const kept = globalThis as { guanDemo?: Demo };

/** The server of this file. */
export function demo(): Demo {
  if (!kept.guanDemo) throw new Error("the demo has not begun");
  return kept.guanDemo;
}

/** Waits for what a server says first, as one JSON value. */
export async function said<T>(server: ChildProcess): Promise<T> {
  let text = "";
  return new Promise<T>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no server: ${text}`)), WAIT_MAX_MS);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the server ended: ${text}`)));
    server.stdout?.on("data", (part) => {
      text += part;
      try {
        resolve(JSON.parse(text));
        clearTimeout(late);
      } catch {
        // Not all of it has been said yet.
      }
    });
  });
}

/** Ends a server, and waits for its end. */
export async function stop(server: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill("SIGTERM");
  await ended;
}

let server: ChildProcess | undefined;

// One for each file, so that none finds what another changed.
beforeAll(async () => {
  // A server that runs already, such as the one of `npm run dev`, with the file in which `guan demo` said its accounts.
  const { GUAN_E2E_URL, GUAN_E2E_ACCOUNTS } = process.env;
  if (GUAN_E2E_URL && GUAN_E2E_ACCOUNTS) {
    const { accounts } = JSON.parse(readFileSync(GUAN_E2E_ACCOUNTS, "utf8"));
    kept.guanDemo = { address: GUAN_E2E_URL, accounts };
    return;
  }
  server = spawn(guan, ["demo", "--format", "json", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  kept.guanDemo = await said<Demo>(server);
}, WAIT_MAX_MS);

afterAll(async () => {
  if (server) await stop(server);
});
