/** One edit that waits: what it changes, what is in its way, and the decision where two people changed the same. */

import { Button, Drawer, Popconfirm, Radio, Space } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { useChange } from "../../api/query";
import { reasonWord } from "../../i18n/operations";
import { ui } from "../../i18n/ui";
import { waiting } from "../../i18n/waiting";
import { useLanguage, useWords } from "../../i18n/words";
import { DiffView } from "../../ui/diff";
import { useNames } from "../../ui/directory";
import { Moment } from "../../ui/moment";
import { Facts } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import {
  type Conflict,
  conflictsOf,
  decisionsOf,
  differencesOf,
  type Edit,
  placeOf,
  shown,
  type Take,
} from "./changes";
import { useEntity } from "./named";

const STALE = [["waiting-edits"], ["revisions"], ["permission-sets"], ["objects"], ["matrix"]];

export function One(props: { edit: Edit; onClose: () => void }) {
  const say = useWords(waiting);
  const at = useLanguage() === "en" ? 0 : 1;
  const entityName = useEntity();
  const names = useNames();
  const { edit } = props;
  const open = edit.state === "waiting" || edit.state === "conflicted";
  return (
    <Drawer open size={720} title={say("edit", { id: edit.id })} onClose={props.onClose}>
      <Facts
        rows={[
          [say("state"), say(edit.state as "waiting")],
          [say("by"), names.user(edit.author)],
          [say("reason"), reasonWord(edit.reason, at)],
          [say("at"), <Moment key="at" seconds at={edit.at} />],
        ]}
      />
      <h3 className="part">{say("changes")}</h3>
      {edit.put.map((entity) => (
        <section key={`${entity.kind} ${entity.id}`}>
          <p>
            <strong>{entityName(entity)}</strong>
          </p>
          <DiffView
            rows={differencesOf(entity.before ?? undefined, entity.content).map((row) => ({
              ...row,
              what: row.what || say("whole"),
            }))}
          />
        </section>
      ))}
      {edit.remove.map((entity) => (
        <p key={`${entity.kind} ${entity.id}`}>
          <strong>{entityName(entity)}</strong> <del>{say("removed")}</del>
        </p>
      ))}
      {edit.problems.length > 0 && (
        <>
          <h3 className="part">{say("problems")}</h3>
          <ul>
            {edit.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
      {edit.state === "conflicted" && <Conflicts edit={edit} onDone={props.onClose} />}
      {open && <GiveUp id={edit.id} onDone={props.onClose} />}
    </Drawer>
  );
}

function Conflicts(props: { edit: Edit; onDone: () => void }) {
  const say = useWords(waiting);
  const { edit } = props;
  const conflicts = conflictsOf(edit);
  const [takes, setTakes] = useState<Readonly<Record<string, Take>>>({});
  const body = decisionsOf(conflicts, takes);
  const open = conflicts.filter((conflict) => !takes[placeOf(conflict)]).length;
  const resolve = useChange(
    (body: Schemas["ResolutionBody"]) =>
      answer(
        api.POST("/api/v1/waiting-edits/{edit}/resolution", {
          params: { path: { edit: edit.id } },
          body,
        }),
      ),
    STALE,
  );
  return (
    <>
      <h3 className="part">{say("conflicts")}</h3>
      <p className="quiet">{say("conflictsWhy")}</p>
      <div style={{ overflowX: "auto" }}>
        <table className="diff">
          <thead>
            <tr>
              <th scope="col">{say("place")}</th>
              <th scope="col">{say("base")}</th>
              <th scope="col">{say("theirs")}</th>
              <th scope="col">{say("ours")}</th>
              <th scope="col">{say("take")}</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map((conflict) => (
              <Row
                key={placeOf(conflict)}
                conflict={conflict}
                take={takes[placeOf(conflict)]}
                onTake={(take) => setTakes({ ...takes, [placeOf(conflict)]: take })}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Space style={{ marginTop: 12 }}>
        <Button
          type="primary"
          disabled={body === null}
          loading={resolve.isPending}
          onClick={() => body && resolve.mutate(body, { onSuccess: props.onDone })}
        >
          {say("resolve")}
        </Button>
        {open > 0 && <span className="quiet">{say("undecided", { n: open })}</span>}
      </Space>
      <ProblemNote error={resolve.error} />
    </>
  );
}

function Row(props: { conflict: Conflict; take: Take | undefined; onTake: (take: Take) => void }) {
  const say = useWords(waiting);
  const entityName = useEntity();
  const { conflict } = props;
  const value = (it: unknown) => (it === undefined ? "–" : shown(it));
  const name = [entityName(conflict), ...conflict.member].filter(Boolean).join(" · ");
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{value(conflict.base)}</td>
      <td>{value(conflict.current)}</td>
      <td>{value(conflict.waiting)}</td>
      <td>
        <Radio.Group
          vertical
          aria-label={`${say("take")}: ${name}`}
          value={props.take}
          onChange={(event) => props.onTake(event.target.value as Take)}
          options={[
            { value: "current", label: say("takeCurrent") },
            { value: "waiting", label: say("takeWaiting") },
          ]}
        />
      </td>
    </tr>
  );
}

function GiveUp(props: { id: string; onDone: () => void }) {
  const say = useWords(waiting);
  const sayUi = useWords(ui);
  const path = { edit: props.id };
  const give = useChange(
    () => answer(api.DELETE("/api/v1/waiting-edits/{edit}", { params: { path } })),
    STALE,
  );
  return (
    <div style={{ marginTop: 24 }}>
      <Popconfirm
        title={say("giveUp")}
        description={say("giveUpSure")}
        okText={say("giveUp")}
        cancelText={sayUi("cancel")}
        okButtonProps={{ danger: true }}
        onConfirm={() => give.mutate(undefined, { onSuccess: props.onDone })}
      >
        <Button danger loading={give.isPending}>
          {say("giveUp")}
        </Button>
      </Popconfirm>
      <ProblemNote error={give.error} />
    </div>
  );
}
