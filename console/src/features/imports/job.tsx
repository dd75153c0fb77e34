/** One import: how far it is, its report, what would change, and applying it. */
import { Alert, App, Button, Input, Modal, Progress, Space, Tabs } from "antd";
import { useState } from "react";
import { useAct } from "../../api/act";
import { answer, api, newKey, type Schemas } from "../../api/client";
import { useChange } from "../../api/query";
import { imports } from "../../i18n/imports";
import { useWords } from "../../i18n/words";
import { useSession } from "../../session";
import { useAddress } from "../../ui/address";
import { DiffView } from "../../ui/diff";
import { DoubtNote } from "../../ui/doubt";
import { useNamed } from "../../ui/named";
import { ProblemNote } from "../../ui/problem";
import type { Made } from "../../ui/revised";
import { Answered, Empty } from "../../ui/state";
import { lookForApplied, useJob, useReport } from "./queries";
import { Losses, Summary } from "./report";

type Shown = Schemas["JobShown"];
const STALE = [
  ["imports"],
  ["users"],
  ["nodes"],
  ["groups"],
  ["assignments"],
  ["permission-sets"],
  ["revisions"],
  ["system"],
  ["objects"],
];
const CHANGES_MAX = 200;

export function Job(props: { job: string }) {
  const say = useWords(imports);
  const [, go] = useAddress();
  const found = useJob(props.job);
  return (
    <>
      <Button style={{ marginBottom: 12 }} onClick={() => go({ job: undefined, tab: undefined })}>
        {say("back")}
      </Button>
      <Answered of={found}>{(job) => <One job={job} />}</Answered>
    </>
  );
}

function One(props: { job: Shown }) {
  const say = useWords(imports);
  const state = useNamed(imports);
  const { job } = props;
  const moving = ["waiting", "running", "applying"].includes(job.state);
  const [applying, setApplying] = useState(false);
  const cancel = useChange(
    () =>
      answer(
        api.POST("/api/v1/jobs/{job}/cancel", {
          params: { path: { job: job.id }, header: { "idempotency-key": job.id } },
        }),
      ),
    [["imports"]],
  );
  return (
    <div className="sheet" style={{ padding: 16 }}>
      <div className="tools" style={{ padding: 0 }}>
        <strong role="status">{state(job.state)}</strong>
        <Space className="rest">
          {(moving || job.state === "ready") && job.state !== "applying" && (
            <Button loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              {say("cancel")}
            </Button>
          )}
          {job.state === "ready" && (
            <Button type="primary" onClick={() => setApplying(true)}>
              {say("apply")}
            </Button>
          )}
        </Space>
      </div>
      {moving && <Progress percent={job.percent ?? 0} aria-label={say("state")} />}
      {job.found?.error && <Alert type="error" showIcon title={job.found.error} />}
      <ProblemNote error={cancel.error} />
      {job.found && job.found.problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={say("problems")}
          description={job.found.problems.map((problem) => (
            <div key={JSON.stringify(problem)}>
              {Object.values(problem).map(String).join(" · ")}
            </div>
          ))}
        />
      )}
      {job.found && !job.found.error && <Report job={job} />}
      {applying && <Apply job={job} onClose={() => setApplying(false)} />}
    </div>
  );
}

function Report(props: { job: Shown }) {
  const say = useWords(imports);
  const [search, go] = useAddress();
  const { job } = props;
  const found = useReport(job.id, job.found != null);
  return (
    <Answered of={found}>
      {({ report, changes }) => (
        <Tabs
          activeKey={search.tab ?? "summary"}
          destroyOnHidden
          onChange={(tab) => go({ tab }, "replace")}
          items={[
            {
              key: "summary",
              label: say("summary"),
              children: <Summary of={report} found={job.found} />,
            },
            { key: "report", label: say("report"), children: <Losses of={report} /> },
            {
              key: "changes",
              label: `${say("changes")} (${changes.count})`,
              children: <Changes of={changes} />,
            },
          ]}
        />
      )}
    </Answered>
  );
}

const shown = (value: unknown) =>
  value == null ? undefined : typeof value === "string" ? value : JSON.stringify(value);

function Changes(props: { of: Schemas["ImportChanges"] }) {
  const say = useWords(imports);
  const { items, count } = props.of;
  if (count === 0) return <Empty title={say("noChanges")}>{say("noChangesWhy")}</Empty>;
  return (
    <>
      <DiffView
        rows={items.slice(0, CHANGES_MAX).map((item) => {
          const one = item as unknown as Record<string, unknown>;
          const [before, after] = [shown(one.before), shown(one.after)];
          return {
            what: [one.entity, one.id, one.place].filter(Boolean).join(" · "),
            ...(before === undefined ? {} : { before }),
            ...(after === undefined ? {} : { after }),
          };
        })}
      />
      {count > CHANGES_MAX && <p className="quiet">{say("more", { n: count - CHANGES_MAX })}</p>}
    </>
  );
}

type Sent = { expected: number; reason: string };

function Apply(props: { job: Shown; onClose: () => void }) {
  const say = useWords(imports);
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const { id, found } = props.job;
  const author = useSession().data?.user ?? "";
  const apply = useAct<Sent, { revision?: number | null } | Made>({
    send: (body) =>
      answer(
        api.POST("/api/v1/imports/{job}/apply", {
          params: { path: { job: id }, header: { "idempotency-key": newKey() } },
          body,
        }),
      ),
    look: (sent) => lookForApplied(id, { ...sent, author }),
    stale: STALE,
    onDone: (made) => {
      if ("waiting" in made) void message.warning(say("waits", { at: made.ends }), 10);
      else if (made.revision == null) void message.success(say("doneRecords"));
      else void message.success(say("done", { n: made.revision }));
      props.onClose();
    },
  });
  return (
    <Modal
      open
      title={say("applyTitle")}
      okText={say("apply")}
      cancelText={say("close")}
      okButtonProps={{ disabled: apply.unsettled }}
      confirmLoading={apply.busy}
      onCancel={props.onClose}
      onOk={() => apply.take({ expected: found?.compared_with ?? 0, reason: reason.trim() })}
    >
      <p>{say("applyWhy", { n: found?.differences ?? 0 })}</p>
      <label className="field" htmlFor="import-reason">
        {say("reason")}
        <Input
          id="import-reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <DoubtNote name={say("apply")} of={apply} />
      <ProblemNote error={apply.error} />
    </Modal>
  );
}
