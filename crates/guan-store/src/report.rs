//! What a window was, what it let through and how it ended, put together from rows that can be verified.

use std::collections::BTreeMap;

use guan_engine::activity::{Dormant, NodeFacts, Seal, is_acting};
use guan_engine::model::{Moment, OrganizationId, Overlay, OverlayEffect, OverlayId, Span};
use guan_ledger::{ClockState, Digest, Entry, Kind, Row};
use serde::Serialize;

use crate::backup::verify_backup;
use crate::caller::ClockReading;
use crate::database::values;
use crate::error::{ReadError, StorageError};
use crate::overlay::{StoredClosing, StoredOverlay, Which};
use crate::side::SafeMode;
use crate::store::{BACKUPS_FOLDER, Store};
use crate::undo::what_of;
use crate::waiting::touches;
use crate::{log, sql};

/// Where the off switch stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The organization.
    pub organization: OrganizationId,
    /// When this was asked.
    pub at: Moment,
    /// Why no window can be opened, if so.
    pub safe_mode: Option<SafeMode>,
    /// The latest wall clock that was ever recorded.
    pub high_water: Moment,
    /// The overlays whose end is not written, in the order of their ids.
    pub overlays: Vec<OverlayStatus>,
    /// When the last that acts ends; `None` when the policy is enforced for everybody.
    pub effective_end: Option<Moment>,
}

/// How one overlay stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverlayStatus {
    /// Its id.
    pub id: OverlayId,
    /// What was opened.
    pub overlay: Overlay,
    /// Who opened it.
    pub requested_by: String,
    /// Whether it acts.
    pub acting: bool,
    /// Why it does not.
    pub dormant: Option<Dormant>,
    /// How long it still lasts by the wall clock, while it acts.
    pub left: Option<Span>,
    /// How many questions, lists and writes were recorded so far that it alone allowed.
    pub would_denies: u64,
}

/// Everything about one overlay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The overlay's id.
    pub id: OverlayId,
    /// What was asked for and opened.
    pub overlay: Overlay,
    /// Who opened it.
    pub requested_by: String,
    /// Whether the row is the one that was written.
    pub seal_holds: bool,
    /// The backup that was taken for it.
    pub backup: BackupProof,
    /// What was recorded of it, in order, apart from the would-denies.
    pub timeline: Vec<Event>,
    /// What it let through.
    pub would_denies: WouldDenies,
    /// Lists and counts that held more because of it.
    pub lists: Vec<ListUnder>,
    /// Records that were written under it.
    pub writes: Vec<WriteUnder>,
    /// Proof that the policy is what it was.
    pub policy: PolicyProof,
    /// How it ended.
    pub end: End,
}

/// What can be shown of the backup now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupProof {
    /// Its name.
    pub name: String,
    /// The digest of its manifest, as sealed.
    pub manifest: Digest,
    /// Whether it is there and holds, checked for this report.
    pub holds: bool,
    /// What is wrong with it, if not.
    pub problem: Option<String>,
}

/// One recorded event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Its ledger row.
    pub sequence: u64,
    /// What it is.
    pub kind: Kind,
    /// When it took effect, in microseconds since 1970.
    pub effective_us: i64,
    /// When it was recorded, if later.
    pub recorded_us: Option<i64>,
    /// Who called.
    pub by: String,
    /// In which words.
    pub words: Option<String>,
    /// Boot-time clock, in microseconds since boot.
    pub since_boot_us: u64,
    /// Which boot.
    pub boot: String,
    /// What was known about the wall clock.
    pub clock: ClockState,
}

/// What a window let through, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WouldDenies {
    /// All of them.
    pub total: u64,
    /// By subject.
    pub users: BTreeMap<String, u64>,
    /// By object.
    pub objects: BTreeMap<String, u64>,
    /// By `object.field`, for refusals of fields.
    pub fields: BTreeMap<String, u64>,
    /// By action.
    pub actions: BTreeMap<String, u64>,
    /// By refusal: `out_of_reach`.
    pub refusals: BTreeMap<String, u64>,
    /// Each, in order.
    pub rows: Vec<WouldDenyRow>,
}

/// One would-deny.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WouldDenyRow {
    /// Its ledger row.
    pub sequence: u64,
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// The subject.
    pub user: String,
    /// The action.
    pub action: String,
    /// The object.
    pub object: String,
    /// The record, if it was one.
    pub record: Option<String>,
    /// What the policy says.
    pub refusal: String,
    /// By which rule, if one.
    pub rules: Vec<String>,
}

/// A list or count that held more than the policy alone would have shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListUnder {
    /// Its ledger row.
    pub sequence: u64,
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// The subject.
    pub user: String,
    /// The action.
    pub action: String,
    /// The object.
    pub object: String,
    /// The record that was added, where it is one: that it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// How many records were added.
    pub rows: u64,
    /// The digest of their ids; `None` for a count.
    pub ids: Option<Digest>,
}

/// A record that was written under a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WriteUnder {
    /// The ledger row of the write.
    pub sequence: u64,
    /// The object.
    pub object: String,
    /// The record.
    pub record: String,
    /// Who wrote.
    pub by: String,
    /// The operation.
    pub operation: String,
    /// `created`, `changed` or `deleted`.
    pub what: String,
    /// Whether its images were erased, so that it cannot be undone any more.
    pub erased: bool,
    /// The undo that took it back, or a field of it; absent where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
}

/// Proof that the policy is what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyProof {
    /// The revision in force when it opened.
    pub revision: u64,
    /// The revision in force at its end; while it lasts, the current one.
    pub end_revision: u64,
    /// Its digest when it opened, as sealed.
    pub before: Digest,
    /// The digest of the revision at the end, computed anew from its entities for this report.
    pub after: Digest,
    /// Whether both revisions and both digests are equal.
    pub unchanged: bool,
    /// The revisions that were made while it lasted; each outside of its scope, what is inside waited.
    pub made_meanwhile: Vec<u64>,
    /// Whether nothing inside its scope differs between the two revisions, compared anew for this report.
    pub scope_unchanged: bool,
    /// The current revision; later ones than that at the end were made after it.
    pub current_revision: u64,
}

/// How an overlay ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum End {
    /// It acts at this moment.
    Acting,
    /// It does not act, and its end is not written yet.
    Dormant {
        /// Why.
        why: Dormant,
    },
    /// Its end is written.
    Closed(StoredClosing),
}

impl Store {
    /// Where the off switch stands.
    pub fn status(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
    ) -> Result<Status, ReadError> {
        self.current_revision(organization)?;
        self.status_by(&self.node_facts(organization, clock, Span(0))?)
    }

    /// [`Store::status`] by what another connection, which can record, knows of the node.
    pub fn status_by(&self, node: &NodeFacts) -> Result<Status, ReadError> {
        let organization = &node.organization;
        let mut overlays = Vec::new();
        for stored in self.overlays(organization, Which::Unclosed)? {
            let dormant = is_acting(&stored.row(), node).err();
            let sealed = stored.sealed;
            let key = values![organization.as_str(), stored.id.as_str()];
            overlays.push(OverlayStatus {
                would_denies: self
                    .database
                    .only(sql::LEDGER_USES_OF_OVERLAY, key, |row| row.get(0))?,
                left: dormant.is_none().then(|| sealed.overlay.ends.since(node.wall)),
                acting: dormant.is_none(),
                dormant,
                id: stored.id,
                overlay: sealed.overlay,
                requested_by: sealed.requested_by,
            });
        }
        let acting = overlays.iter().filter(|status| status.acting);
        Ok(Status {
            organization: organization.clone(),
            at: node.wall,
            safe_mode: self.safe_mode()?,
            high_water: node.high_water,
            effective_end: acting.map(|status| status.overlay.ends).max(),
            overlays,
        })
    }

    /// Everything about one overlay; its backup and the digest of its revision are checked anew.
    ///
    /// Cost: reads its ledger rows, its revision and its backup.
    pub fn report(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
        clock: &ClockReading,
    ) -> Result<Report, ReadError> {
        self.report_by(overlay, &self.node_facts(organization, clock, Span(0))?)
    }

    /// [`Store::report`] by what another connection, which can record, knows of the node.
    pub fn report_by(&self, overlay: &OverlayId, node: &NodeFacts) -> Result<Report, ReadError> {
        let organization = &node.organization;
        let stored = self.overlay(organization, overlay)?;
        let (mut timeline, mut lists) = (Vec::new(), Vec::new());
        let mut would_denies = WouldDenies::default();
        for row in log::rows_of_overlay(&self.database, organization.as_str(), overlay.as_str())? {
            let entry = Entry::from_bytes(&row.bytes).map_err(|error| {
                StorageError::unreadable(format!("ledger row {}: {error}", row.sequence))
            })?;
            match entry.kind {
                Kind::WouldDeny => would_denies.count(&row, entry),
                Kind::ListRelaxed => lists.push(list_under(&row, entry)),
                _ => timeline.push(event(&row, entry)),
            }
        }
        let end = match (stored.closing.clone(), is_acting(&stored.row(), node)) {
            (Some(closing), _) => End::Closed(closing),
            (None, Ok(())) => End::Acting,
            (None, Err(why)) => End::Dormant { why },
        };
        let policy = self.policy_proof(organization, &stored, ended(&end, &timeline, &stored))?;
        Ok(Report {
            id: overlay.clone(),
            seal_holds: stored.seal == Seal::Verified,
            backup: self.backup_proof(&stored),
            timeline,
            would_denies,
            lists,
            writes: self.writes_under(organization, overlay)?,
            policy,
            end,
            overlay: stored.sealed.overlay,
            requested_by: stored.sealed.requested_by,
        })
    }

    fn policy_proof(
        &self,
        organization: &OrganizationId,
        stored: &StoredOverlay,
        (row, end): (i64, Moment),
    ) -> Result<PolicyProof, ReadError> {
        let (revision, before) = (stored.sealed.revision, stored.sealed.policy);
        let in_force: Option<u64> = self.database.only(
            sql::REVISION_BEFORE,
            values![organization.as_str(), row, end.0],
            |row| row.get(0),
        )?;
        // None before its end means the one that was sealed.
        let end_revision = in_force.map_or(revision, |in_force| in_force.max(revision));
        let after = self.digest(organization, end_revision)?;
        let current_revision = self.current_revision(organization)?;
        let unchanged = before == after && revision == end_revision;
        let all = self.revisions(organization)?.into_iter().map(|made| made.number);
        let made_meanwhile = all.filter(|made| (revision + 1..=end_revision).contains(made));
        let scope_unchanged = match &stored.sealed.overlay.effect {
            OverlayEffect::Suspension { scope, .. } if !unchanged => {
                let opened = self.policy_at(organization, revision)?;
                !touches(scope, &opened, &self.policy_at(organization, end_revision)?)
            }
            // Edits do not wait for the others, which have no scope.
            _ => unchanged,
        };
        Ok(PolicyProof {
            revision,
            end_revision,
            before,
            after,
            unchanged,
            made_meanwhile: made_meanwhile.collect(),
            scope_unchanged,
            current_revision,
        })
    }

    fn backup_proof(&self, stored: &StoredOverlay) -> BackupProof {
        let (name, manifest) = (stored.sealed.backup.clone(), stored.sealed.manifest);
        let checked = verify_backup(&self.folder.join(BACKUPS_FOLDER).join(&name));
        let problem = match checked {
            Ok(backup) if backup.digest == manifest => None,
            Ok(_) => Some("its manifest is not the one that was sealed".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        BackupProof { name, manifest, holds: problem.is_none(), problem }
    }

    pub(crate) fn writes_under(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<Vec<WriteUnder>, ReadError> {
        let key = values![organization.as_str(), overlay.as_str()];
        let rows = self.database.rows(sql::JOURNAL_WRITES, key, |row| {
            let what: String = row.get(5)?;
            let what = if what.is_empty() { what_of(row.get(6)?, row.get(7)?) } else { &what };
            Ok(WriteUnder {
                sequence: row.get(0)?,
                object: row.get(1)?,
                record: row.get(2)?,
                by: row.get(3)?,
                operation: row.get(4)?,
                what: what.to_owned(),
                erased: row.get(8)?,
                undone_by: row.get(9)?,
            })
        })?;
        Ok(rows)
    }
}

/// Before which ledger row and which moment an overlay was still in force.
fn ended(end: &End, timeline: &[Event], stored: &StoredOverlay) -> (i64, Moment) {
    let always = (i64::MAX, Moment(i64::MAX));
    match (timeline.iter().find(|event| event.kind == Kind::OverlayClosed), end) {
        (Some(closed), _) => {
            let row = i64::try_from(closed.sequence).unwrap_or(i64::MAX);
            // Written when it happened: then the order of the rows says all.
            let end = closed.recorded_us.map_or(always.1, |_| Moment(closed.effective_us / 1_000));
            (row, end)
        }
        (None, End::Acting) => always,
        (None, End::Dormant { .. } | End::Closed(_)) => (i64::MAX, stored.sealed.overlay.ends),
    }
}

impl WouldDenies {
    fn count(&mut self, row: &Row, entry: Entry) {
        let refusal =
            entry.result.and_then(|result| result.error_class).unwrap_or_else(|| "unknown".into());
        let user = entry.who.on_behalf_of.unwrap_or(entry.who.caller);
        let object = entry.what.object.unwrap_or_default();
        let matched = entry.suspension.and_then(|suspension| suspension.scope_match);
        self.total += 1;
        *self.users.entry(user.clone()).or_default() += 1;
        *self.objects.entry(object.clone()).or_default() += 1;
        *self.actions.entry(entry.what.operation.clone()).or_default() += 1;
        *self.refusals.entry(refusal.clone()).or_default() += 1;
        if let Some(field) = matched.as_deref().and_then(|matched| matched.strip_prefix("field:")) {
            *self.fields.entry(field.to_owned()).or_default() += 1;
        }
        self.rows.push(WouldDenyRow {
            sequence: row.sequence,
            at_us: entry.time.wall_us,
            user,
            action: entry.what.operation,
            object,
            record: entry.what.record,
            refusal,
            rules: entry.decision.map(|decision| decision.rules).unwrap_or_default(),
        });
    }
}

fn list_under(row: &Row, entry: Entry) -> ListUnder {
    let (rows, ids) =
        entry.result.map_or((0, None), |result| (result.rows.unwrap_or(0), result.ids));
    ListUnder {
        sequence: row.sequence,
        at_us: entry.time.wall_us,
        user: entry.who.on_behalf_of.unwrap_or(entry.who.caller),
        action: entry.what.operation,
        object: entry.what.object.unwrap_or_default(),
        record: entry.what.record,
        rows,
        ids,
    }
}

fn event(row: &Row, entry: Entry) -> Event {
    Event {
        sequence: row.sequence,
        kind: entry.kind,
        effective_us: entry.time.wall_us,
        recorded_us: entry.time.recorded_at_us,
        by: entry.who.caller,
        words: entry.what.purpose,
        since_boot_us: entry.time.since_boot_us,
        boot: entry.envelope.boot,
        clock: entry.time.clock,
    }
}
