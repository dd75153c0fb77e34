/** A new token: its name, what it may, from where, until when. */
import { Button, Drawer, Form, Input, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { tokens } from "../../i18n/account";
import { powers } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { useNamed } from "../../ui/named";
import { ProblemNote } from "../../ui/problem";

const DAYS = [7, 30, 90, 365] as const;

export function TokenForm(props: {
  busy: boolean;
  error: unknown;
  onCreate: (body: Schemas["TokenBody"]) => void;
  onClose: () => void;
}) {
  const say = useWords(tokens);
  const power = useNamed(powers);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const [networks, setNetworks] = useState<string[]>([]);
  const [days, setDays] = useState<number>(30);
  const choices = [
    ...(["read", "decide", "all"] as const).map((scope) => ({
      value: scope as string,
      label: say(scope),
    })),
    ...Object.keys(powers).map((scope) => ({ value: scope, label: `${scope} · ${power(scope)}` })),
  ];
  return (
    <Drawer
      open
      size={480}
      title={say("create")}
      onClose={props.onClose}
      extra={
        <Button
          type="primary"
          loading={props.busy}
          disabled={name.trim() === "" || scopes.length === 0}
          onClick={() =>
            props.onCreate({
              name: name.trim(),
              scopes,
              networks,
              ends: dayjs().add(days, "day").toISOString(),
            })
          }
        >
          {say("create")}
        </Button>
      }
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={say("name")} htmlFor="token-name">
          <Input
            id="token-name"
            value={name}
            placeholder={say("nameHint")}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={say("scopes")}>
          <Select
            mode="tags"
            aria-label={say("scopes")}
            value={scopes}
            options={choices}
            onChange={setScopes}
          />
        </Form.Item>
        <Form.Item label={say("networks")} extra={say("networksHint")}>
          <Select
            mode="tags"
            aria-label={say("networks")}
            open={false}
            suffixIcon={null}
            value={networks}
            onChange={setNetworks}
          />
        </Form.Item>
        <Form.Item label={say("ends")}>
          <Select
            aria-label={say("ends")}
            value={days}
            options={DAYS.map((n) => ({ value: n as number, label: say("days", { n }) }))}
            onChange={setDays}
          />
        </Form.Item>
      </Form>
      <ProblemNote error={props.error} />
    </Drawer>
  );
}
