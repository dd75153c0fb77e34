/** Imports: begun with a zip, watched until they are ready, read, applied. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

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
