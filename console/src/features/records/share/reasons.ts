/** Why somebody has access to a record, in words of the trade. */
import type { Schemas } from "../../../api/client";
import type { share } from "../../../i18n/share";
import type { Say } from "../../../i18n/words";
import { principal } from "../model";

type Saying = Say<typeof share>;
type Evidence = Schemas["Evidence"];
type Reader = Schemas["ReaderShown"];
type Roll = Extract<Evidence, { path: "roll_up" }>;

export type Reason = { words: string; rights?: string };

const SCOPES = ["unit", "unit_and_below", "all"];
const bare = (text: string): string => principal(text).id.replace(/^queue\//, "") || text;

function chain({ source }: Roll, say: Saying, named: (id: string) => string): string {
  if ("rule" in source) return say("by_chainRule", { rule: source.rule });
  if ("unit" in source) return say("by_unit", { unit: source.unit });
  if ("dimension" in source) return say("by_dimension", { node: source.dimension });
  if ("team" in source) return say("by_chain", { who: named(source.team) });
  return say("by_chain", { who: named(bare("owner" in source ? source.owner : source.share)) });
}

/** The path of a decision in words. */
export function reasonOf(evidence: Evidence, say: Saying, named: (id: string) => string): Reason {
  switch (evidence.path) {
    case "owner":
      return { words: say("by_owner"), rights: "full" };
    case "scope": {
      const known = SCOPES.includes(evidence.scope);
      const scope = say(known ? (`scope_${evidence.scope}` as "scope_all") : "scope_other");
      return { words: say("by_scope", { scope }) };
    }
    case "unassigned":
      return { words: say("by_unassigned") };
    case "baseline":
      return { words: say("by_baseline"), rights: evidence.rights };
    case "roll_up":
      return { words: chain(evidence, say, named), rights: evidence.rights };
    case "rule":
      return { words: say("by_rule", { rule: evidence.rule }), rights: evidence.rights };
    case "share":
      return {
        words: say("by_share", { with: named(bare(evidence.to)) }),
        rights: evidence.rights,
      };
    case "team":
      return { words: say("by_team"), rights: evidence.rights };
    case "dimension":
      return { words: say("by_dimension", { node: evidence.node }), rights: evidence.rights };
    case "pool":
      return { words: say("by_pool", { pool: evidence.pool }), rights: evidence.rights };
    case "implicit_parent":
      return { words: say("by_child") };
    case "parent":
    case "implicit_child":
      return { words: say("by_parent"), rights: evidence.rights };
  }
}

/** Why somebody reads a record, as far as it may be told. */
export function readerReason(
  { path, overlay }: Pick<Reader, "path" | "overlay">,
  say: Saying,
  named: (id: string) => string,
): Reason {
  if (path) return reasonOf(path, say, named);
  return { words: say(overlay ? "by_window" : "by_other") };
}

/** Why a share exists: made by hand, by a rule, or by something else that made it. */
export function causeOf(cause: string, say: Saying): string {
  if (cause === "manual") return say("by_manual");
  const { kind, id } = principal(cause);
  if (kind === "rule" && id) return say("by_rule", { rule: id });
  return say("by_cause", { cause });
}

/** A level in words; names of rights that are no level stay as they are. */
export function levelOf(rights: string, say: Saying): string {
  if (rights === "read" || rights === "edit" || rights === "full") return say(rights);
  return rights === ""
    ? say("byRole")
    : say("rightsOther", { rights: rights.replaceAll("+", " + ") });
}
