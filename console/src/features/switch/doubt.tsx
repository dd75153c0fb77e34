/** What is said while the answer of a step is lost, and what became of it. */
import { offSwitch } from "../../i18n/switch";
import { request } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { DoubtNote } from "../../ui/doubt";
import type { Step, Steps } from "./steps";

export function useActName(): (act: Step["act"]) => string {
  const say = useWords(request);
  const names = {
    preview: say("preview"),
    back_up: say("backup"),
    approve: say("approve"),
    take_back: say("takeBack"),
    refuse: say("refuse"),
    withdraw: say("withdraw"),
    open: say("open"),
    close: say("close"),
    review: say("review"),
  };
  return (act) => names[act];
}

export function StepNote(props: { steps: Steps }) {
  const say = useWords(offSwitch);
  const name = useActName();
  const { lost } = props.steps;
  if (!lost.doubt) return null;
  return <DoubtNote name={name(lost.doubt.input.step.act)} of={lost} also={say("doubtEnds")} />;
}
