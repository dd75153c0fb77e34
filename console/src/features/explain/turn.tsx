/** The smallest change that would turn an answer, each with the way to where it is made. */
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Modal } from "antd";
import { useState } from "react";
import { useChange } from "../../api/query";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { type Evidence, type Remedy, useEvidence, useRemedy } from "../../ui/decision";
import { ProblemNote } from "../../ui/problem";
import { type Stop, stop } from "./queries";
import type { Question } from "./question";
import { editorOfEvidence, editorOfRemedy, stopOf } from "./turns";

export function TurnToAllow(props: { remedies: readonly Remedy[]; question: Question }) {
  const say = useWords(explain);
  const words = useRemedy();
  return (
    <section>
      <h2 className="part">{say("turnAllow")}</h2>
      {props.remedies.length === 0 && <p className="quiet">{say("noRemedy")}</p>}
      <ul className="rows">
        {props.remedies.map((remedy) => (
          <li key={JSON.stringify(remedy)}>
            <span>{words(remedy)}</span>
            <Editor to={editorOfRemedy(remedy, props.question)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Editor(props: { to: string | undefined }) {
  const say = useWords(explain);
  return props.to ? <Link to={props.to as string}>{say("open")}</Link> : null;
}

export function TurnToDeny(props: { evidence: readonly Evidence[]; question: Question }) {
  const say = useWords(explain);
  const words = useEvidence();
  const { message } = App.useApp();
  const [asking, setAsking] = useState<{ what: Stop; words: string }>();
  const change = useChange(stop, [["explain"], ["records"]]);
  if (props.evidence.length === 0) return null;
  return (
    <section>
      <h2 className="part">{say("turnDeny")}</h2>
      {props.evidence.length > 1 && (
        <Alert type="info" title={say("allMustGo")} style={{ marginBottom: 8 }} />
      )}
      <ul className="rows">
        {props.evidence.map((one) => {
          const what = stopOf(one, props.question);
          return (
            <li key={JSON.stringify(one)}>
              <span>{words(one)}</span>
              {what && (
                <Button danger onClick={() => setAsking({ what, words: words(one) })}>
                  {say("share" in what ? "stopShare" : "stopTeam")}
                </Button>
              )}
              <Editor to={editorOfEvidence(one, props.question)} />
            </li>
          );
        })}
      </ul>
      <Modal
        open={asking !== undefined}
        title={say("stopTitle")}
        okText={say(asking && "share" in asking.what ? "stopShare" : "stopTeam")}
        cancelText={say("cancel")}
        okButtonProps={{ danger: true }}
        confirmLoading={change.isPending}
        onCancel={() => setAsking(undefined)}
        onOk={() =>
          asking &&
          change.mutate(asking.what, {
            onSuccess: () => {
              setAsking(undefined);
              void message.success(say("done"));
            },
          })
        }
      >
        <p>{say("stopWhy", { what: asking?.words ?? "" })}</p>
        <ProblemNote error={change.error} />
      </Modal>
    </section>
  );
}
