/** What lists and details of records ask the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, tagged } from "../../api/client";
import { childrenOf, withIds } from "./filter";
import type { ObjectInfo } from "./model";

const SCHEMA_STALE_MS = 60_000;
const NAMES_STALE_MS = 600_000;
/** Pages of 200 colleagues whose names are read at once; beyond them people are shown by their ids. */
const NAME_PAGES_MAX = 5;

export type ListAsked = {
  filter: string | undefined;
  search: string | undefined;
  sort: string | undefined;
  limit: number;
  cursor: string | undefined;
};

/** Only what is said goes into a query. */
export function said<T extends object>(all: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== ""),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function useRecords(object: string, asked: ListAsked) {
  return useQuery({
    queryKey: ["records", object, "list", asked],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/records/{object}", {
          params: { path: { object }, query: said(asked) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useCount(object: string, asked: Pick<ListAsked, "filter" | "search">) {
  return useQuery({
    queryKey: ["records", object, "count", asked.filter, asked.search],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/record-counts/{object}", {
          params: {
            path: { object },
            query: said({ filter: asked.filter, search: asked.search }),
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export type GroupsAsked = Pick<ListAsked, "filter" | "search"> & {
  group_by: string;
  measures: string;
};

export function useGroups(object: string, asked: GroupsAsked, enabled = true) {
  return useQuery({
    queryKey: ["records", object, "groups", asked],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/record-groups/{object}", {
          params: { path: { object }, query: said(asked) },
          signal,
        }),
      ),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** The values of a field of choices that records have: what a filter offers. Asked when somebody looks. */
export function useChoices(object: string, field: string, enabled: boolean) {
  const found = useGroups(
    object,
    { filter: undefined, search: undefined, group_by: field, measures: "count" },
    enabled,
  );
  return {
    loading: found.isFetching,
    values: (found.data ?? [])
      .map(({ group, values }) => ({ value: group[0], count: values[0] }))
      .filter(({ value }) => typeof value === "string" && value !== "")
      .map(({ value, count }) => ({ value: String(value), count: Number(count) })),
  };
}

export function useRecord(object: string, id: string) {
  return useQuery({
    queryKey: ["records", object, "one", id],
    // With its ETag, for a change that sends it back as `If-Match`.
    queryFn: () => readRecord(object, id),
  });
}

export const readRecord = (object: string, id: string) =>
  tagged(api.GET("/api/v1/records/{object}/{id}", { params: { path: { object, id } } }));

export function useActions(object: string, id: string) {
  return useQuery({
    queryKey: ["records", object, "actions", id],
    queryFn: () =>
      answer(
        api.GET("/api/v1/records/{object}/{id}/actions", { params: { path: { object, id } } }),
      ),
  });
}

export function useChildren(object: string, relation: string, parent: string, limit: number) {
  return useRecords(object, {
    filter: childrenOf(relation, parent),
    search: undefined,
    sort: undefined,
    limit,
    cursor: undefined,
  });
}

/** How far the person's permissions reach on each object. */
export function useReach(object: string): string | undefined {
  return useQuery({
    queryKey: ["records", "reach"],
    queryFn: () => answer(api.GET("/api/v1/schema")),
    staleTime: SCHEMA_STALE_MS,
  }).data?.objects[object]?.actions.read;
}

/** Names of colleagues by their ids: read once and kept, so that no row asks for itself. */
export function useColleagueNames(): ReadonlyMap<string, string> {
  const found = useQuery({
    queryKey: ["records", "colleagues"],
    queryFn: readNames,
    staleTime: NAMES_STALE_MS,
  });
  return found.data ?? NO_NAMES;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

async function readNames(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let cursor: string | null | undefined;
  for (let page = 0; page < NAME_PAGES_MAX; page += 1) {
    const query = said({ limit: 200, cursor: cursor ?? undefined });
    const { items, next } = await answer(api.GET("/api/v1/colleagues", { params: { query } }));
    for (const { id, name } of items) names.set(id, name);
    cursor = next;
    if (!cursor) break;
  }
  return names;
}

/** The parents that the rows of a page name: one question for each object, never one for each row. */
export function parentsAsked(object: string, ids: readonly string[]) {
  const asked = [...new Set(ids)].sort();
  return {
    queryKey: ["records", object, "parents", asked],
    queryFn: async () => {
      const query = { filter: withIds(asked), limit: 200 };
      const { items } = await answer(
        api.GET("/api/v1/records/{object}", { params: { path: { object }, query } }),
      );
      return items;
    },
    retry: false,
  };
}

/** Whether lists of children can be asked for by this relation. */
export const canAskBy = (object: ObjectInfo, relation: string): boolean =>
  object.fields[relation]?.filter !== undefined && object.fields[relation]?.filter !== "no";
