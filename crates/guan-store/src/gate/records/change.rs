//! Changes of one record: decided on the engine that has seen everything, inside the transaction that makes them.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, NodeId, ObjectId, OverlayId, Owner, Problem, Record, RecordId, RecordKey,
    RelationId, Value,
};
use serde::{Deserialize, Serialize};

use super::{RecordFault, demand, value};
use crate::born::Born;
use crate::change::{Change, Written};
use crate::error::StorageError;
use crate::gate::{Acting, Asking, Gate, GateError, Token};
use crate::record::reads;
use crate::record::{RecordVerb, RecordWrite};

/// What a change came to. For the new state read the record again: it may be out of sight now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The record; of several the first.
    pub key: RecordKey,
    /// The ledger row.
    pub sequence: u64,
    /// What a read passes on to see this change on any node.
    pub token: Token,
    /// The version that the record has now; absent of several, and where it is gone.
    pub version: Option<u64>,
}

impl Changed {
    pub(super) fn new(key: RecordKey, written: &Written) -> Self {
        let (sequence, token) = (written.sequence, Token::new(written.tip.size));
        Self { key, sequence, token, version: None }
    }

    /// With the version that a record has inside the transaction that changed it.
    pub(super) fn at_its_version(
        self,
        acting: &Acting<'_>,
        asking: &Asking,
    ) -> Result<Self, Stopped> {
        let (_, stamp) = kept(acting, asking, &self.key)?;
        Ok(Self { version: Some(stamp.version), ..self })
    }
}

/// New values of a record; `None` takes one out, and what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordPatch {
    /// Fields.
    pub fields: BTreeMap<FieldId, Option<Value>>,
    /// Parents.
    pub parents: BTreeMap<RelationId, Option<RecordId>>,
}

/// Where a record belongs; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placing {
    /// Its owners.
    pub owners: Option<BTreeSet<Owner>>,
    /// Its unit; `Some(None)` takes it out of its unit.
    pub unit: Option<Option<NodeId>>,
    /// The dimension nodes that it is tagged with.
    pub tags: Option<BTreeSet<NodeId>>,
}

impl Placing {
    /// Puts a record there; that it may be done was decided.
    pub(super) fn apply(self, acting: &Acting<'_>, record: &mut Record) {
        if let Some(owners) = self.owners {
            reassigned(acting, record, owners);
        }
        if let Some(unit) = self.unit {
            record.unit = unit;
        }
        if let Some(tags) = self.tags {
            record.tags = tags;
        }
    }
}

/// Why an act was not done: what is told, and what is recorded of a refusal.
pub(super) enum Stopped {
    /// The subject may not do it.
    Denied(Box<Denied>),
    /// Anything else.
    Fault(RecordFault),
}

/// A refusal inside an act.
#[derive(Debug, Clone)]
pub(super) struct Denied {
    pub(super) action: Action,
    pub(super) on: Target,
    pub(super) fields: Vec<FieldId>,
    pub(super) refusal: Refusal,
    /// Whether the subject may know of the record.
    pub(super) known: Known,
}

/// Whether somebody may know that there is a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// They may not.
    No,
    /// The policy lets them read it.
    ByPolicy,
    /// A suspension alone lets them read it, which has to be recorded before it is told.
    Under(OverlayId),
}

impl Denied {
    /// What is told of it.
    pub(super) fn told(&self) -> RecordFault {
        RecordFault::of((&self.on, &self.fields), self.refusal.clone())
    }
}

impl From<RecordFault> for Stopped {
    fn from(fault: RecordFault) -> Self {
        Self::Fault(fault)
    }
}
impl From<GateError> for Stopped {
    fn from(error: GateError) -> Self {
        Self::Fault(error.into())
    }
}
impl From<StorageError> for Stopped {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// A record under change.
pub(super) struct Held {
    pub(super) record: Record,
    /// The suspension without which the change, or a part of it, would be refused.
    pub(super) under: Option<OverlayId>,
    /// What of the change ends with the overlays that allow it.
    pub(super) born: Vec<Born>,
}

impl Held {
    /// A part of the change would be refused without this suspension.
    pub(super) fn relaxed_by(&mut self, overlay: Option<OverlayId>) {
        if self.under.is_none() {
            self.under = overlay;
        }
    }
}

impl Gate {
    /// Changes values and parents of a record.
    ///
    /// `version` is the one that the change was made from; absent, whatever it is.
    ///
    /// # Errors
    ///
    /// [`RecordFault::NotFound`] for a record that may not be read; a refusal, a field that may not be set, a
    /// value that does not fit, another version.
    pub fn edit_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        patch: RecordPatch,
    ) -> Result<Changed, RecordFault> {
        let fields = patch.fields.keys().cloned().collect();
        let to_do = (RecordVerb::Edit, Action::Edit, fields);
        self.change_record(asking, (key, version), to_do, |acting, session, held| {
            let overlay = patched(acting, session, &mut held.record, patch)?;
            held.relaxed_by(overlay);
            Ok(())
        })
    }

    /// Gives a record other owners, another unit or other tags; needs the action `assign`.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn assign_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        placing: Placing,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Assign, Action::Assign, Vec::new());
        self.change_record(asking, (key, version), to_do, |acting, _, held| {
            placing.apply(acting, &mut held.record);
            Ok(())
        })
    }

    /// Locks a record: from then on only exempt sets change it. Needs the action `edit`.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`]; an object without exempt sets, where nobody could unlock it again.
    pub fn lock_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Lock, Action::Edit, Vec::new());
        self.change_record(asking, (key, version), to_do, |acting, _, held| {
            let object = acting.engine().policy().objects.get(&held.record.object);
            if object.is_none_or(|object| object.lock_exempt.is_empty()) {
                let what = "no set of the object is exempt from locks, so nobody could unlock it";
                let problem = Problem { place: "locked".to_owned(), what: what.to_owned() };
                return Err(RecordFault::Problems(vec![problem]).into());
            }
            held.record.locked = true;
            Ok(())
        })
    }

    /// Unlocks a record; for those who may edit it although it is locked.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn unlock_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Unlock, Action::Edit, Vec::new());
        self.change_record(asking, (key, version), to_do, |_, _, held| {
            held.record.locked = false;
            Ok(())
        })
    }

    /// The frame of every change of one record: decide, read, compare versions, change, write with one ledger row.
    pub(super) fn change_record(
        &self,
        asking: &Asking,
        (key, version): (&RecordKey, Option<u64>),
        (verb, action, fields): (RecordVerb, Action, Vec<FieldId>),
        change: impl FnOnce(&Acting<'_>, &Session<'_>, &mut Held) -> Result<(), Stopped> + Send,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let write = changed(acting, asking, (key, version), (verb, action, fields), change)?;
            let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
            Changed::new(key.clone(), &written).at_its_version(acting, asking)
        })
    }

    /// Runs an act and records a refusal after it, when nothing of the act is left.
    pub(super) fn act_on_records<T: Send>(
        &self,
        asking: &Asking,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, Stopped> + Send,
    ) -> Result<T, RecordFault> {
        match self.act(&asking.caller, &asking.clock, &asking.organization, act) {
            Ok(done) => Ok(done),
            Err(Stopped::Fault(fault)) => Err(fault),
            Err(Stopped::Denied(denied)) => {
                let Denied { action, on, fields, refusal, known } = *denied;
                Err(match &on {
                    Target::Record(key) if !self.may_tell(asking, key, known) => {
                        self.not_found(asking, &action, key, refusal)
                    }
                    _ => self.refused(asking, &action, on, fields, refusal),
                })
            }
        }
    }
}

/// What a change of one record comes to: decided, read, versions compared, changed; to be written.
pub(super) fn changed(
    acting: &Acting<'_>,
    asking: &Asking,
    (key, version): (&RecordKey, Option<u64>),
    (verb, action, fields): (RecordVerb, Action, Vec<FieldId>),
    change: impl FnOnce(&Acting<'_>, &Session<'_>, &mut Held) -> Result<(), Stopped>,
) -> Result<RecordWrite, Stopped> {
    let session = asking.session().under(acting.standing());
    let under = decided(acting, &session, key, (&action, fields.clone()))?;
    let (before, stamp) = kept(acting, asking, key)?;
    same_version(version, stamp.version)?;
    let mut held = Held { record: before.clone(), under, born: Vec::new() };
    change(acting, &session, &mut held)?;
    if held.record == before && may_compare(acting, &session, key, &fields) {
        return Err(RecordFault::Nothing.into());
    }
    let Held { record, under, born } = held;
    Ok(RecordWrite { under, born, ..RecordWrite::one(asking.organization.clone(), verb, record) })
}

/// Whether the subject sees all of these fields in clear, and so may be told that they have these values already. To
/// anybody else the same write is a change whatever the values are: otherwise it would tell whether a guess is right.
pub(super) fn may_compare(
    acting: &Acting<'_>,
    session: &Session<'_>,
    key: &RecordKey,
    fields: &[FieldId],
) -> bool {
    if fields.is_empty() {
        return true;
    }
    let seen = acting.engine().fields(session, &Target::Record(key.clone()));
    let is_clear = |field| seen.as_ref().ok()?.get(field).map(|access| access.is_readable());
    fields.iter().all(|field| is_clear(field) == Some(true))
}

/// Decides on one record: the suspension without which it would be refused, or why it is not done.
pub(super) fn decided(
    acting: &Acting<'_>,
    session: &Session<'_>,
    key: &RecordKey,
    (action, fields): (&Action, Vec<FieldId>),
) -> Result<Option<OverlayId>, Stopped> {
    let on = Target::Record(key.clone());
    let mut request = Request::new(session.clone(), action.clone(), on.clone());
    request.fields = fields;
    match acting.check(&request) {
        Decision::Allow { .. } => Ok(None),
        Decision::Relaxed { overlay, .. } => Ok(Some(overlay)),
        Decision::Deny { refusal } => {
            let known = known(acting, session, key);
            let fields = request.fields;
            Err(Stopped::Denied(Box::new(Denied {
                action: action.clone(),
                on,
                fields,
                refusal,
                known,
            })))
        }
    }
}

/// Gives a record other owners, by the rule of its object.
pub(super) fn reassigned(acting: &Acting<'_>, record: &mut Record, owners: BTreeSet<Owner>) {
    let object = acting.engine().policy().objects.get(&record.object);
    let rule = object.map(|object| object.owner_change).unwrap_or_default();
    record.change_owners(owners, rule);
}

/// Whether the subject may know of a record.
pub(super) fn known(acting: &Acting<'_>, session: &Session<'_>, key: &RecordKey) -> Known {
    match allowed(acting, session, (Action::Read, key)) {
        Ok(None) => Known::ByPolicy,
        Ok(Some(overlay)) => Known::Under(overlay),
        Err(_) => Known::No,
    }
}

/// Whether something may be done to a record: the suspension without which it would be refused, or the refusal.
pub(super) fn allowed(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (action, key): (Action, &RecordKey),
) -> Result<Option<OverlayId>, Refusal> {
    let request = Request::new(session.clone(), action, Target::Record(key.clone()));
    match acting.check(&request) {
        Decision::Allow { .. } => Ok(None),
        Decision::Relaxed { overlay, .. } => Ok(Some(overlay)),
        Decision::Deny { refusal } => Err(refusal),
    }
}

/// The record as it is inside the transaction.
pub(super) fn kept(
    acting: &Acting<'_>,
    asking: &Asking,
    key: &RecordKey,
) -> Result<(Record, crate::record::Stamp), Stopped> {
    let found = reads::stamped(&acting.read().database, &asking.organization, key)?;
    found.ok_or_else(|| RecordFault::NotFound { reference: None }.into())
}

pub(super) fn same_version(wanted: Option<u64>, found: u64) -> Result<(), Stopped> {
    if wanted.is_some_and(|wanted| wanted != found) {
        return Err(RecordFault::Conflict { found }.into());
    }
    Ok(())
}

/// Applies a patch to a record; the fields that it names were decided on already. Gives the suspension without which a
/// new parent, or the field of the same id, would be refused.
pub(super) fn patched(
    acting: &Acting<'_>,
    session: &Session<'_>,
    record: &mut Record,
    mut patch: RecordPatch,
) -> Result<Option<OverlayId>, Stopped> {
    let model = acting.engine().policy().objects.get(&record.object);
    let joined = demand::join(model, &mut patch)?;
    let mut under = None;
    if !joined.is_empty() {
        under = decided(acting, session, &record.key(), (&Action::Edit, joined))?;
    }
    demand::keeps(model, &patch)?;
    for (field, value) in patch.fields {
        match value.map(|value| value::fitted(model, &field, value)) {
            Some(value) => record.fields.insert(field, value),
            None => record.fields.remove(&field),
        };
    }
    let parents = patch.parents;
    let object = record.object.clone();
    let is_known = |parent| {
        let key = acting.engine().parent(&object, parent);
        key.is_some_and(|key| allowed(acting, session, (Action::Read, &key)) == Ok(None))
    };
    for (relation, parent) in &parents {
        // One that is there already needs nothing, unless it would be told so to somebody who may not know it.
        if let Some(parent) = parent
            && (record.parents.get(relation) != Some(parent) || !is_known((relation, parent)))
        {
            let child = Some(record.key());
            let overlay = may_attach(acting, session, (&record.object, child), (relation, parent))?;
            under = under.or(overlay);
        }
    }
    for (relation, parent) in parents {
        match parent {
            Some(parent) => record.parents.insert(relation, parent),
            None => record.parents.remove(&relation),
        };
    }
    Ok(under)
}

/// Whether a record may be attached to a parent: the parent is one that the subject reads. Where the organization
/// grants `append` and `append_to` at all, both are needed. Gives the suspension without which it would be refused.
pub(super) fn may_attach(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (object, child): (&ObjectId, Option<RecordKey>),
    (relation, parent): (&RelationId, &RecordId),
) -> Result<Option<OverlayId>, Stopped> {
    let policy = acting.engine().policy();
    let missing = || {
        let what = format!("there is no record `{parent}` that it could belong to");
        let place = format!("parents.{relation}");
        Stopped::from(RecordFault::Problems(vec![Problem { place, what }]))
    };
    let Some(key) = acting.engine().parent(object, (relation, parent)) else {
        return Err(missing());
    };
    let Ok(mut under) = allowed(acting, session, (Action::Read, &key)) else {
        return Err(missing());
    };
    let grants = |object: &ObjectId, action: &Action| {
        policy.sets.values().any(|set| {
            set.objects.get(object).or(set.any_object.as_ref()).is_some_and(|permission| {
                permission.actions.get(action).is_some_and(|grant| !grant.is_none())
            })
        })
    };
    let mut needs =
        |action: Action, key: &RecordKey| match allowed(acting, session, (action.clone(), key)) {
            Ok(overlay) => {
                under = under.take().or(overlay);
                Ok(())
            }
            Err(_) => Err(Stopped::Denied(Box::new(Denied {
                action,
                on: Target::Record(key.clone()),
                fields: Vec::new(),
                refusal: Refusal::OutOfReach,
                known: known(acting, session, key),
            }))),
        };
    if grants(&key.object, &Action::AppendTo) {
        needs(Action::AppendTo, &key)?;
    }
    if let Some(child) = child
        && grants(object, &Action::Append)
    {
        needs(Action::Append, &child)?;
    }
    Ok(under)
}
