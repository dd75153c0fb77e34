/** The acts on one record, as the server takes them. */
import { answer, api, newKey } from "../../../api/client";
import type { Opened } from "./opened";

type Named = { params: { path: { object: string; id: string } } };

const path = (object: string, id: string): Named => ({ params: { path: { object, id } } });
const keyed = (object: string, id: string) => ({
  params: { path: { object, id }, header: { "idempotency-key": newKey() } },
});

export const restore = (object: string, id: string) =>
  answer(api.POST("/api/v1/bin/{object}/{id}/restore", keyed(object, id)));

/** Runs an act from the state that was read; `to` is a colleague where the act needs one. */
export async function send(
  act: "owner" | "claim" | "giveOut" | "return" | "lock" | "unlock" | "delete",
  { record }: Opened,
  to: string,
): Promise<unknown> {
  const { object, id } = record.value;
  const tied = { params: { ...path(object, id).params, header: { "If-Match": record.etag } } };
  switch (act) {
    case "owner":
      return answer(
        api.PUT("/api/v1/records/{object}/{id}/place", {
          ...tied,
          body: { owners: [`user:${to}`] },
        }),
      );
    case "claim":
      return answer(api.POST("/api/v1/records/{object}/{id}/claim", keyed(object, id)));
    case "giveOut":
      return answer(
        api.POST("/api/v1/records/{object}/{id}/give-out", { ...keyed(object, id), body: { to } }),
      );
    case "return":
      return answer(
        api.POST("/api/v1/records/{object}/{id}/return", { ...keyed(object, id), body: {} }),
      );
    case "lock":
      return answer(api.PUT("/api/v1/records/{object}/{id}/lock", tied));
    case "unlock":
      return answer(api.DELETE("/api/v1/records/{object}/{id}/lock", tied));
    case "delete":
      return answer(api.DELETE("/api/v1/records/{object}/{id}", tied));
  }
}
