/** Where saved views are kept; what belongs to one moment alone is not part of them. */
export type View = {
  name: string;
  address: Readonly<Record<string, string>>;
  hidden: readonly string[];
};

const MOMENTARY = ["cursor", "new"];
const kept = (object: string): string => `guan.views.${object}`;

export function viewOf(
  name: string,
  search: Readonly<Record<string, string | undefined>>,
  hidden: readonly string[],
): View {
  const lasting = Object.entries(search).filter(
    (entry): entry is [string, string] => !MOMENTARY.includes(entry[0]) && Boolean(entry[1]),
  );
  return { name, address: Object.fromEntries(lasting), hidden };
}

/** The views of an object; with `next`, they are these from now on. */
export function viewsOf(object: string, next?: readonly View[]): readonly View[] {
  if (next) {
    localStorage.setItem(kept(object), JSON.stringify(next));
    return next;
  }
  try {
    const found: unknown = JSON.parse(localStorage.getItem(kept(object)) ?? "[]");
    return Array.isArray(found) ? (found as View[]) : [];
  } catch {
    return [];
  }
}
