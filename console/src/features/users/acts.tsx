/** What can be done with a user: edit, give a set, freeze, a one-time password, compare, view as. */
import { MoreOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown, Modal, Space, Typography } from "antd";
import { useState } from "react";
import { answer, api, type Schemas, type Tagged } from "../../api/client";
import { useChange } from "../../api/query";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { GrantDrawer } from "../../ui/grant";
import { ProblemNote } from "../../ui/problem";
import { Revise } from "../../ui/revise";
import { UserForm } from "./form";

type Act = "edit" | "assign" | "freeze" | "password";

export function UserActs(props: { user: string; of: Tagged<Schemas["UserKept"]> }) {
  const say = useWords(users);
  const may = useMay();
  const navigate = useNavigate();
  const [act, setAct] = useState<Act>();
  const { user } = props;
  const { content } = props.of.value;
  const active = content.active ?? true;
  const at = encodeURIComponent(user);
  const others = may(["guan.ask_about_others"]);
  const item = (key: string, label: string, allowed: boolean, onClick: () => void) =>
    allowed ? [{ key, label, onClick }] : [];
  const close = () => setAct(undefined);
  return (
    <Space>
      {may(["guan.manage_users"]) && <Button onClick={() => setAct("edit")}>{say("edit")}</Button>}
      {may(["guan.manage_assignments"]) && (
        <Button onClick={() => setAct("assign")}>{say("assign")}</Button>
      )}
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...item("freeze", say(active ? "freeze" : "unfreeze"), may(["guan.manage_users"]), () =>
              setAct("freeze"),
            ),
            ...item("password", say("resetPassword"), may(["guan.manage_credentials"]), () =>
              setAct("password"),
            ),
            ...item(
              "compare",
              say("compare"),
              others,
              () => void navigate({ to: `/compare?first=${at}` as string }),
            ),
            ...item(
              "view",
              say("viewAs"),
              others,
              () => void navigate({ to: `/view-as?who=${at}` as string }),
            ),
          ],
        }}
      >
        <Button icon={<MoreOutlined />} aria-label={say("more")} aria-haspopup="menu" />
      </Dropdown>
      {act === "edit" && <UserForm user={user} content={content} onClose={close} />}
      {act === "assign" && <GrantDrawer from={{ to: `user:${user}` }} onClose={close} />}
      {act === "freeze" && (
        <Revise
          danger={active}
          title={say(active ? "freezeTitle" : "unfreezeTitle", { user: content.name || user })}
          edits={{
            put: [{ kind: "user", id: user, content: { ...content, active: !active } as never }],
          }}
          onDone={close}
          onCancel={close}
        />
      )}
      {act === "password" && <OneTimePassword user={user} onClose={close} />}
    </Space>
  );
}

function OneTimePassword(props: { user: string; onClose: () => void }) {
  const say = useWords(users);
  const { user } = props;
  const change = useChange(
    () => answer(api.PUT("/api/v1/users/{user}/password", { params: { path: { user } } })),
    [["users", "credentials"]],
  );
  const made = change.data?.password;
  return (
    <Modal
      open
      title={made ? say("newPassword", { user }) : say("resetPassword")}
      okText={made ? say("close") : say("resetPassword")}
      cancelText={say("cancel")}
      okButtonProps={{ danger: !made }}
      confirmLoading={change.isPending}
      onOk={() => (made ? props.onClose() : change.mutate(undefined))}
      onCancel={props.onClose}
    >
      {made ? (
        <>
          <Typography.Text copyable className="code" style={{ fontSize: 20 }}>
            {made}
          </Typography.Text>
          <p className="quiet">{say("newPasswordWhy")}</p>
        </>
      ) : (
        <p>{say("resetWhy", { user })}</p>
      )}
      <ProblemNote error={change.error} />
    </Modal>
  );
}
