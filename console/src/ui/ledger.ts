/** Rows of the ledger as a table shows them, and how they are asked for. */
import dayjs from "dayjs";
import { answer, api, type Schemas } from "../api/client";

export type LedgerRow = Schemas["LedgerRow"];
export type LedgerAsked = {
  kind?: string | undefined;
  user?: string | undefined;
  object?: string | undefined;
  record?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  limit?: number | undefined;
  cursor?: string | number | undefined;
};

/** The description of the interface does not name these parameters; the server knows them. */
export function rowsOf(asked: LedgerAsked) {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined && value !== "");
  return answer(
    api.GET("/api/v1/ledger/rows", { params: { query: Object.fromEntries(said) as never } }),
  );
}

export const momentOf = (row: LedgerRow) =>
  dayjs(row.entry.time.wall_us / 1_000).format("YYYY-MM-DD HH:mm:ss");

/** What a row is about besides its record, in one line. */
export function aboutOf({ entry: { what, change } }: LedgerRow): string {
  const revision = change?.revision ? `#${change.revision}` : "";
  return [revision, what.purpose].filter(Boolean).join(" · ");
}
