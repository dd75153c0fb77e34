/** What the screen of pools asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas, tagged } from "../../../api/client";
import { useColleaguesFound } from "../../../ui/directory";
import { said } from "../queries";

export type PoolRow = Schemas["PoolKept"];
export type Pool = Schemas["Pool"];

export const DAY_MS = 86_400_000;

export function usePools(search: string | undefined, limit: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["pools", "list", search, limit, cursor],
    queryFn: () =>
      answer(api.GET("/api/v1/pools", { params: { query: said({ search, limit, cursor }) } })),
    placeholderData: keepPreviousData,
  });
}

export function usePool(pool: string | undefined) {
  return useQuery({
    queryKey: ["pools", "one", pool],
    queryFn: () =>
      tagged(api.GET("/api/v1/pools/{pool}", { params: { path: { pool: pool ?? "" } } })),
    enabled: pool !== undefined,
  });
}

export function useDueReturns(pool: string, within_h: number) {
  return useQuery({
    queryKey: ["pools", "due", pool, within_h],
    queryFn: () =>
      answer(
        api.GET("/api/v1/record-returns/{pool}", {
          params: { path: { pool }, query: { within_h } },
        }),
      ),
  });
}

/** People, groups and places by name, as principals. */
export function usePrincipals(search: string) {
  const { people, isFetching } = useColleaguesFound(search);
  const found = useQuery({
    queryKey: ["pools", "principals", search],
    queryFn: async () => {
      const params = { params: { query: said({ search, limit: 20 }) } };
      const [groups, nodes] = await Promise.all([
        answer(api.GET("/api/v1/groups", params)).catch(() => ({ items: [] })),
        answer(api.GET("/api/v1/nodes", params)).catch(() => ({ items: [] })),
      ]);
      return [
        ...groups.items.map(({ id, content }) => ({
          value: `group:${id}`,
          label: content.name ?? id,
        })),
        ...nodes.items.map(({ id, content }) => ({
          value: `node_and_below:${id}`,
          label: content.name ?? id,
        })),
      ];
    },
    placeholderData: keepPreviousData,
  });
  return {
    isFetching: isFetching || found.isFetching,
    choices: [
      ...people.map(({ id, name }) => ({ value: `user:${id}`, label: name || id })),
      ...(found.data ?? []),
    ],
  };
}
