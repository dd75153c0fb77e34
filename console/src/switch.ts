/** Where the off switch stands, for whoever is signed in: the shell tells it everywhere, screens act on it. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "./api/client";

const ASK_EVERY_MS = 5_000;

/** Everything about the switch is asked under this key, so that one change makes all of it stale. */
export const SWITCH = ["switch"] as const;

export function useSwitch() {
  return useQuery({
    queryKey: [...SWITCH, "state"],
    queryFn: () => answer(api.GET("/api/v1/switch")),
    refetchInterval: ASK_EVERY_MS,
    staleTime: 0,
  });
}
