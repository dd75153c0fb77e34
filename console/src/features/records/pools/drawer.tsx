/** One pool: who runs it, who takes from it, and its rules. */
import { App, Button, Drawer } from "antd";
import { useState } from "react";
import { answer, api, type Tagged } from "../../../api/client";
import { useChange, useIntention } from "../../../api/query";
import { pools } from "../../../i18n/pools";
import { useWords } from "../../../i18n/words";
import { ConfirmByTyping } from "../../../ui/confirm";
import { ProblemNote } from "../../../ui/problem";
import { Answered } from "../../../ui/state";
import { useUnsaved } from "../../../ui/unsaved";
import { DueReturns } from "./due";
import { PoolForm } from "./form";
import { type Pool, type PoolRow, usePool } from "./queries";

export function PoolDrawer(props: { pool: string | undefined; onClose: () => void }) {
  const found = usePool(props.pool);
  if (props.pool === undefined) return <Editing onClose={props.onClose} />;
  return (
    <Answered of={found}>
      {(kept) => <Editing key={kept.etag} kept={kept} onClose={props.onClose} />}
    </Answered>
  );
}

type Draft = { id: string; content: Pool; reason: string };

const NEW: Draft = {
  id: "",
  content: { object: "", name: "", members_view: true, members_claim: true },
  reason: "",
};

function Editing(props: { kept?: Tagged<PoolRow>; onClose: () => void }) {
  const { kept } = props;
  const say = useWords(pools);
  const { message } = App.useApp();
  const intention = useIntention();
  const first = kept ? { ...kept.value, reason: "" } : NEW;
  const [draft, setDraft] = useState<Draft>(first);
  const [removing, setRemoving] = useState(false);
  const stale = [["pools"], ["records"], ["me", "objects"]];
  const save = useChange(async () => {
    const reason = draft.reason.trim() ? { reason: draft.reason.trim() } : {};
    if (kept) {
      return answer(
        api.PUT("/api/v1/pools/{pool}", {
          params: { path: { pool: kept.value.id }, header: { "If-Match": kept.etag } },
          body: { content: draft.content, ...reason },
        }),
      );
    }
    const made = await answer(
      api.POST("/api/v1/pools", {
        params: { header: { "idempotency-key": intention.key() } },
        body: {
          ...(draft.id.trim() && { id: draft.id.trim() }),
          content: draft.content,
          ...reason,
        },
      }),
    );
    intention.done();
    return made;
  }, stale);
  const remove = useChange(async () => {
    if (!kept) return;
    await answer(
      api.DELETE("/api/v1/pools/{pool}", {
        params: { path: { pool: kept.value.id }, header: { "If-Match": kept.etag } },
      }),
    );
  }, stale);
  const changed = JSON.stringify(draft) !== JSON.stringify(first);
  useUnsaved(changed && !save.isSuccess && !remove.isSuccess);
  const name = kept?.value.content.name || kept?.value.id || "";
  const ready = draft.content.object !== "" && (draft.content.name ?? "").trim() !== "";
  const done = (words: string) => {
    void message.success(words);
    props.onClose();
  };
  return (
    <Drawer
      open
      size={640}
      title={kept ? `${say("change")}: ${name}` : say("create")}
      onClose={props.onClose}
      footer={
        <div className="drawer-foot">
          {kept && (
            <Button danger type="text" className="first" onClick={() => setRemoving(true)}>
              {say("remove")}
            </Button>
          )}
          <Button onClick={props.onClose}>{say("cancel")}</Button>
          <Button
            type="primary"
            disabled={!changed || !ready}
            loading={save.isPending}
            onClick={() => save.mutate(undefined, { onSuccess: () => done(say("saved")) })}
          >
            {say("save")}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <ProblemNote error={save.error} />
        <PoolForm
          isNew={kept === undefined}
          id={draft.id}
          content={draft.content}
          reason={draft.reason}
          onId={(id) => setDraft({ ...draft, id })}
          onContent={(content) => setDraft({ ...draft, content })}
          onReason={(reason) => setDraft({ ...draft, reason })}
        />
        {kept?.value.content.rules?.returns_after && <DueReturns pool={kept.value.id} />}
      </div>
      <ConfirmByTyping
        open={removing}
        title={say("removeTitle", { name })}
        name={name}
        act={say("remove")}
        busy={remove.isPending}
        error={remove.error}
        onCancel={() => setRemoving(false)}
        onConfirm={() =>
          remove.mutate(undefined, { onSuccess: () => done(say("removed", { name })) })
        }
      >
        <p>{say("removeWhy")}</p>
      </ConfirmByTyping>
    </Drawer>
  );
}
