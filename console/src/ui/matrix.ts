/** The matrix of somebody or of a set, by cell. */
import { answer, api, type Schemas } from "../api/client";

export type Cells = ReadonlyMap<string, Schemas["Cell"]>;

/** The description of the interface does not name these parameters; the server knows them. */
export async function matrix(query: { subject: string } | { of: string }): Promise<Cells> {
  const { cells } = await answer(api.GET("/api/v1/matrix", { params: { query: query as never } }));
  return new Map(
    cells.map((cell) => [[cell.kind, cell.object, cell.field, cell.action].join(" "), cell]),
  );
}
