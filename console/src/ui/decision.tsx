/** A decision of the engine in words: verdict, refusal, evidence, remedy, principal. */
import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from "@ant-design/icons";
import type { Schemas } from "../api/client";
import {
  paths,
  principals,
  refusals,
  remedies,
  rights as rightNames,
  scopes,
  sources,
  verdicts,
} from "../i18n/decision";
import { fieldName } from "../i18n/fields";
import { objectName } from "../i18n/objects";
import { trees } from "../i18n/trees";
import { useLanguage } from "../i18n/words";
import { useNames, useRuleName } from "./directory";
import { useNamed } from "./named";
import { type Titles, titleIn } from "./titles";

export type Evidence = Schemas["Evidence"];
export type Remedy = Schemas["Remedy"];
export type Verdict = "allow" | "deny" | "relaxed";

type Loose = Readonly<Record<string, unknown>>;

const VERDICT_ICONS = {
  allow: CheckCircleFilled,
  deny: CloseCircleFilled,
  relaxed: WarningFilled,
} as const;

export function VerdictTag(props: { verdict: Verdict }) {
  const name = useNamed(verdicts);
  const Icon = VERDICT_ICONS[props.verdict];
  return (
    <span className={`verdict ${props.verdict}`}>
      <Icon aria-hidden /> {name(props.verdict)}
    </span>
  );
}

/** `user:a`, `group:b`, `node:c`, `set:d` in words. */
export function usePrincipal(): (principal: string) => string {
  const names = useNames();
  const kind = useNamed(principals);
  return (principal) => {
    const cut = principal.indexOf(":");
    if (cut < 0) return principal in principals ? kind(principal) : names.user(principal);
    const [of, id] = [principal.slice(0, cut), principal.slice(cut + 1)];
    const known: Readonly<Record<string, (id: string) => string>> = {
      user: names.user,
      group: names.group,
      queue: names.group,
      set: names.set,
      set_group: names.setGroup,
    };
    const name = (known[of] ?? names.node)(id);
    return of in principals ? kind(of, { name }) : `${of} ${name}`;
  };
}

function useSource(): (source: Loose) => string {
  const principal = usePrincipal();
  const names = useNames();
  const name = useNamed(sources);
  return (source) => {
    const [[kind, it] = ["", ""]] = Object.entries(source);
    const id = String(it);
    const shown = { owner: principal, share: principal, team: names.user, unit: names.node }[kind];
    return name(kind, { it: (shown ?? ((same: string) => same))(id) });
  };
}

const NO_TITLES: Titles = new Map();

/** A roll-up bears the name of its tree, which an import writes as `role_hierarchy`. */
function treeOf(id: string, at: 0 | 1): string {
  const text = id.replaceAll("_", " ");
  const name = text.charAt(0).toUpperCase() + text.slice(1);
  const known: Readonly<Record<string, readonly [string, string]>> = trees;
  return known[name]?.[at] ?? id;
}

/** The members of an answer as text, so that words can name them. */
function useMembers(titles: Titles = NO_TITLES): (answer: Loose) => Record<string, string> {
  const principal = usePrincipal();
  const source = useSource();
  const names = useNames();
  const at = useLanguage() === "en" ? 0 : 1;
  const scopeName = useNamed(scopes);
  const rightName = useNamed(rightNames);
  const rule = useRuleName();
  const known: Readonly<Record<string, (value: unknown) => string>> = {
    owner: (value) => principal(String(value)),
    to: (value) => principal(String(value)),
    set: (value) => principal(String(value)),
    group: (value) => names.group(String(value)),
    node: (value) => names.node(String(value)),
    scope: (value) => scopeName(String(value)),
    rights: (value) => rightName(String(value)),
    source: (value) => source(value as Loose),
    child: (value) => {
      const { object, id } = value as { object: string; id: string };
      return `${objectName({ id: object, name: object }, at)} ${titleIn(titles, object, id)}`;
    },
    rule: (value) => rule(String(value)),
    relation: (value) => fieldName(String(value), String(value), at),
    roll_up: (value) => treeOf(String(value), at),
  };
  return (answer) =>
    Object.fromEntries(
      Object.entries(answer).map(([key, value]) => [key, (known[key] ?? String)(value)]),
    );
}

/** `titles` are those of the records that answers name; without them records keep their ids. */
export function useEvidence(titles?: Titles): (evidence: Evidence) => string {
  const members = useMembers(titles);
  const name = useNamed(paths);
  return (evidence) => name(evidence.path, members(evidence as Loose));
}

export function useRefusal(): (why: string, answer?: object) => string {
  const members = useMembers();
  const name = useNamed(refusals);
  return (why, answer) => name(why, members((answer ?? {}) as Loose));
}

export function useRemedy(): (remedy: Remedy) => string {
  const members = useMembers();
  const name = useNamed(remedies);
  return (remedy) => name(remedy.remedy, members(remedy as Loose));
}
