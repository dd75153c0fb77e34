//! The same change of many records at once: each is decided on its own, what is refused is told, the rest is one act.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, ObjectId, OverlayId, Owner, PoolId, Record, RecordId, RecordKey,
};

use super::change::{
    Changed, Denied, Known, RecordPatch, Stopped, kept, known, may_compare, patched, reassigned,
};
use super::{PoolFault, RecordFault, demand, pool};
use crate::change::Change;
use crate::gate::{Acting, Asking, Gate};
use crate::record::{RecordVerb, RecordWrite};

/// Refusals of one act that have a row of their own.
const OWN_ROWS_MAX: usize = 100;
/// Records of one act.
pub(super) const RECORDS_MAX: usize = 2_000;

/// What came of a change of many records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkOutcome {
    /// The act; `None` when nothing was changed.
    pub changed: Option<Changed>,
    /// How many records were changed.
    pub done: u64,
    /// Records that were left as they are, and why. One that is not there and one out of sight are told alike.
    pub refused: Vec<BulkRefusal>,
}

/// A record that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRefusal {
    /// The record.
    pub id: RecordId,
    /// Why.
    pub why: String,
    /// The decision, when it was one and the subject may know of the record.
    pub refusal: Option<Refusal>,
    /// The limit of a pool that it met.
    pub pool: Option<PoolFault>,
    /// The ledger row of the refusal, where it is one and was recorded; the same for several that are alike.
    pub reference: Option<u64>,
}

/// Whether an act is done or only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It is done, and its refusals are recorded.
    Act,
    /// What it would come to is told; nothing is changed or recorded.
    Trial,
}

/// Other owners for many records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkAssignment {
    /// Of which object.
    pub object: ObjectId,
    /// Which records.
    pub ids: Vec<RecordId>,
    /// Whom they are to belong to.
    pub owners: BTreeSet<Owner>,
    /// Whose place the owners take: other owners of a record stay, and one that is not theirs any more is left. Absent,
    /// they take the place of all.
    pub instead_of: Option<Owner>,
    /// Done or tried.
    pub doing: Doing,
}

/// A record that is left as it is, with the refusal that is recorded when the act is over.
struct Left {
    refusal: BulkRefusal,
    denied: Option<Box<Denied>>,
}

impl Left {
    fn new(id: &RecordId, why: impl Into<String>) -> Self {
        let (id, why) = (id.clone(), why.into());
        let refusal = BulkRefusal { id, why, refusal: None, pool: None, reference: None };
        Self { refusal, denied: None }
    }

    fn stopped(id: &RecordId, stopped: Stopped) -> Self {
        let mut left = Self::new(id, words(&stopped));
        match stopped {
            Stopped::Denied(denied) => {
                // A field that is hidden and one that is not there are one answer.
                let told = match &denied.refusal {
                    Refusal::UnknownField { field } => {
                        Refusal::FieldHidden { field: field.clone() }
                    }
                    refusal => refusal.clone(),
                };
                left.refusal.refusal = (denied.known == Known::ByPolicy).then_some(told);
                left.denied = Some(denied);
            }
            Stopped::Fault(RecordFault::Pool(fault)) => left.refusal.pool = Some(fault),
            Stopped::Fault(_) => {}
        }
        left
    }
}

/// What came of an act, its refusals not yet recorded.
struct Came {
    changed: Option<Changed>,
    done: u64,
    left: Vec<Left>,
}

/// What one act does to each of its records.
type Alter<'a> = dyn FnMut(&Acting<'_>, &Session<'_>, &mut Record) -> Result<Option<OverlayId>, Stopped>
    + Send
    + 'a;

/// Which records go through under which suspension.
#[derive(Default)]
struct Sorted {
    lawful: BTreeSet<RecordId>,
    relaxed: BTreeSet<RecordId>,
    under: Option<OverlayId>,
    left: Vec<Left>,
}

impl Sorted {
    /// Notes that a part of a change is relaxed; `false` where it would be by another suspension than the rest.
    fn may_be_relaxed_by(&mut self, id: &RecordId, overlay: Option<&OverlayId>) -> bool {
        let Some(overlay) = overlay else { return true };
        if self.under.as_ref().is_some_and(|under| under != overlay) {
            return self.relaxed.contains(id);
        }
        self.under = Some(overlay.clone());
        self.relaxed.insert(id.clone());
        true
    }
}

/// What is done to many records, and the fields that it touches.
type ToDo<'t> =
    (RecordVerb, Action, &'t (dyn Fn(&Acting<'_>) -> Result<Vec<FieldId>, RecordFault> + Sync));

impl Gate {
    /// Applies one patch to many records, with one ledger row.
    ///
    /// # Errors
    ///
    /// Too many records, or a value that does not fit; refusals of single records are in the outcome.
    pub fn edit_records(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
        patch: &RecordPatch,
    ) -> Result<BulkOutcome, RecordFault> {
        let joined = |acting: &Acting<'_>| -> Result<RecordPatch, RecordFault> {
            let mut patch = patch.clone();
            demand::join(acting.engine().policy().objects.get(object), &mut patch)?;
            Ok(patch)
        };
        let fields = |acting: &Acting<'_>| -> Result<Vec<FieldId>, RecordFault> {
            Ok(joined(acting)?.fields.into_keys().collect())
        };
        let mut alter = |acting: &Acting<'_>, session: &Session<'_>, record: &mut Record| {
            patched(acting, session, record, joined(acting)?)
        };
        let to_do: ToDo<'_> = (RecordVerb::BulkEdit, Action::Edit, &fields);
        self.write_many(asking, (object, ids), to_do, Doing::Act, &mut alter)
    }

    /// Gives many records other owners, with one ledger row. A trial tells how many would change and which would not.
    ///
    /// # Errors
    ///
    /// Too many records; refusals of single records are in the outcome.
    pub fn assign_records(
        &self,
        asking: &Asking,
        assignment: &BulkAssignment,
    ) -> Result<BulkOutcome, RecordFault> {
        let BulkAssignment { object, ids, owners, instead_of, doing } = assignment;
        let mut alter = |acting: &Acting<'_>, _: &Session<'_>, record: &mut Record| {
            let mut after = owners.clone();
            if let Some(former) = instead_of {
                let mut others = record.owners.clone();
                if !others.remove(former) {
                    return Err(RecordFault::NotTheirs.into());
                }
                after.append(&mut others);
            }
            reassigned(acting, record, after);
            Ok(None)
        };
        let to_do: ToDo<'_> = (RecordVerb::BulkAssign, Action::Assign, &|_| Ok(Vec::new()));
        self.write_many(asking, (object, ids), to_do, *doing, &mut alter)
    }

    /// Takes many records from their pools in the order in which they are named, as far as the limits of the pools
    /// let, with one ledger row: the subject owns them from now on.
    ///
    /// # Errors
    ///
    /// Too many records; refusals and limits that single records met are in the outcome.
    pub fn claim_records(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
    ) -> Result<BulkOutcome, RecordFault> {
        let mut before: BTreeMap<PoolId, u64> = BTreeMap::new();
        let mut alter = |acting: &Acting<'_>, _: &Session<'_>, record: &mut Record| {
            *record = pool::claimed(acting, asking, record.clone(), &before)?;
            if let Some(pool) = &record.pool {
                *before.entry(pool.clone()).or_default() += 1;
            }
            Ok(None)
        };
        let to_do: ToDo<'_> = (RecordVerb::BulkClaim, Action::Claim, &|_| Ok(Vec::new()));
        self.write_many(asking, (object, ids), to_do, Doing::Act, &mut alter)
    }

    /// Alters many records, with one ledger row for the act and one for each refusal.
    fn write_many(
        &self,
        asking: &Asking,
        (object, ids): (&ObjectId, &[RecordId]),
        (verb, action, fields): ToDo<'_>,
        doing: Doing,
        alter: &mut Alter<'_>,
    ) -> Result<BulkOutcome, RecordFault> {
        check_length(ids.len())?;
        let came = self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let named = fields(acting)?;
            let mut sorted = sort(acting, &session, (object, ids), (&action, &named));
            let mut records = Vec::new();
            let mut may: BTreeSet<RecordId> =
                sorted.lawful.union(&sorted.relaxed).cloned().collect();
            for id in ids.iter().filter(|id| may.remove(*id)) {
                let key = RecordKey { object: object.clone(), id: id.clone() };
                let (before, _) = kept(acting, asking, &key)?;
                let mut record = before.clone();
                match alter(acting, &session, &mut record) {
                    Ok(_) if record == before && may_compare(acting, &session, &key, &named) => {}
                    Ok(overlay) if sorted.may_be_relaxed_by(id, overlay.as_ref()) => {
                        records.push(record);
                    }
                    Ok(_) => sorted
                        .left
                        .push(Left::new(id, "another suspension allows it: change it apart")),
                    Err(stopped) => sorted.left.push(Left::stopped(id, stopped)),
                }
            }
            let Some(first) = records.first().map(Record::key) else {
                return Ok(Came { changed: None, done: 0, left: sorted.left });
            };
            let done = records.len() as u64;
            if doing == Doing::Trial {
                return Ok(Came { changed: None, done, left: sorted.left });
            }
            let is_relaxed = records.iter().any(|record| sorted.relaxed.contains(&record.id));
            let write = RecordWrite {
                organization: asking.organization.clone(),
                verb,
                records,
                under: sorted.under.filter(|_| is_relaxed),
                relaxed: sorted.relaxed,
                born: Vec::new(),
                job: None,
            };
            let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
            Ok(Came { changed: Some(Changed::new(first, &written)), done, left: sorted.left })
        })?;
        Ok(self.told(asking, came, doing))
    }

    /// Records the refusals of an act: the first ones each with a row of its own, of the others those that are alike with
    /// one, so that nobody fills the ledger by asking for what they may not do.
    fn recorded(
        &self,
        asking: &Asking,
        mut denied: Vec<(usize, Denied)>,
        left: &[Left],
    ) -> Vec<(usize, Option<u64>)> {
        let rest = denied.split_off(denied.len().min(OWN_ROWS_MAX));
        let (mut places, denied): (Vec<usize>, Vec<Denied>) = denied.into_iter().unzip();
        let mut references = self.record_denials(asking, denied);
        let mut alike: BTreeMap<(Refusal, Vec<FieldId>), (Denied, Vec<usize>)> = BTreeMap::new();
        for (at, denied) in rest {
            // Whether they are there at all must not show in which of them have one row.
            let denied = match denied.known {
                Known::ByPolicy => denied,
                _ => Denied { refusal: Refusal::OutOfReach, fields: Vec::new(), ..denied },
            };
            let key = (denied.refusal.clone(), denied.fields.clone());
            let on = Target::Object(denied.on.object().clone());
            let all = alike.entry(key).or_insert_with(|| (Denied { on, ..denied }, Vec::new()));
            all.1.push(at);
        }
        let of_all = |(denied, at): &(Denied, Vec<usize>)| {
            let ids = at.iter().filter_map(|at| Some(&left.get(*at)?.refusal.id));
            (denied.clone(), ids.collect())
        };
        let many = self.record_many_denials(asking, alike.values().map(of_all).collect());
        for ((_, at), reference) in alike.into_values().zip(many) {
            references.extend(at.iter().map(|_| reference));
            places.extend(at);
        }
        places.into_iter().zip(references).collect()
    }

    /// The outcome, after the refusals of an act got their ledger rows.
    fn told(&self, asking: &Asking, came: Came, doing: Doing) -> BulkOutcome {
        let Came { changed, done, mut left } = came;
        if doing == Doing::Act {
            let denied: Vec<(usize, Denied)> = left
                .iter_mut()
                .enumerate()
                .filter_map(|(at, left)| Some((at, *left.denied.take()?)))
                .collect();
            for (at, reference) in self.recorded(asking, denied, &left) {
                if let Some(left) = left.get_mut(at) {
                    left.refusal.reference = reference;
                }
            }
        }
        let refused = left.into_iter().map(|left| left.refusal).collect();
        BulkOutcome { changed, done, refused }
    }

    /// Puts many records into the bin, with one ledger row.
    ///
    /// # Errors
    ///
    /// Too many records; refusals of single records are in the outcome.
    pub fn delete_records(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
    ) -> Result<BulkOutcome, RecordFault> {
        check_length(ids.len())?;
        let came = self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let Sorted { lawful, relaxed, under, mut left } =
                sort(acting, &session, (object, ids), (&Action::Delete, &[]));
            // The journal is of the whole act, so what is lawful does not go together with what is relaxed.
            let (keys, under) = if lawful.is_empty() {
                (relaxed, under)
            } else {
                let why = "only a suspension allows it: delete it apart from the others";
                left.extend(relaxed.iter().map(|id| Left::new(id, why)));
                (lawful, None)
            };
            let keys: Vec<RecordKey> =
                keys.into_iter().map(|id| RecordKey { object: object.clone(), id }).collect();
            let Some(first) = keys.first().cloned() else {
                return Ok(Came { changed: None, done: 0, left });
            };
            let (organization, done) = (asking.organization.clone(), keys.len() as u64);
            let written = acting.apply(Change::DeleteRecords { organization, keys, under })?;
            Ok(Came { changed: Some(Changed::new(first, &written)), done, left })
        })?;
        Ok(self.told(asking, came, Doing::Act))
    }
}

fn check_length(length: usize) -> Result<(), RecordFault> {
    if length <= RECORDS_MAX {
        return Ok(());
    }
    Err(RecordFault::TooMany { what: "records at once", most: RECORDS_MAX })
}

/// Decides on every record.
fn sort(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (object, ids): (&ObjectId, &[RecordId]),
    (action, fields): (&Action, &[FieldId]),
) -> Sorted {
    let mut sorted = Sorted::default();
    let unique: BTreeSet<&RecordId> = ids.iter().collect();
    for id in unique {
        let key = RecordKey { object: object.clone(), id: id.clone() };
        let on = Target::Record(key.clone());
        let mut request = Request::new(session.clone(), action.clone(), on.clone());
        request.fields = fields.to_vec();
        request.extent = Extent::Bulk;
        let stopped = match acting.check(&request) {
            Decision::Allow { .. } => {
                sorted.lawful.insert(id.clone());
                continue;
            }
            Decision::Relaxed { overlay, .. }
                if sorted.under.as_ref().is_none_or(|under| *under == overlay) =>
            {
                sorted.under = Some(overlay);
                sorted.relaxed.insert(id.clone());
                continue;
            }
            Decision::Relaxed { refusal, .. } | Decision::Deny { refusal } => {
                let known = known(acting, session, &key);
                let fields = fields.to_vec();
                Stopped::Denied(Box::new(Denied {
                    action: action.clone(),
                    on,
                    fields,
                    refusal,
                    known,
                }))
            }
        };
        sorted.left.push(Left::stopped(id, stopped));
    }
    sorted
}

/// Why one of many was not done, without telling what may not be known.
pub(super) fn words(stopped: &Stopped) -> String {
    match stopped {
        Stopped::Fault(fault) => fault.to_string(),
        Stopped::Denied(denied) if denied.known != Known::ByPolicy => {
            RecordFault::NotFound { reference: None }.to_string()
        }
        Stopped::Denied(denied) => match denied.told() {
            RecordFault::Refused { .. } => format!("`{}` is refused", denied.action),
            other => other.to_string(),
        },
    }
}
