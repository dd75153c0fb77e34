/** Where the server says that something is wrong: a place in the content and, in a condition, the character. */
import type { ProblemError } from "../../../api/client";
import { problemOf } from "../../../api/client";

export type Wrong = { pointer: string; what: string; text?: string; character?: number };

const PLACE =
  /condition(?: `(?<text>[\s\S]*)`)?, at character (?<character>\d+): (?<what>[\s\S]*)$/;
/** What the reader of JSON puts at the end; it counts in the whole body and helps nobody. */
const IN_BODY = / at line \d+ column \d+$/;

export function wrongOf(pointer: string, what: string): Wrong {
  const said = what.replace(IN_BODY, "");
  const found = PLACE.exec(said)?.groups;
  if (!found) return { pointer, what: said };
  const text = found.text === undefined ? {} : { text: found.text };
  return { pointer, what: found.what ?? "", character: Number(found.character), ...text };
}

/** What a preview says, or why it was refused. A refusal of a condition does not name which one it was. */
export function wrongs(
  told: { problems: readonly unknown[] } | undefined,
  error: unknown,
  conditions: readonly string[],
): Wrong[] {
  if (told) {
    const all = told.problems as readonly { pointer?: string; what: string }[];
    return all.map(({ pointer = "", what }) => wrongOf(pointer, what));
  }
  if (!error) return [];
  const { code, detail } = problemOf(error as ProblemError);
  if (code !== "wrong_shape" || !detail) return [];
  const wrong = wrongOf("", detail);
  const [only] = conditions;
  const named = wrong.character !== undefined && conditions.length === 1 && only !== undefined;
  return [named ? { ...wrong, pointer: `/${only}` } : wrong];
}

/** Those at a member of the content, or anywhere inside it. */
export const at = (all: readonly Wrong[], member: string): Wrong[] =>
  all.filter(({ pointer }) => pointer === `/${member}` || pointer.startsWith(`/${member}/`));

export const elsewhere = (all: readonly Wrong[], members: readonly string[]): Wrong[] =>
  all.filter((wrong) => !members.some((member) => at([wrong], member).length > 0));
