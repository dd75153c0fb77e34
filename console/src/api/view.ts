/** Seeing as somebody else: which view this tab has, and which requests are sent how while it has one. */
import type { Problem } from "./client";

const KEPT = "guan.view";

/** The view of this tab; it survives a reload and no other tab has it. */
export const viewId = (): string | null => sessionStorage.getItem(KEPT);

export function setView(id: string | null): void {
  if (id === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, id);
}

/** Answered as for the other. */
const AS_OTHER = [
  /^\/api\/v1\/me$/,
  /^\/api\/v1\/me\/objects$/,
  /^\/api\/v1\/schema$/,
  /^\/api\/v1\/colleagues$/,
  /^\/api\/v1\/record-counts\/[^/]+$/,
  /^\/api\/v1\/records\/[^/]+(\/[^/]+(\/actions|\/history)?)?$/,
];
/** Asked in one's own name: the state of the switch, explanations, and ending the view or the session. */
const AS_ONESELF = [
  /^GET \/api\/v1\/switch(\/events)?$/,
  /^GET \/api\/v1\/explanations\/\d+$/,
  /^POST \/api\/v1\/explain$/,
  /^DELETE \/api\/v1\/views\/[^/]+$/,
  /^DELETE \/api\/v1\/sessions\/current$/,
];

export type Sending = "other" | "oneself" | "refused";

/** How a request is sent in a view: what is on neither list is not sent at all, so that nothing is done by mistake. */
export function sendingOf(method: string, path: string): Sending {
  if (method === "GET" && AS_OTHER.some((form) => form.test(path))) return "other";
  return AS_ONESELF.some((form) => form.test(`${method} ${path}`)) ? "oneself" : "refused";
}

export const notInAView: Problem = {
  type: "urn:guan:console",
  title: "This cannot be done while seeing as somebody else.",
  status: 403,
  code: "not_in_a_view",
};
