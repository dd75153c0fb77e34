//! What a change of a waiting edit does to the rows, inside the transaction of the write method.

use std::collections::BTreeSet;

use guan_engine::Engine;
use guan_engine::activity::{Journal, is_acting};
use guan_engine::administration::Act;
use guan_engine::ask::Session;
use guan_engine::model::{Moment, OrganizationId, OverlayEffect, OverlayId, Policy, Problem};
use guan_ledger::{ChangeKind, Kind, Status};

use super::{
    EditFindings, EditState, EditToKeep, KeptEdit, SealedEdit, VERSION, WaitingChange, may_unfit,
    one, touches,
};
use crate::database::values;
use crate::entity::{Entities, Entity, EntityKey};
use crate::error::{ReadError, StorageError};
use crate::log::{self, Draft, completion};
use crate::merge::{Merged, merge};
use crate::overlay::{self, Which};
use crate::revision::{Next, RevisionOrigin};
use crate::write::{Effect, WriteError, Writing};
use crate::{records, revision, seal, sql};

/// Problems of records that are told.
const UNFIT_MAX: usize = 20;

impl Writing<'_> {
    /// The acting suspensions whose scope the difference between two policies touches, with their ends.
    pub(crate) fn holding(
        &self,
        organization: &OrganizationId,
        (before, after): (&Entities, &Entities),
    ) -> Result<Vec<(OverlayId, Moment)>, WriteError> {
        let facts = self.facts(organization, Journal::Durable)?;
        let acting = overlay::all(self.tx, organization, self.side, Which::Unclosed)?
            .into_iter()
            .filter(|stored| is_acting(&stored.row(), &facts).is_ok());
        let mut policies = None;
        let mut holding = Vec::new();
        for stored in acting {
            let opened = &stored.sealed.overlay;
            let OverlayEffect::Suspension { scope, .. } = &opened.effect else { continue };
            let (before, after) = match &policies {
                Some(both) => both,
                None => policies.insert((revision::policy(before)?, revision::policy(after)?)),
            };
            if touches(scope, before, after) {
                holding.push((stored.id.clone(), opened.ends));
            }
        }
        Ok(holding)
    }

    /// Refuses an edit that touches what a window relaxes: it has to wait.
    pub(crate) fn not_held(
        &self,
        organization: &OrganizationId,
        both: (&Entities, &Entities),
    ) -> Result<(), WriteError> {
        let holding = self.holding(organization, both)?;
        match holding.into_iter().max_by_key(|(_, ends)| *ends) {
            Some((overlay, ends)) => {
                Err(WriteError::WindowOpen { overlay: overlay.to_string(), ends })
            }
            None => Ok(()),
        }
    }

    pub(crate) fn change_waiting(
        &self,
        organization: &OrganizationId,
        change: &WaitingChange,
    ) -> Result<Effect, WriteError> {
        let operation = change.name();
        match change {
            WaitingChange::Keep(edit) => self.keep_edit(operation, organization, edit),
            WaitingChange::Apply { id } => self.apply_waiting(operation, organization, id),
            WaitingChange::Resolve { id, expected, put, remove } => {
                let kept = self.in_edit_state(organization, id, &[EditState::Conflicted])?;
                let before = self.current(organization, *expected)?;
                let after = self.edited(organization, &before.1, (put, remove))?;
                self.not_held(organization, (&before.1, &after))?;
                let author = self.caller.id.clone();
                self.make_of(operation, (organization, &kept), (before, &after), &author)
            }
            WaitingChange::Withdraw { id } => {
                let open = [EditState::Waiting, EditState::Conflicted];
                let kept = self.in_edit_state(organization, id, &open)?;
                self.note_edit(organization, &kept, (EditState::Withdrawn, &kept.findings), None)?;
                let draft = draft(operation, &kept).changed(ChangeKind::Deleted, 1);
                Ok(Effect::one(organization.as_str(), draft))
            }
        }
    }

    fn keep_edit(
        &self,
        operation: &str,
        organization: &OrganizationId,
        edit: &EditToKeep,
    ) -> Result<Effect, WriteError> {
        let (number, before) = self.current(organization, edit.expected)?;
        let after = self.edited(organization, &before, (&edit.put, &edit.remove))?;
        if after == before {
            return Err(WriteError::Nothing);
        }
        let holding = self.holding(organization, (&before, &after))?;
        if holding.is_empty() {
            return Err(WriteError::NotHeld);
        }
        self.keeps_administrators(&before, &after)?;
        let touched = edit.put.iter().map(|entity| (entity.kind, entity.id.clone()));
        let touched: BTreeSet<EntityKey> = touched.chain(edit.remove.iter().cloned()).collect();
        let bodies = |entities: &Entities| {
            let found = touched.iter().filter_map(|key| Some((key, entities.get(key)?)));
            found.map(|((kind, id), body)| (*kind, id.clone(), body.clone())).collect()
        };
        let sealed = SealedEdit {
            version: VERSION,
            instance: self.side.instance.clone(),
            incarnation: self.side.incarnation,
            organization: organization.clone(),
            id: edit.id.clone(),
            author: self.caller.id.clone(),
            authority: edit.authority.clone(),
            address: self.caller.address,
            reason: edit.reason.clone(),
            revision: number,
            at: self.clock.wall,
            held_by: holding.into_iter().map(|(overlay, _)| overlay).collect(),
            base: bodies(&before),
            // In the one spelling of each kind.
            put: bodies(&after),
            remove: edit.remove.clone(),
        };
        let (text, seal) = seal::seal(self.side, &sealed)?;
        let org = organization.as_str();
        let place = log::tip(self.tx, org)?.map_or(0, |tip| tip.size);
        let (state, now) = (EditState::Waiting.name(), self.clock.wall.0);
        let row =
            values![org, &edit.id, place, text, seal, state, "", now, &self.caller.id, None::<u64>];
        self.tx.run(sql::WAITING_EDIT_CREATE, row)?;
        let mut draft = Draft::new(Kind::RevisionCreated, operation)
            .because(&edit.reason)
            .changed(ChangeKind::Created, touched.len() as u64);
        draft.what.record = Some(edit.id.clone());
        Ok(Effect::one(org, draft))
    }

    fn apply_waiting(
        &self,
        operation: &str,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Effect, WriteError> {
        let kept = self.in_edit_state(organization, id, &[EditState::Waiting])?;
        let refuse = |problems: Vec<String>| {
            let findings = EditFindings { conflicts: Vec::new(), problems };
            self.put_aside(operation, (organization, &kept), (EditState::Refused, findings))
        };
        if !kept.is_genuine {
            let why = "it is not as it was made, or an older copy of the database was put back: make it again";
            return refuse(vec![why.to_owned()]);
        }
        let number = revision::current(self.tx, organization)?;
        let before = revision::entities(self.tx, organization, number)?;
        let (put, remove) = match merge(&before, &kept.edit)? {
            Merged::Applies { put, remove } => (put, remove),
            Merged::Nothing => {
                let done = (EditState::Applied, &kept.findings);
                self.note_edit(organization, &kept, done, None)?;
                let draft = draft(operation, &kept).changed(ChangeKind::Updated, 0);
                return Ok(Effect::one(organization.as_str(), draft));
            }
            Merged::Conflicts(conflicts) => {
                let findings = EditFindings { conflicts, problems: Vec::new() };
                let aside = (EditState::Conflicted, findings);
                return self.put_aside(operation, (organization, &kept), aside);
            }
        };
        let after = match self.edited(organization, &before, (&put, &remove)) {
            Ok(after) => after,
            Err(WriteError::Problems(problems)) => return refuse(words(&problems)),
            Err(error @ (WriteError::BadEntity(_) | WriteError::OtherOrganization { .. })) => {
                return refuse(vec![error.to_string()]);
            }
            Err(error) => return Err(error),
        };
        self.not_held(organization, (&before, &after))?;
        if let Some(why) = self.may_not(organization, &kept, (&before, &after))? {
            return refuse(why);
        }
        if let Err(error) = self.keeps_administrators(&before, &after) {
            return match error {
                WriteError::LastAdministrator(_) => refuse(vec![error.to_string()]),
                other => Err(other),
            };
        }
        let author = kept.author.clone();
        self.make_of(operation, (organization, &kept), ((number, before), &after), &author)
    }

    /// Why an edit may not be made any more: its author may not, or records would not fit.
    fn may_not(
        &self,
        organization: &OrganizationId,
        kept: &KeptEdit,
        (before, after): (&Entities, &Entities),
    ) -> Result<Option<Vec<String>>, WriteError> {
        let (before, after) = (revision::policy(before)?, revision::policy(after)?);
        if may_unfit(&before, &after) {
            let unfit = self.unfit(organization, &after)?;
            if !unfit.is_empty() {
                return Ok(Some(words(&unfit)));
            }
        }
        let Some(user) = &kept.authority else { return Ok(None) };
        // No record matters for who administers; no overlay counts, so that what an elevation allowed ends with it.
        let engine = match Engine::load(before, []) {
            Ok(engine) => engine,
            Err(problems) => return Ok(Some(words(&problems))),
        };
        let mut session = Session::new(organization.clone(), user.clone(), self.clock.wall);
        session.address = kept.address;
        let refused = engine.may_administer(&session, Act::Revise(&after)).err();
        Ok(refused.map(|why| vec![format!("`{user}` may not make it any more: {why}")]))
    }

    fn unfit(
        &self,
        organization: &OrganizationId,
        after: &Policy,
    ) -> Result<Vec<Problem>, WriteError> {
        let unfit = records::stream(self.tx, organization, |records| {
            let mut found = Vec::new();
            for record in records {
                found.extend(after.validate_record(&record?));
                if found.len() >= UNFIT_MAX {
                    break;
                }
            }
            Ok::<_, ReadError>(found)
        })??;
        Ok(unfit)
    }

    /// A revision of what became of an edit.
    fn make_of(
        &self,
        operation: &str,
        (organization, kept): (&OrganizationId, &KeptEdit),
        ((number, before), after): ((u64, Entities), &Entities),
        author: &str,
    ) -> Result<Effect, WriteError> {
        let made = self.write_revision(&Next {
            organization,
            origin: RevisionOrigin::Edited,
            author,
            reason: &kept.reason,
            at: self.clock.wall,
            before: Some((number, &before)),
            after,
        })?;
        let number = made.as_ref().map(|made| made.number);
        let nothing = EditFindings::default();
        self.note_edit(organization, kept, (EditState::Applied, &nothing), number)?;
        let draft = draft(operation, kept);
        let draft = match made {
            Some(made) => draft
                .changed(ChangeKind::Updated, made.changed)
                .imprints(made.before, Some(made.after))
                .revision(made.number),
            None => draft.changed(ChangeKind::Updated, 0),
        };
        Ok(Effect::one(organization.as_str(), draft))
    }

    /// Keeps an edit as one that was not applied; the policy stays.
    fn put_aside(
        &self,
        operation: &str,
        (organization, kept): (&OrganizationId, &KeptEdit),
        (state, findings): (EditState, EditFindings),
    ) -> Result<Effect, WriteError> {
        self.note_edit(organization, kept, (state, &findings), None)?;
        self.notice_of_edit(organization, kept, state)?;
        let mut draft = draft(operation, kept).changed(ChangeKind::Updated, 0);
        draft.result = Some(completion(Status::Failed, Some(state.name().to_owned())));
        Ok(Effect::one(organization.as_str(), draft))
    }

    fn note_edit(
        &self,
        organization: &OrganizationId,
        kept: &KeptEdit,
        (state, findings): (EditState, &EditFindings),
        made: Option<u64>,
    ) -> Result<(), WriteError> {
        let found = if *findings == EditFindings::default() {
            String::new()
        } else {
            serde_json::to_string(findings).map_err(StorageError::unreadable)?
        };
        let (org, now) = (organization.as_str(), self.clock.wall.0);
        let row = values![org, &kept.id, state.name(), found, now, &self.caller.id, made];
        self.tx.run(sql::WAITING_EDIT_CHANGE, row)?;
        Ok(())
    }

    fn in_edit_state(
        &self,
        organization: &OrganizationId,
        id: &str,
        states: &[EditState],
    ) -> Result<KeptEdit, WriteError> {
        match one(self.tx, self.side, (organization, id))? {
            Some(kept) if states.contains(&kept.state) => Ok(kept),
            Some(kept) => {
                Err(WriteError::EditElsewhere { edit: id.to_owned(), state: kept.state.name() })
            }
            None => Err(WriteError::UnknownCredential { what: "waiting edit", id: id.to_owned() }),
        }
    }

    /// Entities with an edit in them, in the one spelling of each kind.
    pub(crate) fn edited(
        &self,
        organization: &OrganizationId,
        before: &Entities,
        (put, remove): (&[Entity], &[EntityKey]),
    ) -> Result<Entities, WriteError> {
        let mut after = before.clone();
        for key in remove {
            if after.remove(key).is_none() {
                return Err(WriteError::UnknownEntity { kind: key.0, id: key.1.clone() });
            }
        }
        for entity in put {
            after.insert((entity.kind, entity.id.clone()), entity.body.clone());
        }
        self.are_new_people(organization, before, &after)?;
        // Through the types and back, so that every body is what its kind says and in its one spelling.
        Self::checked(organization, &revision::policy(&after)?)
    }
}

fn draft(operation: &str, kept: &KeptEdit) -> Draft {
    let mut draft = Draft::new(Kind::RevisionCreated, operation).because(&kept.reason);
    draft.what.record = Some(kept.id.clone());
    draft
}

fn words(problems: &[Problem]) -> Vec<String> {
    problems.iter().take(UNFIT_MAX).map(ToString::to_string).collect()
}
