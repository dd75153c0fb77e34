import { inOneLanguage } from "./fields";
import { words } from "./words";

/** The objects that every CRM has, in the words and the order that sales people know. */
export const objects = words({
  Account: ["Customers", "客户"],
  Contact: ["Contacts", "联系人"],
  Lead: ["Leads", "线索"],
  Opportunity: ["Opportunities", "商机"],
  Case: ["Service cases", "服务工单"],
  Task: ["Tasks", "任务"],
  Event: ["Meetings", "日程"],
});

/** The name of an object as this console shows it: a well-known one in the person's language, else its own. */
export function objectName(object: { id: string; name: string }, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = objects;
  return known[object.id]?.[at] ?? (inOneLanguage(object.name, at) || object.id);
}

/** One record of it, as it stands in a sentence: “new customer”. */
const singular = words({
  Account: ["customer", "客户"],
  Contact: ["contact", "联系人"],
  Lead: ["lead", "线索"],
  Opportunity: ["opportunity", "商机"],
  Case: ["service case", "服务工单"],
  Task: ["task", "任务"],
  Event: ["meeting", "日程"],
});

export function recordNoun(object: { id: string; name: string }, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = singular;
  return known[object.id]?.[at] ?? objectName(object, at);
}

/** The same where it stands first: “Customer”. */
export function recordTitle(object: { id: string; name: string }, at: 0 | 1): string {
  const noun = recordNoun(object, at);
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}
