/** What an administrator should watch in a set, read from what it states. */
import { grantOf } from "../levels";
import type { PermissionSet } from "../world";

export type Risk = "allData" | "export" | "guan" | "wholeObject";

/** A filter of the list: every record of one object, or of all. */
export const REACHES_ALL = "reaches_all";

export const RISKS: readonly Risk[] = ["allData", "export", "guan", "wholeObject"];

type Permission = NonNullable<PermissionSet["any_object"]>;

const isWhole = (permission: Permission | null | undefined) =>
  permission?.view_all === true || permission?.modify_all === true;

const readsAll = (permission: Permission | null | undefined) =>
  isWhole(permission) || grantOf(permission?.actions?.read ?? "none").scope === "all";

const exports = (permission: Permission | null | undefined) =>
  grantOf(permission?.actions?.export ?? "none").scope !== "none";

/** The objects of which it sees or changes every record. */
export const wholeObjects = (set: PermissionSet): string[] =>
  Object.entries(set.objects ?? {}).flatMap(([id, one]) => (readsAll(one) ? [id] : []));

export function risksOf(set: PermissionSet): Risk[] {
  // A muting set takes away what it names.
  if (set.kind === "muting") return [];
  const each = Object.values(set.objects ?? {});
  const found: [Risk, boolean][] = [
    ["allData", readsAll(set.any_object)],
    ["export", exports(set.any_object) || each.some(exports)],
    ["guan", (set.system ?? []).some((name) => name.startsWith("guan."))],
    ["wholeObject", wholeObjects(set).length > 0],
  ];
  return found.flatMap(([risk, is]) => (is ? [risk] : []));
}
