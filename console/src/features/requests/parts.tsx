/** Pieces of the screen of requests: how far one is, how long something lasts. */

import { Form, Input, Tag } from "antd";
import { requests } from "../../i18n/requests";
import { useWords } from "../../i18n/words";
import { moment } from "../../ui/moment";
import type { Request } from "./queries";
import { lengthOf, stateOf } from "./state";

export function useLength(): (seconds: number) => string {
  const say = useWords(requests);
  return (seconds) => {
    const [unit, n] = lengthOf(seconds);
    return say(unit, { n });
  };
}

/** Several lines of text in a form. */
export function Words(props: {
  id: string;
  label: string;
  hint: string;
  value: string;
  rows: number;
  help?: string;
  onChange: (value: string) => void;
}) {
  const { id, help, onChange } = props;
  return (
    <Form.Item label={props.label} htmlFor={id} {...(help && { help })}>
      <Input.TextArea
        id={id}
        rows={props.rows}
        value={props.value}
        placeholder={props.hint}
        onChange={(event) => onChange(event.target.value)}
      />
    </Form.Item>
  );
}

export function StateTag(props: { request: Request }) {
  const say = useWords(requests);
  const { request } = props;
  const state = stateOf(request, Date.now());
  return (
    <>
      <Tag className={state === "open" ? "soon" : ""}>{say(state)}</Tag>
      {request.given && state === "granted" && (
        <span className="quiet number">{say("until", { at: moment(request.given.ends) })}</span>
      )}
    </>
  );
}
