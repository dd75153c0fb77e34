/** Asking: what, how long and why; what a refusal was about is filled in. */
import { Alert, App, Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { requests } from "../../i18n/requests";
import { useWords } from "../../i18n/words";
import type { Wanted } from "../../ui/ask";
import { ActionPicker, ObjectPicker } from "../../ui/choice";
import { ProblemNote } from "../../ui/problem";
import { Words } from "./parts";
import { useAsk, useRefused } from "./queries";
import { DAY_S, HOUR_S } from "./state";

const LENGTHS = [
  [HOUR_S, "hour"],
  [DAY_S, "day"],
  [7 * DAY_S, "week"],
  [30 * DAY_S, "month"],
  [90 * DAY_S, "quarter"],
] as const;

export function Ask(props: { wanted: Wanted; onClose: (show?: string) => void }) {
  const say = useWords(requests);
  const { message } = App.useApp();
  const { wanted } = props;
  const refused = useRefused(wanted.reference).data;
  const [typed, setTyped] = useState<{ act?: string; object?: string; record?: string }>({});
  const [length, setLength] = useState<number>(7 * DAY_S);
  const [reason, setReason] = useState("");
  const act = typed.act ?? wanted.act ?? refused?.action ?? "read";
  const object = typed.object ?? wanted.object ?? refused?.object ?? undefined;
  const record = typed.record ?? wanted.record ?? refused?.record ?? "";
  const asking = useAsk();
  const ready = object !== undefined && reason.trim() !== "";
  const send = () => {
    if (!object) return;
    const reference = Number(wanted.reference);
    asking.mutate(
      {
        action: act,
        object,
        length_s: length,
        reason: reason.trim(),
        ...(record.trim() ? { record: record.trim() } : {}),
        ...(wanted.reference && reference ? { reference } : {}),
      },
      {
        onSuccess: () => {
          void message.success(say("sent"));
          props.onClose("mine");
        },
      },
    );
  };
  return (
    <Drawer
      open
      size={480}
      title={say("ask")}
      onClose={() => props.onClose()}
      extra={
        <Button type="primary" disabled={!ready} loading={asking.isPending} onClick={send}>
          {say("send")}
        </Button>
      }
    >
      {wanted.reference && (
        <Alert
          showIcon
          type="info"
          style={{ marginBottom: 16 }}
          title={say("from", { n: wanted.reference })}
        />
      )}
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={say("act")} htmlFor="ask-act">
          <ActionPicker
            id="ask-act"
            label={say("act")}
            value={act}
            onChange={(act) => act && setTyped({ ...typed, act })}
          />
        </Form.Item>
        <Form.Item label={say("object")} htmlFor="ask-object">
          <ObjectPicker
            id="ask-object"
            label={say("object")}
            value={object}
            onChange={(object) => object && setTyped({ ...typed, object })}
          />
        </Form.Item>
        <Form.Item label={say("record")} htmlFor="ask-record" help={say("recordWhy")}>
          <Input
            id="ask-record"
            value={record}
            placeholder={say("recordHint")}
            onChange={(event) => setTyped({ ...typed, record: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={say("length")} htmlFor="ask-length">
          <Select
            id="ask-length"
            aria-label={say("length")}
            value={length}
            options={LENGTHS.map(([value, label]) => ({ value, label: say(label) }))}
            onChange={setLength}
          />
        </Form.Item>
        <Words
          id="ask-reason"
          label={say("reason")}
          hint={say("reasonHint")}
          rows={3}
          value={reason}
          onChange={setReason}
        />
      </Form>
      <ProblemNote error={asking.error} />
    </Drawer>
  );
}
