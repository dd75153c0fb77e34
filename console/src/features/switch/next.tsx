/** What comes next, in one sentence, with the one button for it. */
import { Alert, Button, Input, Space } from "antd";
import dayjs from "dayjs";
import { type ReactNode, useState } from "react";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { useSession } from "../../session";
import { InWords } from "./acts";
import { at, hasEnded, RuleNote, useSpan } from "./parts";
import { Draft, Previewed } from "./prepare";
import { type Shown, useNames } from "./queries";
import { ReviewForm } from "./review";
import type { Steps } from "./steps";

type Props = { shown: Shown; steps: Steps };

export function Next(props: Props) {
  const say = useWords(words);
  const { shown, steps } = props;
  const open = shown.request.state === "open" && !hasEnded(shown.request);
  const tone = open ? "next alarm" : "next";
  return (
    <section className={`sheet asked ${tone}`} aria-label={say("next")}>
      <h2>{say("next")}</h2>
      <Now {...props} />
      <WasOpen request={shown.request} />
      {steps.error != null && (
        <div style={{ marginTop: 12 }}>
          <RuleNote error={steps.error} />
        </div>
      )}
    </section>
  );
}

/** What happened, once it is over: from when to when it was off, and what ended it. */
function WasOpen({ request: { opened, closed } }: { request: Shown["request"] }) {
  const say = useWords(words);
  const nameOf = useNames();
  if (!opened || !closed) return null;
  const by = closed.by ? (nameOf(closed.by) ?? closed.by) : "–";
  const how = say(`t_closed_${closed.cause}`, { by } as never);
  return <p>{say("wasOpen", { from: at(opened.starts), until: at(closed.at), how })}</p>;
}

function Now(props: Props): ReactNode {
  const { state } = props.shown.request;
  switch (state) {
    case "draft":
      return <Draft {...props} />;
    case "previewed":
      return <Previewed {...props} />;
    case "backed_up":
      return props.shown.request.wanted.urgency === "emergency" ? (
        <Ready {...props} />
      ) : (
        <Waiting {...props} />
      );
    case "approved":
    case "armed":
      return <Ready {...props} />;
    default:
      return <After {...props} />;
  }
}

function Waiting({ shown, steps }: Props) {
  const say = useWords(words);
  const [refusing, setRefusing] = useState(false);
  const may = (act: string) => shown.may.includes(act);
  const still = shown.tally.demands.reduce(
    (most, { needed, counted }) => Math.max(most, needed - counted.length),
    0,
  );
  return (
    <>
      <p>{may("approve") ? say("youApprove") : say("waits", { n: still })}</p>
      <Space wrap>
        {may("approve") && (
          <Button
            type="primary"
            loading={steps.busy === "approve"}
            onClick={() => steps.take({ act: "approve" })}
          >
            {say("approve")}
          </Button>
        )}
        {may("refuse") && (
          <Button danger onClick={() => setRefusing(true)}>
            {say("refuse")}
          </Button>
        )}
        <TakeBack shown={shown} steps={steps} />
        {may("preview") && (
          <Button onClick={() => steps.take({ act: "preview", mode: "exact" })}>
            {say("again")}
          </Button>
        )}
      </Space>
      {refusing && (
        <InWords
          title={say("refuse")}
          steps={steps}
          step={(said) => ({ act: "refuse", words: said })}
          onEnd={() => setRefusing(false)}
        />
      )}
    </>
  );
}

function TakeBack({ shown, steps }: Props) {
  const say = useWords(words);
  if (!shown.may.includes("take_back")) return null;
  return <Button onClick={() => steps.take({ act: "take_back" })}>{say("takeBack")}</Button>;
}

function Ready({ shown, steps }: Props) {
  const say = useWords(words);
  const span = useSpan();
  const [password, setPassword] = useState("");
  const { wanted } = shown.request;
  const emergency = wanted.urgency === "emergency";
  const me = useSession().data?.user;
  // The server cannot say so before the password was given: an emergency is opened by who asked for it.
  const may = emergency ? shown.request.requested_by === me : shown.may.includes("open");
  const early = wanted.starts != null && dayjs(wanted.starts).isAfter(dayjs());
  const long = span(wanted.length ?? 0);
  const open = () =>
    steps.take(emergency ? { act: "open", password } : { act: "open" }, () => setPassword(""));
  const says = emergency ? say("isEmergency") : say("isApproved", { long });
  return (
    <>
      <p>
        {may ? says : early ? say("notYet", { at: at(wanted.starts) }) : say("isApprovedOther")}
      </p>
      {steps.busy === "open" && <p role="status">{say("opening")}</p>}
      <Space wrap>
        {may && emergency && (
          <Input.Password
            value={password}
            aria-label={say("password")}
            placeholder={say("password")}
            visibilityToggle={false}
            autoComplete="current-password"
            style={{ width: 240 }}
            onChange={(event) => setPassword(event.target.value)}
            onPressEnter={() => password && open()}
          />
        )}
        {may && (
          <Button
            type="primary"
            danger
            size="large"
            disabled={emergency && password === ""}
            loading={steps.busy === "open"}
            onClick={open}
          >
            {say("doOpen")}
          </Button>
        )}
        <TakeBack shown={shown} steps={steps} />
      </Space>
    </>
  );
}

function After({ shown, steps }: Props): ReactNode {
  const say = useWords(words);
  const nameOf = useNames();
  const { request } = shown;
  const who = (id: string | undefined) => (id ? (nameOf(id) ?? id) : "–");
  const { review, refused } = request;
  switch (request.state) {
    case "open":
      if (shown.acting) return <p>{say("isOpen")}</p>;
      return <p>{say(hasEnded(request) ? "isOver" : "isDormant")}</p>;
    case "closed":
      return <p>{say("isOver")}</p>;
    case "reported":
      return (
        <>
          <p>{say("isReported")}</p>
          {shown.may.includes("review") && <ReviewForm steps={steps} />}
        </>
      );
    case "reviewed": {
      const verdict = say(review?.verdict === "findings" ? "findings" : "inOrder");
      const by = who(review?.by);
      return (
        <Alert
          showIcon
          type={review?.verdict === "findings" ? "warning" : "success"}
          title={say("isReviewed", { by, verdict })}
          description={review?.words}
        />
      );
    }
    case "refused": {
      const own = refused?.by === request.requested_by;
      return (
        <p>
          {say(own ? "isWithdrawn" : "isRefused", { by: who(refused?.by) })} {refused?.words}
        </p>
      );
    }
    default:
      return <p>{say("isExpired")}</p>;
  }
}
