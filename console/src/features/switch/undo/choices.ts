/** What is undone, and what was decided about conflicts. */
import type { Schemas } from "../../../api/client";
import type { Conflict, Plan } from "../documents";

export type Choice = "keep" | "restore";
/** By write and part. */
export type Choices = Readonly<Record<string, Choice>>;

export const keyOf = ({ entry, part }: Pick<Conflict, "entry" | "part">) =>
  JSON.stringify([entry, part]);

export type Which =
  | { of: "window" }
  | { of: "user"; user: string }
  | { of: "record"; object: string; record: string };

export function toOrder(
  which: Which,
  choices: Choices,
  run: string | undefined,
): Schemas["OrderBody"] {
  const made = Object.entries(choices).map(([key, choice]) => {
    const [entry, part] = JSON.parse(key) as [number, unknown];
    return { entry, part: part as never, choice };
  });
  return {
    ...(run && { run }),
    ...(which.of === "user" && { user: which.user }),
    ...(which.of === "record" && { object: which.object, record: which.record }),
    ...(made.length > 0 && { choices: made }),
  };
}

/** Every conflict decided alike; one where the old value cannot come back is kept. */
export function decideAll(plan: Plan, choice: Choice, before: Choices): Choices {
  const all = plan.groups.flatMap(({ conflicts }) => conflicts);
  const made = all.map((one) => [keyOf(one), one.may_restore ? choice : "keep"] as const);
  return { ...before, ...Object.fromEntries(made) };
}

/** The people and the records that the plan names, for a narrower choice. */
export function named(plan: Plan | undefined) {
  const entries = plan?.groups.flatMap((group) => group.entries) ?? [];
  const records = new Map(
    entries.map(({ record }) => [`${record.object} ${record.id}`, record] as const),
  );
  return { users: [...new Set(entries.map(({ by }) => by))], records: [...records.values()] };
}
