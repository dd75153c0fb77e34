/** What may be done to the selected records at once, and what came of it, record by record. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Space } from "antd";
import { useState } from "react";
import { answer, api, newKey } from "../../../api/client";
import { records } from "../../../i18n/records";
import { refusals } from "../../../i18n/refusals";
import { useWords } from "../../../i18n/words";
import { ColleaguePick, FieldInput } from "../inputs";
import { eachOf, type Outcome } from "../many";
import { etagOf, type Field, isEditable, type ObjectInfo, type RecordRow, titleOf } from "../model";
import { Refused, reasonOf, rowReason, WhyLink } from "../refused";
import { FieldPick } from "./pick";

type Act = "edit" | "assign" | "delete" | "claim";
const ACTS: readonly Act[] = ["edit", "assign", "claim", "delete"];

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

type ActingOf = {
  object: ObjectInfo;
  fields: readonly Field[];
  rows: readonly RecordRow[];
  act: Act;
  title: string;
  onClose: (changed: boolean) => void;
};

/** One act on all rows: as one request where the server has one, else record by record. */
function useRun(props: ActingOf, told: (n: number) => void) {
  const sayWhy = useWords(refusals);
  const { rows } = props;
  const object = props.object.id;
  const path = { object };
  const header = () => ({ "idempotency-key": newKey() });
  const ids = rows.map(({ id }) => id);
  const reason = (error: unknown) => reasonOf(error, sayWhy) ?? sayWhy("stale");
  return async (chosen: { field: string; value: unknown; owner: string }): Promise<Outcome> => {
    if (props.act === "claim") {
      const claim = ({ id }: RecordRow) =>
        answer(
          api.POST("/api/v1/records/{object}/{id}/claim", { params: { path: { object, id } } }),
        );
      return eachOf(rows, claim, reason, told);
    }
    if (props.act === "assign") {
      const assign = (row: RecordRow) =>
        answer(
          api.PUT("/api/v1/records/{object}/{id}/place", {
            params: { path: { object, id: row.id }, header: { "If-Match": etagOf(row) } },
            body: { owners: [`user:${chosen.owner}`] },
          }),
        );
      return eachOf(rows, assign, reason, told);
    }
    const params = { params: { path, header: header() } };
    const patch = { fields: { [chosen.field]: chosen.value as Record<string, never> } };
    const made =
      props.act === "delete"
        ? await answer(api.POST("/api/v1/record-deletions/{object}", { ...params, body: { ids } }))
        : await answer(
            api.POST("/api/v1/record-edits/{object}", { ...params, body: { ids, patch } }),
          );
    const left = made.refused.map(({ id, why }) => ({ id, why: rowReason(why, sayWhy) }));
    return { done: made.done, left };
  };
}

function Acting(props: ActingOf) {
  const say = useWords(records);
  const client = useQueryClient();
  const [field, setField] = useState<string>();
  const [value, setValue] = useState<unknown>(null);
  const [owner, setOwner] = useState<string>();
  const [done, setDone] = useState<number>();
  const [outcome, setOutcome] = useState<Outcome>();
  const [error, setError] = useState<unknown>();
  const run = useRun(props, setDone);
  const n = props.rows.length;
  const chosen = props.fields.find(({ id }) => id === field);
  const ready =
    (props.act !== "edit" || chosen !== undefined) && (props.act !== "assign" || Boolean(owner));
  const start = async () => {
    setDone(0);
    setError(undefined);
    try {
      setOutcome(await run({ field: field ?? "", value, owner: owner ?? "" }));
      await client.invalidateQueries({ queryKey: ["records", props.object.id] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setDone(undefined);
    }
  };
  return (
    <Modal
      open
      title={props.title}
      okText={props.act === "delete" ? say("bulkBin", { n }) : say("bulkRun", { n })}
      okButtonProps={{ disabled: !ready, danger: props.act === "delete" }}
      confirmLoading={done !== undefined}
      onOk={() => void start()}
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
                <FieldInput
                  object={props.object.id}
                  field={chosen}
                  value={value}
                  placeholder={say("bulkEmpty")}
                  onChange={setValue}
                />
              )}
            </>
          )}
          {done !== undefined && (
            <p role="status" className="number">
              {say("progress", { done, all: n })}
            </p>
          )}
          <Refused error={error} tried={{ action: props.act, object: props.object.id }} />
        </div>
      )}
    </Modal>
  );
}

function Came(props: {
  object: ObjectInfo;
  rows: readonly RecordRow[];
  outcome: Outcome;
  act: string;
}) {
  const say = useWords(records);
  const { done, left } = props.outcome;
  const title = (id: string) => {
    const row = props.rows.find((one) => one.id === id);
    return row ? titleOf(row, props.object) : id;
  };
  return (
    <div className="stack">
      <p role="status">{say("bulkDone", { n: done })}</p>
      {left.length > 0 && <p>{say("bulkRefused", { n: left.length })}</p>}
      <ul className="plain-list">
        {left.map(({ id, why, reference }) => (
          <li key={id}>
            <span>
              <strong>{title(id)}</strong> <span className="quiet">{why}</span>
            </span>
            <WhyLink
              reference={reference}
              tried={{ action: props.act, object: props.object.id, record: id }}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
