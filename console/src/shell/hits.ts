/** What quick find lists for the typed words, and in which order. */
import type { Screen } from "../screens";

/** Between the menu and what closes it: screens that are reached from elsewhere. */
export const ELSEWHERE = 500;

/** A screen as something to be found; one whose address needs more than itself is none. */
export const findable = {
  is: (screen: Screen) => !screen.path.includes("$"),
  of: ({ path, title, also = [], menu }: Screen) => ({
    to: path,
    titles: title,
    also,
    order: menu?.order ?? ELSEWHERE,
  }),
};

type Findable = {
  titles: readonly string[];
  also: readonly string[];
  /** Its place in the menu, for what is meant equally well. */
  order: number;
};

/** How well something is meant, least is best: begun by its title, in it, in its other words, word by word. */
function distance(typed: string, { titles, also }: Findable): number | undefined {
  const text = typed.trim().toLowerCase().replaceAll(/\s+/g, " ");
  const [names, others] = [titles, also].map((all) => all.map((one) => one.toLowerCase()));
  if (names?.some((name) => name.startsWith(text))) return 0;
  if (names?.some((name) => name.includes(text))) return 1;
  if (others?.some((name) => name.includes(text))) return 2;
  const all = [...(names ?? []), ...(others ?? [])].join("\n");
  return text.split(" ").every((word) => all.includes(word)) ? 3 : undefined;
}

/** Those that are meant, the best first; nothing typed leaves them as they are. */
export function meant<T extends Findable>(typed: string, all: readonly T[]): T[] {
  if (typed.trim() === "") return [...all];
  return all
    .map((one) => ({ one, far: distance(typed, one) }))
    .filter((hit): hit is { one: T; far: number } => hit.far !== undefined)
    .sort((a, b) => a.far - b.far || a.one.order - b.one.order)
    .map(({ one }) => one);
}
