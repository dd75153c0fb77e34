/** A tree from its nodes, with the people at each. */
import type { Schemas } from "../../api/client";

export type NodeRow = Schemas["NodeKept"];
export type UserRow = Schemas["UserKept"];
export type Person = { user: UserRow; place: Schemas["Placement"] };
export type Branch = { key: string; node: NodeRow; people: readonly Person[]; children: Branch[] };

export function peopleAt(users: readonly UserRow[]): ReadonlyMap<string, Person[]> {
  const at = new Map<string, Person[]>();
  for (const user of users) {
    for (const place of user.content.placements ?? []) {
      at.set(place.node, [...(at.get(place.node) ?? []), { user, place }]);
    }
  }
  // Heads first.
  for (const people of at.values()) {
    people.sort((a, b) => Number(b.place.as === "head") - Number(a.place.as === "head"));
  }
  return at;
}

/** The branches of one tree; a node whose parent is unknown stands at the top. */
export function branchesOf(
  tree: string,
  nodes: readonly NodeRow[],
  at: ReadonlyMap<string, readonly Person[]>,
): Branch[] {
  const own = nodes.filter(({ content }) => content.tree === tree);
  const branches = new Map<string, Branch>(
    own.map((node) => [
      node.id,
      { key: node.id, node, people: at.get(node.id) ?? [], children: [] },
    ]),
  );
  const tops: Branch[] = [];
  for (const branch of branches.values()) {
    const parent = branches.get(branch.node.content.parent ?? "");
    (parent?.children ?? tops).push(branch);
  }
  return tops;
}

/** The ids of a branch and all below it. */
export function within(branch: Branch): string[] {
  return [branch.key, ...branch.children.flatMap(within)];
}

/** What sort of tree it is, with the word of its source in brackets where that is another one. */
export function titleOf(sort: string, name: string): string {
  return sort.toLowerCase() === name.toLowerCase() ? sort : `${sort} (${name})`;
}

/** A branch with only those that are meant and those above them; nothing where none is. */
export function kept(branch: Branch, meant: (branch: Branch) => boolean): Branch[] {
  if (meant(branch)) return [branch];
  const children = branch.children.flatMap((child) => kept(child, meant));
  return children.length > 0 ? [{ ...branch, children }] : [];
}

export function branchOf(branches: readonly Branch[], id: string): Branch | undefined {
  for (const branch of branches) {
    const found = branch.key === id ? branch : branchOf(branch.children, id);
    if (found) return found;
  }
  return undefined;
}

/** Whether a node may hang below another: not below itself, and not where it hangs already. */
export function mayMove(branches: readonly Branch[], id: string, to: string): boolean {
  const branch = branchOf(branches, id);
  return branch !== undefined && branch.node.content.parent !== to && !within(branch).includes(to);
}
