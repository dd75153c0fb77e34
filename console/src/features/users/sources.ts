/** Which assignments name a user, directly or through a group or a place. What of it is in force, the server decides. */
import type { Schemas } from "../../api/client";

type Named<T> = { id: string; content: T };
export type Structure = {
  assignments: readonly Schemas["AssignmentKept"][];
  groups: readonly Named<Schemas["Group"]>[];
  nodes: readonly Named<Schemas["Node"]>[];
};
export type SourceRow = { id: string; assignment: Schemas["Assignment"]; through: string | null };

/** The nodes at and above each place of the user. */
function above(user: Schemas["User"], nodes: Structure["nodes"]): Set<string> {
  const parents = new Map(nodes.map(({ id, content }) => [id, content.parent ?? undefined]));
  const found = new Set<string>();
  for (const { node } of user.placements ?? []) {
    for (let at: string | undefined = node; at && !found.has(at); at = parents.get(at))
      found.add(at);
  }
  return found;
}

/** Whether a principal names the user; groups are followed once each, so a circle ends. */
function names(
  principal: string,
  of: { id: string; user: Schemas["User"]; around: Set<string> },
  structure: Structure,
  seen: Set<string>,
): boolean {
  const cut = principal.indexOf(":");
  if (cut < 0) {
    return principal === "everyone" || principal === (of.user.kind ?? "internal");
  }
  const [kind, id] = [principal.slice(0, cut), principal.slice(cut + 1)];
  const places = (of.user.placements ?? []).map(({ node }) => node);
  if (kind === "user") return id === of.id;
  if (kind === "node") return places.includes(id);
  if (kind === "node_and_below") return of.around.has(id);
  if (kind === "placed") {
    return structure.nodes.some((node) => places.includes(node.id) && node.content.tree === id);
  }
  if (kind !== "group" || seen.has(id)) return false;
  seen.add(id);
  const group = structure.groups.find((one) => one.id === id);
  return (group?.content.members ?? []).some((member) => names(member, of, structure, seen));
}

export function sourcesOf(id: string, user: Schemas["User"], structure: Structure): SourceRow[] {
  const of = { id, user, around: above(user, structure.nodes) };
  return structure.assignments
    .filter(({ content }) => names(content.to, of, structure, new Set()))
    .map(({ id: assignment, content }) => ({
      id: assignment,
      assignment: content,
      through: content.to === `user:${id}` ? null : content.to,
    }));
}

/** The sets whose own cell says the same as the cell of the user: these give it. */
export function winners(
  value: string,
  sets: readonly { of: string; value: string | undefined }[],
): readonly string[] {
  return sets.filter((set) => set.value === value).map((set) => set.of);
}
