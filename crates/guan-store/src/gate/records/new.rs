//! A new record: decided on its intended owners, unit and fields.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, NodeId, ObjectId, OverlayId, Owner, Policy, PoolId, Record, RecordId,
    RelationId, TreeKind, UserId, Value,
};
use serde::{Deserialize, Serialize};

use super::change::{Changed, Denied, Known, RecordPatch, Stopped, may_attach};
use super::{RecordFault, demand, value};
use crate::change::Change;
use crate::error::{ReadError, StorageError};
use crate::gate::{Acting, Asking, Gate};
use crate::random;
use crate::record::{RecordVerb, RecordWrite};

/// A record to be made; its id is given by the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Its object.
    pub object: ObjectId,
    /// Its owners; absent: who makes it. An empty set is a record that nobody owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owners: Option<BTreeSet<Owner>>,
    /// Its unit; absent: the unit where who makes it has the main place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<NodeId>,
    /// The dimension nodes that it is tagged with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<NodeId>,
    /// The pool that it waits in; only a record that nobody owns does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolId>,
    /// Its parents.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parents: BTreeMap<RelationId, RecordId>,
    /// Its values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Value>,
}

impl NewRecord {
    /// A record with these values for who makes it.
    pub fn new(object: impl Into<ObjectId>, fields: BTreeMap<FieldId, Value>) -> Self {
        Self {
            object: object.into(),
            owners: None,
            unit: None,
            tags: BTreeSet::new(),
            pool: None,
            parents: BTreeMap::new(),
            fields,
        }
    }
}

impl Gate {
    /// Makes a record.
    ///
    /// # Errors
    ///
    /// A refusal, a field that may not be set, a value that does not fit.
    pub fn create_record(&self, asking: &Asking, new: NewRecord) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let (record, under) = made(acting, &session, new)?;
            let key = record.key();
            let organization = asking.organization.clone();
            let write =
                RecordWrite { under, ..RecordWrite::one(organization, RecordVerb::Create, record) };
            let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
            Changed::new(key, &written).at_its_version(acting, asking)
        })
    }
}

/// The record to be written, and the suspension without which it would be refused.
pub(super) fn made(
    acting: &Acting<'_>,
    session: &Session<'_>,
    new: NewRecord,
) -> Result<(Record, Option<OverlayId>), Stopped> {
    let NewRecord { object, owners, unit, tags, pool, parents, fields } = new;
    let subject = Owner::User(session.subject.clone());
    let owners = owners.unwrap_or_else(|| [subject].into());
    let policy = acting.engine().policy();
    let model = policy.objects.get(&object);
    let mut patch = RecordPatch {
        fields: fields.into_iter().map(|(id, value)| (id, Some(value))).collect(),
        parents: parents.into_iter().map(|(id, parent)| (id, Some(parent))).collect(),
    };
    demand::join(model, &mut patch)?;
    let values = patch.fields.into_iter().filter_map(|(id, value)| Some((id, value?)));
    let fields: BTreeMap<FieldId, Value> = values
        .map(|(id, value)| {
            let value = value::fitted(model, &id, value);
            (id, value)
        })
        .collect();
    let parents = patch.parents.into_iter().filter_map(|(id, parent)| Some((id, parent?)));
    let parents: BTreeMap<RelationId, RecordId> = parents.collect();
    let unit = unit.or_else(|| unit_of(policy, &session.subject));
    let on = Target::New { object: object.clone(), owners: owners.clone(), unit: unit.clone() };
    let mut request = Request::new(session.clone(), Action::Create, on);
    request.fields = fields.keys().cloned().collect();
    let under = match acting.check(&request) {
        Decision::Allow { .. } => None,
        Decision::Relaxed { overlay, .. } => Some(overlay),
        Decision::Deny { refusal } => {
            let Request { action, on, fields, .. } = request;
            return Err(Stopped::Denied(Box::new(Denied {
                action,
                on,
                fields,
                refusal,
                known: Known::ByPolicy,
            })));
        }
    };
    let mut under = under;
    for (relation, parent) in &parents {
        let overlay = may_attach(acting, session, (&object, None), (relation, parent))?;
        under = under.or(overlay);
    }
    if pool.is_some() && !owners.is_empty() {
        return Err(RecordFault::Pool(super::PoolFault::Held).into());
    }
    let mut record =
        Record { owners, unit, tags, pool, parents, fields, ..Record::new(object, new_id()?) };
    demand::fill(model, &mut record);
    demand::complete(acting, &request, &record)?;
    Ok((record, under))
}

/// The unit of a user's main place.
fn unit_of(policy: &Policy, user: &UserId) -> Option<NodeId> {
    let placements = &policy.users.get(user)?.placements;
    let is_unit = |node: &NodeId| {
        policy
            .nodes
            .get(node)
            .and_then(|node| policy.trees.get(&node.tree))
            .is_some_and(|tree| tree.kind == TreeKind::Unit)
    };
    let main = placements.iter().filter(|placement| !placement.additional);
    main.map(|placement| &placement.node).find(|node| is_unit(node)).cloned()
}

/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id that nobody can guess.
fn new_id() -> Result<RecordId, RecordFault> {
    let bytes: [u8; 10] = random::bytes().map_err(|error| {
        RecordFault::from(ReadError::from(StorageError::unreadable(format!(
            "the system gives no random bytes: {error}"
        ))))
    })?;
    let mut id = String::with_capacity(16);
    let mut bits = bytes.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    for _ in 0..16 {
        let letter = usize::try_from(bits & 31).ok().and_then(|at| LETTERS.get(at));
        id.push(letter.copied().map_or('0', char::from));
        bits >>= 5;
    }
    Ok(id.into())
}
