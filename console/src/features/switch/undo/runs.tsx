/** The undos of a window so far; each can be undone in turn. */
import { Link } from "@tanstack/react-router";
import { undo as words } from "../../../i18n/switch-undo";
import { useWords } from "../../../i18n/words";
import { Answered } from "../../../ui/state";
import { at } from "../parts";
import { useNames, useRuns } from "../queries";

export function Runs(props: { overlay: string }) {
  const say = useWords(words);
  const nameOf = useNames();
  const found = useRuns(props.overlay);
  return (
    <section className="sheet asked">
      <h2>{say("runs")}</h2>
      <Answered of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{say("runsNone")}</p>
          ) : (
            items.map((run) => (
              <div key={run.id} className="demand">
                <span className="code">{run.id}</span>{" "}
                {run.of !== props.overlay && (
                  <span className="quiet">{say("runOf", { run: run.of })}</span>
                )}
                <div>
                  {say("runSays", {
                    by: nameOf(run.by) ?? run.by,
                    at: at(run.begun),
                    n: run.writes,
                  })}
                </div>
                <div className="quiet">{run.finished ? run.reason : say("runBroken")}</div>
                <Link to={"." as string} search={{ run: run.id } as never}>
                  {say("again")}
                </Link>
              </div>
            ))
          )
        }
      </Answered>
    </section>
  );
}
