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

/** What pools say, by their codes. */
const POOL = {
  not_waiting: "poolNone",
  held: "poolTaken",
  day_max: "poolDay",
  held_max: "poolHeld",
  pause: "poolPause",
} as const;

const poolReason = (pool: unknown) =>
  typeof pool === "string" && pool in POOL ? POOL[pool as keyof typeof POOL] : undefined;

export function reasonOf(error: unknown, say: Say<typeof refusals>): string | undefined {
  const { code, refusal, detail, pool } = problemOf(error);
  if (code === "pool_refuses") {
    const known = poolReason(pool);
    return known ? say(known) : (detail ?? say("other"));
  }
  if (code === "reveal_limit") return say("reveal_limit");
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
  { why, refusal, pool }: { why: string; refusal?: string | null; pool?: string | null },
  say: Say<typeof refusals>,
): string {
  const limit = poolReason(pool);
  if (limit) return say(limit);
  if (refusal && refusal in refusals) return say(refusal as "other");
  const action = /^`(\w+)` is refused/.exec(why)?.[1];
  const known = { edit: "rowEdit", delete: "rowDelete", assign: "rowAssign", claim: "rowClaim" };
  if (action && action in known) return say(known[action as "edit"] as "rowEdit");
  return why.startsWith("there is no such record") ? say("rowMissing") : why;
}
