/** How far a request is, and how long something lasts, as people read it. */
import type { Request } from "./queries";

export type State = "open" | "granted" | "ended" | "refused" | "withdrawn" | "lapsed";

/** As the server says; what was given and has ended says so. */
export function stateOf({ state, given }: Pick<Request, "state" | "given">, now_ms: number): State {
  if (state === "granted" && given && Date.parse(given.ends) <= now_ms) return "ended";
  return state as State;
}

export const HOUR_S = 3_600;
export const DAY_S = 24 * HOUR_S;

/** A length in the largest unit that says it without a rest. */
export function lengthOf(seconds: number): ["days" | "hours" | "minutes", number] {
  if (seconds >= DAY_S && seconds % DAY_S === 0) return ["days", seconds / DAY_S];
  if (seconds >= HOUR_S && seconds % HOUR_S === 0) return ["hours", seconds / HOUR_S];
  return ["minutes", Math.max(1, Math.round(seconds / 60))];
}
