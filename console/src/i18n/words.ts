/**
 * Words in both languages. A feature writes its own file `src/i18n/<feature>.ts`:
 *
 *     export const users = words({ title: ["Users", "用户"], shown: ["{n} shown", "显示 {n} 条"] });
 *
 * A word without its Chinese, a key that does not exist, or a missing value for `{n}` does not compile.
 */
import { useSyncExternalStore } from "react";

export type Language = "en" | "zh";
type Pair = readonly [en: string, zh: string];
type Name<Inside extends string> = Inside extends `${infer First}|${string}` ? First : Inside;
type Names<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? Name<Inside> | Names<Rest>
  : never;
type Values<Text extends string> = { [Key in Names<Text>]: string | number };
type Arguments<Text extends string> = keyof Values<Text> extends never ? [] : [Values<Text>];

export type Words = Readonly<Record<string, Pair>>;
export type Say<W extends Words> = <K extends keyof W & string>(
  key: K,
  ...values: Arguments<W[K][0]>
) => string;

/** Declares words; keeps their exact text as a type, so that `{names}` are checked. */
export const words = <const W extends Words>(all: W): W => all;

const KEPT = "guan.language";
const heard = new Set<() => void>();

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

let current: Language = first();

export const language = (): Language => current;

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(KEPT, next);
  for (const hear of heard) hear();
}

export function useLanguage(): Language {
  return useSyncExternalStore((hear) => {
    heard.add(hear);
    return () => heard.delete(hear);
  }, language);
}

/** Fills in `{names}`. `{n|user|users}` chooses by the number `n`. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one === undefined) return typeof value === "number" ? value.toLocaleString() : value;
    return Number(value) === 1 ? one : many;
  });
}

/** The words of a feature, in the language of the person. */
export function useWords<const W extends Words>(all: W): Say<W> {
  const at = useLanguage() === "en" ? 0 : 1;
  return (key, ...values) => fill(all[key]?.[at] ?? key, values[0]);
}
