/** How a masked value looks, so that a mask can be tried on a sample. The server masks real values itself. */
import type { Field } from "../world";

export type Mask = NonNullable<Field["mask"]>;
export type Sort = "none" | "full" | "keep" | "mail";

const STARS = "******";

export function sortOf(mask: Mask | null | undefined): Sort {
  if (mask == null) return "none";
  return typeof mask === "string" ? mask : "keep";
}

export function kept(mask: Mask | null | undefined): { first: number; last: number } {
  const keep = typeof mask === "object" && mask !== null ? mask.keep : {};
  return { first: keep.first ?? 0, last: keep.last ?? 0 };
}

export function masked(mask: Mask | null | undefined, value: string): string {
  const sort = sortOf(mask);
  if (sort === "mail") {
    const end = value.lastIndexOf("@");
    return end < 0 ? STARS : `${[...value.slice(0, end)][0] ?? ""}***${value.slice(end)}`;
  }
  if (sort !== "keep") return STARS;
  const { first, last } = kept(mask);
  const letters = [...value];
  if (letters.length <= first + last) return "*".repeat(letters.length);
  return letters
    .map((letter, nth) => (nth < first || nth >= letters.length - last ? letter : "*"))
    .join("");
}

/** A made-up value of the sort that the field's name suggests. */
export function sampleFor(id: string): string {
  const name = id.toLowerCase();
  if (name.includes("mail")) return "li.wei@lanhai.example";
  if (/phone|mobile|tel/.test(name)) return "13800138000";
  if (/id_?number|card/.test(name)) return "310101199001011234";
  if (/bank|account/.test(name)) return "6222020200112233445";
  if (name.includes("name")) return "Li Wei";
  return "1234567890";
}
