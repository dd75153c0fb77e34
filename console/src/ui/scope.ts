/** What a window opens and for whom, in words. */
import type { Schemas } from "../api/client";
import { offSwitch } from "../i18n/switch";
import { type Say, useLanguage, useWords } from "../i18n/words";

type Effect = Schemas["OverlayEffect"];
type Audience = Schemas["Wanted"]["audience"];
type Name = (id: string) => string;

export function useScope(
  object: Name,
  principal: Name,
): { what: (effect: Effect) => string; whom: (audience: Audience) => string } {
  const say = useWords(offSwitch);
  const comma = useLanguage() === "en" ? ", " : "、";
  const several = (all: readonly string[]) =>
    all.length <= 3 ? all.join(comma) : say("andMore", { first: all[0] ?? "", n: all.length - 1 });
  const what = (effect: Effect): string => {
    if (effect.kind !== "suspension") return named(effect, say);
    const { objects = [], fields = {}, sets = [] } = effect.scope;
    const all = [
      ...objects.map(object),
      ...Object.entries(fields as Record<string, string[]>).map(([id, names]) =>
        say("fieldsOf", { n: names.length, object: object(id) }),
      ),
      ...sets.map((name) => say("set", { name })),
    ];
    return all.length === 0 ? say("everything") : several(all);
  };
  const whom = (audience: Audience): string => {
    const { users = [], networks = [] } = audience ?? {};
    const all = [
      ...users.map(principal),
      ...(networks.length > 0 ? [say("from", { networks: networks.join(comma) })] : []),
    ];
    return all.length === 0 ? say("everybody") : several(all);
  };
  return { what, whom };
}

function named(
  effect: Exclude<Effect, { kind: "suspension" }>,
  say: Say<typeof offSwitch>,
): string {
  if (effect.kind === "elevation") {
    const [kind = "set", name = ""] = effect.set.split(/:(.*)/s);
    return say(kind === "set_group" ? "set_group" : "set", { name });
  }
  const [kind, value] = Object.entries(effect.what)[0] ?? ["", ""];
  const name = typeof value === "string" ? value : Object.values(value as object).join(" · ");
  const known = ["set", "set_group", "rule", "assignment", "placement", "user"] as const;
  const word = known.find((one) => one === kind);
  return word ? say(word, { name }) : `${kind} ${name}`;
}
