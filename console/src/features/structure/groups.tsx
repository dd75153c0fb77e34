/** Groups and queues, with their members. */
import { Button, Checkbox, Drawer, Form, Input, Select, Table, Tag } from "antd";
import { useState } from "react";
import { newKey, type Schemas } from "../../api/client";
import { departments } from "../../i18n/departments";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { usePrincipal } from "../../ui/decision";
import { useColleagues, useGroups, useNodes } from "../../ui/directory";
import { WholeFoot } from "../../ui/list";
import { type Edits, Revise } from "../../ui/revise";
import { optionSought } from "../../ui/sought";
import { Answered, Empty } from "../../ui/state";

type Group = Schemas["Group"];

export function Groups() {
  const say = useWords(departments);
  const principal = usePrincipal();
  const [search, go] = useAddress();
  const groups = useGroups();
  return (
    <Answered of={groups}>
      {(all) => {
        const chosen = all.find(({ id }) => id === search.group);
        return (
          <div className="sheet">
            <div className="tools">
              <span className="rest">
                <Button type="primary" onClick={() => go({ group: "new" })}>
                  {say("newGroup")}
                </Button>
              </span>
            </div>
            <Table
              rowKey="id"
              size="small"
              pagination={false}
              dataSource={all}
              locale={{ emptyText: <Empty title={say("groupsNone")} /> }}
              columns={[
                {
                  key: "name",
                  title: say("name"),
                  width: 280,
                  render: (_, { id, content }) => (
                    <Button type="link" className="plain" onClick={() => go({ group: id })}>
                      {content.name || id}
                    </Button>
                  ),
                },
                {
                  key: "kind",
                  title: say("kind"),
                  width: 90,
                  render: (_, { content }) => say(content.kind ?? "group"),
                },
                {
                  key: "members",
                  title: say("members"),
                  render: (_, { content }) => (
                    <>
                      {(content.members ?? []).map((member) => (
                        <Tag key={member}>{principal(member)}</Tag>
                      ))}
                      {content.include_superiors && (
                        <span className="quiet">{say("superiors")}</span>
                      )}
                    </>
                  ),
                },
              ]}
            />
            <WholeFoot shown={all.length} all={all.length} why={say("groupsFew")} />
            {(chosen || search.group === "new") && (
              <GroupForm
                key={search.group}
                {...(chosen ? { id: chosen.id, content: chosen.content } : {})}
                onClose={() => go({ group: undefined })}
              />
            )}
          </div>
        );
      }}
    </Answered>
  );
}

function useMemberChoices() {
  const say = useWords(departments);
  const principal = usePrincipal();
  const users = useColleagues().data ?? [];
  const groups = useGroups().data ?? [];
  const nodes = (useNodes().data ?? []).filter(({ id }) => !id.startsWith("manager/"));
  return [
    ...users.map(({ id }) => ({ value: `user:${id}`, label: principal(`user:${id}`) })),
    ...groups.map(({ id }) => ({ value: `group:${id}`, label: principal(`group:${id}`) })),
    ...nodes.flatMap(({ id, content }) => [
      { value: `node:${id}`, label: say("atNode", { name: content.name || id }) },
      { value: `node_and_below:${id}`, label: principal(`node_and_below:${id}`) },
    ]),
  ];
}

function GroupForm(props: { id?: string; content?: Group; onClose: () => void }) {
  const say = useWords(departments);
  const choices = useMemberChoices();
  const [draft, setDraft] = useState<Group>(props.content ?? { kind: "group", members: [] });
  const [edits, setEdits] = useState<Edits>();
  const [id] = useState(() => props.id ?? `group/${newKey()}`);
  const set = (change: Partial<Group>) => setDraft({ ...draft, ...change });
  const title = say(props.id ? "editGroup" : "newGroup");
  return (
    <Drawer
      open
      size={480}
      title={title}
      onClose={props.onClose}
      extra={
        <>
          {props.id && (
            <Button
              danger
              style={{ marginRight: 8 }}
              onClick={() => setEdits({ remove: [{ kind: "group", id }] })}
            >
              {say("remove")}
            </Button>
          )}
          <Button
            type="primary"
            disabled={!draft.name?.trim()}
            onClick={() => setEdits({ put: [{ kind: "group", id, content: draft as never }] })}
          >
            {say("preview")}
          </Button>
        </>
      }
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={say("name")} htmlFor="group-name">
          <Input
            id="group-name"
            value={draft.name ?? ""}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={say("kind")}>
          <Select
            aria-label={say("kind")}
            value={draft.kind ?? "group"}
            options={(["group", "queue", "team"] as const).map((kind) => ({
              value: kind,
              label: say(kind),
            }))}
            onChange={(kind) => set({ kind })}
          />
        </Form.Item>
        <Form.Item label={say("members")}>
          <Select
            mode="multiple"
            showSearch={{ filterOption: optionSought }}
            aria-label={say("members")}
            placeholder={say("memberHint")}
            value={draft.members ?? []}
            options={choices}
            onChange={(members) => set({ members })}
          />
        </Form.Item>
        <Checkbox
          checked={draft.include_superiors ?? false}
          onChange={(event) => set({ include_superiors: event.target.checked })}
        >
          {say("withSuperiors")}
        </Checkbox>
      </Form>
      {edits && (
        <Revise
          title={title}
          edits={edits}
          onDone={props.onClose}
          onCancel={() => setEdits(undefined)}
        />
      )}
    </Drawer>
  );
}
