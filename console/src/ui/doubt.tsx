/** What is said while the answer of an act is lost, and what became of it. */
import { LoadingOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import type { Doubt } from "../api/act";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export function DoubtNote(props: {
  /** The act by the name of its button. */
  name: string;
  of: {
    doubt: Doubt<unknown> | undefined;
    looking: boolean;
    look: () => void;
    forget: () => void;
  };
  /** What holds meanwhile in any case. */
  also?: string;
}) {
  const say = useWords(ui);
  const { name, of, also } = props;
  if (!of.doubt) return null;
  if (of.doubt.settled === undefined) {
    return (
      <Alert
        showIcon
        icon={<LoadingOutlined />}
        type="error"
        className="gap"
        role="alert"
        title={say("doubt", { act: name })}
        description={`${say("doubtWhy")}${also ?? ""}`}
        action={
          <Button size="small" aria-busy={of.looking} onClick={of.look}>
            {say("lookAgain")}
          </Button>
        }
      />
    );
  }
  const taken = of.doubt.settled === "taken";
  return (
    <Alert
      showIcon
      type={taken ? "success" : "warning"}
      className="gap"
      role="status"
      title={say(taken ? "taken" : "notTaken", { act: name })}
      description={say(taken ? "takenWhy" : "notTakenWhy")}
      action={
        <Button size="small" onClick={of.forget}>
          {say("understood")}
        </Button>
      }
    />
  );
}
