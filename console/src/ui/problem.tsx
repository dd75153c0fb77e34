/** A refusal or a fault in words, with the number under which the explainer knows it. */
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { problemOf } from "../api/client";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";
import { AskLink } from "./ask";

export function ProblemNote(props: { error: unknown }) {
  const say = useWords(ui);
  if (!props.error) return null;
  const problem = problemOf(props.error);
  const titles: Record<string, [string, string]> = {
    unreachable: [say("unreachable"), say("unreachableWhy")],
    stale: [say("stale"), say("staleWhy")],
    denied: [say("forbidden"), say("forbiddenWhy")],
    not_in_a_view: [say("inView"), say("inViewWhy")],
    not_found: [say("missing"), say("missingWhy")],
  };
  const [title, why] = titles[problem.code] ?? [
    problem.status === 429 ? say("busy") : say("failed"),
    problem.title,
  ];
  return (
    <Alert
      showIcon
      type={problem.status >= 500 || problem.status === 0 ? "error" : "warning"}
      title={title}
      style={{ textAlign: "left" }}
      description={
        <>
          <div>{(problem.code !== "not_in_a_view" && problem.detail) || why}</div>
          {problem.reference != null && (
            <div>
              <Link to={`/explain/${problem.reference}` as string}>
                {say("reference", { n: String(problem.reference) })}
              </Link>{" "}
              · <AskLink reference={String(problem.reference)} />
            </div>
          )}
          {problem.request && problem.status >= 500 && (
            <div className="quiet code">{say("request", { id: problem.request })}</div>
          )}
        </>
      }
    />
  );
}
