/** When an entity of the policy was changed last, from the latest revisions. What a revision changed stays the same. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { Revision } from "./world";

const REVISIONS_MAX = 10;
const PAGES_MAX = 3;
const PAGE = 200;

export type Changes = { of: ReadonlyMap<string, Revision>; since: number };

const seen = new Map<number, readonly string[]>();

/** `sets:ID` of everything that a revision changed. Kept, since it never changes. */
async function touched(revision: number): Promise<readonly string[]> {
  const known = seen.get(revision);
  if (known) return known;
  const found = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const params = { path: { revision }, query };
    const { items, next } = await answer(
      api.GET("/api/v1/revisions/{revision}/differences", { params }),
    );
    for (const { entity, id } of items) found.add(`${entity}:${id}`);
    if (!next) break;
    cursor = next;
  }
  seen.set(revision, [...found]);
  return [...found];
}

async function latest(): Promise<Changes> {
  const params = { query: { limit: REVISIONS_MAX } };
  const { items } = await answer(api.GET("/api/v1/revisions", { params }));
  const of = new Map<string, Revision>();
  for (const revision of items) {
    for (const key of await touched(revision.number)) if (!of.has(key)) of.set(key, revision);
  }
  return { of, since: items.at(-1)?.number ?? 0 };
}

export function useChanges(revision: number | undefined) {
  return useQuery({
    queryKey: ["access", "changes", revision],
    queryFn: latest,
    enabled: revision !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
