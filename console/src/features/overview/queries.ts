/** What the overview asks: each part of its own, so that one that is refused or slow holds nothing up. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";

const DAY_MS = 86_400_000;
const PAGE = 200;
/** Of longer lists only so many pages are looked at, and the tile says so. */
const PAGES_MAX = 5;
const STALE_MS = 60_000;

type Page<T> = { items: T[]; next?: unknown };
export type Some<T> = { items: T[]; cut: boolean };

async function pages<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): Promise<Some<T>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await ask(cursor);
    items.push(...found.items);
    if (found.next == null) return { items, cut: false };
    cursor = String(found.next);
  }
  return { items, cut: true };
}

const query = (cursor: string | undefined, more: Record<string, string> = {}) => ({
  params: { query: { limit: PAGE, ...(cursor && { cursor }), ...more } as never },
});

/** The rows of a kind of the last 24 hours. */
export function useRows(kind: "decision_denied" | "would_deny" | "list_relaxed", enabled: boolean) {
  return useQuery({
    queryKey: ["ledger", "day", kind],
    queryFn: () => {
      const from = new Date(Date.now() - DAY_MS).toISOString();
      return pages(async (cursor) => {
        const found = await answer(
          api.GET("/api/v1/ledger/rows", query(cursor, { kind, from }) as never),
        );
        const { rows, next } = found as Schemas["LedgerPage"];
        return { items: rows, next };
      });
    },
    enabled,
    staleTime: STALE_MS,
  });
}

export function useBackups(enabled: boolean) {
  return useQuery({
    queryKey: ["backups", "all"],
    queryFn: () => pages((cursor) => answer(api.GET("/api/v1/backups", query(cursor)))),
    enabled,
    staleTime: STALE_MS,
  });
}

export function useSets(enabled: boolean) {
  return useQuery({
    queryKey: ["permission-sets", "all"],
    queryFn: () => pages((cursor) => answer(api.GET("/api/v1/permission-sets", query(cursor)))),
    enabled,
    staleTime: STALE_MS,
  });
}

export function useAssignments(enabled: boolean) {
  return useQuery({
    queryKey: ["assignments", "all"],
    queryFn: () => pages((cursor) => answer(api.GET("/api/v1/assignments", query(cursor)))),
    enabled,
    staleTime: STALE_MS,
  });
}
