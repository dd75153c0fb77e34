/** The sets and groups of sets of a policy as rows of one list. */
import { countOf, holders } from "../holders";
import type { Policy } from "../world";
import { REACHES_ALL, RISKS, type Risk, risksOf } from "./risks";

export type SetKind = "profile" | "permission_set" | "security_role" | "muting" | "group";

export type SetRow = {
  /** `set:ID` or `set_group:ID`, as assignments name it. */
  key: string;
  id: string;
  name: string;
  kind: SetKind;
  members: number;
  objects: number;
  risks: readonly Risk[];
  activation: boolean;
};

export const KINDS: readonly SetKind[] = [
  "profile",
  "permission_set",
  "security_role",
  "group",
  "muting",
];

export function setRows(policy: Policy): SetRow[] {
  const of = holders(policy);
  const members = (key: string) => countOf(of(key));
  const sets = Object.entries(policy.sets).map(([id, set]): SetRow => {
    const key = `set:${id}`;
    return {
      key,
      id,
      name: set.name || id,
      kind: set.kind ?? "permission_set",
      members: members(key),
      objects: Object.keys(set.objects ?? {}).length,
      risks: risksOf(set),
      activation: set.needs_activation ?? false,
    };
  });
  const groups = Object.entries(policy.set_groups).map(([id, group]): SetRow => {
    const key = `set_group:${id}`;
    const inside = (group.sets ?? []).flatMap((set) => policy.sets[set] ?? []);
    const risks = new Set(inside.flatMap(risksOf));
    return {
      key,
      id,
      name: group.name || id,
      kind: "group",
      members: members(key),
      objects: new Set(inside.flatMap((set) => Object.keys(set.objects ?? {}))).size,
      risks: RISKS.filter((risk) => risks.has(risk)),
      activation: group.needs_activation ?? false,
    };
  });
  return [...sets, ...groups].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name),
  );
}

export type Wanted = { search: string; kind: string; risk: string };

function isRisky({ risks }: SetRow, risk: string): boolean {
  if (risk === REACHES_ALL) return risks.includes("allData") || risks.includes("wholeObject");
  return risk === "" || risks.some((one) => one === risk);
}

export function sought(rows: readonly SetRow[], { search, kind, risk }: Wanted): SetRow[] {
  const words = search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (words === "" ||
        row.name.toLowerCase().includes(words) ||
        row.id.toLowerCase().includes(words)) &&
      (kind === "" || row.kind === kind) &&
      isRisky(row, risk),
  );
}
