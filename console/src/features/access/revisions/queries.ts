/** What the screen of revisions asks the server. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";

const PAGE = 100;

export function useRevisions(limit: number, cursor: string | undefined) {
  const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
  return useQuery({
    queryKey: ["access", "revisions", limit, cursor],
    queryFn: () => answer(api.GET("/api/v1/revisions", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function useRevision(revision: number) {
  return useQuery({
    queryKey: ["access", "revisions", "one", revision],
    queryFn: () =>
      answer(api.GET("/api/v1/revisions/{revision}", { params: { path: { revision } } })),
  });
}

/** What two revisions hold never changes. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY } as const;

export function useDifferences(revision: number, from: number | undefined) {
  return useInfiniteQuery({
    queryKey: ["access", "differences", revision, from],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(from === undefined ? {} : { from }),
        ...(pageParam === "" ? {} : { cursor: pageParam }),
      };
      const params = { path: { revision }, query };
      return answer(api.GET("/api/v1/revisions/{revision}/differences", { params }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    ...ONCE,
  });
}

/** Asked for on purpose alone: it looks at every record. */
export function useImpact(revision: number, from: number | undefined, wanted: boolean) {
  return useQuery({
    queryKey: ["access", "impact", revision, from],
    queryFn: () => {
      const params = { path: { revision }, query: { from: from ?? revision } };
      return answer(api.GET("/api/v1/revisions/{revision}/impact", { params }));
    },
    enabled: wanted && from !== undefined,
    staleTime: 60_000,
  });
}
