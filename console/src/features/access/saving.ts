/** A change on its way: what it would come to, saving it as a revision, and taking it back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useAct } from "../../api/act";
import { answer, api, newKey, problemOf } from "../../api/client";
import { useSession } from "../../session";
import { lookForRevision, type Made } from "../../ui/revised";
import { batch, type Edits } from "./draft";
import { WORLD, type World } from "./world";

const STALE = [WORLD, ["access", "revisions"], ["access", "effective"], ["me"]] as const;

export const isConflict = (error: unknown): boolean =>
  ["conflict", "stale"].includes(problemOf(error).code);

/** What the edits would come to, as the server works it out. */
export function usePreview(world: World, edits: Edits, wanted: boolean) {
  const expected = world.revision.number;
  return useQuery({
    queryKey: ["access", "preview", expected, [...edits.values()]],
    queryFn: ({ signal }) => {
      const body = { expected, ...batch(world.policy, edits) };
      return answer(api.POST("/api/v1/revisions/preview", { body, signal }));
    },
    enabled: wanted && edits.size > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

export type Preview = NonNullable<ReturnType<typeof usePreview>["data"]>;

/** Asks for the policy anew when it has moved: what was changed meanwhile shows at the places that it concerns. */
export function useAnew(moved: boolean, forget: () => void): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that it has moved
  useEffect(() => {
    if (!moved) return;
    forget();
    void client.invalidateQueries({ queryKey: WORLD });
  }, [moved]);
}

/** What a change came to: a revision that is in effect, or one that waits for the end of a window. */
export type Outcome = Made;

/** The description of some versions names the first alone. */
export const outcome = (made: unknown): Outcome => made as Outcome;

/** Saves edits that were made upon a policy. */
export type Saving = { world: World; edits: Edits; reason: string };

export function useSave(onDone: (made: Outcome, saved: Saving) => void) {
  const author = useSession().data?.user ?? "";
  return useAct<Saving, Outcome>({
    send: async ({ world, edits, reason }) => {
      const body = { expected: world.revision.number, ...batch(world.policy, edits), reason };
      const params = { header: { "idempotency-key": newKey() } };
      return outcome(await answer(api.POST("/api/v1/revisions", { body, params })));
    },
    look: ({ world, reason }) =>
      lookForRevision({ expected: world.revision.number, author, reason }),
    stale: STALE,
    onDone,
  });
}

export type Return = { to: number; expected: number; reason: string };

/** Makes an earlier revision current again. */
export function useReturn(onDone: (made: Outcome) => void) {
  const author = useSession().data?.user ?? "";
  return useAct<Return, Outcome>({
    send: async ({ to, expected, reason }) =>
      outcome(
        await answer(
          api.POST("/api/v1/revisions/{revision}/make-current", {
            params: { path: { revision: to }, header: { "idempotency-key": newKey() } },
            body: { expected, reason },
          }),
        ),
      ),
    look: ({ expected, reason }) => lookForRevision({ expected, author, reason }),
    stale: STALE,
    onDone,
  });
}
