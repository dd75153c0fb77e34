/** Asks what an act needs, says what it comes to, runs it, and shows a refusal where it was asked. */
import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { record as words } from "../../../i18n/record";
import { useWords } from "../../../i18n/words";
import { ColleaguePick } from "../inputs";
import { readRecord } from "../queries";
import { Refused } from "../refused";
import type { Opened } from "./opened";
import { send } from "./send";

export type Asking = Parameters<typeof send>[0];

const ACTIONS: Readonly<Record<Asking, string>> = {
  owner: "assign",
  claim: "claim",
  giveOut: "assign",
  return: "assign",
  lock: "edit",
  unlock: "edit",
  delete: "delete",
};

export function ActModal(props: {
  of: Opened;
  act: Asking;
  onClose: () => void;
  onDone: (act: Asking, stillSeen: boolean) => void;
}) {
  const { act, of } = props;
  const say = useWords(words);
  const client = useQueryClient();
  const [to, setTo] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { object, id } = of.record.value;
  const needs = act === "owner" || act === "giveOut";
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await send(act, of, to ?? "");
      const seen = await readRecord(object, id).then(
        () => true,
        () => false,
      );
      if (!seen) client.removeQueries({ queryKey: ["records", object, "one", id] });
      void client.invalidateQueries({ queryKey: ["records", object] });
      props.onDone(act, seen);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  const says: Partial<Record<Asking, string>> = {
    owner: say("ownerWhy"),
    return: say("returnWhy"),
    lock: say("lockWhy"),
    delete: say("deleteWhy"),
  };
  return (
    <Modal
      open
      title={say(act)}
      okText={say(act)}
      cancelText={say("cancel")}
      okButtonProps={{ danger: act === "delete", disabled: needs && !to }}
      confirmLoading={busy}
      onOk={() => void run()}
      onCancel={props.onClose}
    >
      <div className="stack">
        {says[act] && <p>{says[act]}</p>}
        {needs && (
          <ColleaguePick
            label={say(act === "owner" ? "newOwner" : "giveOutTo")}
            value={to}
            onChange={setTo}
          />
        )}
        <Refused error={error} tried={{ action: ACTIONS[act], object, record: id }} />
      </div>
    </Modal>
  );
}
