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

export function Stages(props: ({ at: Stage } | { state: State }) & { emergency: boolean }) {
  const say = useWords(request);
  const at = "at" in props ? props.at : AT[props.state];
  const state = "state" in props ? props.state : undefined;
  const stopped = state === "refused" || state === "expired";
  const done = state === "reviewed";
  const { emergency } = props;
  // An emergency opens without approval; one that came to nothing ended where it would have opened.
  const stages: readonly Stage[] = emergency
    ? STAGES.filter((stage) => stage !== "approval")
    : STAGES;
  const now = emergency && at === "approval" ? "open" : at;
  return (
    <nav className="stages" aria-label={say("stages")}>
      <Steps
        size="small"
        responsive={false}
        current={done ? stages.length : stages.indexOf(now)}
        status={stopped ? "error" : "process"}
        items={stages.map((stage) => ({ title: say(stage) }))}
      />
    </nav>
  );
}
