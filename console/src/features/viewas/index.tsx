/** Begins to see as somebody else: whom, why, how long. What follows is framed by the shell. */
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { viewas } from "../../i18n/viewas";
import { useWords } from "../../i18n/words";
import { useViewing } from "../../session";
import { useAddress } from "../../ui/address";
import { UserPicker } from "../../ui/choice";
import { PageHeader } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { Term } from "../../ui/term";

const MINUTES = [15, 30, 60] as const;

export default function ViewAs() {
  const say = useWords(viewas);
  const [search, go] = useAddress();
  const navigate = useNavigate();
  const { begin } = useViewing();
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState<number>(MINUTES[0]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { who } = search;
  const ready = who !== undefined && reason.trim() !== "";
  const start = async () => {
    if (!who) return;
    setBusy(true);
    try {
      const objects = await begin({ user: who, reason: reason.trim(), length_s: minutes * 60 });
      await navigate({ to: (objects[0] ? `/records/${objects[0].id}` : "/") as string });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="viewAs" guide="view-as" />
          </>
        }
      />
      <div className="sheet" style={{ padding: 20, maxWidth: 640 }}>
        {search.over && (
          <Alert
            type="warning"
            showIcon
            title={say("over")}
            description={say("overWhy")}
            style={{ marginBottom: 16 }}
          />
        )}
        <Form layout="vertical" requiredMark={false} onFinish={() => ready && void start()}>
          <Form.Item label={say("who")} htmlFor="view-who">
            <UserPicker
              id="view-who"
              label={say("who")}
              value={who}
              onChange={(who) => go({ who, over: undefined }, "replace")}
            />
          </Form.Item>
          <Form.Item label={say("reason")} htmlFor="view-reason">
            <Input
              id="view-reason"
              value={reason}
              placeholder={say("reasonHint")}
              onChange={(event) => setReason(event.target.value)}
            />
          </Form.Item>
          <Form.Item label={say("minutes")}>
            <Select
              aria-label={say("minutes")}
              style={{ width: 160 }}
              value={minutes}
              options={MINUTES.map((n) => ({ value: n, label: say("minutesOf", { n }) }))}
              onChange={setMinutes}
            />
          </Form.Item>
          <Alert type="info" showIcon title={say("limits")} style={{ marginBottom: 16 }} />
          <Button type="primary" htmlType="submit" disabled={!ready} loading={busy}>
            {say("begin")}
          </Button>
          <div style={{ marginTop: 12 }}>
            <ProblemNote error={error} />
          </div>
        </Form>
      </div>
    </>
  );
}
