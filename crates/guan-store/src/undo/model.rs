//! What an undo is told and what it says: the journal, what is there, what is selected, decided, in the way and to be written.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{FieldId, Policy, Record, RecordKey, UserId};
use serde::{Deserialize, Serialize};

use super::part::{Part, PartValue};

/// One write under a window that normal rules would have refused, with what was there before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journalled {
    /// Its place in the journal.
    pub number: u64,
    /// The ledger row of the decision that let it through.
    pub decision: u64,
    /// The writes that hang together, such as a record and what was deleted along with it: they are
    /// undone together or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cascade: Option<u64>,
    /// Who wrote.
    pub by: UserId,
    /// The record.
    pub key: RecordKey,
    /// Before; absent when the write made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Record>,
    /// After; absent when the write deleted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Record>,
}

/// What there is at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Present<'a> {
    /// The policy, for where relations lead.
    pub policy: &'a Policy,
    /// Every record that the journal names and every parent that a before-image names. What is not
    /// here is not there.
    pub records: &'a BTreeMap<RecordKey, Record>,
    /// For each record that a write under the window made: the records that point to it.
    pub pointing: &'a BTreeMap<RecordKey, BTreeSet<RecordKey>>,
    /// Records that were erased. They are not touched again.
    pub erased: &'a BTreeSet<RecordKey>,
    /// Fields that were erased on single records.
    pub erased_fields: &'a BTreeMap<RecordKey, BTreeSet<FieldId>>,
    /// Writes of the journal that were taken back already, by their numbers.
    pub undone: &'a BTreeMap<u64, Undone>,
    /// For parts of which a history is kept: the ledger rows that changed them, without those that an undo took back.
    pub changes: &'a Changes,
    /// Writes that made a record which somebody changed since, other than under a window.
    pub touched: &'a BTreeSet<u64>,
}

/// The ledger rows that changed a part of a record.
pub type Changes = BTreeMap<RecordKey, BTreeMap<Part, BTreeSet<u64>>>;

/// How much of a write was taken back already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// All of it.
    Whole,
    /// These fields.
    Fields(BTreeSet<FieldId>),
}

/// What is to be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Everything.
    Window,
    /// What one user wrote.
    User(UserId),
    /// What was written on one record.
    Record(RecordKey),
    /// What was written into one field of one record.
    Field {
        /// The record.
        record: RecordKey,
        /// The field.
        field: FieldId,
    },
    /// Single writes by their numbers.
    Entries(BTreeSet<u64>),
}

/// What a person decides about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// What is there stays.
    Keep,
    /// What was there before the window comes back.
    Restore,
}

/// Decisions about conflicts, by write and part.
pub type Choices = BTreeMap<(u64, Part), Choice>;

/// What keeps something from being undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Somebody changed it later.
    ChangedLater,
    /// Somebody deleted the record later.
    GoneLater,
    /// The record was made under the window, and these point to it.
    PointedTo(BTreeSet<RecordKey>),
    /// The record was deleted under the window, and its id is in use again.
    IdTaken,
    /// The record was deleted under the window, and its parent is not there.
    ParentGone(RecordKey),
}

impl ConflictKind {
    /// Whether a person may decide to restore all the same.
    pub const fn may_restore(&self) -> bool {
        matches!(self, Self::ChangedLater)
    }
}

/// Something that a person has to decide, with its three values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The write.
    pub entry: u64,
    /// The record.
    pub key: RecordKey,
    /// The part.
    pub part: Part,
    /// What is in the way.
    pub kind: ConflictKind,
    /// Before the write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<PartValue>,
    /// As the write left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<PartValue>,
    /// Now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<PartValue>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

impl Conflict {
    /// Whether somebody still has to decide.
    pub fn is_open(&self) -> bool {
        match self.choice {
            Some(Choice::Keep) => false,
            Some(Choice::Restore) => !self.kind.may_restore(),
            None => true,
        }
    }
}

/// Why a part stays as it is without anybody having to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UntouchedWhy {
    /// It was erased, and what is erased does not come back.
    Erased,
    /// It is as it was before already.
    BackAlready,
    /// It was taken back by an earlier undo.
    UndoneAlready,
}

/// A part that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untouched {
    /// The write.
    pub entry: u64,
    /// The record.
    pub key: RecordKey,
    /// The part.
    pub part: Part,
    /// Why.
    pub why: UntouchedWhy,
}

/// One record as an undo would write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoWrite {
    /// The record.
    pub key: RecordKey,
    /// What has to be there when it is written; if it is not, the plan is out of date.
    pub from: Option<Record>,
    /// What is to be there; absent to remove it.
    pub to: Option<Record>,
}

/// How far a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It can be written.
    Ready,
    /// Somebody has to decide first; nothing of it is written until then.
    Waits,
    /// There is nothing to write.
    Nothing,
    /// What was there does not fit the policy any more, so it cannot be written.
    Unfit,
}

/// Writes that are undone in one transaction, together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanGroup {
    /// The journalled writes, the newest first.
    pub entries: Vec<u64>,
    /// How far it is.
    pub standing: Standing,
    /// What would be written, in this order; nothing while it waits.
    pub writes: Vec<UndoWrite>,
    /// What has to be decided, or was.
    pub conflicts: Vec<Conflict>,
    /// What stays as it is.
    pub untouched: Vec<Untouched>,
    /// The places of old values that do not fit the policy any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl PlanGroup {
    /// Its writes as journal entries, so that the undo can be undone as a whole. The first one has
    /// the number `first`, which also names what hangs together.
    pub fn journal(&self, first: u64, decision: u64, by: &UserId) -> Vec<Journalled> {
        let numbered = (first..).zip(&self.writes);
        numbered
            .map(|(number, write)| Journalled {
                number,
                decision,
                cascade: Some(first),
                by: by.clone(),
                key: write.key.clone(),
                before: write.from.clone(),
                after: write.to.clone(),
            })
            .collect()
    }
}

/// What an undo would do. Making it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The groups in the order in which they have to be written: the newest first.
    pub groups: Vec<PlanGroup>,
}

impl Plan {
    /// Every conflict that still has to be decided.
    pub fn open_conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.groups.iter().flat_map(|group| &group.conflicts).filter(|conflict| conflict.is_open())
    }
}
