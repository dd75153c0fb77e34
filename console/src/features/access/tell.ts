/** What stands at a place of the policy, in words: never as the interface writes it. */
import dayjs from "dayjs";
import { members } from "../../i18n/members";
import { fill } from "../../i18n/words";

/** How things are called; each takes an id. */
export type Namers = {
  principal: (text: string) => string;
  set: (id: string) => string;
  setGroup: (id: string) => string;
  object: (id: string) => string;
  field: (object: string, id: string) => string;
  node: (id: string) => string;
  tree: (id: string) => string;
  action: (name: string) => string;
  scope: (text: string) => string;
  access: (text: string) => string;
  power: (name: string) => string;
};

const LISTED_MAX = 6;
const MEMBERS_MAX = 8;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const PRINCIPAL =
  /^(user|group|node|node_and_below|above|placed):|^(everyone|internal|external|guests)$/;
const known: Readonly<Record<string, readonly [string, string]>> = members;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The name of one step of a path, whose steps before it are `path`. */
export function stepOf(step: string, path: readonly string[], by: Namers, at: 0 | 1): string {
  const last = path.at(-1);
  if (/^\d+$/.test(step)) return String(Number(step) + 1);
  if (last === "objects" || last === "child_levels") return by.object(step);
  if (last === "actions") return by.action(step);
  if (last === "fields" && path.length === 1) return by.object(step);
  if (path.at(-2) === "fields" && last) return by.field(last, step);
  if (last === "fields") return step;
  if (last === "attributes") return step;
  return known[step]?.[at] ?? step.replaceAll("_", " ");
}

/** How the text of a member is read, where the member says it. */
function readerOf(path: readonly string[], by: Namers): ((text: string) => string) | undefined {
  const last = path.at(-1) ?? "";
  if (path.includes("actions")) return by.scope;
  if (path[0] === "fields" && path.length === 3) return by.access;
  const readers: Readonly<Record<string, (text: string) => string>> = {
    all_fields: by.access,
    system: by.power,
    powers: by.power,
    node: by.node,
    parent: by.node,
    unit: by.node,
    in_units: by.node,
    in_units_exactly: by.node,
    tagged: by.node,
    tree: by.tree,
    object: by.object,
    name: (text) => text,
  };
  if (last !== "name" && path.includes("attributes")) return (text) => text;
  return readers[last];
}

function textOf(text: string, path: readonly string[], by: Namers, at: 0 | 1): string {
  const last = path.at(-1);
  if (text === "") return members.nothing[at];
  const reader = readerOf(path, by);
  if (reader) return reader(text);
  if (text.startsWith("set:")) return by.set(text.slice(4));
  if (text.startsWith("set_group:")) return by.setGroup(text.slice(10));
  if (last === "sets" || last === "muting") return by.set(text);
  if (PRINCIPAL.test(text) && last !== "kind") return by.principal(text);
  if (MOMENT.test(text)) return dayjs(text).format("YYYY-MM-DD HH:mm");
  return known[text]?.[at] ?? text;
}

/** As many as are shown, and how many there are beside them. */
function cut(all: readonly string[], max: number, between: string, at: 0 | 1): string {
  if (all.length <= max) return all.join(between);
  const rest = fill(members.more[at], { n: all.length - max });
  return [...all.slice(0, max), rest].join(between);
}

/** Member by member; the whole of an entity line by line. */
function membersOf(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  by: Namers,
  at: 0 | 1,
): string {
  const all = Object.entries(value).map(([step, inside]) => {
    const told = tell(inside, [...path, step], by, at);
    const name = stepOf(step, path, by, at);
    return fill(members.pair[at], { name, value: isObject(inside) ? `(${told})` : told });
  });
  if (all.length === 0) return members.nothing[at];
  if (path.length === 0) return cut(all, MEMBERS_MAX, "\n", at);
  return cut(all, MEMBERS_MAX, at === 0 ? "; " : "；", at);
}

/** A value in words. `path` is where it stands inside its entity. */
export function tell(value: unknown, path: readonly string[], by: Namers, at: 0 | 1): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return members[value ? "yes" : "no"][at];
  if (typeof value === "number") return value.toLocaleString();
  if (typeof value === "string") return textOf(value, path, by, at);
  if (isObject(value)) return membersOf(value, path, by, at);
  const all = Array.isArray(value) ? value : [value];
  if (all.length === 0) return members.nothing[at];
  const told = all.map((one) => tell(one, path, by, at));
  return cut(told, LISTED_MAX, at === 0 ? ", " : "、", at);
}
