/** Imports: begun with a zip, watched until they are ready, read, applied. */
import { useQuery } from "@tanstack/react-query";
import type { Found } from "../../api/act";
import { answer, api } from "../../api/client";
import { lookForRevision, type Made } from "../../ui/revised";

const ASK_EVERY_MS = 1_500;
const MOVING = ["waiting", "running", "applying"];

/** What the report holds; the description of the interface leaves its shape open. */
export type Entry = {
  element: string;
  name: string;
  file: string;
  line: number;
  rating: string;
  /** Why it was left out. */
  why?: string;
  /** How it differs. */
  how?: string;
  count: number;
  widens?: boolean;
};
export type Report = {
  assumptions: readonly string[];
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  coverage: { understood: number; permission_bearing: number };
  entries: readonly Entry[];
};

export const RATINGS = ["not_supported", "approximated", "ignored", "no_op", "exact"] as const;

export function useJobs() {
  return useQuery({
    queryKey: ["imports", "list"],
    queryFn: () => answer(api.GET("/api/v1/jobs", { params: { query: { limit: 100 } } })),
    refetchInterval: ({ state }) =>
      state.data?.items.some((job) => MOVING.includes(job.state)) ? ASK_EVERY_MS : false,
  });
}

export function useJob(job: string) {
  return useQuery({
    queryKey: ["imports", "one", job],
    queryFn: () => answer(api.GET("/api/v1/jobs/{job}", { params: { path: { job } } })),
    refetchInterval: ({ state }) =>
      state.data === undefined || MOVING.includes(state.data.state) ? ASK_EVERY_MS : false,
  });
}

export function useReport(job: string, ready: boolean) {
  return useQuery({
    queryKey: ["imports", "report", job],
    queryFn: async () => {
      const params = { params: { path: { job } } };
      const [report, changes] = await Promise.all([
        answer(api.GET("/api/v1/imports/{job}/report", params)),
        answer(api.GET("/api/v1/imports/{job}/differences", params)),
      ]);
      return { report: report as unknown as Report, changes };
    },
    enabled: ready,
  });
}

/** What became of applying an import whose answer was lost: the job says it, or the policy; reads only. */
export async function lookForApplied(
  job: string,
  sent: { expected: number; author: string; reason: string },
): Promise<Found<{ revision?: number | null } | Made>> {
  const { state } = await answer(api.GET("/api/v1/jobs/{job}", { params: { path: { job } } }));
  if (state === "applying") return { is: "under_way" };
  // Without a reason the server writes its own.
  const found = await lookForRevision({ ...sent, reason: sent.reason || "import" });
  if (found.is !== "not_taken" || state !== "applied") return found;
  return { is: "taken", made: {} };
}

export function begin(input: { file: File; source: "salesforce"; key: string }) {
  return answer(
    api.POST("/api/v1/imports", {
      // The description names another type of the same name.
      params: {
        query: { source: input.source as never },
        header: { "idempotency-key": input.key },
      },
      headers: { "content-type": "application/zip" },
      // A file goes as it is; its type in the description is a list of bytes.
      body: input.file as unknown as number[],
      bodySerializer: (file) => file as unknown as BodyInit,
    }),
  );
}
