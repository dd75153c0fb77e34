/** What an open window relaxes for the person, in one sentence: as far as the server told them. */
import type { Schemas } from "../api/client";
import { actions as actionWords } from "../i18n/decision";
import { objectName } from "../i18n/objects";
import { shell } from "../i18n/shell";
import { fill } from "../i18n/words";

/** `at` is the place of the language in the words. */
export function sayRelief(relief: Schemas["Relaxes"], at: 0 | 1): string {
  const comma = at === 0 ? ", " : "、";
  const { objects, actions, in_part } = relief;
  if (objects?.length === 0) return shell.offUnnamed[at];
  const known: Readonly<Record<string, readonly [string, string]>> = actionWords;
  const acts = actions.map((action) => known[action]?.[at] ?? action);
  const all = objects?.map((object) => objectName(object, at)).join(comma);
  const named = all ?? shell.everything[at];
  const inside = at === 0 ? acts.map((act) => act.toLowerCase()) : acts;
  const what =
    acts.length === 0
      ? named
      : fill(shell.onlyActions[at], { what: named, actions: inside.join(comma) });
  return fill((in_part ? shell.offInPart : shell.offFor)[at], { what });
}
