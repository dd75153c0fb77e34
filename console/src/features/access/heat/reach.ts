/** How far a set goes on an object for one action, by everything that it states. */
import { grantOf, SCOPES, type Scope } from "../levels";
import type { PermissionSet } from "../world";

type Permission = NonNullable<PermissionSet["any_object"]>;

/** What "modify all" stands for, beside reading. */
const MODIFIED = ["edit", "delete", "assign", "share", "append", "append_to"];

function stated(permission: Permission | null | undefined, action: string): Scope {
  if (!permission) return "none";
  const isWhole =
    (permission.view_all && action === "read") ||
    (permission.modify_all && (action === "read" || MODIFIED.includes(action)));
  return isWhole ? "all" : grantOf(permission.actions?.[action] ?? "none").scope;
}

/** The wider of what is stated for the object and for all objects. */
export function reachOf(set: PermissionSet, object: string, action: string): Scope {
  const own = stated(set.objects?.[object], action);
  const any = stated(set.any_object, action);
  return SCOPES.indexOf(own) >= SCOPES.indexOf(any) ? own : any;
}
