/** The steps of a request. One whose answer was lost is never guessed at: the request is looked at until the server says. */
import { useQueryClient } from "@tanstack/react-query";
import { type Found, useAct } from "../../api/act";
import { answer, api, newKey, type Schemas } from "../../api/client";
import { SWITCH } from "../../switch";
import type { Shown } from "./queries";

export type Step =
  | { act: "preview"; mode: "exact" | "estimate" }
  | { act: "back_up" | "approve" | "take_back" }
  | { act: "refuse" | "withdraw" | "close"; words: string }
  | { act: "open"; password?: string }
  | { act: "review"; verdict: Schemas["Verdict"]; words: string };

type Body = Record<string, unknown>;

/** Where each step goes, and what it says beside the version that was seen. */
export function order(step: Step, { request }: Shown): [path: string, body: Body] {
  const { version } = request;
  switch (step.act) {
    case "preview":
      return ["preview", { version, mode: step.mode }];
    case "back_up":
      return ["backup", { version }];
    case "approve":
      return ["approval", { version, edition: request.edition, key: newKey() }];
    case "take_back":
      return ["approval/withdrawal", { version }];
    case "refuse":
      return ["refusal", { version, words: step.words }];
    case "withdraw":
      return ["withdrawal", { version, words: step.words }];
    case "open":
      return ["opening", step.password ? { version, password: step.password } : { version }];
    case "close":
      return ["closing", { words: step.words }];
    case "review":
      return ["review", { version, verdict: step.verdict, words: step.words }];
  }
}

function send(step: Step, shown: Shown): Promise<Shown> {
  const [path, body] = order(step, shown);
  const to =
    `/api/v1/switch/requests/{request}/${path}` as "/api/v1/switch/requests/{request}/closing";
  return answer(api.POST(to, { params: { path: { request: shown.request.id } }, body }));
}

type Sent = { step: Step; version: number };

/** What became of a step, from the request that was read afterwards. */
export function settle(sent: Sent, now: Shown): Found<Shown> {
  return now.request.version === sent.version ? { is: "not_taken" } : { is: "taken", made: now };
}

export function useSteps(shown: Shown) {
  const client = useQueryClient();
  const { id, version } = shown.request;
  const keep = (now: Shown) => client.setQueryData([...SWITCH, "request", id], now);
  const act = useAct<Sent, Shown>({
    send: ({ step }) => send(step, shown),
    look: async (sent) => {
      const params = { path: { request: id } };
      const now = await answer(api.GET("/api/v1/switch/requests/{request}", { params }));
      keep(now);
      return settle(sent, now);
    },
    stale: [SWITCH],
    onDone: keep,
  });
  const tried = act.input?.step.act;
  return {
    take: (step: Step, then?: (next: Shown) => void) => act.take({ step, version }, then),
    busy: act.busy ? tried : undefined,
    error: act.error,
    failed: act.error ? tried : undefined,
    lost: act,
  };
}

export type Steps = ReturnType<typeof useSteps>;
