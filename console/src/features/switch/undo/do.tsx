/** The act itself: what is left open, why, and the one button. */
import { Button, Input, Space } from "antd";
import { useState } from "react";
import { undo as words } from "../../../i18n/switch-undo";
import { useWords } from "../../../i18n/words";
import type { Plan } from "../documents";
import { Field } from "../form/field";

export function Do(props: {
  plan: Plan | undefined;
  busy: boolean;
  /** Whether nothing may be undone at the moment. */
  held: boolean;
  onDecide: (choice: "keep" | "restore") => void;
  onDo: (reason: string) => void;
}) {
  const say = useWords(words);
  const [reason, setReason] = useState("");
  const { plan } = props;
  const conflicts = plan?.groups.some((group) => group.conflicts.length > 0) ?? false;
  return (
    <section className="sheet asked">
      {conflicts && (
        <Space wrap style={{ marginBottom: 12 }}>
          <Button size="small" onClick={() => props.onDecide("restore")}>
            {say("allRestore")}
          </Button>
          <Button size="small" onClick={() => props.onDecide("keep")}>
            {say("allKeep")}
          </Button>
        </Space>
      )}
      <Field label={say("reason")}>
        {(id) => (
          <Input.TextArea
            id={id}
            rows={2}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {(plan?.waiting ?? 0) > 0 && (
        <p className="quiet">{say("left", { n: plan?.waiting ?? 0 })}</p>
      )}
      <Button
        type="primary"
        danger
        block
        disabled={props.held || (plan?.ready ?? 0) === 0 || reason.trim() === ""}
        loading={props.busy}
        onClick={() => props.onDo(reason.trim())}
      >
        {say("do", { n: plan?.ready ?? 0 })}
      </Button>
    </section>
  );
}
