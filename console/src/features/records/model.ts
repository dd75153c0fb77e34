/** What a record is to a screen: its title, its fields in an order that people expect, values as text. */
import type { Schemas } from "../../api/client";
import { fieldName } from "../../i18n/fields";

export type RecordRow = Schemas["RecordShown"];
export type ObjectInfo = Schemas["ObjectShown"];
export type FieldInfo = Schemas["FieldShown"];
export type Shown = Schemas["Shown"];
export type FieldType = Schemas["FieldType"];

/** A field with its id and the name that the person reads. */
export type Field = FieldInfo & { id: string; label: string; relation?: string };

/** What the system keeps by itself; a record tells it in members of its own. */
const SYSTEM = [
  "Id",
  "CreatedById",
  "CreatedDate",
  "LastModifiedById",
  "LastModifiedDate",
  "SystemModstamp",
];
const NAMES = ["Name", "FirstName", "LastName", "Subject"];
const ORDER = [
  "Name",
  "Subject",
  "LastName",
  "FirstName",
  "Company",
  "Title",
  "StageName",
  "Status",
  "Priority",
  "Amount",
  "CloseDate",
  "Industry",
  "Tier__c",
  "Region__c",
  "Phone",
  "MobilePhone",
  "Email",
];
const TYPES: readonly FieldType[] = [
  "reference",
  "choice",
  "number",
  "date",
  "text",
  "multi_choice",
  "boolean",
  "date_time",
];

export const isSystem = (id: string): boolean => SYSTEM.includes(id);
/** Whether the field is part of what the first column of a list says already. */
export const isName = (id: string): boolean => NAMES.includes(id);

function rank({ id, type }: Field): number {
  const known = ORDER.indexOf(id);
  if (known >= 0) return known;
  return ORDER.length + TYPES.indexOf(type) + (isSystem(id) ? 100 : 0);
}

/** The fields of an object in their order, each with its name in the language of the person. */
export function fieldsOf(object: ObjectInfo, at: 0 | 1): readonly Field[] {
  return Object.entries(object.fields)
    .map(([id, field]) => {
      const relation = object.relations[id];
      return { ...field, id, label: fieldName(id, field.name, at), ...(relation && { relation }) };
    })
    .sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
}

/** Whether the caller may see its value, clear or masked. */
export const isSeen = ({ access }: FieldInfo): boolean =>
  access !== "hidden" && access !== "only_edit";
/** Whether the caller may set it. */
export const isEditable = ({ access }: FieldInfo): boolean => access.includes("edit");
export const isMasked = ({ access }: FieldInfo): boolean => access.startsWith("masked");

/** The value in clear; `undefined` where there is none or a mask lies on it. */
export function clear(shown: Shown | undefined): unknown {
  return shown && "clear" in shown ? shown.clear : undefined;
}

/** `user:ID`, `group:ID`, `node:ID` taken apart. */
export function principal(text: string): { kind: string; id: string } {
  const colon = text.indexOf(":");
  return colon < 0
    ? { kind: text, id: "" }
    : { kind: text.slice(0, colon), id: text.slice(colon + 1) };
}
