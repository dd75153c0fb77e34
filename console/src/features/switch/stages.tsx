/** The life of a request as steps; where it is now is said in words too. */
import { Steps } from "antd";
import { request } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import type { State } from "./queries";

const STAGES = ["describe", "preview", "backup", "approval", "open", "report", "review"] as const;
export type Stage = (typeof STAGES)[number];

const AT: Record<State, Stage> = {
  draft: "preview",
  previewed: "backup",
  backed_up: "approval",
  approved: "open",
  armed: "open",
  open: "open",
  closed: "report",
  reported: "review",
  reviewed: "review",
  refused: "approval",
  expired: "approval",
};

export function Stages(props: { at: Stage } | { state: State }) {
  const say = useWords(request);
  const at = "at" in props ? props.at : AT[props.state];
  const state = "state" in props ? props.state : undefined;
  const stopped = state === "refused" || state === "expired";
  const done = state === "reviewed";
  return (
    <nav className="stages" aria-label={say("stages")}>
      <Steps
        size="small"
        responsive={false}
        current={done ? STAGES.length : STAGES.indexOf(at)}
        status={stopped ? "error" : "process"}
        items={STAGES.map((stage) => ({ title: say(stage) }))}
      />
    </nav>
  );
}
