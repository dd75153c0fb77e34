/** The answer: verdict, what decides, the path through the stages, the windows, and what would turn it. */

import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { stageAsks, stages } from "../../i18n/decision";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { useSession } from "../../session";
import { AskLink } from "../../ui/ask";
import { useEvidence, useRefusal, VerdictTag } from "../../ui/decision";
import { useNamed } from "../../ui/named";
import { Term } from "../../ui/term";
import { type Explanation, pathOf, type Question, stageOf } from "./question";
import { TurnToAllow, TurnToDeny } from "./turn";

const ICONS = {
  passed: <CheckCircleFilled className="verdict allow" aria-hidden />,
  stopped: <CloseCircleFilled className="verdict deny" aria-hidden />,
  skipped: <MinusCircleOutlined className="quiet" aria-hidden />,
} as const;

/** Where it fell, if it did; a window relaxes a refusal but the policy refused all the same. */
function refusalOf(answer: Explanation): { why: string; of: object } | null {
  if (answer.decision === "deny") return { why: answer.why ?? "", of: answer };
  if (answer.refusal) return { why: answer.refusal.why, of: answer.refusal };
  return null;
}

export function Answer(props: { answer: Explanation; question: Question; reference?: string }) {
  const say = useWords(explain);
  const refusal = useRefusal();
  const evidence = useEvidence();
  const { answer, question } = props;
  const refused = refusalOf(answer);
  const stage = refused && (answer.stage ?? stageOf(refused.why));
  const decisive = answer.decision === "allow" ? answer.paths.map(evidence).at(0) : undefined;
  return (
    <>
      <p style={{ margin: "0 0 4px" }}>
        <span className="large verdict">
          <VerdictTag verdict={answer.decision} />
        </span>
      </p>
      <p style={{ margin: "0 0 8px", fontSize: 15 }}>
        <span className="quiet">
          {say(answer.decision === "relaxed" ? "otherwise" : "decisiveIs")}{" "}
        </span>
        {refused ? refusal(refused.why, refused.of) : (decisive ?? say("evidenceNone"))}
      </p>
      <h2 className="part">{say("path")}</h2>
      <Path answer={answer} stage={stage} refused={refused} />
      {answer.decision === "allow" ? (
        <TurnToDeny evidence={answer.paths} question={question} />
      ) : (
        <>
          <TurnToAllow remedies={answer.remedies} question={question} />
          <Asking question={question} reference={props.reference} />
        </>
      )}
    </>
  );
}

/** Who was refused themself can ask for it. */
function Asking(props: { question: Question; reference: string | undefined }) {
  const me = useSession().data?.user;
  const { who, act, object, record } = props.question;
  if (who !== undefined && who !== me) return null;
  return (
    <p>
      <AskLink act={act} object={object} record={record} reference={props.reference} />
    </p>
  );
}

function Path(props: {
  answer: Explanation;
  stage: string | null;
  refused: { why: string; of: object } | null;
}) {
  const say = useWords(explain);
  const name = useNamed(stages);
  const asks = useNamed(stageAsks);
  const refusal = useRefusal();
  const evidence = useEvidence();
  const { answer, refused } = props;
  return (
    <ol className="steps" aria-label={say("path")}>
      {pathOf(props.stage).map(([stage, state]) => (
        <li key={stage} data-state={state}>
          {ICONS[state]}
          <div>
            <b>{name(stage)}</b>
            <Term name={stage} />
            <span className={state === "stopped" ? "verdict deny" : "quiet"}>{say(state)}</span>
            <div className="quiet">{asks(stage)}</div>
            {state === "stopped" && refused && <div>{refusal(refused.why, refused.of)}</div>}
            {stage === "reach" && answer.paths.length > 0 && (
              <ul aria-label={say("evidence")}>
                {answer.paths.map((one) => (
                  <li key={JSON.stringify(one)}>{evidence(one)}</li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
      <li>
        {answer.decision === "relaxed" ? ICONS.passed : ICONS.skipped}
        <div>
          <b>{say("windows")}</b>
          <div>
            {answer.decision === "relaxed" && refused
              ? say("windowsRelaxed", {
                  overlay: answer.overlay ?? "",
                  stage: name(props.stage ?? ""),
                  why: refusal(refused.why, refused.of),
                })
              : say("windowsNone")}
          </div>
        </div>
      </li>
    </ol>
  );
}
