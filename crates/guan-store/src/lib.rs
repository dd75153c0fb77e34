//! Policy revisions, overlays, records and the ledger in `SQLite`; one way to write.
//!
//! # Invariants
//!
//! - Nothing changes without its ledger row in the same transaction: [`Store::write`] is the only way to write.
//! - Revisions, ledger rows and overlays are never changed; triggers refuse it, hashes and seals show it.
//! - The organization leads every key; nothing crosses it.
//! - What a copy of the database must not be able to bring back lives beside it: incarnation, key, clock mark, ends of the logs.
//! - Time, caller and interruptions arrive as values; only ids and keys take random bytes, in one place.
//! - Anything unknown, failing or unverifiable means that no overlay acts.

mod access;
mod apply;
mod apply_records;
mod backup;
#[cfg(any(test, feature = "stand"))]
mod bare;
mod born;
mod caller;
mod canonical;
mod change;
mod copy;
mod credential;
mod database;
mod decide;
mod decision;
mod entity;
mod error;
mod fault;
mod feed;
mod gate;
mod ground;
mod in_place;
mod in_use;
mod job;
mod listing;
mod loading;
mod log;
mod merge;
mod migration;
mod off;
mod outbox;
mod overlay;
mod patience;
mod people;
mod place;
mod preview;
mod query;
mod random;
mod read;
mod record;
mod records;
mod report;
mod reserve;
mod restore;
mod revealing;
mod revision;
mod seal;
mod seeing;
mod shadow;
mod side;
mod sql;
mod sqlite;
mod starter;
mod states;
mod store;
mod undo;
mod waiting;
mod window;
mod within;
mod write;

pub use access::{
    ACCESS_DAYS, ACCESS_OPEN_DAYS, ACCESS_OPEN_MAX, AccessChange, AccessGiven, AccessRequest,
    AccessState, AccessWanted,
};
pub use backup::{
    Backup, BackupError, BackupFile, Content, MANIFEST_FILE, Manifest, OrganizationContent,
    backup_manifest, verify_backup,
};
#[cfg(any(test, feature = "stand"))]
pub use bare::{Opened, Overlapping, OverlayRequest};
pub use born::{Born, Given};
pub use caller::{Caller, ClockReading};
pub use change::{
    BackupTaken, Change, DecisionRecord, ExportDone, ImportApplied, JobChange, Operation,
    RecordsChange, RelaxedList, RestoreDone, RevealDone, Written,
};
pub use credential::{Account, CredentialChange, NewSession, NewToken, StoredSession, StoredToken};
pub use decide::{Answer, Recording};
pub use decision::refusal_code;
pub use entity::{
    BadEntity, Difference, Entities, Entity, EntityKey, EntityKind, NotAKind, assemble,
    differences, digest, dump, entities, policy_digest,
};
pub use error::{FileError, ReadError, StorageError};
pub use fault::{Faults, Happening, Interrupted, POINTS};
pub use gate::{
    Acting, AggregateRow, Aggregation, AnswerKey, Asking, Begun, Behind, BinPage, BulkAssignment,
    BulkOutcome, BulkRefusal, Changed, Doing, DueReturn, Duties, FieldView, FloorProof, Found,
    Gate, GateError, HistoryEntry, HistoryPage, ImportBatch, ImportOutcome, ImportRow, KeptAnswer,
    LongRead, Measure, NewRecord, NotAToken, ObjectView, Placing, PoolFault, REVEAL, Reader,
    Reality, Received, ReceivedPage, RecordFault, RecordPage, RecordPatch, RecordQuery,
    RecordReader, Seen, SelfTested, ShownChange, ShownConflict, ShownEntry, ShownGroup, ShownLeft,
    ShownRequest, ShownWrite, StillAllowed, Suggestion, Tail, Token, UndoChoice, UndoFault,
    UndoOrder, UndoOutcome, UndoPlace, UndoPlan, UndoViewer, Unused, View, WindowCall, WindowFault,
    WindowReport,
};
pub use job::{Job, JobMark, JobState};
pub use listing::{Counted, Listed};
pub use log::{ExportError, INSTALLATION_LOG, LedgerError, VerifyError};
pub use merge::{
    MergeConflict, MergeDecision, Merged, WaitingEdit, decided, merge, merge_in_order,
};
pub use migration::MigrationError;
pub use off::{LENGTH_DEFAULT, LENGTH_MAX, OffError, Swept};
pub use outbox::{OutboxNotice, ReceiverLag};
pub use overlay::{Sealed, SealedOpening, StoredClosing, StoredOverlay, Which};
pub use patience::Patience;
pub use people::mail_of;
pub use place::DatabasePlace;
pub use preview::{
    ActionPreview, Amount, DENIAL_DAYS, DenialsPreview, DeniedSample, LargestGain, NameCount,
    ObjectPreview, OverlappingWindow, PersonAction, PersonObject, PersonPreview, PreviewMode,
    Progress, UnitPreview, WindowPreview,
};
pub use query::{Filter, FilterFault, PageCursor};
pub use record::{BinEntry, RecordVerb, RecordWrite, Stamp};
pub use report::{
    BackupProof, End, Event, ListUnder, OverlayStatus, PolicyProof, Report, Status, WouldDenies,
    WouldDenyRow, WriteUnder,
};
pub use restore::{RestoreError, Restored, restore, restore_in};
pub use revealing::{REVEAL_LIMIT, RevealsSoFar};
pub use revision::{Revision, RevisionOrigin};
pub use seeing::{SEEING_MINUTES, SeeingAs, SeeingChange};
pub use shadow::{
    DraftEntity, DraftKey, SHADOW_DAYS, SHADOW_RECORDS_MAX, SHADOWS_MAX, Shadow, ShadowChange,
    ShadowDifference, ShadowDraft, ShadowReport, ShadowTally,
};
pub use side::{SIDE_FILE, SafeMode, SideError};
pub use sqlite::Access;
pub use starter::starter_policy;
pub use store::{BACKUPS_FOLDER, DATABASE_FILE, LEASE, OpenError, Options, Store, TOLERANCE};
pub use undo::{
    Changes, Choice, Choices, Conflict, ConflictKind, Journalled, Part, PartValue, Plan, PlanGroup,
    Present, Selection, Standing, UndoBatch, UndoRun, UndoWrite, Undone, Untouched, UntouchedWhy,
    plan,
};
pub use waiting::{
    EditFindings, EditState, EditToKeep, KeptEdit, WaitingChange, may_unfit, touches,
};
pub use window::{
    SettingsInForce, Soundness, StoredRequest, SwitchChange, WindowDocument, WindowStep,
};
pub use write::WriteError;
