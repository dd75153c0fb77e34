//! One record, and the questions behind all reading: who asks, under which overlays, and what has to be recorded first.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::Engine;
use guan_engine::activity::{NodeFacts, OverlayRow, Standing};
use guan_engine::answer::{Decision, Evidence, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, ObjectId, OverlayId, Problem, Record, RecordId, RecordKey, STANDARD_ACTIONS,
    Share, UserId, Value,
};
use guan_engine::question::Accessor;
use guan_engine::visible::{Visible, WouldDeny};
use guan_ledger::{Digest, Hasher};
use serde::Serialize;

use super::RecordFault;
use super::change::{Denied, Known};
use crate::change::{Change, DecisionRecord, RelaxedList, RevealDone};
use crate::gate::{Asking, Gate, View};
use crate::listing;
use crate::record::Stamp;
use crate::record::reads::{self, Stored};
use crate::revealing::RevealsSoFar;
use crate::write::WriteError;

/// A record as the subject may see it.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// What the subject sees of it.
    pub record: Visible<Record>,
    /// Which version it is, and who made and changed it when.
    pub stamp: Stamp,
}

/// Somebody who may read a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordReader {
    /// Who.
    pub user: UserId,
    /// The path; `None` where an overlay opens the record, and where the path leads over a record that the asker may not
    /// know of.
    pub path: Option<Evidence>,
    /// The overlay without which they would be refused.
    pub overlay: Option<OverlayId>,
}

/// The custom action that opens single masked values. Where the organization does not define it, nobody may.
pub const REVEAL: &str = "reveal";

/// The state of this node at the moment of a question.
pub(super) struct Question<'a> {
    pub(super) asking: &'a Asking,
    pub(super) view: View,
    facts: NodeFacts,
    /// The overlays that count for this question.
    rows: Vec<OverlayRow>,
    /// Who sees as the subject sees, with the overlays that count for them.
    viewing: Option<(Session<'static>, Vec<OverlayRow>)>,
}

impl Question<'_> {
    pub(super) fn engine(&self) -> &Engine {
        self.view.engine()
    }

    pub(super) fn session(&self) -> Session<'_> {
        self.asking.session().under(Standing::of(&self.rows, &self.facts))
    }

    /// The session of who sees as the subject sees.
    fn viewer(&self) -> Option<Session<'_>> {
        let (session, rows) = self.viewing.as_ref()?;
        Some(session.clone().under(Standing::of(rows, &self.facts)))
    }

    /// Whether a record may be read, by the policy alone; by who sees as the subject sees too.
    pub(super) fn may_read(&self, key: &RecordKey) -> bool {
        let may = |session: Session<'_>| {
            let on = Target::Record(key.clone());
            let request = Request::new(session, Action::Read, on);
            matches!(self.engine().check(&request), Decision::Allow { .. })
        };
        may(self.session()) && self.viewer().is_none_or(may)
    }

    /// The same question as if nothing were suspended, for when what is relaxed cannot be recorded.
    pub(super) fn enforced(self) -> Self {
        let rows = listing::without_suspensions(&self.rows);
        Self { rows, ..self }
    }

    /// Whether the subject may know of the other record that a path to this one leads over, if any.
    fn may_know(&self, key: &RecordKey, path: &Evidence) -> bool {
        self.engine().led_over(&key.object, path).is_ok_and(|other| {
            other.is_none_or(|other| {
                let decision = self.check(&Action::Read, Target::Record(other), Vec::new());
                matches!(decision, Decision::Allow { .. })
            })
        })
    }

    pub(super) fn check(&self, action: &Action, on: Target, fields: Vec<FieldId>) -> Decision {
        let mut request = Request::new(self.session(), action.clone(), on);
        request.fields = fields;
        self.engine().check(&request)
    }
}

impl Gate {
    pub(super) fn question<'a>(&self, asking: &'a Asking) -> Result<Question<'a>, RecordFault> {
        let (view, facts) = self.facing((&asking.caller, &asking.clock), &asking.session())?;
        let rows = view.overlays_for(&asking.subject).to_vec();
        let Some(viewer) = asking.viewing() else {
            return Ok(Question { asking, view, facts, rows, viewing: None });
        };
        // Nobody uses a window of somebody else by looking.
        let rows = listing::without_suspensions(&rows);
        let own = listing::without_suspensions(view.overlays_for(&viewer.subject));
        Ok(Question { asking, view, facts, rows, viewing: Some((viewer, own)) })
    }

    /// A record as the subject may see it.
    ///
    /// Cost: a decision in memory, then one row of the database; a relaxed answer waits for a commit.
    ///
    /// # Errors
    ///
    /// [`RecordFault::NotFound`] alike for a record that is not there and one that may not be read.
    pub fn read_record(&self, asking: &Asking, key: &RecordKey) -> Result<Found, RecordFault> {
        let question = self.question(asking)?;
        let decision = question.check(&Action::Read, Target::Record(key.clone()), Vec::new());
        if asking.viewer.is_none() {
            let on = Target::Record(key.clone());
            self.observe(&Request::new(asking.session(), Action::Read, on), &asking.clock);
        }
        if let Decision::Deny { refusal } = decision {
            return Err(self.not_found(asking, &Action::Read, key, refusal));
        }
        let stored = self.stored(asking, &key.object, std::slice::from_ref(&key.id))?;
        let mut found = self.reveal(question, &Action::Read, stored);
        found.pop().ok_or(RecordFault::NotFound { reference: None })
    }

    /// What the subject may do to a record, custom actions included.
    ///
    /// # Errors
    ///
    /// As [`Gate::read_record`].
    pub fn record_actions(
        &self,
        asking: &Asking,
        key: &RecordKey,
    ) -> Result<BTreeSet<Action>, RecordFault> {
        self.read_record(asking, key)?;
        let question = self.question(asking)?;
        let custom = question.engine().policy().actions.keys().cloned().map(Action::Custom);
        let of_records = STANDARD_ACTIONS
            .into_iter()
            .filter(|action| !matches!(action, Action::Create | Action::Import))
            .chain(custom);
        let allowed = of_records.filter(|action| {
            let decision = question.check(action, Target::Record(key.clone()), Vec::new());
            matches!(decision, Decision::Allow { .. } | Decision::Relaxed { .. })
        });
        Ok(allowed.collect())
    }

    /// With whom a record is shared; for those who may share it.
    ///
    /// # Errors
    ///
    /// As [`Gate::read_record`], and a refusal when the subject may not share it.
    pub fn record_shares(
        &self,
        asking: &Asking,
        key: &RecordKey,
    ) -> Result<Vec<Share>, RecordFault> {
        self.may_share(asking, key)?;
        let stored = self.stored(asking, &key.object, std::slice::from_ref(&key.id))?;
        Ok(stored.into_iter().next().map(|stored| stored.record.shares).unwrap_or_default())
    }

    /// Everybody who may read a record, by user; for those who may share it.
    ///
    /// Cost: a decision for each user whom a path brings near the record.
    ///
    /// # Errors
    ///
    /// As [`Gate::record_shares`].
    pub fn record_readers(
        &self,
        asking: &Asking,
        key: &RecordKey,
    ) -> Result<Vec<RecordReader>, RecordFault> {
        self.may_share(asking, key)?;
        let question = self.question(asking)?;
        let everybody = asking.session().under(question.view.standing(&question.facts));
        let found = question.engine().who(&everybody, &Action::Read, key);
        let found = found.map_err(|refusal| self.not_found(asking, &Action::Read, key, refusal))?;
        let readers = found.into_iter().map(|Accessor { user, decision }| match decision {
            Decision::Relaxed { overlay, .. } => {
                RecordReader { user, path: None, overlay: Some(overlay) }
            }
            Decision::Allow { evidence } => {
                let path = evidence.filter(|path| question.may_know(key, path));
                RecordReader { user, path, overlay: None }
            }
            Decision::Deny { .. } => RecordReader { user, path: None, overlay: None },
        });
        Ok(readers.collect())
    }

    /// Whether the subject may share a record, and so may know who has access to it.
    fn may_share(&self, asking: &Asking, key: &RecordKey) -> Result<(), RecordFault> {
        self.read_record(asking, key)?;
        let question = self.question(asking)?;
        match question.check(&Action::Share, Target::Record(key.clone()), Vec::new()) {
            Decision::Allow { .. } => Ok(()),
            Decision::Relaxed { overlay, refusal } => {
                let ids = [&key.id].into_iter();
                let list = relaxed_list(asking, &Action::Share, &key.object, &overlay, ids);
                match self.record_relaxed(asking, vec![list]) {
                    Ok(()) => Ok(()),
                    Err(_) => Err(RecordFault::Refused { refusal, reference: None }),
                }
            }
            Decision::Deny { refusal } => {
                let on = Target::Record(key.clone());
                Err(self.refused(asking, &Action::Share, on, Vec::new(), refusal))
            }
        }
    }

    /// The value behind a mask, for those whom the policy allows the custom action [`REVEAL`] on the record. It is
    /// recorded with the reason before it is shown; a suspension never opens it.
    ///
    /// # Errors
    ///
    /// As [`Gate::read_record`]; a refusal; no reason; a field that is not masked for the subject.
    pub fn reveal_value(
        &self,
        asking: &Asking,
        key: &RecordKey,
        field: &FieldId,
        reason: &str,
    ) -> Result<Value, RecordFault> {
        if reason.trim().is_empty() {
            let what = "say why the value is needed".to_owned();
            return Err(RecordFault::Problems(vec![Problem { place: "reason".to_owned(), what }]));
        }
        let found = self.read_record(asking, key)?;
        let action = Action::Custom(REVEAL.into());
        let question = self.question(asking)?.enforced();
        let on = Target::Record(key.clone());
        if let Decision::Deny { refusal } | Decision::Relaxed { refusal, .. } =
            question.check(&action, on.clone(), Vec::new())
        {
            return Err(self.refused(asking, &action, on, vec![field.clone()], refusal));
        }
        let not_masked = || RecordFault::Field {
            field: field.clone(),
            what: "there is no masked value to reveal".to_owned(),
        };
        if !found.record.access(field).is_masked() {
            return Err(not_masked());
        }
        let stored = self.stored(asking, &key.object, std::slice::from_ref(&key.id))?;
        let value = stored.into_iter().next().and_then(|mut one| one.record.fields.remove(field));
        let value = value.ok_or_else(not_masked)?;
        let reveal = RevealDone {
            organization: asking.organization.clone(),
            subject: asking.subject.clone(),
            address: asking.address,
            key: key.clone(),
            field: field.clone(),
            reason: reason.to_owned(),
        };
        let shown = Change::RecordReveal(reveal.clone());
        match self.write(&asking.caller, &asking.clock, shown) {
            Ok(_) => Ok(value),
            Err(limit @ WriteError::RevealLimit { .. }) => {
                let refused = Change::RefuseReveal(reveal);
                let written = self.write(&asking.caller, &asking.clock, refused);
                let reference = written.ok().map(|written| written.sequence);
                Err(RecordFault::Reveals { limit, reference })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// How many masked values the subject has had revealed, and how many they may.
    ///
    /// # Errors
    ///
    /// The installation cannot answer.
    pub fn reveals_so_far(&self, asking: &Asking) -> Result<RevealsSoFar, RecordFault> {
        let view = self.view(&asking.organization)?;
        let policy = view.engine().policy();
        Ok(self.read(|reader| reader.reveals_so_far(policy, &asking.subject, asking.clock.wall))?)
    }

    /// Records as they are stored; only for what goes through [`Gate::reveal`] next, and for single parts of them that
    /// were decided on.
    pub(super) fn stored(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
    ) -> Result<Vec<Stored>, RecordFault> {
        self.read(|reader| Ok(reads::of_ids(&reader.database, &asking.organization, object, ids)?))
    }

    /// Strips records to what the subject may see. What only suspensions show is recorded first; when that
    /// cannot be, it is left out. Records that the subject may not read are left out.
    pub(super) fn reveal(
        &self,
        question: Question<'_>,
        action: &Action,
        stored: Vec<Stored>,
    ) -> Vec<Found> {
        let revealed = revealed(&question, action, stored.clone());
        let lists = lists_of(question.asking, action, &revealed);
        if lists.is_empty() {
            return revealed;
        }
        let asking = question.asking;
        if self.record_relaxed(asking, lists).is_ok() {
            return revealed;
        }
        self::revealed(&question.enforced(), action, stored)
    }

    /// The key that seals cursors.
    pub(super) fn sealing_key(&self) -> Result<[u8; 32], RecordFault> {
        Ok(self.cursor_key()?)
    }

    /// Records what suspensions added to an answer.
    pub(super) fn record_relaxed(
        &self,
        asking: &Asking,
        lists: Vec<RelaxedList>,
    ) -> Result<(), RecordFault> {
        let organization = asking.organization.clone();
        let change = Change::RecordRelaxedLists { organization, lists };
        self.write(&asking.caller, &asking.clock, change)?;
        Ok(())
    }

    /// Whether a refusal may tell that there is a record: where a suspension alone shows it, after that was recorded.
    pub(super) fn may_tell(&self, asking: &Asking, key: &RecordKey, known: Known) -> bool {
        match known {
            Known::No => false,
            Known::ByPolicy => true,
            Known::Under(overlay) => {
                let ids = [&key.id].into_iter();
                let list = relaxed_list(asking, &Action::Read, &key.object, &overlay, ids);
                self.record_relaxed(asking, vec![list]).is_ok()
            }
        }
    }

    /// Records a refusal and answers as for a record that is not there.
    pub(super) fn not_found(
        &self,
        asking: &Asking,
        action: &Action,
        key: &RecordKey,
        refusal: Refusal,
    ) -> RecordFault {
        let on = Target::Record(key.clone());
        match &refusal {
            // Whether there is such a record is the secret, not what the subject may do with the object.
            Refusal::UnknownRecord
            | Refusal::OutOfReach
            | Refusal::Locked
            | Refusal::ClaimFirst { .. }
            | Refusal::Restricted { .. } => {
                let reference = self.record_denial(asking, action, on, Vec::new(), refusal);
                RecordFault::NotFound { reference }
            }
            _ => self.refused(asking, action, on, Vec::new(), refusal),
        }
    }

    /// Records a refusal and tells it.
    pub(super) fn refused(
        &self,
        asking: &Asking,
        action: &Action,
        on: Target,
        fields: Vec<FieldId>,
        refusal: Refusal,
    ) -> RecordFault {
        let told = RecordFault::of((&on, &fields), refusal.clone());
        told.with_row(self.record_denial(asking, action, on, fields, refusal))
    }

    /// The answer to a question about an object; a refusal that has no row yet gets one.
    pub(super) fn traced<T>(
        &self,
        asking: &Asking,
        (action, object): (&Action, &ObjectId),
        answer: Result<T, RecordFault>,
    ) -> Result<T, RecordFault> {
        answer.map_err(|fault| match fault {
            RecordFault::Refused { refusal, reference: None } => {
                let on = Target::Object(object.clone());
                self.refused(asking, action, on, Vec::new(), refusal)
            }
            other => other,
        })
    }

    /// The ledger row of a refusal; a refusal that cannot be recorded is one all the same.
    fn record_denial(
        &self,
        asking: &Asking,
        action: &Action,
        on: Target,
        fields: Vec<FieldId>,
        refusal: Refusal,
    ) -> Option<u64> {
        // Who looks as somebody else sees tries nothing; nothing is to be found among what the other was refused.
        if asking.viewer.is_some() {
            return None;
        }
        let denied = Denied { action: action.clone(), on, fields, refusal, known: Known::ByPolicy };
        let change = denial(asking, denied, None);
        self.write(&asking.caller, &asking.clock, change).ok().map(|written| written.sequence)
    }

    /// The ledger rows of refusals, in their order.
    pub(super) fn record_denials(&self, asking: &Asking, denied: Vec<Denied>) -> Vec<Option<u64>> {
        if denied.is_empty() {
            return Vec::new();
        }
        let changes = denied.into_iter().map(|denied| denial(asking, denied, None)).collect();
        self.record_changes(asking, changes)
    }

    /// Writes rows for refusals of many records each: how many, and the digest of their ids.
    pub(super) fn record_many_denials(
        &self,
        asking: &Asking,
        denied: Vec<(Denied, Vec<&RecordId>)>,
    ) -> Vec<Option<u64>> {
        let change = |(denied, ids): (Denied, Vec<&RecordId>)| {
            let many = (ids.len() as u64, digest_of(ids.into_iter()));
            denial(asking, denied, Some(many))
        };
        let changes: Vec<Change> = denied.into_iter().map(change).collect();
        if changes.is_empty() { Vec::new() } else { self.record_changes(asking, changes) }
    }

    fn record_changes(&self, asking: &Asking, changes: Vec<Change>) -> Vec<Option<u64>> {
        let written = self.record_each(&asking.caller, &asking.clock, changes);
        written.into_iter().map(|written| written.ok().map(|written| written.sequence)).collect()
    }
}

/// The digest of ids, one a line.
fn digest_of<'r>(ids: impl Iterator<Item = &'r RecordId>) -> Digest {
    let mut hasher = Hasher::default();
    for id in ids {
        hasher.update(id.as_str().as_bytes());
        hasher.update(b"\n");
    }
    hasher.finish()
}

/// What is recorded of a refusal.
fn denial(asking: &Asking, denied: Denied, many: Option<(u64, Digest)>) -> Change {
    let Denied { action, on, fields, refusal, known: _ } = denied;
    let decision = DecisionRecord {
        subject: asking.subject.clone(),
        address: asking.address,
        action,
        on,
        fields,
        decision: Decision::Deny { refusal },
        many,
    };
    Change::RecordDenial { organization: asking.organization.clone(), decision }
}

fn revealed(question: &Question<'_>, action: &Action, stored: Vec<Stored>) -> Vec<Found> {
    let (records, stamps): (Vec<Record>, Vec<Stamp>) =
        stored.into_iter().map(|stored| (stored.record, stored.stamp)).unzip();
    let own = question
        .viewer()
        .map(|viewer| question.engine().reveal_page(&viewer, action, records.clone()));
    let visible = question.engine().reveal_page(&question.session(), action, records);
    let mut own = own.map(Vec::into_iter);
    let mut found = Vec::new();
    for (record, stamp) in visible.into_iter().zip(stamps) {
        let seen = own.as_mut().map(|own| own.next().and_then(Result::ok));
        let Ok(record) = record else { continue };
        let record = match seen {
            None => record,
            Some(Some(own)) => record.and(&own),
            // The viewer may not read it themself.
            Some(None) => continue,
        };
        found.push(Found { record, stamp });
    }
    found
}

/// What each overlay added to records that are shown: of their own object, and of those of their parents.
fn lists_of(asking: &Asking, action: &Action, found: &[Found]) -> Vec<RelaxedList> {
    let denies = found.iter().flat_map(|found| found.record.would_denies());
    let mut by_overlay: BTreeMap<(&OverlayId, &ObjectId), BTreeSet<&RecordId>> = BTreeMap::new();
    for WouldDeny { record, overlay, .. } in denies {
        by_overlay.entry((overlay, &record.object)).or_default().insert(&record.id);
    }
    let lists = by_overlay.into_iter();
    lists
        .map(|((overlay, object), ids)| {
            relaxed_list(asking, action, object, overlay, ids.into_iter())
        })
        .collect()
}

/// What one overlay added.
pub(super) fn relaxed_list<'r>(
    asking: &Asking,
    action: &Action,
    object: &ObjectId,
    overlay: &OverlayId,
    ids: impl Iterator<Item = &'r RecordId>,
) -> RelaxedList {
    let ids: Vec<&RecordId> = ids.collect();
    let record = if let [one] = ids.as_slice() { Some((*one).clone()) } else { None };
    let rows = ids.len() as u64;
    RelaxedList {
        subject: asking.subject.clone(),
        address: asking.address,
        action: action.clone(),
        object: object.clone(),
        overlay: overlay.clone(),
        record,
        rows,
        ids: Some(digest_of(ids.into_iter())),
    }
}
