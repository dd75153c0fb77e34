/** The value behind a mask, shown once: asked for with a reason that stands in the ledger. */
import { EyeOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Modal } from "antd";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useChange } from "../../../api/query";
import { record as words } from "../../../i18n/record";
import { useWords } from "../../../i18n/words";
import { type Field, isMasked } from "../model";
import { Refused } from "../refused";
import { Value } from "../values";
import type { Opened } from "./opened";
import { leftOf } from "./reveals";

/** The custom action that the server asks for. */
const REVEAL = "reveal";

/** A value of the record; where it is masked and the person may reveal it, with the way to. */
export function Revealing(props: { of: Opened; field: Field; children: React.ReactNode }) {
  const { of, field } = props;
  const say = useWords(words);
  const [asking, setAsking] = useState(false);
  const [value, setValue] = useState<unknown>();
  const shown = of.record.value.fields[field.id];
  const masked = isMasked(field) || (shown !== undefined && "masked" in shown);
  if (!masked || !shown || !of.actions.includes(REVEAL)) return <>{props.children}</>;
  return (
    <>
      {value === undefined ? props.children : <Value field={field} shown={{ clear: value }} />}
      <Button
        type="text"
        size="small"
        icon={<EyeOutlined aria-hidden />}
        aria-label={say(value === undefined ? "revealOf" : "hideOf", { field: field.label })}
        onClick={() => (value === undefined ? setAsking(true) : setValue(undefined))}
      />
      {asking && (
        <Ask
          of={of}
          field={field}
          onClose={() => setAsking(false)}
          onValue={(clear) => {
            setValue(clear);
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

function Ask(props: {
  of: Opened;
  field: Field;
  onClose: () => void;
  onValue: (value: unknown) => void;
}) {
  const { of, field } = props;
  const { object, id } = of.record.value;
  const say = useWords(words);
  const [reason, setReason] = useState("");
  const soFar = useQuery({
    queryKey: ["me", "reveals"],
    queryFn: () => answer(api.GET("/api/v1/me/reveals")),
    staleTime: 0,
  }).data;
  const left = soFar && leftOf(soFar);
  const reveal = useChange(
    () =>
      answer(
        api.POST("/api/v1/records/{object}/{id}/reveal", {
          params: { path: { object, id } },
          body: { field: field.id, reason: reason.trim() },
        }),
      ),
    [["me", "reveals"]],
  );
  const run = async () => props.onValue((await reveal.mutateAsync()).value);
  return (
    <Modal
      open
      title={say("revealOf", { field: field.label })}
      okText={say("reveal")}
      cancelText={say("cancel")}
      okButtonProps={{ disabled: reason.trim() === "" || left === 0 }}
      confirmLoading={reveal.isPending}
      onOk={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      <div className="stack">
        <p>{say("revealWhy")}</p>
        {soFar && left !== undefined && (
          <Alert
            showIcon
            type={left === 0 ? "warning" : "info"}
            title={say(left === 0 ? "revealNone" : "revealLeft", { n: left })}
            description={say("revealLimits", {
              hour: soFar.limits.an_hour_max ?? 0,
              day: soFar.limits.a_day_max ?? 0,
            })}
          />
        )}
        <label className="field" htmlFor="reveal-reason">
          {say("revealReason")}
          <Input
            id="reveal-reason"
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <Refused error={reveal.error} tried={{ action: REVEAL, object, record: id }} />
      </div>
    </Modal>
  );
}
