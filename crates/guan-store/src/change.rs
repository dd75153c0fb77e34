//! The closed list of what can be changed, as values for the one write method.

use std::collections::BTreeSet;
use std::net::IpAddr;

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Target};
use guan_engine::model::{
    Action, Closing, FieldId, ObjectId, Organization, OrganizationId, OverlayId, Policy, Record,
    RecordId, RecordKey, UserId,
};
use guan_ledger::{Digest, Tip};

use crate::access::AccessChange;
use crate::credential::CredentialChange;
use crate::entity::{Entity, EntityKey};
use crate::job::{JobMark, JobState};
use crate::overlay::SealedOpening;
use crate::record::RecordWrite;
use crate::seeing::SeeingChange;
use crate::shadow::ShadowChange;
use crate::undo::UndoBatch;
use crate::waiting::WaitingChange;
use crate::window::{SwitchChange, WindowStep};

macro_rules! operations {
    ($($variant:ident $name:literal,)+) => {
        /// The operations that change something, one for each [`Change`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("[`Change::", stringify!($variant), "`].")] $variant,)+
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in the ledger.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl Change {
            /// Which operation it is.
            pub const fn operation(&self) -> Operation {
                match self { $(Self::$variant { .. } => Operation::$variant,)+ }
            }
        }
    };
}

/// One change. Each leaves exactly one row in the ledger; [`Change::RecordWouldDenies`] and
/// [`Change::RecordRelaxedLists`] one for each decision or list.
#[derive(Debug, Clone)]
pub enum Change {
    /// Makes an organization with revision 1, which holds nothing but the organization itself.
    CreateOrganization {
        /// The organization; its id must not be empty.
        organization: Organization,
        /// Why.
        reason: String,
    },
    /// Puts another policy in the place of the current one, and records with it if wanted: an import.
    ReplacePolicy {
        /// The whole policy; `policy.organization.id` says whose.
        policy: Box<Policy>,
        /// The revision that it was made from.
        expected: u64,
        /// What becomes of the records.
        records: RecordsChange,
        /// Why; where it was imported from.
        reason: String,
    },
    /// Changes some entities of the current policy.
    EditPolicy {
        /// The organization.
        organization: OrganizationId,
        /// The revision that it was made from.
        expected: u64,
        /// New or changed entities.
        put: Vec<Entity>,
        /// Entities to be taken out.
        remove: Vec<EntityKey>,
        /// Why.
        reason: String,
    },
    /// Makes the content of an earlier revision current again, as a new revision.
    MakeCurrent {
        /// The organization.
        organization: OrganizationId,
        /// The current revision, as the caller knows it.
        expected: u64,
        /// The revision whose content is wanted.
        revision: u64,
        /// Why.
        reason: String,
    },
    /// Creates or changes records, whole.
    PutRecords {
        /// The organization.
        organization: OrganizationId,
        /// The records as they are to be.
        records: Vec<Record>,
        /// The suspension that relaxed the refusal of this write; it is journalled with what was there before.
        under: Option<OverlayId>,
    },
    /// Creates or changes records after the door decided on each; history and claims follow them.
    WriteRecords(Box<RecordWrite>),
    /// Puts records into the bin.
    DeleteRecords {
        /// The organization.
        organization: OrganizationId,
        /// The records.
        keys: Vec<RecordKey>,
        /// The suspension that relaxed the refusal of this write.
        under: Option<OverlayId>,
    },
    /// Takes records out of the bin for good, with their history.
    PurgeRecords {
        /// The organization.
        organization: OrganizationId,
        /// The records.
        keys: Vec<RecordKey>,
        /// Why.
        reason: String,
    },
    /// Takes back writes of a closed window, or of an earlier undo; only [`Gate::undo`](crate::Gate::undo) makes one.
    UndoWrites(Box<UndoBatch>),
    /// Records that records are about to leave in bulk.
    RecordExport(ExportDone),
    /// Records that a masked value is about to be shown in clear.
    RecordReveal(RevealDone),
    /// Records that a masked value is not shown, since as many were shown as the organization lets.
    RefuseReveal(RevealDone),
    /// Puts a record into the bin.
    DeleteRecord {
        /// The organization.
        organization: OrganizationId,
        /// The record.
        key: RecordKey,
        /// The suspension that relaxed the refusal of this write.
        under: Option<OverlayId>,
    },
    /// One step in the life of a window that is asked for; only [`Gate`](crate::Gate) makes one, by the rule of the engine.
    StepWindow(Box<WindowStep>),
    /// Changes who approves windows and how long everything may take.
    ChangeSwitch(Box<SwitchChange>),
    /// Opens an overlay, after a verified backup; only [`Gate::open_window`](crate::Gate::open_window) makes one.
    OpenOverlay(Box<SealedOpening>),
    /// Writes how an overlay ended.
    CloseOverlay {
        /// The organization.
        organization: OrganizationId,
        /// The overlay.
        overlay: OverlayId,
        /// From when it does not count any more, and why.
        closing: Closing,
    },
    /// Records decisions that were [`Decision::Relaxed`], many in one transaction.
    RecordWouldDenies {
        /// The organization.
        organization: OrganizationId,
        /// The decisions.
        decisions: Vec<DecisionRecord>,
    },
    /// Records that lists or counts held more than the policy alone would have shown, many in one transaction.
    RecordRelaxedLists {
        /// The organization.
        organization: OrganizationId,
        /// The lists.
        lists: Vec<RelaxedList>,
    },
    /// Changes by what somebody proves who they are, or opens or ends a session.
    ChangeCredentials {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: CredentialChange,
    },
    /// Begins a job, keeps what it found, or gives it up.
    ChangeJob {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: JobChange,
    },
    /// Starts or stops a shadow.
    ChangeShadow {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: ShadowChange,
    },
    /// Keeps an edit of the policy until a window ends, applies it then, or does what a person decided of it.
    ChangeWaiting {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: WaitingChange,
    },
    /// Asks for access, decides such a request, or takes it back.
    ChangeAccess {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: AccessChange,
    },
    /// Begins or ends that somebody sees as somebody else.
    ChangeSeeing {
        /// The organization.
        organization: OrganizationId,
        /// What; its own name stands in the ledger as operation.
        change: SeeingChange,
    },
    /// Applies what an import found, and ends its job.
    ApplyImport(ImportApplied),
    /// Records a refusal.
    RecordDenial {
        /// The organization.
        organization: OrganizationId,
        /// The decision.
        decision: DecisionRecord,
    },
    /// Records a backup; only [`Store::backup`](crate::Store::backup) makes one, after it was verified.
    BackupTaken(BackupTaken),
    /// Records that a backup was put back; only [`restore`](crate::restore) makes one.
    Restore(RestoreDone),
    /// Records that the database was found to be older than what is remembered of it, or another one.
    FoundOtherDatabase {
        /// What did not fit.
        what: String,
    },
    /// Records that the wall clock is behind what was recorded before.
    ClockAlarm {
        /// How far behind, in milliseconds.
        behind_ms: i64,
    },
    /// Takes the wall clock as right although it is behind the mark. No overlay may be open.
    ConfirmClock {
        /// Why; how the time was checked.
        reason: String,
    },
    /// Receivers of notices are not in the settings any more: nobody tells them anything, and nothing waits for them.
    ForgetReceivers {
        /// The organization.
        organization: OrganizationId,
        /// Their names.
        receivers: Vec<String>,
    },
    /// Ends safe mode: from here on windows can be opened again.
    AcknowledgeSafeMode {
        /// What was found out.
        reason: String,
    },
}

operations! {
    CreateOrganization "create_organization",
    ReplacePolicy "replace_policy",
    EditPolicy "edit_policy",
    MakeCurrent "make_current",
    PutRecords "put_records",
    WriteRecords "write_records",
    DeleteRecords "delete_records",
    PurgeRecords "purge_records",
    UndoWrites "undo_writes",
    RecordExport "export_records",
    RecordReveal "reveal_value",
    RefuseReveal "refuse_reveal",
    DeleteRecord "delete_record",
    StepWindow "step_window",
    ChangeSwitch "change_switch",
    OpenOverlay "open_overlay",
    CloseOverlay "close_overlay",
    RecordWouldDenies "record_would_denies",
    RecordRelaxedLists "record_relaxed_lists",
    ChangeCredentials "change_credentials",
    ChangeJob "change_job",
    ChangeShadow "change_shadow",
    ChangeWaiting "change_waiting_edit",
    ChangeAccess "change_access_request",
    ChangeSeeing "change_seeing_as",
    ApplyImport "apply_import",
    RecordDenial "record_denial",
    BackupTaken "take_backup",
    Restore "restore",
    FoundOtherDatabase "find_other_database",
    ClockAlarm "find_clock_alarm",
    ConfirmClock "confirm_clock",
    AcknowledgeSafeMode "acknowledge_safe_mode",
    ForgetReceivers "forget_receivers",
}

/// What becomes of the records when a policy is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordsChange {
    /// They stay.
    Keep,
    /// These are created or changed, the others stay.
    Put(Vec<Record>),
    /// These and no others are left.
    Replace(Vec<Record>),
}

/// A change of a job. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobChange {
    /// `begin_job`: a new one waits to be worked on.
    Begin {
        /// Its id, not used before.
        id: String,
        /// What sort of work.
        kind: String,
        /// What it is told, as JSON.
        options: String,
        /// What it works on.
        input: Vec<u8>,
        /// Overlays without which its author could not have begun it: it stops at the end of the first of them.
        under: BTreeSet<OverlayId>,
    },
    /// `end_job`: it was worked on.
    Find {
        /// Its id.
        id: String,
        /// What it is then.
        state: JobState,
        /// What it found, as JSON.
        found: String,
    },
    /// `apply_job`: what it found is to be applied bit by bit.
    Apply {
        /// Its id.
        id: String,
    },
    /// `go_on_with_job`: a batch was done that changed nothing.
    Mark(JobMark),
    /// `cancel_job`: it is given up, and its input is forgotten.
    Cancel {
        /// Its id.
        id: String,
    },
}

impl JobChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Begin { .. } => "begin_job",
            Self::Find { .. } => "end_job",
            Self::Apply { .. } => "apply_job",
            Self::Mark(_) => "go_on_with_job",
            Self::Cancel { .. } => "cancel_job",
        }
    }
}

/// An import that is to be applied.
#[derive(Debug, Clone)]
pub struct ImportApplied {
    /// Its job.
    pub job: String,
    /// The whole policy; `policy.organization.id` says whose.
    pub policy: Box<Policy>,
    /// The revision that is current, as the caller knows it.
    pub expected: u64,
    /// What becomes of the records.
    pub records: RecordsChange,
    /// Why.
    pub reason: String,
}

/// A decision as it is recorded: names and ids, never a value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Who was asked about.
    pub subject: UserId,
    /// Where the session came from.
    pub address: Option<IpAddr>,
    /// What was asked for.
    pub action: Action,
    /// On what.
    pub on: Target,
    /// Which fields.
    pub fields: Vec<FieldId>,
    /// The answer.
    pub decision: Decision,
    /// Of how many records of one act, where it stands for more than the one, and the digest of their ids.
    pub many: Option<(u64, Digest)>,
}

impl DecisionRecord {
    /// What is recorded of an answer to a request.
    pub fn new(request: &Request<'_>, decision: Decision) -> Self {
        Self {
            subject: request.session.subject.clone(),
            address: request.session.address,
            action: request.action.clone(),
            on: request.on.clone(),
            fields: request.fields.clone(),
            decision,
            many: None,
        }
    }
}

/// What one overlay added to a list or a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelaxedList {
    /// Who was asked about.
    pub subject: UserId,
    /// Where the session came from.
    pub address: Option<IpAddr>,
    /// What the list is of: records on which this may be done.
    pub action: Action,
    /// The object.
    pub object: ObjectId,
    /// The overlay.
    pub overlay: OverlayId,
    /// The record that it added, where it is one.
    pub record: Option<RecordId>,
    /// How many records it added.
    pub rows: u64,
    /// The digest of their ids, one per line in the order of the list; `None` for a count.
    pub ids: Option<Digest>,
}

/// Records that leave in bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportDone {
    /// The organization.
    pub organization: OrganizationId,
    /// For whom.
    pub subject: UserId,
    /// Where the session comes from.
    pub address: Option<IpAddr>,
    /// Of which object.
    pub object: ObjectId,
    /// With which fields.
    pub fields: Vec<FieldId>,
    /// How many.
    pub rows: u64,
    /// The digest of their ids, one per line in order.
    pub ids: Digest,
}

/// A masked value that is shown in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealDone {
    /// The organization.
    pub organization: OrganizationId,
    /// To whom.
    pub subject: UserId,
    /// Where the session comes from.
    pub address: Option<IpAddr>,
    /// Of which record.
    pub key: RecordKey,
    /// Which field.
    pub field: FieldId,
    /// Why, in the words of the subject.
    pub reason: String,
}

/// A verified backup that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupTaken {
    pub(crate) name: String,
    pub(crate) manifest: Digest,
    pub(crate) reason: String,
    pub(crate) bytes: u64,
}

/// A restore that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreDone {
    pub(crate) name: String,
    pub(crate) manifest: Digest,
    pub(crate) reason: String,
    pub(crate) rows_kept: u64,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Whose log has the rows; empty for the log of the installation.
    pub organization: String,
    /// The first ledger row of the change.
    pub sequence: u64,
    /// How many rows: one, or one for each decision.
    pub rows: u64,
    /// The end of the log after it.
    pub tip: Tip,
    /// The policy revision that came of it, if one did.
    pub revision: Option<u64>,
    /// How many entities or records changed.
    pub affected: u64,
}
