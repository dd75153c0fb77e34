/** What was filled in and not saved yet. It survives a reload in this tab, and ends with it. */
export type Values = Readonly<Record<string, unknown>>;
export type Draft = {
  /** New values by field; `null` takes one out. */
  values: Values;
  /** New parents by relation; `null` takes one out. */
  parents: Readonly<Record<string, string | null>>;
  /** The state that it was begun from, so that a change by somebody else is noticed after a reload too. */
  etag?: string;
};

export const NOTHING: Draft = { values: {}, parents: {} };

export const isEmpty = (draft: Draft): boolean =>
  Object.keys(draft.values).length + Object.keys(draft.parents).length === 0;

const kept = (who: string, object: string, id: string) => `guan.draft.${who}.${object}.${id}`;

export function keptDraft(who: string, object: string, id: string): Draft {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(kept(who, object, id)) ?? "null");
    return found && typeof found === "object" ? { ...NOTHING, ...(found as Draft) } : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function keepDraft(who: string, object: string, id: string, draft: Draft): void {
  if (isEmpty(draft)) sessionStorage.removeItem(kept(who, object, id));
  else sessionStorage.setItem(kept(who, object, id), JSON.stringify(draft));
}

/** A change that leads back to what is there is none. */
export function withValue(draft: Draft, field: string, value: unknown, before: unknown): Draft {
  const { [field]: _gone, ...others } = draft.values;
  const same = JSON.stringify(value ?? null) === JSON.stringify(before ?? null);
  return { ...draft, values: same ? others : { ...others, [field]: value } };
}

export function withParent(
  draft: Draft,
  relation: string,
  parent: string | null,
  before: string | null,
): Draft {
  const { [relation]: _gone, ...others } = draft.parents;
  return { ...draft, parents: parent === before ? others : { ...others, [relation]: parent } };
}

/** The field that a refusal speaks of, and its words: "`Amount`: …". */
export function fieldOf(detail: string | null | undefined): string | undefined {
  return /^`([^`]+)`:/.exec(detail ?? "")?.[1];
}
