/** What records are called, as far as the person may read them: one question for each object, never one for each row. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { answer, api } from "../api/client";
import { useRecordTitle } from "./called";

/** Ids that are asked for at once; what is beyond keeps its id. */
const ASKED_MAX = 200;
const FRESH_MS = 60_000;

export type Named = { object?: string | null; record?: string | null };
export type Titles = ReadonlyMap<string, string>;

const place = (object: string, record: string) => `${object} ${record}`;
const quoted = (id: string) => `"${id.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** The ids of each object, without repetition, in an order of their own. */
export function byObject(all: readonly Named[]): readonly (readonly [string, string[]])[] {
  const found = new Map<string, Set<string>>();
  for (const { object, record } of all) {
    if (!object || !record) continue;
    const ids = found.get(object) ?? new Set();
    if (ids.size < ASKED_MAX) found.set(object, ids.add(record));
  }
  return [...found].map(([object, ids]) => [object, [...ids].sort()] as const);
}

export function useTitles(all: readonly Named[]): Titles {
  const title = useRecordTitle();
  const asked = byObject(all).map(([object, ids]) => ({
    queryKey: ["records", object, "titles", ids],
    queryFn: async () => {
      const query = { filter: `\`Id\` in (${ids.map(quoted).join(", ")})`, limit: ASKED_MAX };
      const { items } = await answer(
        api.GET("/api/v1/records/{object}", { params: { path: { object }, query } }),
      );
      return items;
    },
    staleTime: FRESH_MS,
    retry: false,
  }));
  const found = useQueries({
    queries: asked,
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
  return useMemo(
    () => new Map(found.map((row) => [place(row.object, row.id), title(row)])),
    [found, title],
  );
}

export const titleIn = (titles: Titles, object: string, record: string): string =>
  titles.get(place(object, record)) ?? record;

/** A record by its title, which leads to it; by its id where the person may not read it. */
export function RecordTag(props: Named & { titles: Titles }) {
  const { object, record, titles } = props;
  if (!object || !record) return "–";
  const title = titles.get(place(object, record));
  if (title === undefined) {
    return (
      <span className="code" title={record}>
        {record}
      </span>
    );
  }
  return (
    <Link
      to={`/records/${object}/${encodeURIComponent(record)}` as string}
      title={`${title} · ${record}`}
      className="named"
    >
      {title}
    </Link>
  );
}
