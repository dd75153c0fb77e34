/** A term with its meaning beside it, and the page of the guide that says more. */
import { QuestionCircleOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Popover } from "antd";
import type { ReactNode } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export function TermHelp(props: { term: string; children: ReactNode; guide?: string }) {
  const say = useWords(ui);
  return (
    <Popover
      trigger={["click", "focus"]}
      title={props.term}
      content={
        <div style={{ maxWidth: 320 }}>
          <div>{props.children}</div>
          {props.guide && <Link to={`/guide/${props.guide}` as string}>{say("guide")}</Link>}
        </div>
      }
    >
      <button type="button" className="term" aria-label={say("help", { term: props.term })}>
        <QuestionCircleOutlined aria-hidden />
      </button>
    </Popover>
  );
}
