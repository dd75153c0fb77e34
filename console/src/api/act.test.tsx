import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Found, isUnknown, useAct } from "./act";
import { ProblemError } from "./client";

const problem = (status: number, code: string) =>
  new ProblemError({ type: "", title: "", status, code });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function acting(sends: (() => Promise<string>)[], looks: (() => Promise<Found<string>>)[]) {
  const client = new QueryClient();
  const counted = { sent: 0, looked: 0, done: [] as string[] };
  const how = {
    send: () => (sends[counted.sent++] ?? (() => Promise.reject(new Error("sent too often"))))(),
    look: () =>
      (looks[counted.looked++] ?? (() => Promise.reject(new Error("looked too often"))))(),
    stale: [],
    onDone: (made: string) => void counted.done.push(made),
  };
  const wrapper = (props: { children: React.ReactNode }) => (
    <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useAct<number, string>(how), { wrapper });
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  return { result, counted, pass };
}

const lose = () => Promise.reject(new TypeError("Failed to fetch"));
const missing = () => Promise.resolve({ is: "not_taken" as const });
const underWay = () => Promise.resolve({ is: "under_way" as const });

test("a lost answer is unknown, a refusal is known", () => {
  expect(isUnknown(new TypeError("Failed to fetch"))).toBe(true);
  expect(isUnknown(problem(503, "outcome_unknown"))).toBe(true);
  expect(isUnknown(problem(409, "window_refused"))).toBe(false);
});

test("an act whose answer was lost is looked for, and is done once it is found", async () => {
  const found = () => Promise.resolve({ is: "taken" as const, made: "seven" });
  const { result, counted, pass } = acting([lose], [lose, underWay, found]);
  act(() => result.current.take(1));
  await pass(0);
  expect(result.current.unsettled).toBe(true);
  expect(result.current.error).toBeUndefined();
  await pass(2_000);
  expect(result.current.unsettled).toBe(true);
  await pass(2_000);
  expect(counted.done).toEqual([]);
  await pass(2_000);
  expect(result.current.doubt?.settled).toBe("taken");
  expect(counted).toEqual({ sent: 1, looked: 3, done: ["seven"] });
});

test("what was sent may still be on its way at the first look, so that only a second one says that it did not happen", async () => {
  const { result, counted, pass } = acting([lose], [missing, missing]);
  act(() => result.current.take(1));
  await pass(2_000);
  expect(result.current.unsettled).toBe(true);
  await pass(2_000);
  expect(result.current.doubt?.settled).toBe("not_taken");
  await pass(60_000);
  expect(counted).toEqual({ sent: 1, looked: 2, done: [] });
});

test("a refusal is told as it is, and nothing is looked for", async () => {
  const { result, counted, pass } = acting([() => Promise.reject(problem(409, "stale"))], []);
  act(() => result.current.take(1));
  await pass(10_000);
  expect(result.current.error).toBeInstanceOf(ProblemError);
  expect(result.current.doubt).toBeUndefined();
  expect(counted).toEqual({ sent: 1, looked: 0, done: [] });
});
