/** Two matrices beside each other. */
import type { Schemas } from "../../api/client";
import type { Cells } from "../../ui/matrix";

export type Pair = {
  key: string;
  kind: Schemas["Cell"]["kind"];
  object: string;
  /** The action, the field, or the system permission. */
  what: string;
  first: string;
  second: string;
};

const NONE = "none";

/** Every cell that one of them has, or only those that differ. */
export function pairs(first: Cells, second: Cells, which: "different" | "all"): Pair[] {
  const keys = [...new Set([...first.keys(), ...second.keys()])];
  return keys.flatMap((key) => {
    const [a, b] = [first.get(key), second.get(key)];
    const one = a ?? b;
    if (!one) return [];
    const pair = {
      key,
      kind: one.kind,
      object: one.object,
      what: one.field || one.action,
      first: a?.value ?? NONE,
      second: b?.value ?? NONE,
    };
    return which === "all" || pair.first !== pair.second ? [pair] : [];
  });
}
