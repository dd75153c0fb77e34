/** A place inside an entity in words: `objects.Account.actions.export` is “Customers › Export”. */
import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import type { CellKind } from "./levels";
import { useLevels } from "./words";
import { nameOf, type Policy, useFieldName, useObjectName } from "./world";

export type Difference = {
  entity: string;
  id: string;
  place: string;
  change: string;
  before: unknown;
  after: unknown;
};

/** How the values at a place are read. */
export function kindAt(path: readonly string[]): CellKind | undefined {
  if (path.includes("actions")) return "scope";
  if (path.at(-1) === "view_all" || path.at(-1) === "modify_all") return "flag";
  if (path.at(-1) === "all_fields" || (path[0] === "fields" && path.length === 3)) return "access";
  return undefined;
}

const LONG = 160;

export function plain(value: unknown): string {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

type Named = Readonly<Record<string, { name?: string }>>;

export function usePlaces(policy: Policy) {
  const say = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const fieldName = useFieldName();

  const inside = (entity: string, path: readonly string[]): string => {
    const [first, object, , last] = path;
    if (entity !== "sets") return path.join(" › ");
    if (first === "any_object") {
      return [levels.say("anyObject"), levels.action(path.at(-1) ?? "")].join(" › ");
    }
    if (first === "objects" && object) {
      return [objectName(object), levels.action(last ?? path[2] ?? "")].join(" › ");
    }
    if (first === "fields" && object && path[2]) {
      const field = policy.objects[object]?.fields?.[path[2]];
      return [objectName(object), fieldName(path[2], field)].join(" › ");
    }
    return path.join(" › ");
  };
  const entityName = (entity: string, id: string): string => {
    if (entity === "objects") return objectName(id);
    const all = (policy as unknown as Record<string, Named | undefined>)[entity];
    return nameOf(id, all?.[id]);
  };
  const kindName = (entity: string): string => (entity in access ? say(entity as "sets") : entity);
  const shown = (path: readonly string[], value: unknown, absent: string): string => {
    const kind = kindAt(path);
    if (value == null) return kind ? levels.value(kind, absent) : "–";
    if (kind === "flag") return levels.value("flag", value === true ? "yes" : "no");
    return kind && typeof value === "string" ? levels.value(kind, value) : plain(value);
  };
  const absentOf = (path: readonly string[]): string =>
    ({ scope: "none", flag: "no", access: "", off: "" })[kindAt(path) ?? "off"];

  return {
    entityName,
    kindName,
    inside,
    /** A value as people read it at this place. */
    valueAt: (path: readonly string[], value: unknown) => shown(path, value, absentOf(path)),
    /** A difference as a row of two columns. */
    row: (difference: Difference) => {
      const path = difference.place ? difference.place.split(".") : [];
      const of = `${kindName(difference.entity)} “${entityName(difference.entity, difference.id)}”`;
      const rest = path.length > 0 ? `: ${inside(difference.entity, path)}` : "";
      return {
        what: `${of}${rest}`,
        ...(difference.change === "added" && path.length === 0
          ? {}
          : { before: shown(path, difference.before, absentOf(path)) }),
        ...(difference.change === "removed" && path.length === 0
          ? {}
          : { after: shown(path, difference.after, absentOf(path)) }),
      };
    },
  };
}
