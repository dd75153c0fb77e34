/** What the explainer asks the server. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, newKey, type Schemas, tagged } from "../../api/client";
import { asked, type Question } from "./question";

const WHO_MAX = 200;
const key = () => ({ "idempotency-key": newKey() });

export function useExplained(question: Question) {
  const body = asked(question);
  return useQuery({
    queryKey: ["explain", body],
    queryFn: () =>
      answer(
        api.POST("/api/v1/explain", {
          params: { header: key() },
          body: body as Schemas["CheckBody"],
        }),
      ),
    enabled: body !== null,
  });
}

export function usePast(reference: string) {
  return useQuery({
    queryKey: ["explain", "past", reference],
    queryFn: () =>
      answer(
        api.GET("/api/v1/explanations/{reference}", {
          params: { path: { reference: Number(reference) } },
        }),
      ),
    retry: false,
  });
}

export function useWho(question: Question) {
  const { act = "read", object = "", record = "", at, from } = question;
  return useQuery({
    queryKey: ["explain", "who", act, object, record, at, from],
    queryFn: () =>
      answer(
        api.POST("/api/v1/who", {
          params: { header: key() },
          body: {
            action: act,
            object,
            record,
            limit: WHO_MAX,
            ...(at ? { at } : {}),
            ...(from ? { from } : {}),
          },
        }),
      ),
    enabled: object !== "" && record !== "",
  });
}

export type Stop = { object: string; record: string } & ({ share: string } | { team: string });

/** Takes one way to a record away; against the record as it is now. */
export async function stop(what: Stop): Promise<void> {
  const path = { object: what.object, id: what.record };
  const { etag } = await tagged(api.GET("/api/v1/records/{object}/{id}", { params: { path } }));
  const header = { "If-Match": etag };
  if ("share" in what) {
    const params = { path: { ...path, principal: what.share }, header };
    await answer(api.DELETE("/api/v1/records/{object}/{id}/shares/{principal}", { params }));
  } else {
    const params = { path: { ...path, user: what.team }, header };
    await answer(api.DELETE("/api/v1/records/{object}/{id}/team/{user}", { params }));
  }
}
