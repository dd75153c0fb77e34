/** Which grants and windows stand on the time line, and how much time it shows. */
import type { Schemas } from "../../api/client";
import type { Grant } from "./grants";

export type Window = Schemas["OverlayShown"];
export const DAY_MS = 86_400_000;

/** As many rows are drawn at most, those that end next first. */
export const ROWS_MAX = 60;

/** What has a beginning or an end: what lasts for ever is no picture. */
export const bounded = (grants: readonly Grant[]): Grant[] =>
  grants.filter(({ content }) => content.starts || content.ends);

const startOf = (window: Window) => Date.parse(String(window.overlay.starts));

/** When a window ended, or ends at the latest. */
export const endOf = ({ overlay, closing }: Window): number =>
  Date.parse(String(closing?.at ?? overlay.ends));

export type Span = { from_ms: number | undefined; to_ms: number | undefined };

export const spanOf = ({ content }: Grant): Span => ({
  from_ms: content.starts ? Date.parse(content.starts) : undefined,
  to_ms: content.ends ? Date.parse(content.ends) : undefined,
});

export const spanOfWindow = (window: Window): Span => ({
  from_ms: startOf(window),
  to_ms: endOf(window),
});

/** From a month before now to the last end that is known, at least a month and at most a year ahead. */
export function shownTime(spans: readonly Span[], now_ms: number): readonly [number, number] {
  const ends = spans.flatMap(({ to_ms }) => (to_ms === undefined ? [] : [to_ms]));
  const last = Math.max(now_ms, ...ends) + 3 * DAY_MS;
  const to = Math.min(Math.max(last, now_ms + 30 * DAY_MS), now_ms + 365 * DAY_MS);
  return [now_ms - 30 * DAY_MS, to];
}

/** Those that touch the time that is shown, by their ends; what has none comes last. */
export function within<T extends Span>(
  all: readonly T[],
  [from_ms, to_ms]: readonly [number, number],
): T[] {
  const end = ({ to_ms: at }: Span) => at ?? Number.MAX_SAFE_INTEGER;
  return all
    .filter((one) => end(one) >= from_ms && (one.from_ms ?? 0) <= to_ms)
    .sort((a, b) => end(a) - end(b));
}
