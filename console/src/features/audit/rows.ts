/** Which rows a tab and its filters show; what the server cannot filter is looked through here, page by page. */
import { kindOf, type LedgerAsked, type LedgerRow } from "../../ui/ledger";

export const TABS = {
  everything: null,
  signIn: ["session_opened", "session_refused", "credential_changed"],
  configuration: [
    "organization_created",
    "revision_created",
    "revision_made_current",
    "user_changed",
    "setting_changed",
    "import_prepared",
    "import_applied",
    "backup_taken",
    "restore_done",
    "undo_done",
    "shadow_changed",
    "access_requested",
  ],
  data: [
    "record_written",
    "record_deleted",
    "record_shared",
    "protected_read",
    "seen_as",
    "data_exported",
    "ledger_read",
    "ledger_exported",
    "erasure_done",
  ],
  decisions: ["decision_denied", "would_deny", "list_relaxed"],
  windows: [
    "overlay_requested",
    "overlay_approved",
    "overlay_refused",
    "overlay_opened",
    "overlay_closed",
    "overlay_reviewed",
    "self_test_done",
    "would_deny",
    "list_relaxed",
  ],
} as const;
export type Tab = keyof typeof TABS;
export const tabOf = (text: string | undefined): Tab =>
  text !== undefined && text in TABS ? (text as Tab) : "everything";

export type Filters = Readonly<Record<string, string | undefined>>;

const PAGE = 200;
const WANTED = 50;
/** Pages that one step goes through when few rows match. */
const STEPS = 10;

/** Whether a row is shown, by what the server does not filter. */
export function takes(row: LedgerRow, tab: Tab, filters: Filters): boolean {
  const kinds: readonly string[] | null = TABS[tab];
  const { entry } = row;
  return (
    (kinds === null || kinds.includes(entry.kind)) &&
    (!filters.result || entry.result?.status === filters.result) &&
    (!filters.address || (entry.who.source_address ?? "").startsWith(filters.address))
  );
}

/** Rows that come by themselves with ordinary work, and drown what somebody decided or changed. */
const ROUTINE = ["session_renewed", "list_relaxed", "ledger_read"];

/** Whether a row is left out until it is asked for: by `routine` in the address, or by its kind. */
export const isRoutine = (row: LedgerRow, { routine, kind }: Filters): boolean =>
  !routine && !kind && ROUTINE.includes(kindOf(row));

/** What the server filters by. */
export function askedOf(filters: Filters): LedgerAsked {
  const { kind, user, object, record, from, until } = filters;
  return { kind, user, object, record, from, until, limit: PAGE };
}

export type Step = {
  rows: LedgerRow[];
  looked: number;
  /** Routine rows that were left out. */
  routine: number;
  next: number | undefined;
};

/** One step back in time: at least some matching rows, or the end, or as many pages as one step may take. */
export async function step(
  tab: Tab,
  filters: Filters,
  cursor: number | undefined,
  page: (asked: LedgerAsked) => Promise<{ rows: LedgerRow[]; next?: number | null }>,
): Promise<Step> {
  const rows: LedgerRow[] = [];
  let next = cursor;
  let [looked, routine] = [0, 0];
  for (let turn = 0; turn < STEPS && rows.length < WANTED; turn++) {
    const found = await page({ ...askedOf(filters), cursor: next });
    looked += found.rows.length;
    const taken = found.rows.filter((row) => takes(row, tab, filters));
    const shown = taken.filter((row) => !isRoutine(row, filters));
    routine += taken.length - shown.length;
    rows.push(...shown);
    next = found.next ?? undefined;
    if (next === undefined) break;
  }
  return { rows, looked, routine, next };
}
