/** A change of the policy: previewed with who gains and loses what, then applied as one revision with a reason. */

import { useQuery } from "@tanstack/react-query";
import { Alert, App, Input, Modal } from "antd";
import { useState } from "react";
import { useAct } from "../api/act";
import { answer, api, newKey, type Schemas } from "../api/client";
import { revise } from "../i18n/revise";
import { useWords } from "../i18n/words";
import { useSession } from "../session";
import { DiffView } from "./diff";
import { DoubtNote } from "./doubt";
import { type Compared, Impact } from "./impact";
import { moment } from "./moment";
import { ProblemNote } from "./problem";
import { lookForRevision, type Made } from "./revised";
import { Answered } from "./state";

export type Edits = {
  put?: Schemas["PutBody"][];
  remove?: Schemas["RemoveBody"][];
};

const DIFFERENCES_MAX = 30;
/** Long enough to read why a change does not count yet. */
const WAITS_SECONDS = 10;

/** The revision that the change starts from. */
async function current(): Promise<number> {
  const { items } = await answer(api.GET("/api/v1/revisions", { params: { query: { limit: 1 } } }));
  return items[0]?.number ?? 0;
}

function usePreview(edits: Edits) {
  return useQuery({
    queryKey: ["revisions", "preview", edits],
    queryFn: async () => {
      const expected = await current();
      const preview = await answer(
        api.POST("/api/v1/revisions/preview", {
          params: { header: { "idempotency-key": newKey() } },
          body: { expected, ...edits },
        }),
      );
      return { expected, preview };
    },
    staleTime: 0,
    gcTime: 0,
  });
}

/** What is stale after a revision: nearly everything that an administrator looks at. */
const STALE = [
  ["users"],
  ["assignments"],
  ["nodes"],
  ["groups"],
  ["trees"],
  ["delegations"],
  ["organization"],
  ["permission-sets"],
  ["revisions"],
  ["explain"],
  ["matrix"],
  ["ledger"],
  ["system"],
] as const;

const shown = (value: unknown) =>
  value == null ? undefined : typeof value === "string" ? value : JSON.stringify(value);

export function Revise(props: {
  title: string;
  edits: Edits;
  danger?: boolean;
  onDone: () => void;
  onCancel: () => void;
}) {
  const say = useWords(revise);
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const preview = usePreview(props.edits);
  const author = useSession().data?.user ?? "";
  const change = useAct<{ expected: number; reason: string }, Made>({
    send: async (sent) =>
      (await answer(
        api.POST("/api/v1/revisions", {
          params: { header: { "idempotency-key": newKey() } },
          body: { ...sent, ...props.edits },
        }),
      )) as Made,
    look: (sent) => lookForRevision({ ...sent, author }),
    stale: STALE,
    onDone: (made) => {
      if ("waiting" in made) {
        const at = moment(made.ends);
        void message.warning(say("waits", { at }), WAITS_SECONDS);
      } else void message.success(say("done", { n: made.revision }));
      props.onDone();
    },
  });
  const valid = preview.data !== undefined && preview.data.preview.problems.length === 0;
  const apply = () =>
    preview.data && change.take({ expected: preview.data.expected, reason: reason.trim() });
  return (
    <Modal
      open
      width={720}
      title={props.title}
      okText={say("apply")}
      cancelText={say("cancel")}
      okButtonProps={{ disabled: !valid || change.unsettled, danger: props.danger ?? false }}
      confirmLoading={change.busy}
      onOk={apply}
      onCancel={props.onCancel}
    >
      <Answered of={preview}>{({ preview: found }) => <Previewed of={found} />}</Answered>
      <label className="field" htmlFor="revise-reason">
        {say("reason")}
        <Input
          id="revise-reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="quiet">{say("reasonWhy")}</span>
      </label>
      <DoubtNote name={say("apply")} of={change} />
      <ProblemNote error={change.error} />
    </Modal>
  );
}

function Previewed(props: {
  of: Omit<Schemas["Preview"], "impact"> & { impact?: Compared | null };
}) {
  const say = useWords(revise);
  const { problems, differences, differences_count, impact } = props.of;
  return (
    <>
      {problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={say("problems")}
          description={problems.map((problem) => (
            <div key={JSON.stringify(problem)}>
              {Object.values(problem).map(String).join(" · ")}
            </div>
          ))}
        />
      )}
      <h3 className="part">{say("preview")}</h3>
      {impact ? <Impact of={impact} /> : <p className="quiet">{say("noImpact")}</p>}
      <h3 className="part">{say("places", { n: differences_count })}</h3>
      <DiffView
        rows={differences.slice(0, DIFFERENCES_MAX).map((one) => {
          const [before, after] = [shown(one.before), shown(one.after)];
          return {
            what: [one.entity, one.id, one.place].filter(Boolean).join(" · "),
            ...(before === undefined ? {} : { before }),
            ...(after === undefined ? {} : { after }),
          };
        })}
      />
      {differences_count > DIFFERENCES_MAX && (
        <p className="quiet">{say("more", { n: differences_count - DIFFERENCES_MAX })}</p>
      )}
    </>
  );
}
