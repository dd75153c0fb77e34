/** A delegation: to whom, over which part, with which powers, and which sets may be given. */
import { Button, Checkbox, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { newKey, type Schemas } from "../../api/client";
import { delegations } from "../../i18n/backups";
import { powers } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { NodePicker, UserPicker } from "../../ui/choice";
import { useSetGroups, useSets } from "../../ui/directory";
import { useNamed } from "../../ui/named";
import { Revise } from "../../ui/revise";

type Delegation = Schemas["Delegation"];
/** Powers that make sense for a part of the organization. */
const DELEGABLE = [
  "guan.manage_users",
  "guan.manage_structure",
  "guan.manage_assignments",
  "guan.manage_credentials",
  "guan.ask_about_others",
];

export function DelegationForm(props: { id?: string; content?: Delegation; onClose: () => void }) {
  const say = useWords(delegations);
  const power = useNamed(powers);
  const sets = useSets().data ?? [];
  const groups = useSetGroups().data ?? [];
  const [draft, setDraft] = useState<Partial<Delegation>>(props.content ?? { powers: [] });
  const [checking, setChecking] = useState(false);
  const [id] = useState(() => props.id ?? `delegation/${newKey()}`);
  const set = (change: Partial<Delegation>) => setDraft({ ...draft, ...change });
  const title = say(props.id ? "edit" : "create");
  const complete = Boolean(draft.to && draft.node && draft.powers && draft.powers.length > 0);
  const choices = [
    ...sets.map(({ id: of, content }) => ({ value: `set:${of}`, label: content.name || of })),
    ...groups.map(({ id: of, content }) => ({
      value: `set_group:${of}`,
      label: content.name || of,
    })),
  ];
  return (
    <Drawer
      open
      size={480}
      title={title}
      onClose={props.onClose}
      extra={
        <Button type="primary" disabled={!complete} onClick={() => setChecking(true)}>
          {say("preview")}
        </Button>
      }
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={say("name")} htmlFor="delegation-name">
          <Input
            id="delegation-name"
            value={draft.name ?? ""}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={say("to")}>
          <UserPicker
            label={say("to")}
            value={draft.to?.replace(/^user:/, "")}
            onChange={(user) => user && set({ to: `user:${user}` })}
          />
        </Form.Item>
        <Form.Item label={say("node")}>
          <NodePicker
            label={say("node")}
            value={draft.node}
            onChange={(node) => node && set({ node })}
          />
        </Form.Item>
        <Form.Item label={say("powers")}>
          <Checkbox.Group
            style={{ display: "grid", gap: 6 }}
            value={draft.powers ?? []}
            options={DELEGABLE.map((value) => ({ value, label: power(value) }))}
            onChange={(chosen) => set({ powers: chosen })}
          />
        </Form.Item>
        <Form.Item label={say("sets")}>
          <Select
            mode="multiple"
            aria-label={say("sets")}
            showSearch={{ optionFilterProp: "label" }}
            value={draft.sets ?? []}
            options={choices}
            onChange={(chosen) => set({ sets: chosen })}
          />
        </Form.Item>
      </Form>
      {checking && (
        <Revise
          title={title}
          edits={{ put: [{ kind: "delegation", id, content: draft as never }] }}
          onDone={props.onClose}
          onCancel={() => setChecking(false)}
        />
      )}
    </Drawer>
  );
}
