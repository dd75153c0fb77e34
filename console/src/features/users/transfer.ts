/** Finding what somebody owns, and handing it over: many in one act, each decided on its own. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, newKey, type Schemas } from "../../api/client";

/** Records of one act. */
const ACT_MAX = 2_000;
const PAGE_MAX = 200;

export type Done = { n: number; left: Schemas["RefusedShown"][] };

const ownedBy = (user: string) =>
  `$record.owner = "${user.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const page = (user: string, object: string, limit: number, cursor: string | undefined) =>
  answer(
    api.GET("/api/v1/records/{object}", {
      params: {
        path: { object },
        query: { filter: ownedBy(user), limit, ...(cursor && { cursor }) },
      },
    }),
  );

/** The records of an object that somebody owns and the person may read, page by page. */
export function useOwned(user: string, object: string, limit: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["records", object, "owned", user, limit, cursor],
    queryFn: () => page(user, object, limit, cursor),
    placeholderData: keepPreviousData,
  });
}

export function useOwnedCount(user: string, object: string) {
  return useQuery({
    queryKey: ["records", object, "owned", user, "count"],
    queryFn: () =>
      answer(
        api.GET("/api/v1/record-counts/{object}", {
          params: { path: { object }, query: { filter: ownedBy(user) } },
        }),
      ),
  });
}

/** Hands over all that the person may see of it; co-owners stay, and what is refused stays. */
export async function transfer(
  { user, object, to }: { user: string; object: string; to: string },
  told: (done: Done) => void,
  stopped: () => boolean,
): Promise<void> {
  const done: Done = { n: 0, left: [] };
  let cursor: string | undefined;
  do {
    const ids: string[] = [];
    do {
      const { items, next } = await page(user, object, PAGE_MAX, cursor);
      ids.push(...items.map(({ id }) => id));
      cursor = next ?? undefined;
    } while (cursor !== undefined && ids.length < ACT_MAX && !stopped());
    if (ids.length === 0 || stopped()) break;
    const made = await answer(
      api.POST("/api/v1/record-assignments/{object}", {
        params: { path: { object }, header: { "idempotency-key": newKey() } },
        body: { ids, owners: [`user:${to}`], instead_of: `user:${user}` },
      }),
    );
    done.n += made.done;
    done.left.push(...made.refused);
    told({ ...done });
  } while (cursor !== undefined && !stopped());
  told({ ...done });
}
