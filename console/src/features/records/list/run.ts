/** One act on many records: one request, and what came of it record by record. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, newKey, type Schemas } from "../../../api/client";
import { refusals } from "../../../i18n/refusals";
import { type Say, useWords } from "../../../i18n/words";
import type { Outcome } from "../many";
import type { RecordRow } from "../model";
import { rowReason } from "../refused";

export type Act = "edit" | "assign" | "delete" | "claim";
export const ACTS: readonly Act[] = ["edit", "assign", "claim", "delete"];

type Chosen = { field: string; value: unknown; owner: string };

function outcomeOf(made: Schemas["BulkShown"], say: Say<typeof refusals>): Outcome {
  const left = made.refused.map((row) => ({
    id: row.id,
    why: rowReason(row, say),
    reference: row.reference,
  }));
  return { done: made.done, left };
}

const header = () => ({ "idempotency-key": newKey() });

function assign(object: string, ids: string[], owner: string, dry_run: boolean) {
  return answer(
    api.POST("/api/v1/record-assignments/{object}", {
      params: { path: { object }, header: header() },
      body: { ids, owners: [`user:${owner}`], dry_run },
    }),
  );
}

/** What another owner would come to, as soon as one is chosen. */
export function useTrial(object: string, rows: readonly RecordRow[], owner: string | undefined) {
  const say = useWords(refusals);
  const ids = rows.map(({ id }) => id);
  return useQuery({
    queryKey: ["records", object, "trial", ids, owner],
    queryFn: async () => outcomeOf(await assign(object, ids, owner ?? "", true), say),
    enabled: Boolean(owner),
    gcTime: 0,
    retry: false,
  });
}

export function useRun(act: Act, object: string, rows: readonly RecordRow[]) {
  const say = useWords(refusals);
  const ids = rows.map(({ id }) => id);
  return async ({ field, value, owner }: Chosen): Promise<Outcome> => {
    if (act === "assign") return outcomeOf(await assign(object, ids, owner, false), say);
    const params = { params: { path: { object }, header: header() } };
    const patch = { fields: { [field]: value as Record<string, never> } };
    const send = {
      claim: () => api.POST("/api/v1/record-claims/{object}", { ...params, body: { ids } }),
      delete: () => api.POST("/api/v1/record-deletions/{object}", { ...params, body: { ids } }),
      edit: () => api.POST("/api/v1/record-edits/{object}", { ...params, body: { ids, patch } }),
    }[act];
    return outcomeOf(await answer(send()), say);
  };
}
