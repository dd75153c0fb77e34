//! What leaves the house: a record stripped to what a decision shows of it.

use crate::answer::Refusal;
use crate::model::{
    FieldAccess, FieldId, Mask, NodeId, ObjectId, OverlayId, Owner, PoolId, Record, RecordId,
    RecordKey, RelationId, TeamMember, Value,
};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value as the field gate shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The value itself.
    Clear(Value),
    /// What the mask leaves of it.
    Masked(String),
}

/// A would-deny: something is shown only because a suspension relaxes this refusal. It must be
/// recorded durably before what it shows leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WouldDeny {
    /// The record: the one shown, or a parent whose id is shown.
    pub record: RecordKey,
    /// By this overlay.
    pub overlay: OverlayId,
    /// What the policy says of the record or, where it shows the record, of the first field.
    pub refusal: Refusal,
    /// Fields that are visible only through the overlay. Empty where it shows the record alone.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<FieldId>))]
    #[serde(serialize_with = "as_list")]
    pub fields: Arc<[FieldId]>,
}

fn as_list<S: Serializer>(fields: &Arc<[FieldId]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(fields.iter())
}

/// What the field gate shows of every record of one class of answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Visible fields alone.
    pub(crate) fields: BTreeMap<FieldId, (FieldAccess, Mask)>,
    /// Overlay, refusal and the fields that it opens.
    pub(crate) denies: Vec<(OverlayId, Refusal, Arc<[FieldId]>)>,
}

impl Sight {
    fn show(&self, field: &FieldId, value: &Value) -> Option<Shown> {
        let (access, mask) = self.fields.get(field)?;
        Some(if access.is_readable() {
            Shown::Clear(value.clone())
        } else {
            Shown::Masked(mask.apply(&value.to_string()))
        })
    }
}

/// Something stripped to what a decision shows of it. Only the engine makes one, see
/// [`Engine::reveal`](crate::Engine::reveal); it is written and never read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visible<T> {
    /// Without fields, shares and the parents that may not be read.
    kept: T,
    fields: BTreeMap<FieldId, Shown>,
    sight: Arc<Sight>,
    would_denies: Vec<WouldDeny>,
}

impl Visible<Record> {
    /// Strips `record` to what `sight` shows and the parents in `parents`, which are relaxed by
    /// `relaxed_parents`.
    pub(crate) fn strip(
        mut record: Record,
        sight: Arc<Sight>,
        parents: &BTreeSet<RelationId>,
        relaxed_parents: Vec<WouldDeny>,
    ) -> Self {
        let key = record.key();
        let raw = std::mem::take(&mut record.fields);
        let fields = raw
            .into_iter()
            .filter_map(|(field, value)| Some((sight.show(&field, &value)?, field)))
            .map(|(shown, field)| (field, shown))
            .collect();
        record.shares = Vec::new();
        for member in &mut record.team {
            // Who put whom there is for those who may share.
            member.by = None;
        }
        record.parents.retain(|relation, _| parents.contains(relation));
        let mut would_denies: Vec<WouldDeny> = sight
            .denies
            .iter()
            .map(|(overlay, refusal, fields)| WouldDeny {
                record: key.clone(),
                overlay: overlay.clone(),
                refusal: refusal.clone(),
                fields: Arc::clone(fields),
            })
            .collect();
        would_denies.extend(relaxed_parents);
        Self { kept: record, fields, sight, would_denies }
    }

    /// Its object.
    pub const fn object(&self) -> &ObjectId {
        &self.kept.object
    }
    /// Its id within the object.
    pub const fn id(&self) -> &RecordId {
        &self.kept.id
    }
    /// Its key.
    pub fn key(&self) -> RecordKey {
        self.kept.key()
    }
    /// Who owns it.
    pub const fn owners(&self) -> &BTreeSet<Owner> {
        &self.kept.owners
    }
    /// The unit that it belongs to.
    pub const fn unit(&self) -> Option<&NodeId> {
        self.kept.unit.as_ref()
    }
    /// The dimension nodes that it is tagged with.
    pub const fn tags(&self) -> &BTreeSet<NodeId> {
        &self.kept.tags
    }
    /// The parents that the session may read, by relation.
    pub const fn parents(&self) -> &BTreeMap<RelationId, RecordId> {
        &self.kept.parents
    }
    /// The pool that it waits in.
    pub const fn pool(&self) -> Option<&PoolId> {
        self.kept.pool.as_ref()
    }
    /// Whether it is locked.
    pub const fn is_locked(&self) -> bool {
        self.kept.locked
    }
    /// Its team.
    pub fn team(&self) -> &[TeamMember] {
        &self.kept.team
    }
    /// The values that are shown. A hidden field and one without value are both absent;
    /// [`Visible::access`] tells them apart.
    pub const fn fields(&self) -> &BTreeMap<FieldId, Shown> {
        &self.fields
    }
    /// How a field is seen: `hidden`, `masked` or `read`.
    pub fn access(&self, field: &FieldId) -> FieldAccess {
        self.sight.fields.get(field).map_or(FieldAccess::HIDDEN, |(access, _)| *access)
    }
    /// Another value of a field of this record, such as an earlier one, as the field gate shows it
    /// now; nothing where the field is hidden.
    pub fn show(&self, field: &FieldId, value: &Value) -> Option<Shown> {
        self.sight.show(field, value)
    }
    /// What both answers show of the record, each field as the one shows it that shows less: for who sees as `other`
    /// sees, and still may not see more than themself.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let narrowed = |field: &FieldId, (access, mask): &(FieldAccess, Mask)| {
            let (theirs, their_mask) = other.sight.fields.get(field)?;
            let is_less = access.is_readable() && !theirs.is_readable();
            // Where both are masked, what the other shows is known to who asks anyway.
            let is_masked_for_both = !access.is_readable() && !theirs.is_readable();
            if is_less || is_masked_for_both {
                Some((*theirs, *their_mask))
            } else {
                Some((*access, *mask))
            }
        };
        let fields = self.sight.fields.iter();
        let fields = fields.filter_map(|(id, seen)| Some((id.clone(), narrowed(id, seen)?)));
        self.sight = Arc::new(Sight { fields: fields.collect(), denies: Vec::new() });
        let theirs = |field: &FieldId| other.fields.get(field).cloned();
        let seen = std::mem::take(&mut self.fields).into_iter().filter_map(|(field, shown)| {
            let shown = match (shown, theirs(&field)?) {
                (_, Shown::Masked(text)) => Shown::Masked(text),
                (shown, Shown::Clear(_)) => shown,
            };
            Some((field, shown))
        });
        self.fields = seen.collect();
        let parents = &other.kept.parents;
        self.kept.parents.retain(|relation, parent| parents.get(relation) == Some(&*parent));
        self
    }
    /// What must be recorded durably before this leaves; nothing when the policy alone shows it all.
    pub fn would_denies(&self) -> &[WouldDeny] {
        &self.would_denies
    }
}

/// The form in which a visible record is written.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub(crate) struct VisibleRecord<'v> {
    /// Its object.
    object: &'v ObjectId,
    /// Its id within the object.
    id: &'v RecordId,
    /// Who owns it.
    owners: &'v BTreeSet<Owner>,
    /// The unit that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'v NodeId>,
    /// The dimension nodes that it is tagged with.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags: &'v BTreeSet<NodeId>,
    /// The parents that the session may read, by relation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parents: &'v BTreeMap<RelationId, RecordId>,
    /// The pool that it waits in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'v PoolId>,
    /// Whether it is locked.
    locked: bool,
    /// Its team.
    #[serde(skip_serializing_if = "<[TeamMember]>::is_empty")]
    team: &'v [TeamMember],
    /// The values that are shown.
    fields: &'v BTreeMap<FieldId, Shown>,
}

impl Serialize for Visible<Record> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        VisibleRecord {
            object: self.object(),
            id: self.id(),
            owners: self.owners(),
            unit: self.unit(),
            tags: self.tags(),
            parents: self.parents(),
            pool: self.pool(),
            locked: self.is_locked(),
            team: self.team(),
            fields: self.fields(),
        }
        .serialize(serializer)
    }
}
