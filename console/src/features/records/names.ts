/** The names that the rows of a page need: of colleagues and of parents, each kind asked for once. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { type ObjectInfo, type RecordRow, titleOf } from "./model";
import { parentsAsked, useColleagueNames } from "./queries";
import { type Names, parentKey } from "./values";

export function usePageNames(object: ObjectInfo, rows: readonly RecordRow[]): Names {
  const people = useColleagueNames();
  const asked = Object.entries(object.relations).flatMap(([relation, target]) => {
    const ids = rows.flatMap(({ parents }) => parents?.[relation] ?? []);
    return ids.length > 0 ? [parentsAsked(target, ids)] : [];
  });
  const parents = useQueries({ queries: asked, combine: combined });
  return useMemo(() => ({ people, parents }), [people, parents]);
}

type Answers = readonly { data?: readonly RecordRow[] | undefined }[];

function combined(found: Answers): ReadonlyMap<string, string> {
  const named = found.flatMap(({ data }) =>
    (data ?? []).map((row) => [parentKey(row.object, row.id), titleOf(row)] as const),
  );
  return new Map(named);
}
