/** What somebody else sees, framed so that nobody forgets whose view it is; over after a time. */
import { Alert, Button, Form, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { viewas } from "../../i18n/viewas";
import { useWords } from "../../i18n/words";
import { useSession } from "../../session";
import { useAddress } from "../../ui/address";
import { ObjectPicker, UserPicker } from "../../ui/choice";
import { Countdown } from "../../ui/countdown";
import { useNames } from "../../ui/directory";
import { PageHeader } from "../../ui/page";
import { Empty } from "../../ui/state";
import { View } from "./view";

const MINUTES = [15, 30, 60] as const;
type Viewing = { who: string; reason: string; began_ms: number; seconds: number };

export default function ViewAs() {
  const say = useWords(viewas);
  const [search, go] = useAddress();
  const [viewing, setViewing] = useState<Viewing>();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!viewing) return;
    const end = setTimeout(() => {
      setViewing(undefined);
      setOver(true);
    }, viewing.seconds * 1000);
    return () => clearTimeout(end);
  }, [viewing]);
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      {viewing ? (
        <Framed viewing={viewing} onEnd={() => setViewing(undefined)} />
      ) : (
        <div className="sheet" style={{ padding: 20, maxWidth: 640 }}>
          {over && (
            <Alert
              type="warning"
              showIcon
              title={say("over")}
              description={say("overWhy")}
              style={{ marginBottom: 16 }}
            />
          )}
          <Beginning
            who={search.who}
            onWho={(who) => go({ who }, "replace")}
            onBegin={(begun) => {
              setOver(false);
              setViewing(begun);
            }}
          />
        </div>
      )}
    </>
  );
}

function Beginning(props: {
  who: string | undefined;
  onWho: (who: string | undefined) => void;
  onBegin: (viewing: Viewing) => void;
}) {
  const say = useWords(viewas);
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState<number>(MINUTES[0]);
  const { who, onWho, onBegin } = props;
  const ready = who !== undefined && reason.trim() !== "";
  return (
    <Form
      layout="vertical"
      onFinish={() =>
        who &&
        ready &&
        onBegin({ who, reason: reason.trim(), began_ms: Date.now(), seconds: minutes * 60 })
      }
    >
      <Form.Item label={say("who")} htmlFor="view-who">
        <UserPicker id="view-who" label={say("who")} value={who} onChange={onWho} />
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
      <Button type="primary" htmlType="submit" disabled={!ready}>
        {say("begin")}
      </Button>
    </Form>
  );
}

function Framed(props: { viewing: Viewing; onEnd: () => void }) {
  const say = useWords(viewas);
  const names = useNames();
  const me = useSession().data?.user ?? "";
  const [search, go] = useAddress();
  const { who, reason, began_ms, seconds } = props.viewing;
  return (
    <section
      className="asframe"
      aria-label={say("frame", { me: names.user(me), who: names.user(who) })}
    >
      <header>
        <strong>{say("frame", { me: names.user(me), who: names.user(who) })}</strong>
        <span>{say("because", { reason })}</span>
        <Countdown left_s={seconds} asOf_ms={began_ms} />
        <Button size="small" onClick={props.onEnd}>
          {say("end")}
        </Button>
      </header>
      <div>
        <div style={{ maxWidth: 320, marginBottom: 16 }}>
          <ObjectPicker value={search.object} onChange={(object) => go({ object }, "replace")} />
        </div>
        {search.object ? (
          <View key={search.object} who={who} object={search.object} />
        ) : (
          <Empty title={say("object")} />
        )}
      </div>
    </section>
  );
}
