/** What the overview asks: what is counted in one question, backups in another, so that neither holds the other up. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import { everyRow } from "../../ui/directory";

const STALE_MS = 60_000;

export type Decisions = NonNullable<Schemas["OverviewShown"]["decisions"]>;

export function useOverview() {
  return useQuery({
    queryKey: ["ledger", "overview"],
    queryFn: () => answer(api.GET("/api/v1/overview")),
    staleTime: STALE_MS,
  });
}

export function useBackups(enabled: boolean) {
  return useQuery({
    queryKey: ["backups", "all"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/backups", { params: { query } }))),
    enabled,
    staleTime: STALE_MS,
  });
}
