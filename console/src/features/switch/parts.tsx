/** Pieces that the screens of the switch share: states, sentences, spans, refusals. */

import { Alert } from "antd";
import dayjs from "dayjs";
import { problemOf, type Schemas } from "../../api/client";
import { objectName } from "../../i18n/objects";
import { offSwitch } from "../../i18n/switch";
import { rules } from "../../i18n/switch-rules";
import { useLanguage, useWords } from "../../i18n/words";
import { useMyObjects } from "../../session";
import { Moment, moment, SECONDS } from "../../ui/moment";
import { ProblemNote } from "../../ui/problem";
import { useScope } from "../../ui/scope";
import { type Shown, useChoices, useNames, type Wanted } from "./queries";

export const at = (when: string | null | undefined) => moment(when, SECONDS);

/** The time of day, with its day when it is pointed at. */
export function Clock(props: { us: number | undefined }) {
  if (props.us === undefined) return "–";
  return <Moment at={props.us / 1000} form="HH:mm:ss.SSS" />;
}

/** A span in the largest unit that says it without a rest. */
export function useSpan(): (ms: number) => string {
  const say = useWords(offSwitch);
  return (ms) => {
    const seconds = Math.round(ms / 1000);
    if (seconds >= 3600 && seconds % 3600 === 0) return say("hours", { n: seconds / 3600 });
    if (seconds >= 60 && seconds % 60 === 0) return say("minutes", { n: seconds / 60 });
    if (seconds > 600) return say("minutes", { n: Math.round(seconds / 60) });
    return say("seconds", { n: seconds });
  };
}

export function useObjectName(): (id: string) => string {
  const language = useLanguage() === "en" ? 0 : 1;
  const mine = useMyObjects().data ?? [];
  const all = useChoices("objects", "guan.manage_objects").data ?? [];
  const names = new Map([...all, ...mine].map(({ id, name }) => [id, name]));
  return (id) => objectName({ id, name: names.get(id) ?? id }, language);
}

/** `user:li.wei`, `group:Sales`, `node_and_below:X` in words. */
export function usePrincipal(): (principal: string) => string {
  const say = useWords(offSwitch);
  const nameOf = useNames();
  return (principal) => {
    if (principal === "everyone") return say("everybody");
    const cut = principal.indexOf(":");
    const [kind, id] = [principal.slice(0, cut), principal.slice(cut + 1)];
    if (kind === "user") return nameOf(id) ?? id;
    return kind === "group" ? say("group", { name: id }) : principal;
  };
}

/** A request in one sentence. */
export function useSentence(): (wanted: Wanted) => string {
  const say = useWords(offSwitch);
  const span = useSpan();
  const { what, whom } = useScope(useObjectName(), usePrincipal());
  return (wanted) => {
    const values = {
      what: what(wanted.effect),
      whom: whom(wanted.audience),
      long: wanted.length ? span(wanted.length) : say("standard"),
    };
    const { kind } = wanted.effect;
    if (kind === "suspension") return say("saySuspension", values);
    return say(kind === "elevation" ? "sayElevation" : "sayDisablement", values);
  };
}

const TONES: Record<string, string> = {
  open: "alarm",
  ended: "caution",
  dormant: "alarm",
  backed_up: "caution",
  reported: "caution",
  approved: "good",
  armed: "good",
  reviewed: "good",
};

/** The state in words; an end that is not written yet, and a withdrawal, are told as what they are. */
export function stateOf({ request, acting }: Shown): string {
  if (request.state === "open" && !acting) return hasEnded(request) ? "ended" : "dormant";
  if (request.state === "refused" && request.refused?.by === request.requested_by)
    return "withdrawn";
  // An emergency is prepared without anybody’s approval.
  if (request.state === "approved" && request.wanted.urgency === "emergency") return "armed";
  return request.state;
}

export const hasEnded = ({ opened }: Schemas["WindowRequest"]): boolean =>
  opened != null && dayjs(opened.ends).isBefore(dayjs());

export function StateTag(props: { of: Shown }) {
  const say = useWords(offSwitch);
  const state = stateOf(props.of);
  return <span className={`pill ${TONES[state] ?? ""}`}>{say(`s_${state}` as "s_draft")}</span>;
}

/** That it is an emergency, or carries another window on. */
export function Mark(props: { of: Shown }) {
  const say = useWords(offSwitch);
  const { urgency, extends: of } = props.of.request.wanted;
  if (urgency === "emergency") return <span className="pill alarm">{say("emergency")}</span>;
  return of ? <span className="pill">{say("extension")}</span> : null;
}

/** A refusal of the switch in a clear sentence; anything else as everywhere. */
export function RuleNote(props: { error: unknown }) {
  const say = useWords(offSwitch);
  const sayRule = useWords(rules);
  if (!props.error) return null;
  const problem = problemOf(props.error);
  const rule = typeof problem.rule === "string" && problem.rule in rules ? problem.rule : undefined;
  if (problem.code === "sign_in_refused")
    return <Alert showIcon type="error" title={say("wrongPassword")} />;
  if (!rule) return <ProblemNote error={props.error} />;
  return (
    <Alert
      showIcon
      type="warning"
      title={say("refusedRule")}
      description={
        <>
          <div>{sayRule(rule as keyof typeof rules)}</div>
          {problem.detail && (
            <div className="quiet" lang="en">
              {say("server", { detail: problem.detail })}
            </div>
          )}
        </>
      }
    />
  );
}

/** A page that was cut off says so: what it shows may be old. */
export function OfflineNote(props: { of: { isError: boolean; error: unknown; data: unknown } }) {
  const say = useWords(offSwitch);
  const { of } = props;
  if (!of.isError || of.data === undefined || problemOf(of.error).status !== 0) return null;
  return (
    <Alert
      banner
      type="warning"
      style={{ marginBottom: 12 }}
      title={say("offline")}
      description={say("offlineWhy")}
    />
  );
}
