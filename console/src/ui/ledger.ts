/** Rows of the ledger as a table shows them, and how they are asked for. */
import dayjs from "dayjs";
import { answer, api, type Schemas } from "../api/client";
import { ledgerPurposes } from "../i18n/ledger";
import { reasonWord } from "../i18n/operations";
import { ui } from "../i18n/ui";
import { fill } from "../i18n/words";

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

/** What a row is of; nobody signs in where a session only goes on. */
export const kindOf = ({ entry }: LedgerRow) =>
  entry.kind === "session_opened" && entry.change?.kind === "updated"
    ? "session_renewed"
    : entry.kind;

export const momentOf = (row: LedgerRow) =>
  dayjs(row.entry.time.wall_us / 1_000).format("YYYY-MM-DD HH:mm:ss");

/** Who did it: who works at the machine itself is known by their number there alone. */
export const callerName = (id: string, name: (id: string) => string, at: 0 | 1): string =>
  id.startsWith("uid:") ? ui.machine[at] : id === "guan" ? "Guan" : name(id);

const TESTED = /^(\d+) of (\d+) would-denies that were asked again are refused$/;
const CLOSED = /^(by_hand|deadline|idle|safety)(?:: (.+))?$/s;

/** The purpose of a row in the person's language, where the server wrote it; what people wrote stays as it is. */
export function purposeIn(purpose: string, at: 0 | 1): string {
  const [, n, all] = TESTED.exec(purpose) ?? [];
  if (n && all) return fill(ledgerPurposes.tested[at], { n: Number(n), all: Number(all) });
  const [, how, words] = CLOSED.exec(purpose) ?? [];
  if (!how) return reasonWord(purpose, at);
  return [ledgerPurposes[how as "by_hand"][at], words].filter(Boolean).join(" · ");
}

/** What a row is about besides its record, in one line. */
export function aboutOf({ entry: { what, change } }: LedgerRow, at: 0 | 1): string {
  const revision = change?.revision ? `#${change.revision}` : "";
  return [revision, what.purpose && purposeIn(what.purpose, at)].filter(Boolean).join(" · ");
}
