/** The first steps of a request: the preview, which begins by itself, and the backup. */
import { Button, Progress, Space } from "antd";
import { useEffect, useRef } from "react";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { type Shown, useProgress } from "./queries";
import type { Steps } from "./steps";

type Props = { shown: Shown; steps: Steps };

/** A request that was just written is previewed without another click. */
export function Draft({ shown, steps }: Props) {
  const say = useWords(words);
  const [search, go] = useAddress();
  const begun = useRef(false);
  const may = shown.may.includes("preview");
  useEffect(() => {
    if (search.next !== "preview" || begun.current) return;
    begun.current = true;
    go({ next: undefined }, "replace");
    if (may) steps.take({ act: "preview", mode: "exact" });
  });
  const busy = steps.busy === "preview";
  return (
    <>
      <p>{say("isDraft")}</p>
      {busy ? (
        <Working request={shown.request.id} />
      ) : (
        may && (
          <Space wrap>
            <Button
              type="primary"
              disabled={steps.lost.unsettled}
              onClick={() => steps.take({ act: "preview", mode: "exact" })}
            >
              {say("doPreview")}
            </Button>
            <Button onClick={() => steps.take({ act: "preview", mode: "estimate" })}>
              {say("estimate")}
            </Button>
          </Space>
        )
      )}
    </>
  );
}

function Working(props: { request: string }) {
  const say = useWords(words);
  const progress = useProgress(props.request, true).data;
  const [done, total] = [progress?.done ?? 0, progress?.total ?? 0];
  return (
    <div role="status">
      {total > 0 ? say("working", { done, total }) : say("workingStart")}
      <Progress
        percent={total > 0 ? Math.round((100 * done) / total) : 0}
        aria-label={say("workingStart")}
        showInfo={total > 0}
      />
    </div>
  );
}

export function Previewed({ shown, steps }: Props) {
  const say = useWords(words);
  const emergency = shown.request.wanted.urgency === "emergency";
  if (steps.busy === "preview") return <Working request={shown.request.id} />;
  return (
    <>
      <p>{say(emergency ? "isPreviewedEmergency" : "isPreviewed")}</p>
      {steps.busy === "back_up" && <p role="status">{say("backingUp")}</p>}
      <Space wrap>
        {shown.may.includes("back_up") && (
          <Button
            type="primary"
            loading={steps.busy === "back_up"}
            onClick={() => steps.take({ act: "back_up" })}
          >
            {say(emergency ? "doBackUpEmergency" : "doBackUp")}
          </Button>
        )}
        {shown.may.includes("preview") && (
          <Button onClick={() => steps.take({ act: "preview", mode: "exact" })}>
            {say("again")}
          </Button>
        )}
      </Space>
    </>
  );
}
