//! What each change does to the rows, inside the transaction of the write method.

use std::borrow::Cow;
use std::collections::BTreeSet;

use guan_engine::activity::{Journal, NodeFacts, is_acting};
use guan_engine::administration::orphaned;
use guan_engine::answer::Decision;
use guan_engine::lifecycle::{ClosedBy, NoticeKind, Urgency};
use guan_engine::model::{
    Closing, Organization, OrganizationId, OverlayEffect, OverlayId, Policy, Span,
};
use guan_ledger::{ChangeKind, Kind, OverlayMode, Status, Suspension};

use crate::change::{BackupTaken, Change, DecisionRecord, RestoreDone};
use crate::database::values;
use crate::entity::{self, Entities, Entity, EntityKey, EntityKind};
use crate::log::{Draft, INSTALLATION_LOG, completion};
use crate::overlay::{self, SealedOpening, StoredClosing, Which};
use crate::revision::{self, Made, Next, RevisionOrigin};
use crate::store::{LEASE, TOLERANCE};
use crate::write::{Effect, WriteError, Writing};
use crate::{canonical, decision, feed, seal, sql};

impl Writing<'_> {
    pub(crate) fn apply(&self, change: &Change) -> Result<Effect, WriteError> {
        let operation = change.operation().name();
        match change {
            Change::CreateOrganization { organization, reason } => {
                self.create_organization(operation, organization, reason)
            }
            Change::ReplacePolicy { policy, expected, records, reason } => {
                self.replace_policy(operation, (policy, *expected), records, reason)
            }
            Change::EditPolicy { organization, expected, put, remove, reason } => {
                self.edit_policy(operation, (organization, *expected), (put, remove), reason)
            }
            Change::MakeCurrent { organization, expected, revision, reason } => {
                self.make_current(operation, (organization, *expected), *revision, reason)
            }
            Change::PutRecords { organization, records, under } => {
                self.put_records(operation, organization, records, under.as_ref())
            }
            Change::DeleteRecord { organization, key, under } => {
                let keys = std::slice::from_ref(key);
                self.delete_records(operation, organization, keys, under.as_ref())
            }
            Change::WriteRecords(write) => self.write_records(write),
            Change::DeleteRecords { organization, keys, under } => {
                self.delete_records(operation, organization, keys, under.as_ref())
            }
            Change::PurgeRecords { organization, keys, reason } => {
                self.purge_records(operation, organization, keys, reason)
            }
            Change::UndoWrites(batch) => self.undo_writes(operation, batch),
            Change::RecordExport(export) => self.record_export(operation, export),
            Change::RecordReveal(reveal) => self.record_reveal(operation, reveal),
            Change::RefuseReveal(reveal) => self.refuse_reveal(reveal),
            Change::StepWindow(step) => self.step_window(step),
            Change::ChangeSwitch(change) => self.change_switch(operation, change),
            Change::OpenOverlay(opening) => self.open_overlay(operation, opening),
            Change::CloseOverlay { organization, overlay, closing } => {
                self.close_overlay(operation, organization, overlay, closing)
            }
            Change::RecordWouldDenies { organization, decisions } => {
                self.decisions(organization, decisions, Kind::WouldDeny)
            }
            Change::RecordDenial { organization, decision } => {
                self.decisions(organization, std::slice::from_ref(decision), Kind::DecisionDenied)
            }
            Change::RecordRelaxedLists { organization, lists } => {
                self.ground.policy(self.tx, organization)?;
                self.all_acting(organization, lists.iter().map(|list| &list.overlay))?;
                let drafts: Vec<_> = lists.iter().map(decision::list_draft).collect();
                let affected = lists.iter().map(|list| list.rows).sum();
                let organization = organization.to_string();
                Ok(Effect { organization, drafts, revision: None, affected })
            }
            Change::ChangeCredentials { organization, change } => {
                self.change_credentials(organization, change)
            }
            Change::ChangeJob { organization, change } => self.change_job(organization, change),
            Change::ChangeShadow { organization, change } => {
                self.change_shadow(organization, change)
            }
            Change::ChangeWaiting { organization, change } => {
                self.change_waiting(organization, change)
            }
            Change::ChangeAccess { organization, change } => {
                self.change_access(organization, change)
            }
            Change::ChangeSeeing { organization, change } => {
                self.change_seeing(organization, change)
            }
            Change::ApplyImport(import) => self.apply_import(operation, import),
            Change::BackupTaken(taken) => Ok(backup_taken(operation, taken)),
            Change::Restore(done) => self.restored(operation, done),
            Change::FoundOtherDatabase { what } => self.found_other_database(operation, what),
            Change::ClockAlarm { behind_ms } => self.clock_alarm(operation, *behind_ms),
            Change::ConfirmClock { reason } => self.confirm_clock(operation, reason),
            Change::AcknowledgeSafeMode { reason } => self.acknowledge(operation, reason),
            Change::ForgetReceivers { organization, receivers } => {
                self.forget_receivers(operation, organization, receivers)
            }
        }
    }

    fn create_organization(
        &self,
        operation: &str,
        organization: &Organization,
        reason: &str,
    ) -> Result<Effect, WriteError> {
        let id = &organization.id;
        if id.as_str() == INSTALLATION_LOG {
            return Err(WriteError::NoOrganization);
        }
        if revision::current(self.tx, id).is_ok() {
            return Err(WriteError::OrganizationExists { organization: id.to_string() });
        }
        let policy = Policy { organization: organization.clone(), ..Policy::default() };
        let after = Self::checked(id, &policy)?;
        let kind = (Kind::OrganizationCreated, RevisionOrigin::Created);
        self.revise(operation, id, kind, (None, &after), reason)
    }

    pub(crate) fn edit_policy(
        &self,
        operation: &str,
        (organization, expected): (&OrganizationId, u64),
        (put, remove): (&[Entity], &[EntityKey]),
        reason: &str,
    ) -> Result<Effect, WriteError> {
        let before = self.current(organization, expected)?;
        let after = self.edited(organization, &before.1, (put, remove))?;
        self.not_held(organization, (&before.1, &after))?;
        let kind = (Kind::RevisionCreated, RevisionOrigin::Edited);
        self.revise(operation, organization, kind, (Some(before), &after), reason)
    }

    fn make_current(
        &self,
        operation: &str,
        (organization, expected): (&OrganizationId, u64),
        wanted: u64,
        reason: &str,
    ) -> Result<Effect, WriteError> {
        let before = self.current(organization, expected)?;
        revision::one(self.tx, organization, wanted)?;
        let after = revision::entities(self.tx, organization, wanted)?;
        self.not_held(organization, (&before.1, &after))?;
        let kind = (Kind::RevisionMadeCurrent, RevisionOrigin::MadeCurrent);
        self.revise(operation, organization, kind, (Some(before), &after), reason)
    }

    /// The current revision with its entities, if it is the expected one.
    pub(crate) fn current(
        &self,
        organization: &OrganizationId,
        expected: u64,
    ) -> Result<(u64, Entities), WriteError> {
        let found = revision::current(self.tx, organization)?;
        if found != expected {
            return Err(WriteError::Conflict { expected, found });
        }
        Ok((found, revision::entities(self.tx, organization, found)?))
    }

    /// What this node knows, as for decisions.
    pub(crate) fn facts(
        &self,
        organization: &OrganizationId,
        journal: Journal,
    ) -> Result<NodeFacts, WriteError> {
        let inside = self.ground.high_water(self.tx)?;
        Ok(NodeFacts {
            organization: organization.clone(),
            wall: self.clock.wall,
            boot_clock: self.clock.boot_clock,
            boot_id: self.clock.boot_id.clone(),
            high_water: self.side.high_water.max(inside),
            // The rows were read in this very transaction.
            view_age: Span(0),
            lease: LEASE,
            tolerance: TOLERANCE,
            incarnation: self.side.incarnation,
            journal,
        })
    }

    /// The entities of a policy of this organization without problems.
    pub(crate) fn checked(
        organization: &OrganizationId,
        policy: &Policy,
    ) -> Result<Entities, WriteError> {
        let found = &policy.organization.id;
        if found != organization {
            let (found, organization) = (found.to_string(), organization.to_string());
            return Err(WriteError::OtherOrganization { found, organization });
        }
        let problems = policy.validate();
        if problems.is_empty() {
            Ok(entity::entities(policy)?)
        } else {
            Err(WriteError::Problems(problems))
        }
    }

    /// Refuses a policy that nobody could repair, where somebody can now.
    pub(crate) fn keeps_administrators(
        &self,
        before: &Entities,
        after: &Entities,
    ) -> Result<(), WriteError> {
        if matters_to_administrators(before).eq(matters_to_administrators(after)) {
            return Ok(());
        }
        let before = || revision::policy(before).map(Cow::Owned);
        match orphaned(before, &revision::policy(after)?, self.clock.wall)? {
            Some(lost) => Err(WriteError::LastAdministrator(lost)),
            None => Ok(()),
        }
    }

    /// Writes a revision, however it came to be: the one way that all take.
    pub(crate) fn write_revision(&self, next: &Next<'_>) -> Result<Option<Made>, WriteError> {
        if let Some((_, before)) = next.before {
            self.keeps_administrators(before, next.after)?;
            self.end_credentials(next.organization, before, next.after)?;
        }
        Ok(revision::write(self.tx, next)?)
    }

    pub(crate) fn revise(
        &self,
        operation: &str,
        organization: &OrganizationId,
        (kind, origin): (Kind, RevisionOrigin),
        (before, after): (Option<(u64, Entities)>, &Entities),
        reason: &str,
    ) -> Result<Effect, WriteError> {
        let next = Next {
            organization,
            origin,
            author: &self.caller.id,
            reason,
            at: self.clock.wall,
            before: before.as_ref().map(|(number, entities)| (*number, entities)),
            after,
        };
        let made = self.write_revision(&next)?.ok_or(WriteError::Nothing)?;
        let change = if made.before.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        let draft = Draft::new(kind, operation)
            .because(reason)
            .changed(change, made.changed)
            .imprints(made.before, Some(made.after))
            .revision(made.number);
        Ok(Effect::one(organization.as_str(), draft))
    }

    fn open_overlay(&self, operation: &str, opening: &SealedOpening) -> Result<Effect, WriteError> {
        let sealed = &opening.sealed;
        let organization = &sealed.overlay.organization;
        // The backup holds this very revision; another one would be restored as something else.
        let found = revision::current(self.tx, organization)?;
        if found != sealed.revision {
            return Err(WriteError::Conflict { expected: sealed.revision, found });
        }
        let (text, seal) = seal::seal(self.side, sealed)?;
        let (org, id, ends) = (organization.as_str(), sealed.id.as_str(), sealed.overlay.ends.0);
        self.tx.run(sql::OVERLAY_CREATE, values![org, id, text, seal, ends])?;
        let urgency = opening.step.as_ref().map(|step| step.request.wanted.urgency);
        let kind = match urgency {
            None | Some(Urgency::Usual) => NoticeKind::Opened,
            Some(Urgency::Emergency) => NoticeKind::EmergencyOpened,
        };
        let request = opening.step.as_ref().map(|step| &step.request);
        let opened = request.and_then(|request| request.opened.as_ref());
        let in_spite_of = opened.and_then(|opened| opened.in_spite_of.first());
        let in_spite_of = in_spite_of.map(|hindrance| hindrance.name());
        let at = (self.clock.wall, in_spite_of.unwrap_or_default());
        self.notice(kind, (&sealed.id, &sealed.overlay), at)?;
        let mut draft = Draft::new(Kind::OverlayOpened, operation)
            .because(&sealed.overlay.reason)
            .changed(ChangeKind::Opened, 1)
            .imprints(Some(sealed.manifest), Some(sealed.policy));
        if let Some(name) = in_spite_of {
            let words = format!("{} (opened in spite of {name})", sealed.overlay.reason);
            draft = draft.because(&words);
            draft.result = Some(completion(Status::Done, Some(name.to_owned())));
        }
        draft.suspension = Some(suspension(&sealed.id, &sealed.overlay.effect));
        if let Some(step) = &opening.step {
            self.keep_step(step)?;
            draft.on_behalf_of = step.on_behalf_of(self.caller);
        }
        Ok(Effect::one(org, draft))
    }

    fn close_overlay(
        &self,
        operation: &str,
        organization: &OrganizationId,
        id: &OverlayId,
        closing: &Closing,
    ) -> Result<Effect, WriteError> {
        let stored = overlay::one(self.tx, organization, self.side, id)?;
        if stored.closing.is_some() {
            return Err(WriteError::AlreadyClosed { overlay: id.to_string() });
        }
        let row = StoredClosing {
            closing: closing.clone(),
            recorded: self.clock.wall,
            by: self.caller.id.clone(),
            clock: self.clock.clone(),
        };
        let body = canonical::text(&row).map_err(crate::error::StorageError::unreadable)?;
        let closing_row = values![organization.as_str(), id.as_str(), body];
        self.tx.run(sql::CLOSING_CREATE, closing_row)?;
        self.close_request(organization, id, closing)?;
        let overlay = &stored.sealed.overlay;
        let at = (closing.at.max(overlay.starts), ClosedBy::read(&closing.why).0.name());
        self.notice(NoticeKind::Closed, (id, overlay), at)?;
        let ended = self.end_born(organization, id)?;
        feed::append_ended(self.tx, organization, ended)?;
        let mut draft = Draft::new(Kind::OverlayClosed, operation)
            .because(&closing.why)
            .changed(ChangeKind::Closed, 1);
        draft.suspension = Some(suspension(id, &stored.sealed.overlay.effect));
        draft.effective = Some(closing.at);
        Ok(Effect::one(organization.as_str(), draft))
    }

    fn decisions(
        &self,
        organization: &OrganizationId,
        decisions: &[DecisionRecord],
        kind: Kind,
    ) -> Result<Effect, WriteError> {
        let policy = self.ground.policy(self.tx, organization)?;
        let overlays = decisions.iter().filter_map(|made| match &made.decision {
            Decision::Relaxed { overlay, .. } => Some(overlay),
            _ => None,
        });
        self.all_acting(organization, overlays)?;
        let drafts: Result<Vec<_>, _> =
            decisions.iter().map(|made| decision::draft(made, kind, policy)).collect();
        let drafts = drafts?;
        let affected = drafts.len() as u64;
        Ok(Effect { organization: organization.to_string(), drafts, revision: None, affected })
    }

    /// What was relaxed is recorded, and so answered, only while what relaxed it acts: closing wins until the commit.
    fn all_acting<'o>(
        &self,
        organization: &OrganizationId,
        overlays: impl Iterator<Item = &'o OverlayId>,
    ) -> Result<(), WriteError> {
        for overlay in overlays.collect::<BTreeSet<_>>() {
            self.acting(organization, overlay)?;
        }
        Ok(())
    }

    /// A write under an overlay is kept only while the overlay acts, asked once more before the commit.
    pub(crate) fn acting(
        &self,
        organization: &OrganizationId,
        id: &OverlayId,
    ) -> Result<Suspension, WriteError> {
        let row = self.ground.overlay(self.tx, (organization, self.side), id)?;
        match is_acting(&row, &self.facts(organization, self.journal)?) {
            Ok(()) => Ok(suspension(id, &row.overlay.effect)),
            Err(why) => Err(WriteError::NotActing { overlay: id.to_string(), why }),
        }
    }

    fn restored(&self, operation: &str, done: &RestoreDone) -> Result<Effect, WriteError> {
        self.tx.run(sql::INCARNATION_RAISE, values![self.side.incarnation])?;
        self.end_all_born()?;
        let mut draft = Draft::new(Kind::RestoreDone, operation)
            .because(&done.reason)
            .changed(ChangeKind::Restored, done.rows_kept)
            .imprints(None, Some(done.manifest));
        draft.what.record = Some(done.name.clone());
        Ok(Effect::one(INSTALLATION_LOG, draft))
    }

    fn found_other_database(&self, operation: &str, what: &str) -> Result<Effect, WriteError> {
        self.tx.run(sql::INCARNATION_RAISE, values![self.side.incarnation])?;
        self.end_all_born()?;
        let mut draft =
            Draft::new(Kind::RestoreDone, operation).because(what).changed(ChangeKind::Restored, 0);
        draft.result = Some(completion(Status::Failed, Some("other_database".to_owned())));
        Ok(Effect::one(INSTALLATION_LOG, draft))
    }

    fn clock_alarm(&self, operation: &str, behind_ms: i64) -> Result<Effect, WriteError> {
        self.tx.run(sql::CLOCK_ALARM_SET, values![true])?;
        let mut draft = Draft::new(Kind::ClockAlarm, operation)
            .because(&format!("the wall clock is {behind_ms} ms behind what was recorded before"));
        draft.result = Some(completion(Status::Failed, Some("clock_set_back".to_owned())));
        Ok(Effect::one(INSTALLATION_LOG, draft))
    }

    fn confirm_clock(&self, operation: &str, reason: &str) -> Result<Effect, WriteError> {
        stated(reason)?;
        let organizations: Vec<String> =
            self.tx.rows(sql::ORGANIZATIONS, values![], |row| row.get(0))?;
        for organization in organizations.into_iter().map(OrganizationId::from) {
            let mut open =
                overlay::all(self.tx, &organization, self.side, Which::Unclosed)?.into_iter();
            // With an earlier clock a window whose end had come would begin to act again; these never do.
            if let Some(stored) = open.find(|stored| {
                stored.closing.is_none()
                    && stored.sealed.overlay.opened.incarnation == self.side.incarnation
            }) {
                let (overlay, ends) = (stored.id.to_string(), stored.sealed.overlay.ends);
                return Err(WriteError::WindowOpen { overlay, ends });
            }
        }
        self.tx.run(sql::HIGH_WATER_SET, values![self.clock.wall.0])?;
        self.tx.run(sql::CLOCK_ALARM_SET, values![false])?;
        let draft = Draft::new(Kind::SettingChanged, operation).because(reason);
        Ok(Effect::one(INSTALLATION_LOG, draft))
    }

    fn acknowledge(&self, operation: &str, reason: &str) -> Result<Effect, WriteError> {
        stated(reason)?;
        let Some(safe_mode) = &self.side.safe_mode else { return Err(WriteError::NotInSafeMode) };
        let draft = Draft::new(Kind::SettingChanged, operation)
            .because(&format!("{reason} (found: {})", safe_mode.why));
        Ok(Effect::one(INSTALLATION_LOG, draft))
    }
}

/// The entities by which somebody administers or does not.
fn matters_to_administrators(entities: &Entities) -> impl Iterator<Item = (&EntityKey, &String)> {
    entities.iter().filter(|((kind, _), _)| match kind {
        EntityKind::User
        | EntityKind::Assignment
        | EntityKind::Set
        | EntityKind::SetGroup
        | EntityKind::Group
        | EntityKind::Node
        | EntityKind::Tree => true,
        EntityKind::Organization
        | EntityKind::Action
        | EntityKind::Delegation
        | EntityKind::Object
        | EntityKind::Pool
        | EntityKind::Restriction
        | EntityKind::RollUp
        | EntityKind::Rule => false,
    })
}

fn backup_taken(operation: &str, taken: &BackupTaken) -> Effect {
    let mut draft = Draft::new(Kind::BackupTaken, operation)
        .because(&taken.reason)
        .changed(ChangeKind::Created, 1)
        .imprints(None, Some(taken.manifest));
    draft.what.record = Some(taken.name.clone());
    if let Some(result) = &mut draft.result {
        result.bytes = Some(taken.bytes);
    }
    Effect::one(INSTALLATION_LOG, draft)
}

pub(crate) fn stated(reason: &str) -> Result<(), WriteError> {
    if reason.trim().is_empty() { Err(WriteError::NoReason) } else { Ok(()) }
}

pub(crate) fn suspension(id: &OverlayId, effect: &OverlayEffect) -> Suspension {
    let mode = match effect {
        OverlayEffect::Suspension { .. } => OverlayMode::Suspension,
        OverlayEffect::Elevation { .. } => OverlayMode::Elevation,
        OverlayEffect::Disablement { .. } => OverlayMode::Disablement,
    };
    Suspension {
        overlay: id.to_string(),
        mode,
        scope_match: None,
        audience_match: None,
        floor_hit: None,
    }
}
