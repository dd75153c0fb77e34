/** The playground: a question as a program asks it, its answer, and the call as code. */
import { Alert, Button, Input, Segmented, Select, Typography } from "antd";
import { useState } from "react";
import { api, newKey } from "../../api/client";
import { playground } from "../../i18n/account";
import { useWords } from "../../i18n/words";
import { ObjectPicker, useObjectChoices } from "../../ui/choice";
import { PageHeader } from "../../ui/page";
import { Empty } from "../../ui/state";
import {
  bodyOf,
  type CodeLanguage,
  codeOf,
  LANGUAGES,
  QUESTIONS,
  type QuestionName,
} from "./calls";

type Answer = { status: number; ms: number; text: string };
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

/** What the text says; a fault as words when it is no JSON. */
function parsed(text: string): { value: unknown } | { why: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (fault) {
    return { why: String(fault) };
  }
}

export default function Playground() {
  const say = useWords(playground);
  const first = useObjectChoices()[0]?.value ?? "";
  const [question, setQuestion] = useState<QuestionName>("check");
  const [object, setObject] = useState<string>();
  const [own, setOwn] = useState<string>();
  const [answer, setAnswer] = useState<Answer>();
  const [busy, setBusy] = useState(false);
  const text = own ?? pretty(bodyOf(question, object ?? first));
  const body = parsed(text);
  const anew = () => {
    setOwn(undefined);
    setAnswer(undefined);
  };
  const send = async () => {
    if (!("value" in body)) return;
    setBusy(true);
    const began = performance.now();
    // Any of the questions: all take a body and answer with JSON.
    const path = `/api/v1/${question}` as "/api/v1/check";
    const { data, error, response } = await api.POST(path, {
      params: { header: { "idempotency-key": newKey() } },
      body: body.value as never,
    });
    setAnswer({
      status: response.status,
      ms: Math.round(performance.now() - began),
      text: pretty(data ?? error),
    });
    setBusy(false);
  };
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={<a href="/docs">{say("docs")}</a>}
      />
      <div className="columns" style={{ gridTemplateColumns: "1fr 1fr" }}>
        <section className="sheet">
          <div className="tools" style={{ padding: "0 0 10px" }}>
            <Select
              style={{ width: 290 }}
              aria-label={say("question")}
              value={question}
              options={QUESTIONS.map((value) => ({ value, label: say(value) }))}
              onChange={(next) => {
                setQuestion(next);
                anew();
              }}
            />
            <div style={{ width: 180 }}>
              <ObjectPicker
                value={object ?? first}
                onChange={(next) => {
                  setObject(next);
                  anew();
                }}
              />
            </div>
          </div>
          <Input.TextArea
            className="code"
            aria-label={say("body")}
            rows={16}
            spellCheck={false}
            value={text}
            onChange={(event) => setOwn(event.target.value)}
          />
          {"why" in body && <Alert type="error" title={say("notJson", { why: body.why })} />}
          <Button
            type="primary"
            style={{ marginTop: 10 }}
            loading={busy}
            disabled={"why" in body}
            onClick={() => void send()}
          >
            {say("send")}
          </Button>
          <Code question={question} body={text} valid={"value" in body} />
        </section>
        <section className="sheet" aria-live="polite">
          <h2>{say("answer")}</h2>
          {answer ? (
            <>
              <p className="number quiet">
                {say("took", { status: answer.status, ms: answer.ms })}
              </p>
              <pre className="code wrapped">{answer.text}</pre>
            </>
          ) : (
            <Empty title={say("none")}>{say("noneWhy")}</Empty>
          )}
        </section>
      </div>
    </>
  );
}

function Code(props: { question: QuestionName; body: string; valid: boolean }) {
  const say = useWords(playground);
  const [language, setLanguage] = useState<CodeLanguage>("curl");
  if (!props.valid) return null;
  const code = codeOf(language, window.location.origin, props.question, props.body);
  return (
    <>
      <h2 style={{ marginTop: 20 }}>{say("snippet")}</h2>
      <Segmented
        aria-label={say("snippet")}
        value={language}
        options={[...LANGUAGES]}
        onChange={setLanguage}
      />
      <Typography.Paragraph copyable={{ text: code }} style={{ marginTop: 8 }}>
        <pre className="code wrapped">{code}</pre>
      </Typography.Paragraph>
    </>
  );
}
