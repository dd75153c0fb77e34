/** A dangerous act, confirmed by typing a name: nobody does it by a slip. */
import { Input, Modal } from "antd";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";
import { DoubtNote } from "./doubt";
import { ProblemNote } from "./problem";

export function ConfirmByTyping(props: {
  open: boolean;
  title: string;
  /** What must be typed. */
  name: string;
  act: string;
  children: ReactNode;
  busy?: boolean;
  error?: unknown;
  /** An act whose answer may be lost. */
  lost?: ComponentProps<typeof DoubtNote>["of"] & { unsettled: boolean };
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const say = useWords(ui);
  const [typed, setTyped] = useState("");
  const id = useId();
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.act}
      cancelText={say("cancel")}
      okButtonProps={{
        danger: true,
        disabled: typed.trim() !== props.name || props.lost?.unsettled === true,
      }}
      confirmLoading={props.busy ?? false}
      onOk={props.onConfirm}
      onCancel={props.onCancel}
      afterClose={() => setTyped("")}
      destroyOnHidden
    >
      {props.children}
      <label htmlFor={id} style={{ display: "block", margin: "16px 0 6px" }}>
        {say("typeToConfirm", { what: props.name })}
      </label>
      <Input
        id={id}
        value={typed}
        autoComplete="off"
        onChange={(at) => setTyped(at.target.value)}
      />
      <div style={{ marginTop: 12 }}>
        {props.lost && <DoubtNote name={props.act} of={props.lost} />}
        <ProblemNote error={props.error} />
      </div>
    </Modal>
  );
}
