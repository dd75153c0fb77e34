/** The steps of a request. One whose answer was lost is never guessed at: the request is looked at until the server says. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api, newKey, problemOf, type Schemas } from "../../api/client";
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

/** Whether the answer was lost, so that the step may have been taken or not. */
export const isUnknown = (error: unknown): boolean => {
  const { status, code } = problemOf(error);
  return status === 0 || code === "outcome_unknown" || status === 502 || status === 504;
};

export type Doubt = { step: Step; version: number; settled?: "taken" | "not_taken" };

/** What became of a step whose answer was lost, from a request that was read afterwards. */
export function settle(doubt: Doubt, now: Shown): Doubt {
  const taken = now.request.version !== doubt.version;
  return { ...doubt, settled: taken ? "taken" : "not_taken" };
}

export function useSteps(shown: Shown) {
  const client = useQueryClient();
  const [doubt, setDoubt] = useState<Doubt>();
  const { id, version } = shown.request;
  const key = [...SWITCH, "request", id];
  const mutation = useMutation({
    // The answer of a step is never asked for twice by itself.
    networkMode: "always",
    retry: false,
    mutationFn: (step: Step) => send(step, shown),
    onMutate: () => setDoubt(undefined),
    onSuccess: async (next) => {
      client.setQueryData(key, next);
      await client.invalidateQueries({ queryKey: SWITCH });
    },
    onError: (error, step) => {
      if (isUnknown(error)) setDoubt({ step, version });
      else void client.invalidateQueries({ queryKey: key });
    },
  });
  const open = doubt !== undefined && doubt.settled === undefined;
  useEffect(() => {
    if (!open) return;
    let gone = false;
    const look = async () => {
      try {
        const now = await answer(
          api.GET("/api/v1/switch/requests/{request}", { params: { path: { request: id } } }),
        );
        if (gone) return;
        client.setQueryData([...SWITCH, "request", id], now);
        setDoubt((before) => before && settle(before, now));
        await client.invalidateQueries({ queryKey: SWITCH });
      } catch {
        // Still out of reach: the next beat asks again.
      }
    };
    const beat = setInterval(() => void look(), 2_000);
    return () => {
      gone = true;
      clearInterval(beat);
    };
  }, [open, client, id]);
  return {
    take: (step: Step, then?: (next: Shown) => void) =>
      mutation.mutate(step, then ? { onSuccess: then } : {}),
    busy: mutation.isPending ? mutation.variables?.act : undefined,
    error: doubt ? undefined : mutation.error,
    failed: mutation.error ? mutation.variables?.act : undefined,
    doubt,
    forget: () => {
      setDoubt(undefined);
      mutation.reset();
    },
  };
}

export type Steps = ReturnType<typeof useSteps>;
