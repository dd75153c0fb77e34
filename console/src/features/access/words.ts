/** Values and actions in the person's language, for showing and for reading what is pasted. */
import { useMemo } from "react";
import { levels } from "../../i18n/levels";
import { useWords } from "../../i18n/words";
import {
  ACCESSES,
  type Access,
  accepted,
  type CellKind,
  grantOf,
  SCOPES,
  UNASSIGNED,
} from "./levels";

const ACCESS_WORDS = {
  hidden: "hidden",
  masked: "masked",
  read: "readLevel",
  edit: "editLevel",
  "masked+edit": "maskedEdit",
  only_edit: "onlyEdit",
} as const;

const isAccess = (value: string): value is Access => ACCESSES.some((one) => one === value);

export function useLevels() {
  const say = useWords(levels);
  return useMemo(() => {
    const grant = (value: string) => {
      const { scope, unassigned } = grantOf(value);
      return unassigned ? `${say(scope)} + ${say("unassigned")}` : say(scope);
    };
    /** A value as people read it. */
    const value = (kind: CellKind, text: string): string => {
      if (kind === "scope") return grant(text);
      if (kind === "flag") return say(text === "yes" ? "yes" : "no");
      return isAccess(text) ? say(ACCESS_WORDS[text]) : say("notListed");
    };
    /** An action, one of the organization's own by its own name. */
    const action = (name: string): string =>
      name in levels ? say(name as "read") : name.replace(/^custom:/, "").replaceAll("_", " ");
    const byWord = new Map<string, string>([
      ...SCOPES.map((scope) => [say(scope), scope] as const),
      ...SCOPES.map((s) => [`${say(s)} + ${say("unassigned")}`, `${s}${UNASSIGNED}`] as const),
    ]);
    const accessByWord = new Map(ACCESSES.map((one) => [say(ACCESS_WORDS[one]), one] as const));
    const flags = new Map([
      [say("yes"), "yes"],
      [say("no"), "no"],
    ]);
    const tables = { scope: byWord, access: accessByWord, flag: flags, off: flags };
    /** What was pasted, by its own name or in this language. */
    const understood = (kind: CellKind, word: string): string | undefined =>
      accepted(kind, word) ?? tables[kind].get(word.trim());
    return { say, value, action, understood };
  }, [say]);
}

export type Levels = ReturnType<typeof useLevels>;
