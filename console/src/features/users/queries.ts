/** What the screen of users asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas, tagged } from "../../api/client";
import { everyRow } from "../../ui/directory";
import { type Cells, matrix } from "../../ui/matrix";

export type UserRow = Schemas["UserKept"];

const EXPORT_MAX = 10_000;
const PAGE_MAX = 200;

export const KINDS = ["internal", "integration", "external", "guest"] as const;

/** What the list is narrowed to. */
export type Wanted = {
  search?: string;
  kind?: (typeof KINDS)[number];
  active?: boolean;
  sets?: "none";
};
type Asked = Wanted & { limit: number; cursor?: string | undefined };
type Search = Readonly<Record<string, string | undefined>>;

/** As the address asks for it. */
export function wantedOf({ q, kind, status, sets }: Search): Wanted {
  const known = KINDS.find((one) => one === kind);
  return {
    ...(q && { search: q }),
    ...(known && { kind: known }),
    ...((status === "active" || status === "inactive") && { active: status === "active" }),
    ...(sets === "none" && { sets }),
  };
}

function page({ cursor, ...asked }: Asked) {
  const query = { ...asked, ...(cursor && { cursor }) };
  return answer(api.GET("/api/v1/users", { params: { query } }));
}

export function useUsers(asked: Asked) {
  return useQuery({
    queryKey: ["users", "list", asked],
    queryFn: () => page(asked),
    placeholderData: keepPreviousData,
  });
}

export function useUser(user: string) {
  return useQuery({
    queryKey: ["users", "one", user],
    // With its ETag, for a change that sends it back as `If-Match`.
    queryFn: () => tagged(api.GET("/api/v1/users/{user}", { params: { path: { user } } })),
  });
}

export function useCredentials(user: string) {
  const params = { params: { path: { user } } };
  return useQuery({
    queryKey: ["users", "credentials", user],
    queryFn: async () => ({
      credentials: await answer(api.GET("/api/v1/users/{user}/credentials", params)),
      sessions: await answer(api.GET("/api/v1/users/{user}/sessions", params)),
      tokens: await answer(api.GET("/api/v1/users/{user}/tokens", params)),
    }),
  });
}

/** Every user that the search finds, page after page; `cut` when there are more than an export holds. */
export async function allUsers(wanted: Wanted, told: (n: number) => void) {
  const rows: UserRow[] = [];
  let cursor: string | undefined;
  do {
    const next = await page({ ...wanted, limit: PAGE_MAX, cursor });
    rows.push(...next.items);
    told(rows.length);
    cursor = next.next;
  } while (cursor !== undefined && rows.length < EXPORT_MAX);
  return { rows, cut: cursor !== undefined };
}

export type Matrices = { own: Cells; sets: readonly { of: string; cells: Cells }[] };

/** The matrix of the user, and of each set that reaches them: as many calls as they have sets, few. */
export function useEffective(user: string, sets: readonly string[] | null) {
  return useQuery({
    queryKey: ["matrix", user, sets],
    queryFn: async () => ({
      own: await matrix({ subject: user }),
      sets: await Promise.all(
        (sets ?? []).map(async (of) => ({ of, cells: await matrix({ of }) })),
      ),
    }),
    enabled: sets !== null,
  });
}

/** Assignments, groups and nodes, which say through what a set reaches somebody. */
export function useStructure() {
  return useQuery({
    queryKey: ["assignments", "structure"],
    queryFn: async () => ({
      assignments: await everyRow((query) =>
        answer(api.GET("/api/v1/assignments", { params: { query } })),
      ),
      groups: await everyRow((query) => answer(api.GET("/api/v1/groups", { params: { query } }))),
      nodes: await everyRow((query) => answer(api.GET("/api/v1/nodes", { params: { query } }))),
    }),
  });
}
