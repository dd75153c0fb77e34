/** Which entries of a report are shown: what was lost first, what widens access before all. */
import { type Entry, RATINGS } from "./queries";

const LOST = ["not_supported", "approximated", "ignored"];

export function losses(entries: readonly Entry[], which: "losses" | "all", typed: string): Entry[] {
  const rank = (entry: Entry) =>
    (entry.widens ? -10 : 0) + (RATINGS as readonly string[]).indexOf(entry.rating);
  const text = typed.trim().toLowerCase();
  return entries
    .filter(({ rating }) => which === "all" || LOST.includes(rating))
    .filter((entry) =>
      [entry.element, entry.name, entry.why, entry.how, entry.file]
        .join("\n")
        .toLowerCase()
        .includes(text),
    )
    .sort((a, b) => rank(a) - rank(b));
}
