/** A place inside an entity in words: `objects.Account.actions.export` is “Customers › Export”. */
import type { Schemas } from "../../api/client";
import { access } from "../../i18n/access";
import { members } from "../../i18n/members";
import { powers } from "../../i18n/overview";
import { fill, useLanguage, useWords } from "../../i18n/words";
import { useNamed } from "../../ui/named";
import type { CellKind } from "./levels";
import { usePrincipalName } from "./people";
import { type Namers, stepOf, tell } from "./tell";
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

type Named = Readonly<Record<string, { name?: string }>>;

export function usePlaces(policy: Policy) {
  const say = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const fieldName = useFieldName();

  const principal = usePrincipalName(policy);
  const at = useLanguage() === "en" ? 0 : 1;
  const power = useNamed(powers);
  const by: Namers = {
    principal,
    set: (id) => nameOf(id, policy.sets[id]),
    setGroup: (id) => nameOf(id, policy.set_groups[id]),
    object: objectName,
    field: (object, id) => fieldName(id, policy.objects[object]?.fields?.[id]),
    node: (id) => nameOf(id, policy.nodes[id]),
    tree: (id) => nameOf(id, policy.trees[id]),
    action: levels.action,
    scope: (text) => levels.value("scope", text),
    access: (text) => levels.value("access", text),
    power,
  };
  const steps = (path: readonly string[]): string =>
    path.map((step, n) => stepOf(step, path.slice(0, n), by, at)).join(" › ");
  /** “Sales → Li Wei”: what an assignment is known by. */
  const givenBy = (one: Schemas["Assignment"] | undefined): string | undefined =>
    one && `${tell(one.what, ["what"], by, at)} → ${tell(one.to, ["to"], by, at)}`;

  const inside = (entity: string, path: readonly string[]): string => {
    const [first, object, , last] = path;
    if (entity !== "sets") return steps(path);
    if (first === "any_object") {
      return [levels.say("anyObject"), levels.action(path.at(-1) ?? "")].join(" › ");
    }
    if (first === "objects" && object) {
      const act = last ?? path[2];
      return act ? `${objectName(object)} › ${levels.action(act)}` : objectName(object);
    }
    if (first === "fields" && object && path[2]) {
      const field = policy.objects[object]?.fields?.[path[2]];
      return [objectName(object), fieldName(path[2], field)].join(" › ");
    }
    return steps(path);
  };
  const entityName = (entity: string, id: string): string => {
    if (entity === "objects") return objectName(id);
    if (entity === "assignments") return givenBy(policy.assignments[id]) ?? id;
    const all = (policy as unknown as Record<string, Named | undefined>)[entity];
    return nameOf(id, all?.[id]);
  };
  /** The name that an entity has in the difference itself, also where it is gone by now. */
  const calledIn = (entity: string, content: unknown): string | undefined => {
    if (typeof content !== "object" || content === null) return undefined;
    if (entity === "assignments") return givenBy(content as Schemas["Assignment"]);
    return entity === "objects" ? undefined : (content as { name?: string }).name || undefined;
  };
  const kindName = (entity: string): string => (entity in access ? say(entity as "sets") : entity);
  const shown = (path: readonly string[], value: unknown, absent: string): string => {
    const kind = kindAt(path);
    if (value == null) return kind ? levels.value(kind, absent) : "–";
    if (kind === "flag") return levels.value("flag", value === true ? "yes" : "no");
    return kind && typeof value === "string"
      ? levels.value(kind, value)
      : tell(value, path, by, at);
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
      const { entity, id } = difference;
      const gone = path.length === 0 ? (difference.after ?? difference.before) : undefined;
      const name = calledIn(entity, gone) ?? entityName(entity, id);
      const of = fill(members.quote[at], { kind: kindName(entity), name });
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
