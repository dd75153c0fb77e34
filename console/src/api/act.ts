/** An act whose answer may be lost: it is never sent again by itself, and the server is asked until it says what became of it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "./client";

/** What a look at the server tells of an act; `under_way` while it may still come to either. */
export type Found<Output> = { is: "taken"; made: Output } | { is: "not_taken" | "under_way" };

/** The act whose answer was lost; settled when it is known what became of it. */
export type Doubt<Input> = { input: Input; settled?: "taken" | "not_taken" };

const LOOK_EVERY_MS = 2_000;
/** How often in a row it must be missing: what was sent may still be on its way at the first look. */
const LOOKS_MIN = 2;

/** Whether the answer was lost, so that the act may have happened or not. */
export const isUnknown = (error: unknown): boolean => {
  const { status, code } = problemOf(error);
  return status === 0 || code === "outcome_unknown" || status === 502 || status === 504;
};

type How<Input, Output> = {
  send: (input: Input) => Promise<Output>;
  /** Reads what became of it, and changes nothing. */
  look: (input: Input) => Promise<Found<Output>>;
  /** What is asked anew after each attempt, by the beginnings of the keys. */
  stale: readonly (readonly unknown[])[];
  onDone?: (made: Output, input: Input) => void;
};
type Then<Output> = ((made: Output) => void) | undefined;
type Lost<Input, Output> = Doubt<Input> & { next: Then<Output>; missing: number };

export function useAct<Input, Output>(how: How<Input, Output>) {
  const client = useQueryClient();
  const latest = useRef(how);
  latest.current = how;
  const [lost, setLost] = useState<Lost<Input, Output>>();
  const [looking, setLooking] = useState(false);
  const anew = useCallback(
    () =>
      Promise.all(
        latest.current.stale.map((queryKey) => client.invalidateQueries({ queryKey })),
      ).then(() => {}),
    [client],
  );
  const then = useRef<Then<Output>>(undefined);
  const mutation = useMutation({
    networkMode: "always",
    retry: false,
    mutationFn: (input: Input) => how.send(input),
    onMutate: () => setLost(undefined),
    onSuccess: (made, input) => {
      latest.current.onDone?.(made, input);
      then.current?.(made);
      return anew();
    },
    onError: (error, input) => {
      if (isUnknown(error)) setLost({ input, next: then.current, missing: 0 });
      else void anew();
    },
  });
  const open = lost !== undefined && lost.settled === undefined;
  const look = useCallback(async () => {
    if (!lost || lost.settled) return;
    const { input } = lost;
    /** Unless another attempt was begun meanwhile. */
    const settle = (change: Partial<Lost<Input, Output>>) =>
      setLost((now) => (now?.input === input && !now.settled ? { ...now, ...change } : now));
    setLooking(true);
    try {
      const found = await latest.current.look(input);
      if (found.is === "taken") {
        settle({ settled: "taken" });
        latest.current.onDone?.(found.made, input);
        lost.next?.(found.made);
      } else if (found.is === "not_taken") {
        const missing = lost.missing + 1;
        settle(missing < LOOKS_MIN ? { missing } : { missing, settled: "not_taken" });
      } else settle({ missing: 0 });
      await anew();
    } catch {
      // Still out of reach: the next look asks again.
    } finally {
      setLooking(false);
    }
  }, [lost, anew]);
  const latestLook = useRef(look);
  latestLook.current = look;
  useEffect(() => {
    if (!open) return;
    const beat = setInterval(() => void latestLook.current(), LOOK_EVERY_MS);
    return () => clearInterval(beat);
  }, [open]);
  return {
    take: (input: Input, next?: (made: Output) => void) => {
      then.current = next;
      mutation.mutate(input);
    },
    busy: mutation.isPending,
    /** What is being done, or was tried last. */
    input: mutation.variables,
    made: mutation.data,
    /** Why it was refused; a lost answer is no refusal. */
    error: lost ? undefined : mutation.error,
    doubt: lost as Doubt<Input> | undefined,
    /** Whether nothing may be sent, since it is not known yet what became of the last. */
    unsettled: open,
    looking,
    look: () => void look(),
    forget: () => {
      setLost(undefined);
      mutation.reset();
    },
  };
}
