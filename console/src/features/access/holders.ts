/** To whom a set is assigned, as the policy states it: directly, or through a group of sets. */
import type { Policy } from "./world";

export type Holders = { direct: readonly string[]; through: readonly string[] };

const NOBODY: Holders = { direct: [], through: [] };

/** For every set and group of sets (`set:ID`, `set_group:ID`) whom its assignments name. */
export function holders(policy: Policy): (assigned: string) => Holders {
  const direct = new Map<string, string[]>();
  for (const { what, to } of Object.values(policy.assignments)) {
    const so = direct.get(what);
    if (so) so.push(to);
    else direct.set(what, [to]);
  }
  const through = new Map<string, string[]>();
  for (const [id, group] of Object.entries(policy.set_groups)) {
    const named = direct.get(`set_group:${id}`) ?? [];
    for (const set of group.sets ?? []) {
      through.set(`set:${set}`, [...(through.get(`set:${set}`) ?? []), ...named]);
    }
  }
  return (assigned) => {
    const named = direct.get(assigned);
    const more = through.get(assigned);
    if (!named && !more) return NOBODY;
    return { direct: named ?? [], through: [...new Set(more ?? [])] };
  };
}

export const countOf = ({ direct, through }: Holders): number =>
  new Set([...direct, ...through]).size;
