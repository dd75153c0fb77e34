/** Which editor turns an answer: for each remedy of a refusal, and for each way of an allowance. */
import type { Evidence, Remedy } from "../../ui/decision";
import { placeOf } from "../../ui/places";
import type { Stop } from "./queries";
import type { Question } from "./question";

type Place = (it: Record<string, unknown>, question: Question) => string | undefined;
const text = (value: unknown) => (typeof value === "string" ? value : "");
const record: Place = (_, { record = "", object }) => placeOf("record", record, object);
const set: Place = (it, { who = "" }) =>
  placeOf("assignments", text(it.set), who ? `user:${who}` : "");

const OF_REMEDY: Readonly<Record<string, Place>> = {
  share_record: record,
  unlock: record,
  claim: record,
  assign_set: set,
  wider_scope: set,
  join_group: (it) => placeOf("group", text(it.group)),
  place_at: (it) => placeOf("node", text(it.node)),
  activate: (_, { who = "" }) => placeOf("user", who),
  meet_assignment: (it) => placeOf("assignments", "", text(it.assignment)),
  end_overlay: (it) => placeOf("window", text(it.overlay)),
  lift_restriction: (it) => placeOf("restriction", text(it.restriction)),
  grant_field: (it, { object }) => placeOf("field", text(it.field), object),
};

const OF_EVIDENCE: Readonly<Record<string, Place>> = {
  scope: (_, { who = "" }) =>
    placeOf("user", who) && `/users?user=${encodeURIComponent(who)}&tab=sources`,
  unassigned: (_, { who = "" }) =>
    placeOf("user", who) && `/users?user=${encodeURIComponent(who)}&tab=sources`,
  owner: record,
  share: record,
  team: record,
  baseline: (_, { object }) => placeOf("baseline", "", object),
  parent: (_, { object }) => placeOf("baseline", "", object),
  roll_up: (it) => placeOf("roll_up", text(it.roll_up)),
  rule: (it) => placeOf("rule", text(it.rule)),
  dimension: (it) => placeOf("node", text(it.node)),
  implicit_parent: (_, { object }) => placeOf("baseline", "", object),
  implicit_child: (_, { object }) => placeOf("baseline", "", object),
  pool: (it) => placeOf("pool", text(it.pool)),
};

export const editorOfRemedy = (remedy: Remedy, question: Question) =>
  OF_REMEDY[remedy.remedy]?.(remedy, question);

export const editorOfEvidence = (evidence: Evidence, question: Question) =>
  OF_EVIDENCE[evidence.path]?.(evidence, question);

/** A way that can be taken away here and now: a share by hand, or a place in the team. */
export function stopOf(evidence: Evidence, question: Question): Stop | null {
  const { object, record: id, who } = question;
  if (!object || !id) return null;
  if (evidence.path === "share") return { object, record: id, share: evidence.to };
  if (evidence.path === "team" && who) return { object, record: id, team: who };
  return null;
}
