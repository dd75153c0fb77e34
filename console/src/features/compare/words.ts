/** Cells and entities that are compared, by the names that people know. */
import { useQueries } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { actions, scopes } from "../../i18n/decision";
import { fieldName } from "../../i18n/fields";
import { levels } from "../../i18n/levels";
import { powers } from "../../i18n/overview";
import { useLanguage, useWords } from "../../i18n/words";
import { useMyObjects } from "../../session";
import { useObjectTitle } from "../../ui/choice";
import { usePrincipal } from "../../ui/decision";
import { everyRow, useNames, useObjects } from "../../ui/directory";
import { useNamed } from "../../ui/named";
import type { Pair } from "./cells";

/** Values of cells that another word of the permission screens stands for. */
const ALIKE: Readonly<Record<string, string>> = {
  read: "readLevel",
  edit: "editLevel",
  "masked+edit": "maskedEdit",
  only_edit: "onlyEdit",
};
const UNASSIGNED = "+unassigned";

export function useCellWords() {
  const say = useWords(levels);
  const level = useNamed(levels);
  const scope = useNamed(scopes);
  const act = useNamed(actions);
  const power = useNamed(powers);
  const at = useLanguage() === "en" ? 0 : 1;
  const object = useObjectTitle();
  const all = useObjects().data;
  const mine = useMyObjects().data;
  const field = (of: string, id: string) => {
    const model = all?.find((one) => one.id === of)?.content.fields?.[id];
    const own = mine?.find((one) => one.id === of)?.fields[id];
    return fieldName(id, model?.name ?? own?.name ?? "", at);
  };
  const value = ({ kind }: Pair, text: string) => {
    if (kind === "field") return text === "none" ? scope("hidden") : level(ALIKE[text] ?? text);
    if (kind === "system") return scope(text);
    if (!text.endsWith(UNASSIGNED)) return level(text);
    return `${level(text.slice(0, -UNASSIGNED.length))} + ${say("unassigned")}`;
  };
  const what = (pair: Pair) => {
    if (pair.kind === "field") return field(pair.object, pair.what);
    if (pair.kind === "system") return power(pair.what);
    return pair.what in actions ? act(pair.what) : level(pair.what).replaceAll("_", " ");
  };
  return { object, what, value };
}

type Row = { id: string; content: { name?: string; what?: string; to?: unknown } };
const KEPT = { staleTime: 60_000, retry: false } as const;
const page = (query: { limit: number; cursor?: string }) => ({ params: { query } });

/** Lists that are read only where an entity of them is told. */
const LISTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  assignment: () => everyRow(async (q) => answer(api.GET("/api/v1/assignments", page(q)))),
  rule: () => everyRow(async (q) => answer(api.GET("/api/v1/sharing-rules", page(q)))),
  restriction: () => everyRow(async (q) => answer(api.GET("/api/v1/restrictions", page(q)))),
  pool: () => everyRow(async (q) => answer(api.GET("/api/v1/pools", page(q)))),
  tree: () => everyRow(async (q) => answer(api.GET("/api/v1/trees", page(q)))),
  delegation: () => everyRow(async (q) => answer(api.GET("/api/v1/delegations", page(q)))),
};

/** What entities of these kinds are called now; what is gone, or closed to the person, goes by its id. */
export function useEntityNames(kinds: readonly string[]): (kind: string, id: string) => string {
  const wanted = [...new Set(kinds)].filter((kind) => kind in LISTS).sort();
  const names = useNames();
  const principal = usePrincipal();
  const object = useObjectTitle();
  const found = useQueries({
    queries: wanted.map((kind) => ({
      queryKey: ["compare", "names", kind],
      queryFn: () => (LISTS[kind] as () => Promise<Row[]>)(),
      ...KEPT,
    })),
  });
  const listed = new Map(
    wanted.flatMap((kind, n) =>
      (found[n]?.data ?? []).map(({ id, content }) => [`${kind} ${id}`, content] as const),
    ),
  );
  const known: Readonly<Record<string, (id: string) => string>> = {
    user: names.user,
    group: names.group,
    node: names.node,
    set: names.set,
    set_group: names.setGroup,
    object,
  };
  return (kind, id) => {
    const content = listed.get(`${kind} ${id}`);
    if (content?.what) return `${principal(content.what)} → ${principal(String(content.to))}`;
    return known[kind]?.(id) ?? (content?.name || id);
  };
}
