/** What the person may do with the record that is open: the frequent acts as buttons, the others in a menu. */
import { EditOutlined, MoreOutlined, ShareAltOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Space } from "antd";
import { useState } from "react";
import { record as words } from "../../../i18n/record";
import { useWords } from "../../../i18n/words";
import { useSession } from "../../../session";
import { useAddress } from "../../../ui/address";
import { titleOf } from "../../../ui/called";
import { ActModal, type Asking } from "./ask";
import type { Opened } from "./opened";
import { restore } from "./send";

type Name =
  | "edit"
  | "share"
  | "owner"
  | "claim"
  | "giveOut"
  | "return"
  | "lock"
  | "unlock"
  | "delete";

/** The acts that are open: what the server said, and where the record stands. */
export function actsOf(
  { record, actions }: Pick<Opened, "record" | "actions">,
  me: string,
): readonly Name[] {
  const { owners, pool, locked } = record.value;
  const may = (action: string) => actions.includes(action);
  const waits = owners.length === 0 && Boolean(pool);
  const isMine = owners.includes(`user:${me}`);
  const all: readonly (readonly [Name, boolean])[] = [
    ["edit", may("edit")],
    ["share", may("share")],
    ["claim", waits && may("claim")],
    ["giveOut", waits && may("assign")],
    ["owner", !waits && may("assign")],
    ["return", !waits && Boolean(pool) && (isMine || may("assign"))],
    ["lock", !locked && may("edit")],
    ["unlock", locked && may("edit")],
    ["delete", may("delete")],
  ];
  return all.flatMap(([name, isOpen]) => (isOpen ? [name] : []));
}

const DIRECT: readonly Name[] = ["edit", "share", "claim"];

export function Acts(props: { of: Opened }) {
  const { of } = props;
  const say = useWords(words);
  const [, go] = useAddress();
  const navigate = useNavigate();
  const { notification, message } = App.useApp();
  const me = useSession().data?.user ?? "";
  const [asking, setAsking] = useState<Asking>();
  const open = actsOf(of, me);
  const start = (name: Name) => {
    if (name === "edit") go({ edit: "1" });
    else if (name === "share") go({ share: "1" });
    else setAsking(name);
  };
  const names = open.filter((name) => !DIRECT.includes(name));
  const direct = open.filter((name) => DIRECT.includes(name));
  const { object, id } = of.record.value;
  const done = (act: Asking, stillSeen: boolean) => {
    setAsking(undefined);
    if (act === "claim") void message.success(say("claimed"));
    if (act === "return") void message.success(say("returned"));
    if (act === "owner" && !stillSeen) void message.info(say("moved"));
    if (act === "delete") {
      const key = `deleted-${id}`;
      notification.success({
        key,
        title: say("deleted", { name: titleOf(of.record.value, of.object) }),
        actions: (
          <Button
            size="small"
            onClick={() => {
              notification.destroy(key);
              void restore(object, id).then(() => {
                void message.success(say("restored"));
                void navigate({ to: `/records/${object}/${id}` as string });
              });
            }}
          >
            {say("undo")}
          </Button>
        ),
      });
    }
    if (!stillSeen) void navigate({ to: `/records/${object}` as string });
  };
  const icons: Partial<Record<Name, React.ReactNode>> = {
    edit: <EditOutlined aria-hidden />,
    share: <ShareAltOutlined aria-hidden />,
  };
  return (
    <Space>
      {direct.map((name) => (
        <Button
          key={name}
          type={name === "edit" ? "primary" : "default"}
          icon={icons[name]}
          onClick={() => start(name)}
        >
          {say(name)}
        </Button>
      ))}
      {names.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: names.map((name) => ({
              key: name,
              label: say(name),
              danger: name === "delete",
            })),
            onClick: ({ key }) => start(key as Name),
          }}
        >
          <Button icon={<MoreOutlined aria-hidden />} aria-label={say("more")} />
        </Dropdown>
      )}
      {asking && (
        <ActModal of={of} act={asking} onClose={() => setAsking(undefined)} onDone={done} />
      )}
    </Space>
  );
}
