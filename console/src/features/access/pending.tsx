/** The bar of unsaved work, the review that it opens, and what was saved last with the way back. */
import { RedoOutlined, UndoOutlined } from "@ant-design/icons";
import { Alert, App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { DoubtNote } from "../../ui/doubt";
import { ProblemNote } from "../../ui/problem";
import type { Draft } from "./drafting";
import { useOutcome } from "./outcome";
import { Review } from "./review";
import { type Outcome, useReturn, useSave } from "./saving";
import type { World } from "./world";

/** What was saved last, and the revision before it. */
type Saved = { outcome: Outcome; before: number };

export function Pending(props: { world: World; draft: Draft }) {
  const { world, draft } = props;
  const say = useWords(access);
  const [search, go] = useAddress();
  const [saved, setSaved] = useState<Saved>();
  const n = draft.edits.size;
  const close = () => go({ review: undefined }, "replace");
  // Here, and not in the review: what was saved may be in the policy, so that no edit is left to review.
  const save = useSave((made, { world: upon }) => {
    draft.clear();
    setSaved({ outcome: made, before: upon.revision.number });
    close();
  });
  const reviewing = search.review !== undefined && (n > 0 || save.unsettled);
  return (
    <>
      <div className="told">
        {!reviewing && !saved && <DoubtNote name={say("save")} of={save} />}
        {saved && <InEffect saved={saved} onClose={() => setSaved(undefined)} />}
      </div>
      {(n > 0 || draft.canUndo || draft.canRedo) && (
        <div className="pending" role="region" aria-label={say("pending", { n })}>
          <b className="number">{say("pending", { n })}</b>
          <span className="quiet">{say("kept")}</span>
          <span className="rest">
            <Button icon={<UndoOutlined />} disabled={!draft.canUndo} onClick={draft.undo}>
              {say("undo")}
            </Button>
            <Button icon={<RedoOutlined />} disabled={!draft.canRedo} onClick={draft.redo}>
              {say("redo")}
            </Button>
            <Popconfirm
              title={say("discardSure")}
              okText={say("discard")}
              cancelText={say("keepEditing")}
              onConfirm={draft.clear}
            >
              <Button disabled={n === 0}>{say("discard")}</Button>
            </Popconfirm>
            <Button type="primary" disabled={n === 0} onClick={() => go({ review: "yes" })}>
              {say("review")}
            </Button>
          </span>
        </div>
      )}
      {reviewing && <Review world={world} draft={draft} save={save} onClose={close} />}
    </>
  );
}

function InEffect(props: { saved: Saved; onClose: () => void }) {
  const { outcome: made, before } = props.saved;
  const said = useOutcome();
  const say = useWords(access);
  const { message } = App.useApp();
  const back = useReturn((next) => {
    const told = "revision" in next ? say("rolledBack", { n: String(next.revision) }) : said(next);
    void message.success(told);
    props.onClose();
  });
  if ("waiting" in made) {
    return (
      <Alert
        type="warning"
        showIcon
        closable={{ onClose: props.onClose }}
        style={{ marginBottom: 12 }}
        title={said(made)}
      />
    );
  }
  const { revision } = made;
  const run = () =>
    back.take({ to: before, expected: revision, reason: say("rollBackReason", { n: revision }) });
  return (
    <>
      <Alert
        type="success"
        showIcon
        closable={{ onClose: props.onClose }}
        style={{ marginBottom: 12 }}
        title={said(made)}
        action={
          <Button size="small" disabled={back.unsettled} loading={back.busy} onClick={run}>
            {say("rollBack")}
          </Button>
        }
      />
      <DoubtNote name={say("rollBack")} of={back} />
      <ProblemNote error={back.error} />
    </>
  );
}
