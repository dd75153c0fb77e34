/** What is said while the answer of a step is lost, and what became of it. */
import { Alert, Spin } from "antd";
import { offSwitch } from "../../i18n/switch";
import { request } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { Understood } from "./parts";
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

export function DoubtNote(props: { steps: Steps }) {
  const say = useWords(offSwitch);
  const name = useActName();
  const { doubt, forget } = props.steps;
  if (!doubt) return null;
  const act = name(doubt.step.act);
  if (doubt.settled === undefined) {
    return (
      <Alert
        showIcon
        icon={<Spin size="small" />}
        type="error"
        className="gap"
        role="alert"
        title={say("doubt", { act })}
        description={say("doubtWhy")}
      />
    );
  }
  const taken = doubt.settled === "taken";
  return (
    <Alert
      showIcon
      type={taken ? "success" : "warning"}
      className="gap"
      title={say(taken ? "taken" : "notTaken", { act })}
      description={say(taken ? "takenWhy" : "notTakenWhy")}
      action={<Understood onClick={forget} />}
    />
  );
}
