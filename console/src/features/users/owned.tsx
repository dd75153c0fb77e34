/** The records that a user owns, object by object, and their transfer to somebody else. */
import { useQuery } from "@tanstack/react-query";
import { Button, Modal, Progress, Select, Table } from "antd";
import { useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { recordName, UserPicker, useObjectChoices } from "../../ui/choice";
import { ProblemNote } from "../../ui/problem";
import { Answered } from "../../ui/state";
import { LOOK_MAX, ownedBy, transfer } from "./transfer";

type Owned = { rows: Schemas["RecordShown"][]; read: number; cut: boolean };

export function Owned(props: { user: string }) {
  const say = useWords(users);
  const choices = useObjectChoices();
  const [object, setObject] = useState<string>();
  return (
    <>
      <p className="quiet">{say("ownedWhy")}</p>
      <div className="tools" style={{ padding: "0 0 12px" }}>
        <Select
          style={{ width: 220 }}
          aria-label={say("look")}
          placeholder={say("look")}
          value={object ?? null}
          options={[...choices]}
          onChange={(chosen) => setObject(chosen ?? undefined)}
        />
      </div>
      {object && <Found key={object} user={props.user} object={object} />}
    </>
  );
}

function Found(props: { user: string; object: string }) {
  const say = useWords(users);
  const [read, setRead] = useState(0);
  const found = useQuery({
    queryKey: ["records", props.object, "owned", props.user],
    queryFn: () => ownedBy(props.user, props.object, setRead),
  });
  if (found.isPending) return <p role="status">{say("looking", { n: read })}</p>;
  return (
    <Answered of={found}>
      {(owned) => <Rows owned={owned} {...props} onDone={() => void found.refetch()} />}
    </Answered>
  );
}

function Rows(props: { owned: Owned; user: string; object: string; onDone: () => void }) {
  const say = useWords(users);
  const [moving, setMoving] = useState(false);
  const { rows, read, cut } = props.owned;
  return (
    <>
      <div className="tools" style={{ padding: "0 0 8px" }}>
        <span className="number">{say("ownedFound", { n: rows.length, of: read })}</span>
        {cut && <span className="quiet">{say("ownedCut", { n: LOOK_MAX })}</span>}
        <span className="rest">
          <Button disabled={rows.length === 0} onClick={() => setMoving(true)}>
            {say("transfer")}
          </Button>
        </span>
      </div>
      <Table
        rowKey="id"
        size="small"
        dataSource={rows}
        pagination={
          rows.length > 10 ? { pageSize: 10, size: "small", showSizeChanger: false } : false
        }
        locale={{ emptyText: <span className="quiet">{say("ownedNone")}</span> }}
        columns={[
          { key: "name", title: say("version"), render: (_, row) => recordName(row) },
          {
            key: "id",
            title: say("id"),
            width: 220,
            render: (_, row) => <span className="code">{row.id}</span>,
          },
        ]}
      />
      {moving && (
        <Transfer
          rows={rows}
          user={props.user}
          object={props.object}
          onClose={() => {
            setMoving(false);
            props.onDone();
          }}
        />
      )}
    </>
  );
}

function Transfer(props: {
  rows: readonly Schemas["RecordShown"][];
  user: string;
  object: string;
  onClose: () => void;
}) {
  const say = useWords(users);
  const [to, setTo] = useState<string>();
  const [done, setDone] = useState<{ n: number; failed: number; error?: unknown }>();
  const stopped = useRef(false);
  const over =
    done !== undefined && (done.n + done.failed === props.rows.length || stopped.current);
  const run = async () => {
    if (!to) return;
    await transfer(props.rows, props.user, to, setDone, () => stopped.current);
  };
  return (
    <Modal
      open
      title={say("transfer")}
      okText={over ? say("close") : say("transfer")}
      cancelText={done && !over ? say("stop") : say("cancel")}
      okButtonProps={{ disabled: !to || to === props.user || (done !== undefined && !over) }}
      onOk={() => (over ? props.onClose() : void run())}
      onCancel={() => {
        stopped.current = true;
        if (!done || over) props.onClose();
      }}
    >
      <p>{say("transferWhy", { n: props.rows.length, object: props.object })}</p>
      <UserPicker label={say("transferTo")} value={to} onChange={setTo} />
      {done && (
        <>
          <Progress percent={Math.round(((done.n + done.failed) / props.rows.length) * 100)} />
          <p role="status">
            {over
              ? say("transferred", { n: done.n, failed: done.failed })
              : say("transferring", { n: done.n, of: props.rows.length })}
          </p>
          <ProblemNote error={done.error} />
        </>
      )}
    </Modal>
  );
}
