/** What the server says acts: all of a set with what its permissions bring, or all sets of a user together. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Schemas } from "../../../api/client";
import type { Effective } from "./cells";
import { ANY, type MatrixRow } from "./rows";

type Cells = Schemas["MatrixShown"]["cells"];
export type Of = { of: string } | { subject: string };

/** The description of this operation does not name its query, so it is put on here. */
function ask(of: Of): Promise<Schemas["MatrixShown"]> {
  const query = of as Record<string, string>;
  return answer(api.GET("/api/v1/matrix", { params: { query: query as never } }));
}

export function useCells(of: Of, revision: number | undefined) {
  return useQuery({
    queryKey: ["access", "effective", of, revision],
    queryFn: () => ask(of),
    enabled: revision !== undefined,
    staleTime: 60_000,
  });
}

const keyOf = (object: string, field: string, action: string) =>
  `${object}\u0001${field}\u0001${action}`;

/** The cells by their place. */
export function tableOf(cells: Cells): (row: MatrixRow, column: string) => string | undefined {
  const table = new Map(
    cells.map(({ object, field, action, value }) => [keyOf(object, field, action), value]),
  );
  return ({ object, field }, column) =>
    field === undefined
      ? table.get(keyOf(object, "", column))
      : table.get(keyOf(object, field, ""));
}

const nothing: Effective = () => undefined;

/** What acts by a set as saved; nothing until it is known, and nothing on the row of all objects. */
export function useEffective(set: string, revision: number): Effective {
  const { data } = useCells({ of: `set:${set}` }, revision);
  return useMemo(() => {
    if (!data) return nothing;
    const table = tableOf(data.cells);
    return (row, column) => (row.object === ANY ? undefined : table(row, column));
  }, [data]);
}
