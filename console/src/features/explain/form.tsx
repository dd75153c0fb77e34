/** The question: who, what, on what, when, from where. */
import { Button, DatePicker, Form, Input } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { useMay, useSession } from "../../session";
import { ActionPicker, FieldPicker, ObjectPicker, RecordPicker, UserPicker } from "../../ui/choice";
import type { Question } from "./question";

export function QuestionForm(props: { question: Question; onAsk: (question: Question) => void }) {
  const say = useWords(explain);
  const others = useMay()(["guan.ask_about_others"]);
  const me = useSession().data?.user;
  const [draft, setDraft] = useState<Question>({
    act: "read",
    ...props.question,
    who: props.question.who ?? me,
  });
  const set = (change: Question) => setDraft({ ...draft, ...change });
  return (
    <Form layout="vertical" onFinish={() => props.onAsk(draft)} requiredMark={false}>
      <Form.Item label={say("who")} htmlFor="ask-who">
        {others ? (
          <UserPicker id="ask-who" value={draft.who} onChange={(who) => set({ who })} />
        ) : (
          <>
            <Input id="ask-who" value={me ?? ""} readOnly />
            <span className="quiet">{say("mine")}</span>
          </>
        )}
      </Form.Item>
      <Form.Item label={say("act")} htmlFor="ask-act">
        <ActionPicker id="ask-act" value={draft.act} onChange={(act) => set({ act })} />
      </Form.Item>
      <Form.Item label={say("object")} htmlFor="ask-object">
        <ObjectPicker
          id="ask-object"
          value={draft.object}
          onChange={(object) => set({ object, record: undefined, fields: undefined })}
        />
      </Form.Item>
      <Form.Item label={say("record")} htmlFor="ask-record">
        <RecordPicker
          id="ask-record"
          object={draft.object}
          value={draft.record}
          onChange={(record) => set({ record })}
        />
      </Form.Item>
      <Form.Item label={say("fields")} htmlFor="ask-fields">
        <FieldPicker
          id="ask-fields"
          object={draft.object}
          value={draft.fields?.split(",")}
          onChange={(fields) => set({ fields: fields?.join(",") })}
        />
      </Form.Item>
      <Form.Item label={say("at")} htmlFor="ask-at">
        <DatePicker
          id="ask-at"
          showTime
          style={{ width: "100%" }}
          placeholder={say("now")}
          value={draft.at ? dayjs(draft.at) : null}
          onChange={(at) => set({ at: at?.toISOString() })}
        />
      </Form.Item>
      <Form.Item label={say("from")} htmlFor="ask-from">
        <Input
          id="ask-from"
          value={draft.from ?? ""}
          placeholder={say("fromHint")}
          onChange={(event) => set({ from: event.target.value || undefined })}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block disabled={!draft.object || !draft.act}>
        {say("ask")}
      </Button>
    </Form>
  );
}
