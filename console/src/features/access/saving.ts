/** A change on its way: what it would come to, saving it as a revision, and taking it back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api, problemOf } from "../../api/client";
import { useChange, useIntention } from "../../api/query";
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
export type Outcome = { revision: number } | { waiting: string; overlay: string; ends: string };

/** The description of some versions names the first alone. */
export const outcome = (made: unknown): Outcome => made as Outcome;

export function useSave(world: World, edits: Edits) {
  const intention = useIntention();
  return useChange(async (reason: string) => {
    const body = { expected: world.revision.number, ...batch(world.policy, edits), reason };
    const params = { header: { "idempotency-key": intention.key() } };
    const made = await answer(api.POST("/api/v1/revisions", { body, params }));
    intention.done();
    return made;
  }, STALE);
}

export type Return = { to: number; expected: number; reason: string };

/** Makes an earlier revision current again. */
export function useReturn() {
  const intention = useIntention();
  return useChange(async ({ to, expected, reason }: Return) => {
    const made = await answer(
      api.POST("/api/v1/revisions/{revision}/make-current", {
        params: { path: { revision: to }, header: { "idempotency-key": intention.key() } },
        body: { expected, reason },
      }),
    );
    intention.done();
    return made;
  }, STALE);
}
