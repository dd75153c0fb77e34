/**
 * The filter form: what each field is asked for stands in the address as `f.<field>`, and becomes one condition.
 * Text: a part of it. Choices: one for each line. Numbers and dates: `from..to`, either may be missing.
 */
import type { Change } from "../../ui/address";
import type { Field } from "./model";

export type Asked = Readonly<Record<string, string>>;
type Search = Readonly<Record<string, string | undefined>>;

const MEMBER = "f.";

/** The filters that the address asks for, by field. */
export function asked(search: Search): Asked {
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) =>
      name.startsWith(MEMBER) && value ? [[name.slice(MEMBER.length), value]] : [],
    ),
  );
}

/** The change of the address that asks for this and nothing else; the list begins anew. */
export function asking(search: Search, next: Asked): Change {
  const gone = Object.keys(asked(search)).map((field) => [MEMBER + field, undefined]);
  const said = Object.entries(next).map(([field, value]) => [MEMBER + field, value || undefined]);
  return { ...Object.fromEntries(gone), ...Object.fromEntries(said), cursor: undefined };
}

const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const named = (field: string): string =>
  `\`${field.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;

export function range(value: string): readonly [from: string, to: string] {
  const [from = "", to = ""] = value.split("..");
  return [from, to];
}

/** A day's beginning or end in the person's own zone, as an instant. */
function instant(day: string, end: boolean): string {
  return new Date(`${day}T${end ? "23:59:59.999" : "00:00:00"}`).toISOString();
}

function between(field: Field, value: string): string[] {
  const [from, to] = range(value);
  const written = (text: string, end: boolean) => {
    if (field.type === "number") return text;
    return quoted(field.type === "date_time" ? instant(text, end) : text);
  };
  return [
    ...(from ? [`${named(field.id)} >= ${written(from, false)}`] : []),
    ...(to ? [`${named(field.id)} <= ${written(to, true)}`] : []),
  ];
}

/** The conditions of one field. */
function conditions(field: Field, value: string): string[] {
  const name = named(field.id);
  const texts = value.split("\n").filter(Boolean);
  switch (field.type) {
    case "boolean":
      return [`${name} = ${value === "yes"}`];
    case "number":
    case "date":
    case "date_time":
      return between(field, value);
    case "choice":
    case "reference":
      return texts.length > 0 ? [`${name} in (${texts.map(quoted).join(", ")})`] : [];
    case "multi_choice":
      return [`(${texts.map((text) => `${name} contains ${quoted(text)}`).join(" or ")})`];
    case "text":
      return [`${name} ${field.filter === "any" ? "contains" : "="} ${quoted(value)}`];
  }
}

/** Whose records: one's own, those that nobody owns, or those of a colleague. */
function ownership(owner: string | undefined, me: string): string[] {
  if (!owner) return [];
  if (owner === "none") return ["$record.owner is null"];
  return [`$record.owner = ${quoted(owner === "me" ? me : owner)}`];
}

/** The condition that the server is asked; `undefined` when nothing is asked for. Unknown fields are left out. */
export function condition(
  search: Search,
  fields: readonly Field[],
  me: string,
): string | undefined {
  const parts = Object.entries(asked(search)).flatMap(([id, value]) => {
    const field = fields.find((one) => one.id === id && one.filter !== "no");
    return field ? conditions(field, value) : [];
  });
  return [...ownership(search.owner, me), ...parts].join(" and ") || undefined;
}

/** Records whose relation names this parent. */
export const childrenOf = (relation: string, parent: string): string =>
  `${named(relation)} = ${quoted(parent)}`;

/** Records with one of these ids in the system that they came from. */
export const withIds = (ids: readonly string[]): string =>
  `\`Id\` in (${ids.map(quoted).join(", ")})`;

export { ownership };
