/** The setup: steps beside their content, a checklist at the end. */
import { Button, Space, Steps } from "antd";
import { setup } from "../../i18n/setup";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { PageHeader } from "../../ui/page";
import { STEPS, type Step, useDone, useSkipped } from "./progress";
import { Content } from "./steps";

export default function Setup() {
  const say = useWords(setup);
  const [search, go] = useAddress();
  const done = useDone();
  const [skipped, skip] = useSkipped();
  const firstOpen = STEPS.find((step) => !done[step] && !skipped.includes(step));
  const at: Step | "finish" =
    STEPS.find((step) => step === search.step) ??
    (search.step === "finish" ? "finish" : (firstOpen ?? "finish"));
  const index = at === "finish" ? STEPS.length : STEPS.indexOf(at);
  const to = (next: number) => go({ step: STEPS[next] ?? "finish" });
  const stateOf = (step: Step) => {
    if (done[step]) return say("done");
    return say(skipped.includes(step) ? "skipped" : "open");
  };
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="split" style={{ gridTemplateColumns: "260px minmax(0, 1fr)" }}>
        <section className="sheet">
          <Steps
            orientation="vertical"
            size="small"
            current={index}
            onChange={to}
            items={[
              ...STEPS.map((step) => ({
                title: say(step),
                content: stateOf(step),
                status: statusOf(step === at, done[step]),
              })),
              { title: say("finish"), status: statusOf(at === "finish", false) },
            ]}
          />
        </section>
        <section className="sheet" aria-live="polite">
          <h2 className="part" style={{ marginTop: 0 }}>
            {say(at)}
          </h2>
          {at === "finish" ? (
            <Checklist stateOf={stateOf} done={done} />
          ) : (
            <Content key={at} step={at} />
          )}
          {at !== "finish" && (
            <Space style={{ marginTop: 20, display: "flex" }}>
              <Button type={done[at] ? "primary" : "default"} onClick={() => to(index + 1)}>
                {say("next")}
              </Button>
              {!done[at] && (
                <Button
                  type="text"
                  onClick={() => {
                    skip(at);
                    to(index + 1);
                  }}
                >
                  {say("skip")}
                </Button>
              )}
            </Space>
          )}
        </section>
      </div>
    </>
  );
}

const statusOf = (here: boolean, done: boolean) => {
  if (here) return "process" as const;
  return done ? ("finish" as const) : ("wait" as const);
};

function Checklist(props: {
  stateOf: (step: Step) => string;
  done: Readonly<Record<Step, boolean>>;
}) {
  const say = useWords(setup);
  const [, go] = useAddress();
  return (
    <>
      {STEPS.every((step) => props.done[step]) && <p>{say("ready")}</p>}
      <ul className="rows">
        {STEPS.map((step) => (
          <li key={step}>
            <span>{say(step)}</span>
            <span className={props.done[step] ? "verdict allow" : "quiet"}>
              {props.stateOf(step)}
            </span>
            <Button size="small" onClick={() => go({ step })}>
              {say(props.done[step] ? "look" : "next")}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
