/** The bar of unsaved work, the review that it opens, and what was saved last with the way back. */
import { RedoOutlined, UndoOutlined } from "@ant-design/icons";
import { Alert, App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { ProblemNote } from "../../ui/problem";
import type { Draft } from "./drafting";
import { useOutcome } from "./outcome";
import { Review, type Saved } from "./review";
import { outcome, useReturn } from "./saving";
import type { World } from "./world";

export function Pending(props: { world: World; draft: Draft }) {
  const { world, draft } = props;
  const say = useWords(access);
  const [search, go] = useAddress();
  const [saved, setSaved] = useState<Saved>();
  const n = draft.edits.size;
  const close = () => go({ review: undefined }, "replace");
  return (
    <>
      {saved && <InEffect saved={saved} onClose={() => setSaved(undefined)} />}
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
      {search.review && n > 0 && (
        <Review
          world={world}
          draft={draft}
          onClose={close}
          onSaved={(made) => {
            setSaved(made);
            close();
          }}
        />
      )}
    </>
  );
}

function InEffect(props: { saved: Saved; onClose: () => void }) {
  const { outcome: made, before } = props.saved;
  const said = useOutcome();
  const say = useWords(access);
  const { message } = App.useApp();
  const back = useReturn();
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
  const run = async () => {
    const reason = say("rollBackReason", { n: revision });
    const next = outcome(await back.mutateAsync({ to: before, expected: revision, reason }));
    const told = "revision" in next ? say("rolledBack", { n: String(next.revision) }) : said(next);
    void message.success(told);
    props.onClose();
  };
  return (
    <>
      <Alert
        type="success"
        showIcon
        closable={{ onClose: props.onClose }}
        style={{ marginBottom: 12 }}
        title={said(made)}
        action={
          <Button size="small" loading={back.isPending} onClick={() => void run().catch(() => {})}>
            {say("rollBack")}
          </Button>
        }
      />
      <ProblemNote error={back.error} />
    </>
  );
}
