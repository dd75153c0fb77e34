/** The documents of a window, as the server writes them; its description leaves their shape open. */
import type { Schemas } from "../../api/client";

export type Amount = {
  gained: number;
  lost: number;
  gained_error?: number;
  lost_error?: number;
};
type ByAction = { action: string; records: Amount };
export type ObjectPreview = {
  object: string;
  records: number;
  actions: ByAction[];
  readable: Amount;
  changeable: Amount;
  creators?: Amount;
};
type PersonObject = {
  object: string;
  actions: (ByAction & { gained_samples?: string[]; lost_samples?: string[] })[];
  readable: Amount;
  changeable: Amount;
  may_create?: boolean;
};
export type PersonPreview = { user: string; concerned: boolean; objects: PersonObject[] };
export type NameCount = { name: string; count: number };
export type DeniedSample = {
  sequence: number;
  at: string;
  user: string;
  action: string;
  object: string;
  record?: string;
  fields?: string[];
};
export type Preview = {
  at: string;
  starts: string;
  ends: string;
  revision: number;
  policy: string;
  mode: "exact" | "estimate";
  concerned: number;
  looked_at: number;
  gaining?: number;
  losing?: number;
  objects: ObjectPreview[];
  people: PersonPreview[];
  people_left_off?: number;
  largest?: { user: string; object: string; action: string; records: number; error?: number };
  closed_fields: { object: string; field: string; class?: string }[];
  overlapping: { id: string; ends: string; reason: string }[];
  denials: {
    days: number;
    looked_at: number;
    cut_short: boolean;
    allowed: number;
    allowed_anyway: number;
    by_user: NameCount[];
    by_object: NameCount[];
    by_action: NameCount[];
    samples: DeniedSample[];
  };
};

export type TimelineEvent = {
  sequence: number;
  kind: string;
  effective_us: number;
  recorded_us: number | null;
  by: string;
  words: string | null;
  since_boot_us: number;
  boot: string;
  clock: string;
};
export type WouldDenyRow = {
  sequence: number;
  at_us: number;
  user: string;
  action: string;
  object: string;
  record: string | null;
  refusal: string;
  rules: string[];
};
export type WouldDenies = {
  total: number;
  users: Record<string, number>;
  objects: Record<string, number>;
  fields: Record<string, number>;
  actions: Record<string, number>;
  refusals: Record<string, number>;
  rows: WouldDenyRow[];
};
export type ListUnder = {
  sequence: number;
  at_us: number;
  user: string;
  action: string;
  object: string;
  /** The one record that was read; absent for lists and counts. */
  record?: string;
  rows: number;
};
export type WriteUnder = {
  sequence: number;
  object: string;
  record: string;
  by: string;
  operation: string;
  what: string;
  erased: boolean;
  undone_by?: string;
};
export type WindowEvidence = {
  id: string;
  seal_holds: boolean;
  backup: { name: string; manifest: string; holds: boolean; problem: string | null };
  timeline: TimelineEvent[];
  would_denies: WouldDenies;
  lists: ListUnder[];
  writes: WriteUnder[];
  policy: {
    revision: number;
    end_revision: number;
    before: string;
    after: string;
    unchanged: boolean;
    current_revision: number;
  };
};
export type SelfTest = {
  of: number;
  asked: number;
  refused: number;
  still_allowed: {
    sequence: number;
    user: string;
    action: string;
    object: string;
    record: string | null;
    overlay: string | null;
  }[];
};
export type Suggestion = {
  user: string;
  action: string;
  object: string;
  refusal: string;
  rules: string[];
  times: number;
  records: number;
  kind: string;
};
export type WindowReport = {
  request: Schemas["WindowRequest"];
  soundness: string;
  window: WindowEvidence | null;
  preview: Preview | null;
  reality: { users: number; records: number; listed: number; written: number };
  floor: { rows: number; touched: number[]; outside: number[] };
  self_test: SelfTest | null;
  unused: { objects: string[]; actions: string[]; users: string[]; idle: number | null };
  suggestions: Suggestion[];
};

/** A value of a plan as the policy shows it to whoever looks. */
export type Seen = "hidden" | "absent" | { clear: unknown } | { masked: string };
export type Part = string | Record<string, unknown>;
type RecordKey = { object: string; id: string };
export type Conflict = {
  entry: number;
  record: RecordKey;
  part: Part;
  kind: string | Record<string, unknown>;
  before: Seen;
  window: Seen;
  now: Seen;
  choice?: "keep" | "restore";
  may_restore: boolean;
  is_open: boolean;
};
export type PlanGroup = {
  entries: {
    number: number;
    reference: number;
    by: string;
    record: RecordKey;
    operation: string;
    what: string;
  }[];
  standing: "ready" | "waits" | "nothing" | "unfit";
  writes: { record: RecordKey; what: string; changes: { part: Part; now: Seen; then: Seen }[] }[];
  conflicts: Conflict[];
  untouched: { entry: number; record: RecordKey; part: Part; why: string }[];
  problems: string[];
};
export type Plan = {
  writes: number;
  undone: number;
  ready: number;
  waiting: number;
  nothing: number;
  unfit: number;
  groups: PlanGroup[];
  next?: number;
};
export type Outcome = {
  run: string | null;
  writes: number;
  groups: number;
  waiting: number;
  unfit: number;
  moved: number;
  references: number[];
};
export type Run = {
  id: string;
  of: string;
  by: string;
  reason: string;
  begun: string;
  finished?: string;
  writes: number;
};
