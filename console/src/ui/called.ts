/** What a record is called, whatever its object: the one place where a name is made of fields that the person may read. */
import { useCallback, useMemo } from "react";
import type { Schemas } from "../api/client";
import { useMyObjects } from "../session";

type ObjectInfo = Schemas["ObjectShown"];
type Called = { id: string; fields: Schemas["RecordShown"]["fields"] };

/** Characters of a text that stands in for a name. */
const TEXT_MAX = 80;

/** A value as plain text, as it stands in a title or a cell to copy. */
export function plain(shown: Schemas["Shown"] | undefined): string {
  if (!shown) return "";
  if ("masked" in shown) return shown.masked;
  const { clear: value } = shown;
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

const HAN = /\p{Script=Han}/u;

/** The name of a person: family name first, without a gap, where it is written in Chinese. */
export function personName(last: string, first: string): string {
  if (HAN.test(last + first)) return last + first;
  return [first, last].filter(Boolean).join(" ");
}

/** `Deal_Name__c` and `dealname` are one name: systems differ in how they write it. */
const bare = (id: string): string =>
  id
    .toLowerCase()
    .replace(/__c$/, "")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/**
 * How a record is called: its name, or its person, with the company where there is one; else its subject, its number,
 * its first text; else its id. A field that the person may not read is not there, and a masked one is told as masked.
 */
export function titleOf(record: Called, object?: ObjectInfo): string {
  const isText = (id: string) => object?.fields[id]?.type !== "reference";
  const shown = Object.keys(record.fields).filter(isText);
  const byName = new Map(shown.map((id) => [bare(id), plain(record.fields[id]).trim()]));
  const first = (...ids: string[]) => ids.map((id) => byName.get(id)).find(Boolean) ?? "";
  const own = bare(object?.id ?? "").replace(/s$/, "");

  const name =
    first("name", "fullname", ...(own ? [`${own}name`] : [])) ||
    personName(first("lastname"), first("firstname"));
  const company = first("company", "companyname");
  if (name) return company && company !== name ? `${name} · ${company}` : name;
  const other =
    first("subject") ||
    company ||
    first("title", "topic", ...(own ? [`${own}number`] : []), "number");
  if (other) return other;
  const texts = Object.entries(object?.fields ?? {}).filter(([, { type }]) => type === "text");
  const text = texts.map(([id]) => plain(record.fields[id]).trim()).find(Boolean) ?? record.id;
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

/** How records of any object are called; what the objects are is asked for once. */
export function useRecordTitle(): (record: Called & { object: string }) => string {
  const objects = useMyObjects().data;
  const byId = useMemo(() => new Map((objects ?? []).map((one) => [one.id, one])), [objects]);
  return useCallback((record) => titleOf(record, byId.get(record.object)), [byId]);
}
