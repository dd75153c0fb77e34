/** The names that the rows of a page need: of colleagues and of parents, each kind asked for once. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRecordTitle } from "../../ui/called";
import type { ObjectInfo, RecordRow } from "./model";
import { parentsAsked, useColleagueNames } from "./queries";
import { type Names, parentKey } from "./values";

export function usePageNames(object: ObjectInfo, rows: readonly RecordRow[]): Names {
  const people = useColleagueNames();
  const asked = Object.entries(object.relations).flatMap(([relation, target]) => {
    const ids = rows.flatMap(({ parents }) => parents?.[relation] ?? []);
    return ids.length > 0 ? [parentsAsked(target, ids)] : [];
  });
  const title = useRecordTitle();
  const found = useQueries({ queries: asked, combine: combined });
  return useMemo(() => {
    const named = found.map((row) => [parentKey(row.object, row.id), title(row)] as const);
    return { people, parents: new Map(named) };
  }, [people, found, title]);
}

type Answers = readonly { data?: readonly RecordRow[] | undefined }[];

const combined = (found: Answers): readonly RecordRow[] => found.flatMap(({ data }) => data ?? []);
