/** Names of people, sets, groups and nodes, read once for a screen: no call for each row. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api, type Schemas } from "../api/client";
import { isSought, wordsOf } from "./sought";

/** More than this is not read only to show names; ids stand in for the rest. */
export const ROWS_MAX = 2_000;
const PAGE = 200;
const FRESH_MS = 60_000;

type PageOf<T> = { items: T[]; next?: string | null };
export type Named = { id: string; content: { name?: string } };

/** All pages of a list, up to `ROWS_MAX` rows. */
export async function everyRow<T>(
  page: (query: { limit: number; cursor?: string }) => Promise<PageOf<T>>,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor });
    rows.push(...next.items);
    cursor = next.next ?? undefined;
  } while (cursor !== undefined && rows.length < ROWS_MAX);
  return rows;
}

const kept = { staleTime: FRESH_MS, retry: false } as const;

export function useColleagues() {
  return useQuery({
    queryKey: ["users", "colleagues"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/colleagues", { params: { query } }))),
    ...kept,
  });
}

const PAUSE_MS = 250;
const FOUND_MAX = 30;

/** Colleagues who are meant by what was typed, by name or id; of more than are read the server searches the rest. */
export function useColleaguesFound(typed: string) {
  const [asked, setAsked] = useState(typed);
  useEffect(() => {
    const wait = setTimeout(() => setAsked(typed), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [typed]);
  const every = useColleagues();
  const known = every.data ?? [];
  const search = wordsOf(asked).join(" ");
  const far = useQuery({
    queryKey: ["users", "colleagues", "search", search],
    queryFn: () =>
      answer(api.GET("/api/v1/colleagues", { params: { query: { search, limit: 200 } } })),
    // A Chinese name is also found by its reading, which only the server knows.
    enabled: search !== "" && known.length > 0,
    placeholderData: keepPreviousData,
    ...kept,
  });
  const near = known.filter(({ id, name }) => isSought(typed, [name, id]));
  const found = far.isPlaceholderData || search === "" ? [] : (far.data?.items ?? []);
  const all = new Map([...near, ...found].map((one) => [one.id, one]));
  const people: Schemas["Colleague"][] = [...all.values()].slice(0, FOUND_MAX);
  return { people, isFetching: every.isFetching || far.isFetching };
}

export function useSets() {
  return useQuery({
    queryKey: ["permission-sets", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/permission-sets", { params: { query } }))),
    ...kept,
  });
}

export function useSetGroups() {
  return useQuery({
    queryKey: ["permission-set-groups", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/permission-set-groups", { params: { query } }))),
    ...kept,
  });
}

export function useGroups() {
  return useQuery({
    queryKey: ["groups", "every"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/groups", { params: { query } }))),
    ...kept,
  });
}

export function useNodes() {
  return useQuery({
    queryKey: ["nodes", "every"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/nodes", { params: { query } }))),
    ...kept,
  });
}

export function useObjects() {
  return useQuery({
    queryKey: ["objects", "every"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/objects", { params: { query } }))),
    ...kept,
  });
}

/** The name of a sharing rule; its id where the person may not read rules. */
export function useRuleName(): (id: string) => string {
  const found = useQuery({
    queryKey: ["sharing-rules", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/sharing-rules", { params: { query } }))),
    ...kept,
  });
  const names = byId(found.data);
  return (id) => names.get(id) ?? id;
}

/** The name of somebody, without asking for anything but colleagues. */
export function useColleagueName(): (id: string) => string {
  const names = new Map(useColleagues().data?.map(({ id, name }) => [id, name || id]));
  return (id) => names.get(id) ?? id;
}

const byId = (rows: readonly Named[] | undefined) =>
  new Map(rows?.map(({ id, content }) => [id, content.name || id]));

export type Names = {
  user: (id: string) => string;
  set: (id: string) => string;
  setGroup: (id: string) => string;
  group: (id: string) => string;
  node: (id: string) => string;
};

/** Names by id; an id that is unknown or closed to the person stands for itself. */
export function useNames(): Names {
  const users = new Map(useColleagues().data?.map(({ id, name }) => [id, name || id]));
  const [sets, setGroups] = [byId(useSets().data), byId(useSetGroups().data)];
  const [groups, nodes] = [byId(useGroups().data), byId(useNodes().data)];
  // The node of a person in the reporting line bears the person's id.
  const person = (id: string) => users.get(id.replace(/^manager\//, ""));
  return {
    user: (id) => users.get(id) ?? id,
    set: (id) => sets.get(id) ?? id,
    setGroup: (id) => setGroups.get(id) ?? id,
    group: (id) => groups.get(id) ?? id,
    node: (id) => person(id) ?? nodes.get(id) ?? id,
  };
}
