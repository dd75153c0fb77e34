/** A refusal in words that make sense to who was refused, with the way to its explanation. */
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { problemOf } from "../../api/client";
import { refusals } from "../../i18n/refusals";
import { type Say, useWords } from "../../i18n/words";
import { AskLink } from "../../ui/ask";
import { ProblemNote } from "../../ui/problem";

/** What was tried, to be explained where the refusal has no number. */
export type Tried = { action: string; object: string; record?: string };

/** What pools say, by their sentences: a code of its own for each is not told. */
const POOL: readonly (readonly [
  RegExp,
  "poolPause" | "poolHeld" | "poolDay" | "poolNone" | "poolTaken",
])[] = [
  [/waits in no pool/, "poolNone"],
  [/holds the record already/, "poolTaken"],
  [/records a day/, "poolDay"],
  [/hold \d+ records/, "poolHeld"],
  [/claim it again from/, "poolPause"],
];

export function reasonOf(error: unknown, say: Say<typeof refusals>): string | undefined {
  const { code, refusal, detail } = problemOf(error);
  if (code === "pool_refuses") {
    const known = POOL.find(([form]) => form.test(detail ?? ""));
    return known ? say(known[1]) : (detail ?? say("other"));
  }
  if (code !== "denied") return undefined;
  const known = typeof refusal === "string" && refusal in refusals;
  return say(known ? (refusal as "other") : "other");
}

export function Refused(props: { error: unknown; tried?: Tried }) {
  const say = useWords(refusals);
  if (!props.error) return null;
  const problem = problemOf(props.error);
  const reason = reasonOf(props.error, say);
  if (reason === undefined) return <ProblemNote error={props.error} />;
  return (
    <Alert
      showIcon
      type="warning"
      title={say(problem.code === "pool_refuses" ? "pool_refuses" : "title")}
      description={
        <>
          <div>{reason}</div>
          <WhyLink reference={problem.reference} tried={props.tried} />
        </>
      }
    />
  );
}

export function WhyLink(props: { reference: unknown; tried?: Tried | undefined }) {
  const say = useWords(refusals);
  if (props.reference != null) {
    const number = String(props.reference);
    return (
      <>
        <Link to={`/explain/${number}` as string}>{say("reference", { n: number })}</Link> ·{" "}
        <AskLink reference={number} />
      </>
    );
  }
  if (!props.tried) return null;
  const { action, object, record } = props.tried;
  return (
    <Link to={"/explain" as string} search={{ act: action, object, record } as never}>
      {say("why")}
    </Link>
  );
}

/** Why one of many was left as it was: by the code of the decision, else by what the server says. */
export function rowReason(
  { why, refusal }: { why: string; refusal?: string | null },
  say: Say<typeof refusals>,
): string {
  if (refusal && refusal in refusals) return say(refusal as "other");
  const action = /^`(\w+)` is refused/.exec(why)?.[1];
  const known = { edit: "rowEdit", delete: "rowDelete", assign: "rowAssign", claim: "rowClaim" };
  if (action && action in known) return say(known[action as "edit"] as "rowEdit");
  return why.startsWith("there is no such record") ? say("rowMissing") : why;
}
