/** The policy as it is now, in one answer: sets, objects, rules and the names of people, all of one revision. */
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { fieldName } from "../../i18n/fields";
import { objectName } from "../../i18n/objects";
import { useLanguage } from "../../i18n/words";

type All<T> = Readonly<Record<string, T>>;

export type PermissionSet = Schemas["PermissionSet"];
export type PolicyObject = Schemas["Object"];
export type Field = Schemas["Field"];
export type Rule = Schemas["SharingRule"];
export type Restriction = Schemas["Restriction"];
export type RollUp = Schemas["RollUp"];
export type Revision = Schemas["RevisionShown"];

export type Policy = {
  organization: Schemas["Organization"];
  users: All<Schemas["User"]>;
  groups: All<Schemas["Group"]>;
  trees: All<Schemas["Tree"]>;
  nodes: All<Schemas["Node"]>;
  objects: All<PolicyObject>;
  actions: All<Schemas["CustomAction"]>;
  sets: All<PermissionSet>;
  set_groups: All<Schemas["PermissionSetGroup"]>;
  assignments: All<Schemas["Assignment"]>;
  rules: All<Rule>;
  restrictions: All<Restriction>;
  roll_ups: All<RollUp>;
};

export type World = { revision: Revision; policy: Policy };

/** Absent collections are empty ones. */
export function whole(said: unknown): Policy {
  const none = {
    organization: { id: "" },
    users: {},
    groups: {},
    trees: {},
    nodes: {},
    objects: {},
    actions: {},
    sets: {},
    set_groups: {},
    assignments: {},
    rules: {},
    restrictions: {},
    roll_ups: {},
  };
  return { ...none, ...(said as object) };
}

/** How many masked values one person has revealed at most; absent, as the server has it for everybody. */
export function limitsOf({ reveals }: Schemas["Organization"]): {
  an_hour_max: number;
  a_day_max: number;
} {
  return { an_hour_max: reveals?.an_hour_max ?? 20, a_day_max: reveals?.a_day_max ?? 100 };
}

export const WORLD = ["access", "world"] as const;

/** Where the revision is still the one that is known, its policy is not sent again. */
async function read(known: World | undefined): Promise<World> {
  const page = await answer(api.GET("/api/v1/revisions", { params: { query: { limit: 1 } } }));
  const [revision] = page.items;
  if (!revision) throw new Error("no revision");
  if (known?.revision.number === revision.number) return known;
  const params = { path: { revision: revision.number } };
  const policy = await answer(api.GET("/api/v1/revisions/{revision}/policy", { params }));
  return { revision, policy: whole(policy) };
}

export function useWorld() {
  return useQuery({
    queryKey: WORLD,
    queryFn: ({ client }) => read(client.getQueryData<World>(WORLD)),
    staleTime: 30_000,
    // A large policy is not compared place by place with the one before.
    structuralSharing: false,
  });
}

/** The name of an object in the person's language. */
export function useObjectName(policy: Policy): (id: string) => string {
  const at = useLanguage() === "en" ? 0 : 1;
  return (id) => objectName({ id, name: policy.objects[id]?.name ?? "" }, at);
}

/** The name of a field in the person's language. */
export function useFieldName(): (id: string, field: { name?: string } | undefined) => string {
  const at = useLanguage() === "en" ? 0 : 1;
  return useCallback((id, field) => fieldName(id, field?.name ?? "", at), [at]);
}

export const nameOf = (id: string, entity: { name?: string } | undefined): string =>
  entity?.name || id;

export type Principal = { kind: string; id: string };

/** `user:li.wei` in its two parts; `everyone` has the first alone. */
export function principalOf(text: string): Principal {
  const at = text.indexOf(":");
  return at < 0 ? { kind: text, id: "" } : { kind: text.slice(0, at), id: text.slice(at + 1) };
}

/** What a principal is called in the policy. */
export function principalName(policy: Policy, { kind, id }: Principal): string {
  if (kind === "user") return nameOf(id, policy.users[id]);
  if (kind === "group") return nameOf(id, policy.groups[id]);
  if (kind === "placed") return nameOf(id, policy.trees[id]);
  return nameOf(id, policy.nodes[id]);
}
