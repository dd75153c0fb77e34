/** Creating and editing a user; what it changes for others is previewed before it counts. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { NodePicker } from "../../ui/choice";
import { Revise } from "../../ui/revise";
import { useUnsaved } from "../../ui/unsaved";
import { useKindName } from "./parts";

type User = Schemas["User"];
type Place = Schemas["Placement"];
const KINDS = ["internal", "integration", "external", "guest"] as const;

export function UserForm(props: { user?: string; content?: User; onClose: () => void }) {
  const say = useWords(users);
  const kindName = useKindName();
  const [id, setId] = useState(props.user ?? "");
  const [draft, setDraft] = useState<User>(props.content ?? { kind: "internal", active: true });
  const [checking, setChecking] = useState(false);
  const set = (change: Partial<User>) => setDraft({ ...draft, ...change });
  const attribute = (name: string, value: string) =>
    set({ attributes: { ...draft.attributes, [name]: value } });
  useUnsaved(
    !checking &&
      JSON.stringify(draft) !== JSON.stringify(props.content ?? { kind: "internal", active: true }),
  );
  const title = say(props.user ? "editTitle" : "create");
  return (
    <Drawer
      open
      size={480}
      title={title}
      onClose={props.onClose}
      extra={
        <Button type="primary" disabled={id.trim() === ""} onClick={() => setChecking(true)}>
          {say("preview")}
        </Button>
      }
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item
          label={say("id")}
          htmlFor="user-id"
          help={props.user ? undefined : say("idHint")}
        >
          <Input
            id="user-id"
            value={id}
            disabled={props.user !== undefined}
            onChange={(event) => setId(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={say("name")} htmlFor="user-name">
          <Input
            id="user-name"
            value={draft.name ?? ""}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={say("kind")} htmlFor="user-kind">
          <Select
            id="user-kind"
            aria-label={say("kind")}
            value={draft.kind ?? "internal"}
            options={KINDS.map((kind) => ({ value: kind, label: kindName(kind) }))}
            onChange={(kind) => set({ kind })}
          />
        </Form.Item>
        <Form.Item label={say("department")} htmlFor="user-department">
          <Input
            id="user-department"
            value={String(draft.attributes?.Department ?? "")}
            onChange={(event) => attribute("Department", event.target.value)}
          />
        </Form.Item>
        <Form.Item label={say("places")}>
          <Places value={draft.placements ?? []} onChange={(placements) => set({ placements })} />
        </Form.Item>
      </Form>
      {checking && (
        <Revise
          title={title}
          edits={{ put: [{ kind: "user", id: id.trim(), content: draft as never }] }}
          onDone={props.onClose}
          onCancel={() => setChecking(false)}
        />
      )}
    </Drawer>
  );
}

function Places(props: { value: readonly Place[]; onChange: (value: Place[]) => void }) {
  const say = useWords(users);
  const { value, onChange } = props;
  const put = (index: number, change: Partial<Place>) =>
    onChange(value.map((place, at) => (at === index ? { ...place, ...change } : place)));
  return (
    <>
      {value.map((place, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place has no name of its own while it is chosen
        <div key={index} style={{ display: "flex", gap: 8, marginBottom: 8, alignItems: "center" }}>
          <div style={{ flex: 1 }}>
            <NodePicker
              label={say("node")}
              value={place.node || undefined}
              onChange={(node) => put(index, { node: node ?? "" })}
            />
          </div>
          <Checkbox
            checked={place.as === "head"}
            onChange={(event) => put(index, { as: event.target.checked ? "head" : "member" })}
          >
            {say("asHead")}
          </Checkbox>
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={say("removePlace")}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() => onChange([...value, { node: "", as: "member" }])}
      >
        {say("addPlace")}
      </Button>
    </>
  );
}
