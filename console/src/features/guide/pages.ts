/** The pages of `docs/guide` as they were when the console was built; `docs/guide/zh` holds the Chinese ones. */
import type { Language } from "../../i18n/words";

type Load = () => Promise<string>;
const english = import.meta.glob<string>("../../../../docs/guide/*.md", {
  query: "?raw",
  import: "default",
});
const chinese = import.meta.glob<string>("../../../../docs/guide/zh/*.md", {
  query: "?raw",
  import: "default",
});

const name = (path: string) => path.replace(/^.*\/|\.md$/g, "");
const byName = (all: Record<string, Load>) =>
  new Map(Object.entries(all).map(([path, load]) => [name(path), load] as const));

const kept: Record<Language, Map<string, Load>> = { en: byName(english), zh: byName(chinese) };

/** Where a reader starts. */
const FIRST = ["concepts", "console", "access-requests", "view-as", "off-switch"];

const rank = (page: string) => (FIRST.includes(page) ? FIRST.indexOf(page) : FIRST.length);

export const pages: readonly string[] = [...kept.en.keys()].sort(
  (a, b) => rank(a) - rank(b) || a.localeCompare(b),
);

export type Found = { text: string; language: Language };

/** A page in the language, or in English while it is not translated; none when there is no such page. */
export async function read(page: string, language: Language): Promise<Found | null> {
  const own = kept[language].get(page);
  if (own) return { text: await own(), language };
  const other = kept.en.get(page);
  return other ? { text: await other(), language: "en" } : null;
}
