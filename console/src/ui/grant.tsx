/** A set given to somebody: what, to whom, from when to when; previewed before it counts. */
import { Button, Checkbox, DatePicker, Drawer, Form, Radio, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { newKey, type Schemas } from "../api/client";
import { grant } from "../i18n/grant";
import { useWords } from "../i18n/words";
import { SetPicker, UserPicker } from "./choice";
import { useGroups, useNodes } from "./directory";
import { Revise } from "./revise";

type Assignment = Schemas["Assignment"];
const LENGTHS = [1, 7, 30, 90] as const;

/** A group or a node as the one who receives. */
function ManyPicker(props: { value?: string | undefined; onChange: (value: string) => void }) {
  const say = useWords(grant);
  const groups = useGroups().data ?? [];
  const nodes = useNodes().data ?? [];
  const options = [
    ...groups.map(({ id, content }) => ({ value: `group:${id}`, label: content.name || id })),
    ...nodes
      .filter(({ id }) => !id.startsWith("manager/"))
      .map(({ id, content }) => ({ value: `node_and_below:${id}`, label: content.name || id })),
  ];
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      aria-label={say("many")}
      placeholder={say("many")}
      value={props.value ?? null}
      onChange={(value) => value && props.onChange(value)}
      options={options}
    />
  );
}

/** Gives a set; with `id`, changes the assignment of that id. */
export function GrantDrawer(props: {
  id?: string;
  from?: Partial<Assignment>;
  onClose: () => void;
}) {
  const say = useWords(grant);
  const [draft, setDraft] = useState<Partial<Assignment>>(props.from ?? {});
  const [checking, setChecking] = useState(false);
  const [id] = useState(() => props.id ?? `grant/${newKey()}`);
  const set = (change: Partial<Assignment>) => setDraft({ ...draft, ...change });
  const [one, setOne] = useState(!draft.to || draft.to.startsWith("user:"));
  const ends = draft.ends ? dayjs(draft.ends) : null;
  const bounds = (at: Dayjs | null) => set({ ends: at?.toISOString() ?? null });
  const complete = Boolean(draft.what && draft.to);
  return (
    <Drawer
      open
      size={480}
      title={say(props.id ? "change" : "title")}
      onClose={props.onClose}
      extra={
        <Button type="primary" disabled={!complete} onClick={() => setChecking(true)}>
          {say("preview")}
        </Button>
      }
    >
      <Form layout="vertical">
        <Form.Item label={say("what")}>
          <SetPicker value={draft.what} onChange={(what) => what && set({ what })} />
        </Form.Item>
        <Form.Item label={say("to")}>
          <Radio.Group
            style={{ marginBottom: 8 }}
            value={one}
            onChange={(event) => {
              setOne(event.target.value);
              setDraft(({ to: _, ...rest }) => rest);
            }}
            options={[
              { value: true, label: say("person") },
              { value: false, label: say("many") },
            ]}
          />
          {one ? (
            <UserPicker
              value={draft.to?.replace(/^user:/, "")}
              onChange={(user) => user && set({ to: `user:${user}` })}
            />
          ) : (
            <ManyPicker value={draft.to} onChange={(to) => set({ to })} />
          )}
        </Form.Item>
        <Form.Item label={say("starts")}>
          <DatePicker
            showTime
            aria-label={say("starts")}
            placeholder={say("now")}
            value={draft.starts ? dayjs(draft.starts) : null}
            onChange={(at) => set({ starts: at?.toISOString() ?? null })}
          />
        </Form.Item>
        <Form.Item label={say("ends")} help={say(ends ? "endsWhy" : "noEndWhy")}>
          <DatePicker
            showTime
            aria-label={say("ends")}
            placeholder={say("noEnd")}
            value={ends}
            onChange={bounds}
          />{" "}
          {LENGTHS.map((days) => (
            <Button
              key={days}
              type="link"
              size="small"
              onClick={() => bounds(dayjs().add(days, "day"))}
            >
              {say("days", { n: days })}
            </Button>
          ))}
        </Form.Item>
        <Form.Item>
          <Checkbox checked={!ends} onChange={(event) => event.target.checked && bounds(null)}>
            {say("noEnd")}
          </Checkbox>
        </Form.Item>
      </Form>
      {checking && (
        <Revise
          title={say(props.id ? "change" : "title")}
          edits={{ put: [{ kind: "assignment", id, content: tidy(draft) }] }}
          onDone={props.onClose}
          onCancel={() => setChecking(false)}
        />
      )}
    </Drawer>
  );
}

/** Without members that say nothing. */
function tidy(draft: Partial<Assignment>): Record<string, never> {
  const said = Object.entries(draft).filter(([, value]) => value != null);
  return Object.fromEntries(said) as Record<string, never>;
}
