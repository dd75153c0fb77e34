/** The cache of what the server said, and how a list is read page by page. */
import {
  type Query,
  QueryCache,
  QueryClient,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import { newKey, problemOf } from "./client";

const WAIT_MAX_MS = 5_000;

/** What is not open any more is not shown any longer; a fault or a broken connection takes nothing away. */
function forget(error: unknown, query: Query<unknown, unknown, unknown>): void {
  const { status } = problemOf(error);
  if (query.state.data === undefined || (status !== 403 && status !== 404)) return;
  query.setState({ data: undefined });
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: forget }),
  defaultOptions: {
    // Without a network an act fails at once; it never waits to happen when nobody expects it any more.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      refetchOnReconnect: true,
      staleTime: 15_000,
      // What was refused stays refused; only a fault or a broken connection is tried again.
      retry: (failed, error) => {
        const { status } = problemOf(error);
        return failed < 2 && (status === 0 || status === 503);
      },
      retryDelay: (failed) => Math.min(500 * 2 ** failed, WAIT_MAX_MS),
    },
  },
});

/** The key of one creation: the same when it is sent again, another one after it succeeded. */
export function useIntention(): { key: () => string; done: () => void } {
  const kept = useRef<string | null>(null);
  return {
    key: () => {
      kept.current ??= newKey();
      return kept.current;
    },
    done: () => {
      kept.current = null;
    },
  };
}

/** A change: runs it, then everything under `stale` is asked anew. Show `error` in a `ProblemNote`. */
export function useChange<Input, Output>(
  act: (input: Input) => Promise<Output>,
  stale: readonly (readonly unknown[])[],
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}
