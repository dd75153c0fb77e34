/** What the screens of the switch ask the server. Everything begins with one key, so that a change makes all stale. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, problemOf, type Schemas, tagged } from "../../api/client";
import { useMay } from "../../session";
import { SWITCH } from "../../switch";
import type { Plan, Preview, Run, WindowReport } from "./documents";

export type Shown = Schemas["RequestShown"];
export type State = Schemas["State"];
export type Wanted = Schemas["Wanted"];

const STEADY: readonly State[] = ["reviewed", "refused", "expired"];
/** While others may act on it. */
const ASK_EVERY_MS = 3_000;
const ASK_REPORT_EVERY_MS = 15_000;

type Asked = { state?: string; waiting?: boolean; limit?: number; cursor?: string | undefined };

export function useRequests(asked: Asked) {
  return useQuery({
    queryKey: [...SWITCH, "list", asked],
    // The description leaves the query of this operation out.
    queryFn: () => {
      const said = Object.entries(asked).filter(([, value]) => value !== undefined && value !== "");
      return answer(
        api.GET("/api/v1/switch/requests", {
          params: { query: Object.fromEntries(said) as never },
        }),
      );
    },
    placeholderData: keepPreviousData,
    refetchInterval: ASK_REPORT_EVERY_MS,
  });
}

const path = (request: string) => ({ params: { path: { request } } });

export function useRequest(request: string) {
  return useQuery({
    queryKey: [...SWITCH, "request", request],
    queryFn: () => answer(api.GET("/api/v1/switch/requests/{request}", path(request))),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && STEADY.includes(data.request.state) ? false : ASK_EVERY_MS,
  });
}

/** The preview of this edition of the request. */
export function usePreview({ request }: Shown) {
  return useQuery({
    queryKey: [...SWITCH, "preview", request.id, request.preview?.document],
    queryFn: async () =>
      (await answer(
        api.GET("/api/v1/switch/requests/{request}/preview", path(request.id)),
      )) as unknown as Preview,
    enabled: request.preview != null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How far the preview is, while one is worked out. */
export function useProgress(request: string, working: boolean) {
  return useQuery({
    queryKey: [...SWITCH, "progress", request],
    queryFn: () => answer(api.GET("/api/v1/switch/requests/{request}/progress", path(request))),
    enabled: working,
    refetchInterval: 700,
    staleTime: 0,
  });
}

/** The report; asked again while something may still be added to it. */
export function useReport(request: string, isOpen: boolean, version: number) {
  return useQuery({
    queryKey: [...SWITCH, "report", request, version],
    queryFn: async () =>
      (await answer(
        api.GET("/api/v1/switch/requests/{request}/report", path(request)),
      )) as unknown as WindowReport,
    refetchInterval: isOpen ? ASK_REPORT_EVERY_MS : false,
    placeholderData: keepPreviousData,
  });
}

export function useSettings() {
  return useQuery({
    queryKey: [...SWITCH, "settings"],
    queryFn: () => tagged(api.GET("/api/v1/switch/settings")),
  });
}

/** Objects and their fields as the person sees them, for the choice of a scope. */
export function useSchema() {
  return useQuery({
    queryKey: ["me", "schema"],
    queryFn: () => answer(api.GET("/api/v1/schema")),
    staleTime: 60_000,
  });
}

const NAMES = 200;

/** Names by id: requests carry ids alone. Whoever is not among the first is shown by id. */
export function useNames(): (id: string) => string | undefined {
  const found = useQuery({
    queryKey: ["colleagues", ""],
    queryFn: () => answer(api.GET("/api/v1/colleagues", { params: { query: { limit: NAMES } } })),
    staleTime: 60_000,
  });
  const names = new Map(found.data?.items.map(({ id, name }) => [id, name]));
  return (id) => names.get(id);
}

/** What a choice offers; empty for who may not list it, who types the id then. */
export function useChoices(
  of: "objects" | "groups" | "permission-sets" | "restrictions" | "sharing-rules" | "assignments",
  power: string,
) {
  const may = useMay()([power]);
  return useQuery({
    queryKey: [of, "choices"],
    queryFn: async () => {
      const found = await answer(
        api.GET(`/api/v1/${of}` as "/api/v1/groups", { params: { query: { limit: NAMES } } }),
      );
      return found.items.map(({ id, content }) => ({
        id,
        name: (content as { name?: string }).name || id,
      }));
    },
    enabled: may,
    staleTime: 60_000,
    retry: (failed, error) => failed < 2 && problemOf(error).status === 0,
  });
}

export function usePlan(overlay: string, order: Schemas["OrderBody"], enabled: boolean) {
  return useQuery({
    queryKey: [...SWITCH, "undo", overlay, "plan", order],
    queryFn: async () =>
      (await answer(
        api.POST("/api/v1/switch/windows/{overlay}/undo/plan", {
          params: { path: { overlay } },
          body: { order },
        }),
      )) as unknown as Plan,
    enabled,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}

export const askRuns = (overlay: string) =>
  answer(
    api.GET("/api/v1/switch/windows/{overlay}/undo", { params: { path: { overlay } } }),
  ) as unknown as Promise<{ items: Run[] }>;

export function useRuns(overlay: string) {
  return useQuery({
    queryKey: [...SWITCH, "undo", overlay, "runs"],
    queryFn: () => askRuns(overlay),
  });
}
