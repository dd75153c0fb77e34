/** Which settings ask for less than before: those wait a day. The server decides; this only says so beforehand. */
import type { Schemas } from "../../api/client";

export type SwitchSettings = Schemas["SwitchSettings"];

export const CAUSES = ["usual", "everything", "protected"] as const;
export const SPANS = [
  "length_default",
  "length_max",
  "daily_max",
  "emergency_max",
  "approval_valid",
  "execution_valid",
  "step_up_valid",
] as const;

type Policy = Schemas["ApprovalPolicy"] | undefined;

const needed = (policy: Policy): number => {
  if (policy?.kind === "none") return 0;
  return policy?.kind === "some_of" ? policy.count : 1;
};

/** Another circle of approvers may be a wider one. */
function widens(before: Policy, after: Policy): boolean {
  const [old, next] = [before, after].map((one) =>
    one?.kind === "some_of" ? (one.among ?? []) : [],
  ) as [string[], string[]];
  if (old.length === 0) return false;
  return next.length === 0 || next.some((who) => !old.includes(who));
}

const LENGTHENED = ["length_max", "daily_max", "emergency_max", "step_up_valid"] as const;

export function asksLess(before: SwitchSettings, after: SwitchSettings) {
  const causes = CAUSES.filter((cause) => {
    const [old, next] = [before.approvals?.[cause], after.approvals?.[cause]];
    return needed(next) < needed(old) || widens(old, next);
  });
  const spans = LENGTHENED.filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
  return [...causes, ...spans];
}
