/** A question as it stands in the address, and as the server is asked it. */
import type { Schemas } from "../../api/client";
import type { Evidence, Remedy, Verdict } from "../../ui/decision";

export type Question = {
  who?: string | undefined;
  act?: string | undefined;
  object?: string | undefined;
  record?: string | undefined;
  fields?: string | undefined;
  at?: string | undefined;
  from?: string | undefined;
};

export const STAGES = ["session", "verb", "reach", "restriction", "field"] as const;
export type StageName = (typeof STAGES)[number];
export type StageState = "passed" | "stopped" | "skipped";

/** The body of the question; nothing while it is not complete. */
export function asked(question: Question): Schemas["CheckBody"] | null {
  const { who, act, object, record, fields, at, from } = question;
  if (!act || !object) return null;
  return {
    session: {
      ...(who ? { subject: who } : {}),
      ...(at ? { at } : {}),
      ...(from ? { from } : {}),
    },
    action: act,
    object,
    ...(record ? { record } : {}),
    ...(fields ? { fields: fields.split(",") } : {}),
  };
}

/** How each stage went: those before the one that refused passed, those behind it were not examined. */
export function pathOf(stopped: string | null | undefined): readonly [StageName, StageState][] {
  const at = STAGES.indexOf((stopped ?? "") as StageName);
  return STAGES.map((stage, index) => {
    if (at < 0 || index < at) return [stage, "passed"];
    return [stage, index === at ? "stopped" : "skipped"];
  });
}

const STAGE_OF: Readonly<Record<string, StageName>> = {
  no_grant: "verb",
  unknown_object: "verb",
  unknown_action: "verb",
  unknown_record: "reach",
  out_of_reach: "reach",
  locked: "restriction",
  claim_first: "restriction",
  restricted: "restriction",
  unknown_field: "field",
  field_hidden: "field",
  field_read_only: "field",
};

/** The stage at which a refusal falls, for answers that carry only the refusal. */
export const stageOf = (why: string): StageName => STAGE_OF[why] ?? "session";

/** The address of a question. */
export function addressOf(question: Question): string {
  const said = Object.entries(question).filter((one): one is [string, string] => !!one[1]);
  return `/explain?${new URLSearchParams(said)}`;
}

/** An explanation, as loosely as the screens need it. */
export type Explanation = {
  decision: Verdict;
  paths: readonly Evidence[];
  remedies: readonly Remedy[];
  why?: string;
  refusal?: { why: string };
  overlay?: string;
  stage?: string | null;
};

export const explanationOf = (answer: object): Explanation => answer as Explanation;
