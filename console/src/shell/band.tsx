/** The band of open windows: for everybody whom one concerns, and red for who answers for the switch while anything is off. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { lazy, Suspense, useEffect, useRef } from "react";
import { answer, api } from "../api/client";
import { shell } from "../i18n/shell";
import { useLanguage, useWords } from "../i18n/words";
import { screens } from "../screens";
import { endedOf, noteEnded, SWITCH, useSwitch, type Window } from "../switch";
import { Countdown } from "../ui/countdown";
import { sayRelief } from "./relief";

const Relaxed = lazy(() => import("./relaxed"));

export function Band() {
  const say = useWords(shell);
  const at = useLanguage() === "en" ? 0 : 1;
  const { data, dataUpdatedAt, isError } = useSwitch();
  useFresh(data?.windows, dataUpdatedAt);
  if (!data) return null;
  const answers = data.duties.length > 0;
  const kinds: Record<string, string> = {
    suspension: say("suspension"),
    elevation: say("elevation"),
    disablement: say("disablement"),
  };
  const hasScreen = screens.some((screen) => screen.path === "/switch");
  return data.windows.map((window) => (
    <div key={window.overlay} role="status" className={answers ? "band alarm" : "band"}>
      <strong>
        {window.relaxes && !window.request
          ? sayRelief(window.relaxes, at)
          : (kinds[window.kind] ?? window.kind)}
        {answers && !window.concerns_me && ` ${say("forOthers")}`}
      </strong>
      <Countdown left_s={window.left_s} asOf_ms={dataUpdatedAt} />
      {isError ? <span className="why">{say("windowOld")}</span> : <Why window={window} />}
      {hasScreen && answers && (
        <Link to={(window.request ? `/switch/${window.request}` : "/switch") as string}>
          {say("windowMore")}
        </Link>
      )}
    </div>
  ));
}

/** What is open, for whom, until when and why; cut where it is long, with the whole text where it is pointed at. */
function Why({ window }: { window: Window }) {
  const say = useWords(shell);
  const comma = useLanguage() === "en" ? ", " : "，";
  const text = (scope: readonly string[]) => {
    const until = say("windowUntil", { at: dayjs(window.ends).format("HH:mm") });
    const said = say("windowWhy", {
      scope: [...scope, until].join(comma),
      reason: window.reason,
    });
    return (
      <span className="why" title={said}>
        {said}
      </span>
    );
  };
  const mine =
    window.concerns_me && !window.relaxes ? [say("windowFor", { whom: say("you") })] : [];
  if (!window.request) return text(mine);
  return (
    <Suspense fallback={text(mine)}>
      <Relaxed request={window.request}>{(scope) => text(scope.length > 0 ? scope : mine)}</Relaxed>
    </Suspense>
  );
}

/** What was shown under other windows than now may hold more, or less, than the person may see: it is asked anew. */
function useFresh(windows: readonly Window[] | undefined, asOf_ms: number): void {
  const client = useQueryClient();
  const before = useRef<readonly Window[]>(undefined);
  const state = windows && stateOf(windows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each state, not for each answer
  useEffect(() => {
    const last = before.current;
    before.current = windows;
    if (!last || !windows) return;
    const over = endedOf(last, windows, Date.now());
    if (over) noteEnded(over);
    const isOther = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== SWITCH[0];
    void client.invalidateQueries({ predicate: isOther });
  }, [state, client]);
  const mine = windows?.filter(({ concerns_me, acting }) => concerns_me && acting) ?? [];
  // The seconds that are left are whole ones: a second later it is over for certain.
  const first_s = Math.min(...mine.map(({ left_s }) => left_s)) + 1;
  useEffect(() => {
    const wait_ms = asOf_ms + first_s * 1000 - Date.now();
    if (!Number.isFinite(wait_ms)) return;
    const end = setTimeout(
      () => void client.invalidateQueries({ queryKey: SWITCH }),
      Math.min(Math.max(wait_ms, 0), WAIT_MAX_MS),
    );
    return () => clearTimeout(end);
  }, [asOf_ms, first_s, client]);
}

/** The longest wait that a timer of a browser takes. */
const WAIT_MAX_MS = 2_147_000_000;

const stateOf = (windows: readonly Window[]) =>
  windows
    .map(({ overlay, ends, acting, concerns_me }) => `${overlay} ${ends} ${acting} ${concerns_me}`)
    .join();

const ASK_EVERY_MS = 60_000;

/** Requests for access that the person may decide; enough to know whether there are some. */
function useToDecide(): number {
  const found = useQuery({
    queryKey: ["access-requests", "badge"],
    queryFn: () =>
      answer(
        api.GET("/api/v1/access-requests", { params: { query: { show: "to_decide", limit: 50 } } }),
      ),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  });
  return found.data?.items.length ?? 0;
}

/** Edits of the policy that wait for the end of a window; asked for while one is open. */
function useHeld(): { held: number; conflicted: number } {
  const isOpen = (useSwitch().data?.windows.length ?? 0) > 0;
  const found = useQuery({
    queryKey: ["waiting-edits", "badge", isOpen],
    queryFn: () => answer(api.GET("/api/v1/waiting-edits", { params: { query: { limit: 200 } } })),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  });
  const all = found.data?.items ?? [];
  const count = (state: string) => all.filter((edit) => edit.state === state).length;
  return { held: count("waiting"), conflicted: count("conflicted") };
}

/** What waits for the person, in the bar: windows to approve or review, access to decide, edits that wait. */
export function Waiting() {
  const say = useWords(shell);
  const windows = useSwitch().data?.waiting ?? 0;
  const access = useToDecide();
  const { held, conflicted } = useHeld();
  const all = [
    [windows, say("waiting"), "/switch?show=mine"],
    [access, say("toDecide"), "/requests"],
    [conflicted, say("conflicted", { n: conflicted }), "/waiting-edits?show=decide"],
    [held, say("held", { n: held }), "/waiting-edits"],
  ] as const;
  return all
    .filter(([n]) => n > 0)
    .map(([n, words, to]) => (
      <Link key={to} to={to as string} className="waiting">
        {words} <span className="badge">{n}</span>
      </Link>
    ));
}
