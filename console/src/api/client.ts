/** The one way to the server: typed by its own description; a Problem comes out as a thrown `ProblemError`. */
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { notInAView, sendingOf, viewId } from "./view";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"] & Record<string, unknown>;

export class ProblemError extends Error {
  readonly problem: Problem;
  /** How long the server asks to wait before it is asked again. */
  readonly wait_s: number | undefined;
  constructor(problem: Problem, wait_s?: number) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.wait_s = wait_s;
  }
}

/** The problem in whatever was thrown; a broken connection becomes one too. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { type: "urn:guan:console", title: String(error), status: 0, code: "unreachable" };
}

/** The seconds of a `Retry-After`; nothing where there is none. */
export function waitIn(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

let csrf = "";
export const setCsrf = (token: string | null | undefined): void => {
  csrf = token ?? "";
};

let signedOut: () => void = () => {};
/** What happens when the server says that nobody is signed in any more. */
export const onSignedOut = (act: () => void): void => {
  signedOut = act;
};

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept", "application/json");
    if (request.method !== "GET" && csrf) request.headers.set("x-csrf-token", csrf);
    const view = viewId();
    if (view === null) return request;
    const sending = sendingOf(request.method, new URL(request.url).pathname);
    if (sending === "refused") return Response.json(notInAView, { status: notInAView.status });
    if (sending === "other") request.headers.set("guan-view", view);
    return request;
  },
};

/** `api.GET("/api/v1/users", { params: { query: { search } } })`; hand its promise to `answer`. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(headers);

type Result<T> = { data?: T; error?: unknown; response: Response };

async function checked<T>(call: Promise<Result<T>>): Promise<Result<T>> {
  const result = await call;
  if (result.response.ok) return result;
  const problem = result.error as Problem | undefined;
  const { status, statusText } = result.response;
  const known = problem && typeof problem === "object" && "code" in problem;
  if (known && problem.code === "sign_in_needed") signedOut();
  throw new ProblemError(
    known ? problem : { type: "", title: statusText, status, code: "unknown" },
    waitIn(result.response.headers),
  );
}

/** The body of an answer, or a thrown `ProblemError`. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  return (await checked(call)).data as T;
}

export type Tagged<T> = { value: T; etag: string };

/** The body with its ETag, to send back as `If-Match` when it is changed. */
export async function tagged<T>(call: Promise<Result<T>>): Promise<Tagged<T>> {
  const { data, response } = await checked(call);
  return { value: data as T, etag: response.headers.get("etag") ?? "*" };
}

/** A new `Idempotency-Key`: one for each intention, kept over its retries (see `useIntention`). */
export function newKey(): string {
  // Not `randomUUID`: browsers have it on HTTPS alone.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
