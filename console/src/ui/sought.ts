/** Whether somebody is meant by what was typed, however the parts of a name are joined and ordered. */

const JOINTS = /[\s._\-·・]+/gu;
const bare = (text: string) => text.normalize("NFKC").toLowerCase();

/** The words of what was typed; dots, dashes, underscores and spaces only part them. */
export const wordsOf = (typed: string): string[] => bare(typed).split(JOINTS).filter(Boolean);

/** Whether each typed word stands in a name or id: “wei li” and “liwei” both mean `li.wei`. */
export function isSought(typed: string, texts: readonly (string | undefined)[]): boolean {
  const text = texts.map((one) => bare(one ?? "").replaceAll(JOINTS, "")).join("\n");
  return wordsOf(typed).every((word) => text.includes(word));
}

/** For `filterOption` of a choice whose values are ids and whose labels are names. */
export const optionSought = (typed: string, option?: { value?: unknown; label?: unknown }) =>
  isSought(typed, [String(option?.value ?? ""), String(option?.label ?? "")]);
