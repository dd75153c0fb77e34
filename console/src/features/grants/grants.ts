/** How long a grant still lasts, and which ones a filter shows. What is in force, the server decides. */
import type { Schemas } from "../../api/client";

export type Grant = Schemas["AssignmentKept"];
export const FILTERS = ["all", "bounded", "soon", "month", "coming", "ended"] as const;
export type Filter = (typeof FILTERS)[number];
export const filterOf = (text: string | undefined): Filter =>
  FILTERS.find((filter) => filter === text) ?? "all";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FOREVER = Number.POSITIVE_INFINITY;

const endOf = ({ content }: Grant) => (content.ends ? Date.parse(content.ends) : FOREVER);
const startOf = ({ content }: Grant) => (content.starts ? Date.parse(content.starts) : -FOREVER);

export type State =
  | { is: "lasting" | "ended" | "coming"; n?: undefined }
  | { is: "days" | "hours"; n: number };

export function stateOf(grant: Grant, now_ms: number): State {
  const left_ms = endOf(grant) - now_ms;
  if (left_ms <= 0) return { is: "ended" };
  if (startOf(grant) > now_ms) return { is: "coming" };
  if (left_ms === FOREVER) return { is: "lasting" };
  if (left_ms >= DAY_MS) return { is: "days", n: Math.floor(left_ms / DAY_MS) };
  return { is: "hours", n: Math.max(1, Math.floor(left_ms / HOUR_MS)) };
}

export function isShown(grant: Grant, filter: Filter, now_ms: number): boolean {
  const left_ms = endOf(grant) - now_ms;
  const within = (days: number) => left_ms > 0 && left_ms <= days * DAY_MS;
  const test: Readonly<Record<Filter, boolean>> = {
    all: true,
    bounded: left_ms !== FOREVER,
    soon: within(7),
    month: within(30),
    coming: startOf(grant) > now_ms,
    ended: left_ms <= 0,
  };
  return test[filter];
}

/** What ends first comes first; what has ended already, last. */
export function byEnd(now_ms: number) {
  const rank = (grant: Grant) => {
    const end = endOf(grant);
    return end <= now_ms ? FOREVER : Math.min(end, Number.MAX_VALUE);
  };
  return (a: Grant, b: Grant) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? a.content.to.localeCompare(b.content.to) : first < second ? -1 : 1;
  };
}
