/** The timer that runs: until approval, until opening, until the end. */
import dayjs from "dayjs";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { Countdown } from "../../ui/countdown";
import { at, hasEnded } from "./parts";
import type { Shown } from "./queries";

export function Timer(props: { shown: Shown; asOf_ms: number }) {
  const say = useWords(words);
  const { request, expires } = props.shown;
  const open = request.state === "open" && request.opened != null && !hasEnded(request);
  const end = open ? request.opened?.ends : expires?.at;
  // Nobody has to approve an emergency.
  const idle = expires?.timer === "approval" && request.wanted.urgency === "emergency";
  if (!end || (idle && !open)) return null;
  const name = {
    draft: say("timerDraft"),
    approval: say("timerApproval"),
    execution: say("timerExecution"),
  };
  const left_s = dayjs(end).diff(dayjs(props.asOf_ms)) / 1000;
  return (
    <section className={open ? "sheet asked timer alarm" : "sheet asked timer"}>
      <h2>{open ? say("timerOpen") : name[expires?.timer as keyof typeof name]}</h2>
      <Countdown left_s={left_s} asOf_ms={props.asOf_ms} />
      <div className="quiet">{say("effectiveEnd", { at: at(end) })}</div>
    </section>
  );
}
