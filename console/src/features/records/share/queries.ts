/** Who has access to a record, and the acts of sharing. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api, newKey, type Schemas } from "../../../api/client";
import { said } from "../queries";

const READERS_PAGE = 50;
const PICKED_MAX = 20;

export type ShareRow = Schemas["ShareShown"];

export function useShares(object: string, id: string) {
  return useQuery({
    queryKey: ["records", object, "shares", id],
    queryFn: () =>
      answer(api.GET("/api/v1/records/{object}/{id}/shares", { params: { path: { object, id } } })),
  });
}

/** Everybody who may read it, with the path that leads them there; for those who may share it. */
export function useReaders(object: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["records", object, "readers", id],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/records/{object}/{id}/readers", {
          params: { path: { object, id }, query: said({ limit: READERS_PAGE, cursor: pageParam }) },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** Groups or nodes by name, for those who may look at the structure. */
export function useTargets(kind: "group" | "node", search: string) {
  const query = said({ search, limit: PICKED_MAX });
  return useQuery({
    queryKey: ["records", "targets", kind, search],
    queryFn: async () => {
      const page =
        kind === "group"
          ? await answer(api.GET("/api/v1/groups", { params: { query } }))
          : await answer(api.GET("/api/v1/nodes", { params: { query } }));
      return page.items.map(({ id, content }) => ({ id, name: content.name ?? id }));
    },
    placeholderData: (previous) => previous,
  });
}

export type Wanted = { to: string; rights: string; ends: string | undefined };

export function shareWith(object: string, id: string, etag: string, wanted: Wanted) {
  return answer(
    api.POST("/api/v1/records/{object}/{id}/shares", {
      params: {
        path: { object, id },
        header: { "If-Match": etag, "idempotency-key": newKey() },
      },
      body: { to: wanted.to, rights: wanted.rights, ...(wanted.ends && { ends: wanted.ends }) },
    }),
  );
}

export function stopSharing(object: string, id: string, etag: string, to: string) {
  return answer(
    api.DELETE("/api/v1/records/{object}/{id}/shares/{principal}", {
      params: { path: { object, id, principal: to }, header: { "If-Match": etag } },
    }),
  );
}
