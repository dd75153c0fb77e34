/** The demo asked by a program: what a journey needs to have happened before it begins. */
import type { Role } from "./browser";
import { demo } from "./server";

type Body = Record<string, unknown>;
export type Call = (method: string, path: string, body?: Body, headers?: Body) => Promise<Body>;

let keys = 0;

/** Signs an account in and returns what calls in its name. */
export async function caller(role: Role): Promise<Call> {
  const { address, accounts } = demo();
  const account = accounts.find((one) => one.role === role);
  if (!account) throw new Error(`the demo has no ${role}`);
  let [cookie, csrf] = ["", ""];
  const call: Call = async (method, path, body, headers = {}) => {
    keys += 1;
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        cookie,
        origin: address,
        "x-csrf-token": csrf,
        "idempotency-key": `journey-${process.pid}-${keys}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...(headers as Record<string, string>),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const set = response.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
    if (set.length > 0) cookie = set.join("; ");
    const text = await response.text();
    const said = (text ? JSON.parse(text) : {}) as Body;
    if (response.status >= 500) throw new Error(`${method} ${path}: ${text}`);
    return { ...said, status: response.status };
  };
  const opened = await call("POST", "/api/v1/sessions", {
    user: account.user,
    password: account.password,
  });
  csrf = String(opened.csrf);
  return call;
}

/** A record of somebody else, which the user does not reach. */
export async function foreign(who: string): Promise<string> {
  const call = await caller("administrator");
  const { items } = (await call("GET", "/api/v1/records/Account?limit=200")) as {
    items: { id: string; owners: string[] }[];
  };
  const owned = items.filter(({ owners }) => owners.includes("user:anna.bauer@lanhai.example"));
  for (const { id } of owned) {
    const found = await call("POST", "/api/v1/check", {
      session: { subject: who },
      action: "read",
      object: "Account",
      record: id,
    });
    if (found.decision === "deny") return id;
  }
  throw new Error("the user reaches every record of Anna Bauer");
}

export const SALES = "li.wei@lanhai.example";
type Asked = { id: string; version: number; edition: number };

/** Opens a window over customers for the sales person, approved by a second person; closes it by what it returns. */
export async function openWindow(
  words: string,
  length_ms = 30 * 60_000,
): Promise<(() => Promise<void>) & { request: string }> {
  const [administrator, manager] = [await caller("administrator"), await caller("manager")];
  const request = async (call: Call, act: string, body: Body) => {
    const found = await call("POST", `/api/v1/switch/requests${act}`, body);
    if (Number(found.status) >= 300) throw new Error(`${act} ${JSON.stringify(found)}`);
    return found.request as Asked;
  };
  const scope = { objects: ["Account"], layers: ["record"] };
  let at = await request(administrator, "", {
    effect: { kind: "suspension", scope, others: "enforced" },
    audience: { users: [`user:${SALES}`] },
    length: length_ms,
    reason: words,
  });
  const { id } = at;
  for (const act of ["preview", "backup"]) {
    at = await request(administrator, `/${id}/${act}`, { version: at.version });
  }
  const { version, edition } = at;
  at = await request(manager, `/${id}/approval`, { version, edition, key: "journey" });
  at = await request(administrator, `/${id}/arming`, { version: at.version });
  const password = demo().accounts.find(({ role }) => role === "administrator")?.password;
  await request(administrator, `/${id}/opening`, { version: at.version, password });
  const close = async () => {
    await request(administrator, `/${id}/closing`, { words });
  };
  return Object.assign(close, { request: id });
}
