/** Beside the fields: who owns the record, who works on it, and what the person may do. */
import { CheckOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { answer, api, newKey } from "../../../api/client";
import { record as words } from "../../../i18n/record";
import { share } from "../../../i18n/share";
import { useWords } from "../../../i18n/words";
import { ColleaguePick } from "../inputs";
import { readRecord } from "../queries";
import { Refused } from "../refused";
import { levelOf } from "../share/reasons";
import { LockMark, Owners, Person, useNames } from "../values";
import type { Opened } from "./opened";

const known = (action: string): action is "edit" => `act_${action}` in words;

export function Side(props: { of: Opened }) {
  const say = useWords(words);
  const { record, actions } = props.of;
  const { owners, pool, unit, locked } = record.value;
  return (
    <aside className="side-facts" aria-label={say("people")}>
      <h3 className="part">{say("ownerIs")}</h3>
      <Owners of={owners} pool={pool} />
      {pool && owners.length > 0 && (
        <p className="quiet">
          {say("pool")}: {pool}
        </p>
      )}
      {unit && (
        <p className="quiet">
          {say("unit")}: {unit}
        </p>
      )}
      {locked && (
        <p className="quiet">
          <LockMark /> {say("isLocked")}
        </p>
      )}
      <Team of={props.of} />
      <h3 className="part">{say("mayTitle")}</h3>
      <ul className="plain-list">
        {actions.map((action) => (
          <li key={action}>
            <span>
              <CheckOutlined className="quiet" aria-hidden />{" "}
              {known(action) ? say(`act_${action}`) : action}
            </span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Team(props: { of: Opened }) {
  const say = useWords(words);
  const sayShare = useWords(share);
  const { people } = useNames();
  const client = useQueryClient();
  const { record, actions } = props.of;
  const { object, id, team } = record.value;
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>();
  const mayShare = actions.includes("share");
  const remove = async (user: string) => {
    setError(undefined);
    try {
      await answer(
        api.DELETE("/api/v1/records/{object}/{id}/team/{user}", {
          params: { path: { object, id, user }, header: { "If-Match": record.etag } },
        }),
      );
      await client.invalidateQueries({ queryKey: ["records", object] });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <>
      <h3 className="part">
        {say("team")}
        {mayShare && (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-label={say("teamAdd")}
            onClick={() => setAdding(true)}
          />
        )}
      </h3>
      {(team ?? []).length === 0 && <p className="quiet">{say("teamNone")}</p>}
      <ul className="plain-list">
        {(team ?? []).map(({ user, role, rights, ends }) => (
          <li key={user}>
            <span>
              <Person id={user} />
              <span className="quiet">
                {" "}
                {[role, levelOf(rights, sayShare)].filter(Boolean).join(" · ")}
                {ends && ` · ${say("until", { day: dayjs(ends).format("YYYY-MM-DD") })}`}
              </span>
            </span>
            {mayShare && (
              <Button
                type="text"
                size="small"
                aria-label={say("teamRemove", { name: people.get(user) ?? user })}
                onClick={() => void remove(user)}
              >
                ✕
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refused error={error} tried={{ action: "share", object, record: id }} />
      {adding && <AddMember of={props.of} onClose={() => setAdding(false)} />}
    </>
  );
}

function AddMember(props: { of: Opened; onClose: () => void }) {
  const say = useWords(words);
  const sayShare = useWords(share);
  const client = useQueryClient();
  const { object, id } = props.of.record.value;
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState("");
  const [rights, setRights] = useState("read");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (!user) return;
    setBusy(true);
    setError(undefined);
    try {
      const { etag } = await readRecord(object, id);
      await answer(
        api.POST("/api/v1/records/{object}/{id}/team", {
          params: {
            path: { object, id },
            header: { "If-Match": etag, "idempotency-key": newKey() },
          },
          body: { user, rights, ...(role.trim() && { role: role.trim() }) },
        }),
      );
      await client.invalidateQueries({ queryKey: ["records", object] });
      props.onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={say("teamAdd")}
      okText={say("save")}
      cancelText={say("cancel")}
      okButtonProps={{ disabled: !user }}
      confirmLoading={busy}
      onOk={() => void add()}
      onCancel={props.onClose}
    >
      <div className="stack">
        <ColleaguePick label={say("colleague")} value={user} onChange={setUser} />
        <Select
          aria-label={say("rights")}
          value={rights}
          options={[
            { value: "read", label: sayShare("read") },
            { value: "edit", label: sayShare("edit") },
          ]}
          onChange={setRights}
        />
        <Input
          aria-label={say("teamRole")}
          placeholder={say("teamRole")}
          value={role}
          onChange={(at) => setRole(at.target.value)}
        />
        <Refused error={error} tried={{ action: "share", object, record: id }} />
      </div>
    </Modal>
  );
}
