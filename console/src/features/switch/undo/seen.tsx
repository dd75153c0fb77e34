/** Values and parts of a plan in words. */
import { fieldName } from "../../../i18n/fields";
import { undo as words } from "../../../i18n/switch-undo";
import { useLanguage, useWords } from "../../../i18n/words";
import type { Part, Seen } from "../documents";

export function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inside]) => `${name}: ${plain(inside)}`)
      .join("; ");
  }
  return String(value);
}

export function Value(props: { of: Seen }) {
  const say = useWords(words);
  const { of } = props;
  if (of === "hidden" || of === "absent") return <span className="quiet">{say(of)}</span>;
  if ("masked" in of) return <span className="code">{of.masked}</span>;
  return <span>{plain(of.clear)}</span>;
}

const PLAIN = ["whole", "owners", "unit", "pool", "locked"] as const;
const NAMED = ["tag", "parent", "field", "share", "member"] as const;

export function usePart(): (part: Part) => string {
  const say = useWords(words);
  const at = useLanguage() === "en" ? 0 : 1;
  return (part) => {
    if (typeof part === "string") {
      const known = PLAIN.find((one) => one === part);
      return known ? say(known) : part;
    }
    const [kind = "", value] = Object.entries(part)[0] ?? [];
    const known = NAMED.find((one) => one === kind);
    const to = typeof value === "object" && value !== null ? (value as { to?: string }).to : value;
    const name = kind === "field" ? fieldName(plain(to), "", at) : plain(to);
    return known ? say(known, { name }) : kind;
  };
}
