//! The record: who did what when, what was decided and why, and what changed — never a personal value.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::canonical::{self, Uncanonical};
use crate::commitment::Imprint;
use crate::digest::Digest;
use crate::id::EntryId;
use crate::kind::Kind;

/// The newest version of the record's shape that this crate writes and reads; it reads all before it.
pub const SCHEMA: u32 = 1;

/// One record of the log.
///
/// *rule:* values of personal data never enter; fields are named, their content is at most an [`Imprint`].
/// Absent groups and fields are left out of the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerEntry))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where in which log.
    pub envelope: Envelope,
    /// What it is about.
    pub kind: Kind,
    /// When, and how far the clock can be trusted.
    pub time: Time,
    /// Who called.
    pub who: Who,
    /// What was asked for.
    pub what: What,
    /// How it was decided, if there was something to decide.
    pub decision: Option<Decision>,
    /// The overlay that mattered, if one did.
    pub suspension: Option<Suspension>,
    /// What changed, if something did.
    pub change: Option<Change>,
    /// How it ended, if that is known when the record is written.
    pub result: Option<Completion>,
}

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerEnvelope))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The shape's version, [`SCHEMA`] for new records.
    pub schema: u32,
    /// The record's own id.
    pub id: EntryId,
    /// The position in the log: 0 for the first record, then without gaps. It is the leaf index of the tree.
    pub sequence: u64,
    /// The organization whose log this is.
    pub organization: String,
    /// The installation that keeps the log.
    pub instance: String,
    /// How often the installation was restored from a backup; never falls.
    pub incarnation: u64,
    /// The boot of the machine that `since_boot_us` counts from.
    pub boot: String,
}

/// When it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerTime))]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// Wall clock in UTC, microseconds since 1970.
    pub wall_us: i64,
    /// Boot-time clock (it counts in sleep too), microseconds since the boot named in the envelope.
    pub since_boot_us: u64,
    /// What was known about the wall clock.
    pub clock: ClockState,
    /// Wall clock when the record was written, if that was later than the event.
    pub recorded_at_us: Option<i64>,
}

/// What was known about the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerClockState))]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Held by a time source.
    Synced,
    /// Running freely.
    Unsynced,
    /// Jumped against the boot-time clock.
    Stepped,
    /// Nothing is known; treated as the worst.
    Unknown,
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerWho))]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The id of the caller; never a display name.
    pub caller: String,
    /// The session, if there was one.
    pub session: Option<String>,
    /// How the caller proved who they are, by the names of RFC 8176 (`pwd`, `otp`, `hwk`, `mfa`) or `token`, `local`, `system`.
    pub auth_method: Option<String>,
    /// The user the caller acted for.
    pub on_behalf_of: Option<String>,
    /// The address the request came from.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub source_address: Option<IpAddr>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerWhat))]
#[serde(deny_unknown_fields)]
pub struct What {
    /// The operation, as the interface names it: `check_access`, `create_revision`.
    pub operation: String,
    /// The object: `Opportunity`.
    pub object: Option<String>,
    /// The id of the record acted on.
    pub record: Option<String>,
    /// The fields acted on, by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<String>,
    /// The query of a list or report; a commitment where its values may be personal.
    pub query: Option<Imprint>,
    /// Why, as the caller stated it.
    pub purpose: Option<String>,
    /// The request, for finding its other records and log lines.
    pub request: Option<String>,
}

/// Allowed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerVerdict))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The request went ahead.
    Allow,
    /// The request was refused.
    Deny,
}

/// How it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerDecision))]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The answer given.
    pub outcome: Verdict,
    /// The answer without any overlay.
    pub normal_outcome: Verdict,
    /// The stage that decided: `session`, `verb`, `reach`, `restriction`, `field`.
    pub stage: Option<String>,
    /// The deciding rules by id, the weightiest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The digest of the policy revision.
    pub policy: Option<Digest>,
    /// The permission sets that counted, by id.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sets: BTreeSet<String>,
    /// What the answer was bound to.
    pub obligation: Option<Obligation>,
}

impl Decision {
    /// Whether only an overlay let the request through.
    pub fn would_deny(&self) -> bool {
        self.outcome == Verdict::Allow && self.normal_outcome == Verdict::Deny
    }
}

/// What an allowing answer was bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerObligation))]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Fields that were shown masked, by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub masked_fields: BTreeSet<String>,
    /// The most rows the answer could hold.
    pub rows_max: Option<u64>,
}

/// Which of the overlays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerOverlayMode))]
#[serde(rename_all = "snake_case")]
pub enum OverlayMode {
    /// Rules do not refuse inside the scope.
    Suspension,
    /// Users hold a permission set for a while.
    Elevation,
    /// A set, assignment, rule, placement or user does not count for a while.
    Disablement,
    /// A draft is evaluated beside the live policy and changes no answer.
    Shadow,
}

/// The overlay that mattered for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerSuspension))]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// The overlay's id.
    pub overlay: String,
    /// Which kind of overlay.
    pub mode: OverlayMode,
    /// The part of its scope that matched: `object:Opportunity`.
    pub scope_match: Option<String>,
    /// The part of its audience that matched: `user:u-17`, `network:192.0.2.0/24`.
    pub audience_match: Option<String>,
    /// What of the floor was touched and stayed closed.
    pub floor_hit: Option<String>,
}

/// What happened to the thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerChangeKind))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// It is different.
    Updated,
    /// It is gone.
    Deleted,
    /// It took effect.
    Opened,
    /// It ended.
    Closed,
    /// An earlier state is back.
    Restored,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerChange))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What happened to it.
    pub kind: ChangeKind,
    /// The content before; a commitment where it holds personal values.
    pub before: Option<Imprint>,
    /// The content after; a commitment where it holds personal values.
    pub after: Option<Imprint>,
    /// How many things changed.
    pub affected: u64,
    /// The policy revision that came of it.
    pub revision: Option<u64>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerStatus))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was done.
    Done,
    /// It was refused by a rule.
    Refused,
    /// It could not be done.
    Failed,
}

/// How it ended and how much it moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerCompletion))]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// How it ended.
    pub status: Status,
    /// The stable code of the error, if any.
    pub error_class: Option<String>,
    /// Rows returned or exported.
    pub rows: Option<u64>,
    /// Bytes returned or exported.
    pub bytes: Option<u64>,
    /// The digest of the set of record ids returned, one per line in order.
    pub ids: Option<Digest>,
}

/// Why bytes are not a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// The record was written by a newer Guan.
    #[error("the record has schema {found}, this program reads up to {SCHEMA}: use a newer one")]
    Schema {
        /// The version found.
        found: u32,
    },
    /// The bytes are no JSON, or not the shape of a record.
    #[error("the bytes are not a record: {problem}")]
    Shape {
        /// What the parser said, with line and column.
        problem: String,
    },
    /// A record, but in another spelling than the canonical one.
    #[error("the record is not in canonical form from byte {offset} on")]
    Spelling {
        /// The first byte that differs from the canonical form, counted from 0.
        offset: usize,
    },
    /// A record that holds a value without canonical bytes.
    #[error(transparent)]
    Uncanonical(#[from] Uncanonical),
}

impl Entry {
    /// A record with the groups that every record has; set the others by struct update or assignment.
    pub fn new(envelope: Envelope, kind: Kind, time: Time, who: Who, what: What) -> Self {
        Self {
            envelope,
            kind,
            time,
            who,
            what,
            decision: None,
            suspension: None,
            change: None,
            result: None,
        }
    }

    /// The canonical bytes: what is stored and hashed.
    ///
    /// Errors: only a whole number beyond [`canonical::INTEGER_MAX`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, Uncanonical> {
        canonical::bytes_of(self)
    }

    /// Reads what [`Entry::to_bytes`] wrote and nothing else, so that a record has exactly one spelling.
    ///
    /// Errors: other shapes, unknown fields, another spelling of the same record, a newer schema.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let entry: Self = match serde_json::from_slice(bytes) {
            Ok(entry) => entry,
            Err(problem) => {
                return Err(newer_schema(bytes)
                    .unwrap_or(Unreadable::Shape { problem: problem.to_string() }));
            }
        };
        if let found @ (0 | SCHEMA_NEXT..) = entry.envelope.schema {
            return Err(Unreadable::Schema { found });
        }
        let canonical = entry.to_bytes()?;
        match first_difference(&canonical, bytes) {
            Some(offset) => Err(Unreadable::Spelling { offset }),
            None => Ok(entry),
        }
    }
}

const SCHEMA_NEXT: u32 = SCHEMA + 1;

#[derive(Deserialize)]
struct SchemaProbe {
    envelope: SchemaProbeEnvelope,
}

#[derive(Deserialize)]
struct SchemaProbeEnvelope {
    schema: u32,
}

/// A record of a newer shape fails for its age, not for the field that happens to be unknown.
fn newer_schema(bytes: &[u8]) -> Option<Unreadable> {
    let probe: SchemaProbe = serde_json::from_slice(bytes).ok()?;
    let found = probe.envelope.schema;
    (found > SCHEMA).then_some(Unreadable::Schema { found })
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let shared = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    (shared < one.len() || shared < other.len()).then_some(shared)
}
