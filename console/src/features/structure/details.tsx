/** A node: its people, its place, and what can be changed; each change is previewed. */
import { Button, Form, Input, Modal, Space } from "antd";
import { useState } from "react";
import { newKey } from "../../api/client";
import { rights } from "../../i18n/decision";
import { departments } from "../../i18n/departments";
import { objectName } from "../../i18n/objects";
import { useLanguage, useWords } from "../../i18n/words";
import { NodePicker, UserPicker } from "../../ui/choice";
import { useNames } from "../../ui/directory";
import { useNamed } from "../../ui/named";
import { Facts } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { type Edits, Revise } from "../../ui/revise";
import { useEverybody } from "./queries";
import { type Branch, mayMove, type Person, type UserRow, within } from "./tree";

type Asked = { title: string; edits: Edits };

/** The user with another set of places. */
const placed = (user: UserRow, placements: Person["place"][]): Edits => ({
  put: [{ kind: "user", id: user.id, content: { ...user.content, placements } as never }],
});

export function NodeDetails(props: {
  branch: Branch;
  branches: readonly Branch[];
  onMove: (to: string) => void;
}) {
  const say = useWords(departments);
  const names = useNames();
  const right = useNamed(rights);
  const at = useLanguage() === "en" ? 0 : 1;
  const [asked, setAsked] = useState<Asked>();
  const [form, setForm] = useState<"move" | "rename" | "new">();
  const { branch } = props;
  const { id, content } = branch.node;
  const name = names.node(id);
  const close = () => setAsked(undefined);
  return (
    <>
      <div className="tools" style={{ padding: 0 }}>
        <h2 className="part" style={{ margin: 0 }}>
          {name}
        </h2>
        <Space className="rest" wrap>
          <Button onClick={() => setForm("move")}>{say("move")}</Button>
          <Button onClick={() => setForm("rename")}>{say("rename")}</Button>
          <Button onClick={() => setForm("new")}>{say("newBelow")}</Button>
          <Button
            danger
            disabled={branch.children.length > 0}
            onClick={() =>
              setAsked({
                title: say("removeTitle", { what: name }),
                edits: { remove: [{ kind: "node", id }] },
              })
            }
          >
            {say("remove")}
          </Button>
        </Space>
      </div>
      <div style={{ marginTop: 12 }}>
        <Facts
          rows={[
            [
              say("id"),
              <span key="id" className="code">
                {id}
              </span>,
            ],
            [say("parent"), content.parent ? names.node(content.parent) : say("top")],
            ["", say("below", { n: within(branch).length - 1 })],
            ...(content.levels
              ? ([
                  [
                    say("levels"),
                    Object.entries(content.levels)
                      .map(([id, level]) => `${objectName({ id, name: id }, at)}: ${right(level)}`)
                      .join(" · "),
                  ],
                ] as const)
              : []),
          ]}
        />
      </div>
      <People branch={branch} onAsk={setAsked} />
      <NodeForms form={form} {...props} onClose={() => setForm(undefined)} onAsk={setAsked} />
      {asked && <Revise {...asked} onDone={close} onCancel={close} />}
    </>
  );
}

function People(props: { branch: Branch; onAsk: (asked: Asked) => void }) {
  const say = useWords(departments);
  const everybody = useEverybody().data ?? [];
  const [chosen, setChosen] = useState<string>();
  const { branch, onAsk } = props;
  const { id } = branch.node;
  const title = (user: UserRow) => say("placeTitle", { user: user.content.name || user.id });
  const others = (user: UserRow) =>
    (user.content.placements ?? []).filter(({ node }) => node !== id);
  const ask = (user: UserRow, place: Person["place"] | null) =>
    onAsk({
      title: title(user),
      edits: placed(user, place ? [...others(user), place] : others(user)),
    });
  const found = everybody.find((user) => user.id === chosen);
  return (
    <>
      <h3 className="part">{say("people")}</h3>
      {branch.people.length === 0 && <p className="quiet">{say("peopleNone")}</p>}
      <ul className="rows">
        {branch.people.map(({ user, place }) => {
          const head = place.as === "head";
          return (
            <li key={user.id}>
              <span>
                <PersonTag id={user.id} name={user.content.name} />{" "}
                <span className="quiet">
                  {[head && say("head"), place.additional && say("additional")]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              <Button
                size="small"
                onClick={() => ask(user, { ...place, as: head ? "member" : "head" })}
              >
                {say(head ? "makeMember" : "makeHead")}
              </Button>
              <Button size="small" onClick={() => ask(user, null)}>
                {say("takeOut")}
              </Button>
            </li>
          );
        })}
      </ul>
      <div className="tools" style={{ padding: "12px 0 0" }}>
        <div style={{ flex: 1 }}>
          <UserPicker label={say("addPerson")} value={chosen} onChange={setChosen} />
        </div>
        <Button disabled={!found} onClick={() => found && ask(found, { node: id, as: "member" })}>
          {say("addPerson")}
        </Button>
      </div>
    </>
  );
}

function NodeForms(props: {
  form: "move" | "rename" | "new" | undefined;
  branch: Branch;
  branches: readonly Branch[];
  onMove: (to: string) => void;
  onClose: () => void;
  onAsk: (asked: Asked) => void;
}) {
  const say = useWords(departments);
  const names = useNames();
  const [text, setText] = useState("");
  const [to, setTo] = useState<string>();
  const { form, branch, onClose } = props;
  const { id, content } = branch.node;
  const title = { move: say("move"), rename: say("rename"), new: say("newBelow") }[form ?? "move"];
  const ready =
    form === "move" ? to !== undefined && mayMove(props.branches, id, to) : text.trim() !== "";
  const go = () => {
    if (form === "move" && to) props.onMove(to);
    const put = (of: string, node: object) =>
      props.onAsk({ title, edits: { put: [{ kind: "node", id: of, content: node as never }] } });
    if (form === "rename") put(id, { ...content, name: text.trim() });
    if (form === "new") {
      put(`node/${newKey()}`, {
        tree: content.tree,
        parent: id,
        name: text.trim(),
        ...(content.levels ? { levels: content.levels } : {}),
      });
    }
    setText("");
    onClose();
  };
  return (
    <Modal
      open={form !== undefined}
      title={`${title}: ${names.node(id)}`}
      okText={say("preview")}
      cancelText={say("cancel")}
      okButtonProps={{ disabled: !ready }}
      onOk={go}
      onCancel={onClose}
    >
      <Form layout="vertical">
        {form === "move" ? (
          <Form.Item label={say("moveTo")}>
            <NodePicker label={say("moveTo")} tree={content.tree} value={to} onChange={setTo} />
          </Form.Item>
        ) : (
          <Form.Item label={say("name")} htmlFor="node-name">
            <Input id="node-name" value={text} onChange={(event) => setText(event.target.value)} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
