/** What may be done to the selected records at once, and what came of it, record by record. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Space } from "antd";
import { useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useOdd } from "../edit/odd";
import { ColleaguePick, FieldInput } from "../inputs";
import type { Outcome } from "../many";
import { type Field, isEditable, type ObjectInfo, type RecordRow } from "../model";
import { Refused } from "../refused";
import { Came, Left } from "./came";
import { FieldPick } from "./pick";
import { ACTS, type Act, useRun, useTrial } from "./run";

export function Bulk(props: {
  object: ObjectInfo;
  fields: readonly Field[];
  rows: readonly RecordRow[];
  onDone: () => void;
}) {
  const say = useWords(records);
  const [act, setAct] = useState<Act>();
  const names = {
    edit: say("bulkEdit"),
    assign: say("bulkOwner"),
    claim: say("bulkClaim"),
    delete: say("bulkDelete"),
  };
  const waits = props.rows.some(({ owners, pool }) => owners.length === 0 && pool);
  const open = ACTS.filter(
    (one) => props.object.actions.includes(one) && (one !== "claim" || waits),
  );
  return (
    <div className="bulk" role="toolbar" aria-label={say("selected", { n: props.rows.length })}>
      <strong className="number">{say("selected", { n: props.rows.length })}</strong>
      <Space wrap>
        {open.map((one) => (
          <Button key={one} size="small" danger={one === "delete"} onClick={() => setAct(one)}>
            {names[one]}
          </Button>
        ))}
        <Button size="small" type="text" onClick={props.onDone}>
          {say("deselect")}
        </Button>
      </Space>
      {act && (
        <Acting
          {...props}
          act={act}
          title={names[act]}
          onClose={(changed) => {
            setAct(undefined);
            if (changed) props.onDone();
          }}
        />
      )}
    </div>
  );
}

const RUN = {
  edit: "bulkRun",
  assign: "bulkRun",
  claim: "bulkClaimRun",
  delete: "bulkBin",
} as const;

function Acting(props: {
  object: ObjectInfo;
  fields: readonly Field[];
  rows: readonly RecordRow[];
  act: Act;
  title: string;
  onClose: (changed: boolean) => void;
}) {
  const say = useWords(records);
  const client = useQueryClient();
  const [field, setField] = useState<string>();
  const [value, setValue] = useState<unknown>(null);
  const [owner, setOwner] = useState<string>();
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [error, setError] = useState<unknown>();
  const run = useRun(props.act, props.object.id, props.rows);
  const trial = useTrial(props.object.id, props.rows, props.act === "assign" ? owner : undefined);
  const n = trial.data?.done ?? props.rows.length;
  const chosen = props.fields.find(({ id }) => id === field);
  const ready =
    (props.act !== "edit" || chosen !== undefined) &&
    (props.act !== "assign" || (trial.data?.done ?? 0) > 0);
  const odd = useOdd(props.act === "edit" ? chosen : undefined, value);
  const start = async () => {
    setRunning(true);
    setError(undefined);
    try {
      setOutcome(await run({ field: field ?? "", value, owner: owner ?? "" }));
      await client.invalidateQueries({ queryKey: ["records", props.object.id] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setRunning(false);
    }
  };
  return (
    <Modal
      open
      title={props.title}
      okText={odd.anyway ?? say(RUN[props.act], { n })}
      okButtonProps={{ disabled: !ready, danger: props.act === "delete" }}
      confirmLoading={running}
      onOk={() => odd.look(() => void start())}
      onCancel={() => props.onClose(outcome !== undefined)}
      {...(outcome && { footer: null })}
    >
      {outcome ? (
        <Came object={props.object} rows={props.rows} outcome={outcome} act={props.act} />
      ) : (
        <div className="stack">
          {props.act === "delete" && <p>{say("bulkConfirmDelete", { n })}</p>}
          {props.act === "assign" && (
            <ColleaguePick label={say("bulkOwnerTo")} value={owner} onChange={setOwner} />
          )}
          <Tried {...props} trial={trial} />
          {props.act === "edit" && (
            <>
              <FieldPick
                label={say("bulkField")}
                fields={props.fields.filter((one) => isEditable(one) && !one.relation)}
                value={field}
                onChange={(next) => {
                  setField(next);
                  setValue(null);
                }}
              />
              {chosen && (
                <>
                  <FieldInput
                    {...odd.shown}
                    object={props.object.id}
                    field={chosen}
                    value={value}
                    placeholder={say("bulkEmpty")}
                    onChange={setValue}
                  />
                  {odd.words}
                </>
              )}
            </>
          )}
          <Refused
            error={error ?? trial.error}
            tried={{ action: props.act, object: props.object.id }}
          />
        </div>
      )}
    </Modal>
  );
}

/** What another owner would come to. */
function Tried(props: {
  object: ObjectInfo;
  rows: readonly RecordRow[];
  act: Act;
  trial: ReturnType<typeof useTrial>;
}) {
  const say = useWords(records);
  const { data, isFetching } = props.trial;
  return (
    <div role="status">
      {isFetching && <p>{say("bulkTrying")}</p>}
      {data && (
        <>
          <p>{say("bulkWould", { n: data.done })}</p>
          <Left {...props} left={data.left} />
        </>
      )}
    </div>
  );
}
