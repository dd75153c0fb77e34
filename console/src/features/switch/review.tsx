/** The sign-off: a verdict, and words where something was found. */
import { Button, Input, Radio } from "antd";
import { useId, useState } from "react";
import type { Schemas } from "../../api/client";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import type { Steps } from "./steps";

export function ReviewForm(props: { steps: Steps }) {
  const say = useWords(words);
  const id = useId();
  const [verdict, setVerdict] = useState<Schemas["Verdict"]>();
  const [said, setSaid] = useState("");
  const { steps } = props;
  const findings = verdict === "findings";
  return (
    <div className="entry" style={{ maxWidth: 560 }}>
      <Radio.Group
        aria-label={say("verdict")}
        value={verdict}
        onChange={(event) => setVerdict(event.target.value as Schemas["Verdict"])}
        options={[
          { value: "in_order", label: say("inOrder") },
          { value: "findings", label: say("findings") },
        ]}
      />
      <label htmlFor={id}>{say("words")}</label>
      <Input.TextArea
        id={id}
        rows={2}
        value={said}
        placeholder={verdict && say(findings ? "wordsMust" : "wordsMay")}
        onChange={(event) => setSaid(event.target.value)}
      />
      <div>
        <Button
          type="primary"
          disabled={verdict === undefined || (findings && said.trim() === "")}
          loading={steps.busy === "review"}
          onClick={() => verdict && steps.take({ act: "review", verdict, words: said.trim() })}
        >
          {say("review")}
        </Button>
      </div>
    </div>
  );
}
