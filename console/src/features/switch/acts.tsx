/** The acts of the page's head: only what the server's list allows. Closing is always first. */
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal, Space } from "antd";
import { useId, useState } from "react";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { useMay, useSession } from "../../session";
import { hasEnded, RuleNote } from "./parts";
import type { Shown } from "./queries";
import type { Step, Steps } from "./steps";

const ASKS = ["guan.manage_overlays"];
const UNDOES = ["guan.review_overlays", "guan.manage_overlays"];

function To(props: {
  to: string;
  search?: Record<string, string>;
  children: string;
  primary?: boolean;
}) {
  return (
    <Link
      to={props.to as string}
      search={(props.search ?? {}) as never}
      className={props.primary ? "ant-btn ant-btn-primary go" : "go"}
    >
      {props.children}
    </Link>
  );
}

export function Acts(props: { shown: Shown; steps: Steps }) {
  const say = useWords(words);
  const may = useMay();
  const { shown, steps } = props;
  const { request } = shown;
  const [asking, setAsking] = useState<"refuse" | "withdraw">();
  const has = (act: string) => shown.may.includes(act);
  const over = ["closed", "reported", "reviewed"].includes(request.state);
  const asks = may(ASKS);
  const me = useSession().data?.user;
  const isAuthor = request.authors.some((author) => author === me);
  return (
    <Space wrap size={[8, 8]} style={{ justifyContent: "flex-end" }}>
      {over && <To to={`/switch/${request.id}/report`}>{say("toReport")}</To>}
      {over && may(UNDOES) && <To to={`/switch/${request.id}/undo`}>{say("toUndo")}</To>}
      {asks && request.state === "open" && !hasEnded(request) && (
        <To to="/switch/new" search={{ extend: request.id }}>
          {say("extend")}
        </To>
      )}
      {asks && (over || ["refused", "expired"].includes(request.state)) && (
        <To to="/switch/new" search={{ copy: request.id }}>
          {say("copy")}
        </To>
      )}
      {has("edit") && (
        <To to="/switch/new" search={{ edit: request.id }}>
          {say("edit")}
        </To>
      )}
      {/* Whoever may refuse does that instead; a request whose author is away can still be called off. */}
      {has("withdraw") && (isAuthor || !has("refuse")) && (
        <Button onClick={() => setAsking("withdraw")}>
          {say(isAuthor ? "withdraw" : "callOff")}
        </Button>
      )}
      {has("close") && (
        <Button
          danger
          type="primary"
          size="large"
          loading={steps.busy === "close"}
          onClick={() => steps.take({ act: "close", words: "" })}
        >
          {say("close")}
        </Button>
      )}
      {asking && (
        <InWords
          key={asking}
          title={say(asking === "withdraw" && !isAuthor ? "callOff" : asking)}
          steps={steps}
          step={(said) => ({ act: asking, words: said })}
          onEnd={() => setAsking(undefined)}
        />
      )}
    </Space>
  );
}

/** A no, with words that may be left empty. */
export function InWords(props: {
  title: string;
  steps: Steps;
  step: (words: string) => Step;
  onEnd: () => void;
}) {
  const say = useWords(words);
  const [said, setSaid] = useState("");
  const id = useId();
  const { steps } = props;
  return (
    <Modal
      open
      title={props.title}
      okText={props.title}
      cancelText={say("cancel")}
      okButtonProps={{ danger: true }}
      confirmLoading={steps.busy !== undefined}
      onOk={() => steps.take(props.step(said), props.onEnd)}
      onCancel={props.onEnd}
    >
      <label htmlFor={id}>{say("words")}</label>
      <Input.TextArea
        id={id}
        rows={3}
        value={said}
        placeholder={say("wordsMay")}
        onChange={(event) => setSaid(event.target.value)}
      />
      <div style={{ marginTop: 12 }}>
        <RuleNote error={steps.error} />
      </div>
    </Modal>
  );
}
