/** Requests for access as the server keeps them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../api/client";
import { useChange, useIntention } from "../../api/query";

export type Request = Schemas["AccessShown"];
export const SHOWN = ["to_decide", "mine", "all"] as const;
export type Show = (typeof SHOWN)[number];
export const showOf = (text: string | undefined): Show =>
  SHOWN.find((one) => one === text) ?? "to_decide";

const KEY = ["access-requests"] as const;
/** What a grant or a refusal changes for who looks. */
const STALE = [KEY, ["records"], ["assignments"], ["explain"], ["ledger"], ["revisions"]] as const;

export function useRequests(show: Show) {
  return useInfiniteQuery({
    queryKey: [...KEY, show],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/access-requests", {
          params: {
            query: {
              ...(show === "all" ? {} : { show }),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

export function useRequest(id: string) {
  return useQuery({
    queryKey: [...KEY, "one", id],
    queryFn: () =>
      answer(api.GET("/api/v1/access-requests/{request}", { params: { path: { request: id } } })),
  });
}

/** What a refusal was about, to be asked for. */
export function useRefused(reference: string | undefined) {
  return useQuery({
    queryKey: ["explain", "past", reference],
    queryFn: () =>
      answer(
        api.GET("/api/v1/explanations/{reference}", {
          params: { path: { reference: Number(reference) } },
        }),
      ),
    enabled: reference !== undefined && /^\d+$/.test(reference),
    retry: false,
  });
}

export function useAsk() {
  const intention = useIntention();
  return useChange(async (body: Schemas["AccessBody"]) => {
    const header = { "idempotency-key": intention.key() };
    const asked = await answer(
      api.POST("/api/v1/access-requests", { params: { header } as never, body }),
    );
    intention.done();
    return asked;
  }, STALE);
}

type Decision =
  | { grant: Schemas["GrantBody"] }
  | { refuse: Schemas["RefusalBody"] }
  | { withdraw: true };

/** Grants, refuses or takes back. */
export function useDecide(id: string) {
  const params = { path: { request: id } };
  return useChange((decision: Decision) => {
    if ("grant" in decision) {
      const body = decision.grant;
      return answer(api.POST("/api/v1/access-requests/{request}/grant", { params, body }));
    }
    if ("refuse" in decision) {
      const body = decision.refuse;
      return answer(api.POST("/api/v1/access-requests/{request}/refusal", { params, body }));
    }
    return answer(api.POST("/api/v1/access-requests/{request}/withdrawal", { params }));
  }, STALE);
}
