/** What an undo did. */
import { Alert } from "antd";
import { undo as words } from "../../../i18n/switch-undo";
import { useWords } from "../../../i18n/words";
import type { Outcome } from "../documents";

export function Result(props: { outcome: Outcome }) {
  const say = useWords(words);
  const { run, writes, waiting, unfit, moved, references } = props.outcome;
  if (!run) return <Alert showIcon type="info" className="gap" title={say("nothingDone")} />;
  return (
    <Alert
      showIcon
      className="gap"
      type={waiting + unfit + moved === 0 ? "success" : "warning"}
      title={say("done", { n: writes })}
      description={say("doneWhy", { waiting, unfit, moved, rows: references.join(", ") || "–" })}
    />
  );
}
