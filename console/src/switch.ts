/** Where the off switch stands, for whoever is signed in: the shell tells it everywhere, screens act on it. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { answer, api, type Schemas } from "./api/client";

const ASK_EVERY_MS = 5_000;
/** While a window concerns the person: what it shows goes with it. */
const ASK_OPEN_EVERY_MS = 2_000;

export type Window = Schemas["WindowShown"];

/** Everything about the switch is asked under this key, so that one change makes all of it stale. */
export const SWITCH = ["switch"] as const;

export function useSwitch() {
  return useQuery({
    queryKey: [...SWITCH, "state"],
    queryFn: () => answer(api.GET("/api/v1/switch")),
    refetchInterval: ({ state: { data } }) =>
      data?.windows.some(({ concerns_me }) => concerns_me) ? ASK_OPEN_EVERY_MS : ASK_EVERY_MS,
    staleTime: 0,
  });
}

/** The last end of a window that concerned the person: when it was, and when this page came to know of it. */
export type Ended = { at_ms: number; known_ms: number };

let ended: Ended | undefined;
const heard = new Set<() => void>();

const acts = ({ concerns_me, acting }: Window) => concerns_me && acting;

/** Whether and when something that acted for the person has ended between two answers. */
export function endedOf(
  before: readonly Window[],
  now: readonly Window[],
  now_ms: number,
): Ended | undefined {
  const left = new Set(now.filter(acts).map(({ overlay }) => overlay));
  const gone = before.filter((window) => acts(window) && !left.has(window.overlay));
  if (gone.length === 0) return undefined;
  const last_ms = Math.max(...gone.map(({ ends }) => Date.parse(String(ends))));
  return { at_ms: Math.min(last_ms, now_ms), known_ms: now_ms };
}

export function noteEnded(found: Ended): void {
  ended = found;
  for (const hear of heard) hear();
}

/** The last end of a window that this page saw. */
export function useEnded(): Ended | undefined {
  return useSyncExternalStore(
    (hear) => {
      heard.add(hear);
      return () => heard.delete(hear);
    },
    () => ended,
  );
}
