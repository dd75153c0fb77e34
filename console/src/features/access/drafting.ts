/** A draft of one screen: edits with undo and redo, kept in this browser until they are saved or thrown away. */
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { useSession } from "../../session";
import { type Change, changed, type Edit, type Edits, keyOf, rebased } from "./draft";
import type { Policy } from "./world";

const STEPS_MAX = 100;
const PAUSE_MS = 250;

type History = { edits: Edits; past: readonly Edits[]; future: readonly Edits[] };
type Step = { to: Edits } | { step: "undo" | "redo" } | { start: Edits };

const NONE: Edits = new Map();

export function reduce(state: History, step: Step): History {
  if ("start" in step) return { edits: step.start, past: [], future: [] };
  if ("to" in step) {
    if (step.to === state.edits) return state;
    return { edits: step.to, past: [...state.past, state.edits].slice(-STEPS_MAX), future: [] };
  }
  if (step.step === "undo") {
    const last = state.past.at(-1);
    if (!last) return state;
    return { edits: last, past: state.past.slice(0, -1), future: [state.edits, ...state.future] };
  }
  const [next, ...future] = state.future;
  return next ? { edits: next, past: [...state.past, state.edits], future } : state;
}

/** Reads what was kept; whatever is not understood is no draft. */
export function restored(text: string | null): Edits {
  try {
    const all = JSON.parse(text ?? "[]") as Edit[];
    return new Map(all.map((edit) => [keyOf(edit), edit]));
  } catch {
    return NONE;
  }
}

export type Draft = {
  edits: Edits;
  change: (changes: readonly Change[]) => void;
  replace: (edits: Edits) => void;
  undo: () => void;
  redo: () => void;
  clear: () => void;
  canUndo: boolean;
  canRedo: boolean;
};

/** The draft `name` of the signed-in person, upon a policy. */
export function useDraft(name: string, policy: Policy): Draft {
  const user = useSession().data?.user ?? "";
  const kept = `guan.draft.${user}.${name}`;
  const [history, step] = useReducer(reduce, undefined, () => ({
    edits: restored(localStorage.getItem(kept)),
    past: [],
    future: [],
  }));
  const edits = useMemo(() => rebased(policy, history.edits), [policy, history.edits]);
  useKept(kept, edits);
  return useMemo(
    () => ({
      edits,
      change: (changes) => step({ to: changed(policy, edits, changes) }),
      replace: (to) => step({ to }),
      undo: () => step({ step: "undo" }),
      redo: () => step({ step: "redo" }),
      clear: () => step({ start: NONE }),
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
    }),
    [edits, policy, history],
  );
}

/** Writes the edits down when the person pauses, and when the page or the screen goes away before. */
function useKept(name: string, edits: Edits): void {
  const latest = useRef(edits);
  latest.current = edits;
  const keep = useCallback(() => {
    const all = [...latest.current.values()];
    if (all.length === 0) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(all));
  }, [name]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change starts the wait anew
  useEffect(() => {
    const wait = setTimeout(keep, PAUSE_MS);
    return () => clearTimeout(wait);
  }, [edits, keep]);
  useEffect(() => {
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [keep]);
}
