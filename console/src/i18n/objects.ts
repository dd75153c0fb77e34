import { words } from "./words";

/** The objects that every CRM has, in the words and the order that sales people know. */
export const objects = words({
  Account: ["Customers", "客户"],
  Contact: ["Contacts", "联系人"],
  Lead: ["Leads", "线索"],
  Opportunity: ["Opportunities", "商机"],
});

/** The name of an object as this console shows it: a well-known one in the person's language, else its own. */
export function objectName(object: { id: string; name: string }, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = objects;
  return known[object.id]?.[at] ?? (object.name || object.id);
}
