//! `reveal`: records stripped to what the field gate shows of them, with what must be recorded first.

use super::door::Door;
use super::fields;
use super::list::Relaxations;
use crate::answer::{Evidence, Refusal};
use crate::ask::{Extent, Session};
use crate::compile::number;
use crate::dense::NONE;
use crate::engine::Engine;
use crate::lens;
use crate::model::{
    Action, FieldAccess, FieldId, Mask, Object, ObjectId, OverlayId, Record, RecordId, RecordKey,
    RelationId, Value,
};
use crate::subject::Subject;
use crate::visible::{Sight, Visible, WouldDeny};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Engine {
    /// `record` as the subject may see it, for `read`, or take it out, for `export`.
    ///
    /// The record is the one that the engine knows by this key, with all its fields; the decision is
    /// made on what the engine knows. What [`Visible::would_denies`] lists must be recorded durably
    /// before the answer leaves.
    ///
    /// # Errors
    ///
    /// The refusal of stages 1 to 4, where no suspension relaxes it. Fields are never refused: what
    /// may not be seen is absent.
    pub fn reveal(
        &self,
        session: &Session<'_>,
        action: &Action,
        record: Record,
    ) -> Result<Visible<Record>, Refusal> {
        let mut revealed = self.reveal_page(session, action, vec![record]);
        revealed.pop().unwrap_or(Err(Refusal::UnknownRecord))
    }

    /// The record that a parent of a record of this object is; `None` where the policy does not know the relation.
    pub fn parent(
        &self,
        object: &ObjectId,
        (relation, id): (&RelationId, &RecordId),
    ) -> Option<RecordKey> {
        let relation = self.policy.objects.get(object)?.relations.get(relation)?;
        Some(RecordKey { object: relation.parent.clone(), id: id.clone() })
    }

    /// The other record that a path to a record of this object leads over, if any: nobody who may not read that one may be
    /// told the path.
    ///
    /// # Errors
    ///
    /// The policy does not know the relation.
    pub fn led_over(
        &self,
        object: &ObjectId,
        path: &Evidence,
    ) -> Result<Option<RecordKey>, Refusal> {
        match path {
            Evidence::Parent { relation, parent: id, .. }
            | Evidence::ImplicitChild { relation, parent: id, .. } => {
                self.parent(object, (relation, id)).map(Some).ok_or(Refusal::UnknownObject)
            }
            Evidence::ImplicitParent { child, .. } => Ok(Some(child.clone())),
            Evidence::Scope { .. }
            | Evidence::Unassigned
            | Evidence::Owner { .. }
            | Evidence::Baseline { .. }
            | Evidence::RollUp { .. }
            | Evidence::Rule { .. }
            | Evidence::Share { .. }
            | Evidence::Team { .. }
            | Evidence::Dimension { .. }
            | Evidence::Pool { .. } => Ok(None),
        }
    }

    /// The record that a value of a field points to, where the field is a relation at the same time: the value may
    /// be shown only to whom the record may be shown.
    pub fn pointed(&self, object: &ObjectId, field: &FieldId, value: &Value) -> Option<RecordKey> {
        let relation = self.policy.objects.get(object)?.relations.get(field.as_str())?;
        // What is no id points nowhere, so to nothing that may be read.
        let id = id_of(value).unwrap_or_else(|| "".into());
        Some(RecordKey { object: relation.parent.clone(), id })
    }

    /// [`Engine::reveal`] of many records, in the order of `records`.
    ///
    /// # Cost
    ///
    /// The session is worked out once and the field gate once for each class of answers: the refusal
    /// of the policy, the suspensions that relax it and the restrictions on fields that hold. Each
    /// record costs one check, one for each parent, and a look-up for each of its values.
    pub fn reveal_page(
        &self,
        session: &Session<'_>,
        action: &Action,
        records: Vec<Record>,
    ) -> Vec<Result<Visible<Record>, Refusal>> {
        if !matches!(action, Action::Read | Action::Export) {
            return records.iter().map(|_| Err(Refusal::UnknownAction)).collect();
        }
        let subject = match Subject::enter(self, session) {
            Ok(subject) => subject,
            Err(refusal) => return records.iter().map(|_| Err(refusal.clone())).collect(),
        };
        let objects: BTreeSet<ObjectId> =
            records.iter().map(|record| record.object.clone()).collect();
        let prepared: BTreeMap<&ObjectId, Prepared<'_>> = objects
            .iter()
            .map(|object| (object, Prepared::of(self, &subject, object, action)))
            .collect();
        let mut views: BTreeMap<&ObjectId, Result<Revealer<'_>, Refusal>> = prepared
            .iter()
            .map(|(object, prepared)| (*object, prepared.revealer(self, &subject)))
            .collect();
        records
            .into_iter()
            .map(|record| match views.get_mut(&record.object) {
                Some(Ok(revealer)) => revealer.reveal(record),
                Some(Err(refusal)) => Err(refusal.clone()),
                None => Err(Refusal::UnknownObject),
            })
            .collect()
    }
}

/// The id that a value of a reference is.
fn id_of(value: &Value) -> Option<RecordId> {
    match value {
        Value::Text(id) => Some(id.as_str().into()),
        Value::Number(id) => Some(id.to_string().into()),
        Value::Bool(_) | Value::List(_) => None,
    }
}

/// What suspensions relax for an object and for its parents, kept beside the views that borrow it.
struct Prepared<'s> {
    own: (&'s ObjectId, &'s Action, Relaxations<'s>),
    /// Each relation with its parents' object.
    parents: Vec<(RelationId, u32, Relaxations<'s>)>,
}

impl<'s> Prepared<'s> {
    fn of(
        engine: &'s Engine,
        subject: &Subject<'s>,
        object: &'s ObjectId,
        action: &'s Action,
    ) -> Self {
        let directory = &engine.compiled.directory;
        let own = Engine::relaxations(subject, object, action, Extent::Single);
        let relations = directory
            .objects
            .find(object)
            .map_or(&[][..], |object| &engine.compiled.object(object).relations);
        let parents = relations
            .iter()
            .filter(|relation| relation.parent != NONE)
            .map(|relation| {
                let parent = directory.objects.name(relation.parent);
                let relaxations =
                    Engine::relaxations(subject, parent, &Action::Read, Extent::Single);
                (relation.id.clone(), relation.parent, relaxations)
            })
            .collect();
        Self { own: (object, action, own), parents }
    }

    fn revealer<'p>(
        &'p self,
        engine: &'p Engine,
        subject: &'p Subject<'p>,
    ) -> Result<Revealer<'p>, Refusal> {
        let (id, action, relaxations) = &self.own;
        let directory = &engine.compiled.directory;
        let object = directory.objects.find(*id).ok_or(Refusal::UnknownObject)?;
        let action = directory.action(action).ok_or(Refusal::UnknownAction)?;
        let own = Door::open(subject, object, action, relaxations)?;
        let mut parents = BTreeMap::new();
        for (relation, parent, relaxations) in &self.parents {
            if let Ok(door) = Door::open(subject, *parent, number::READ, relaxations) {
                parents.insert(relation, door);
            }
        }
        let hiding = engine
            .compiled
            .object(object)
            .field_restrictions
            .iter()
            .copied()
            .filter(|restriction| fields::hides(subject, object, *restriction))
            .collect();
        let model = engine.policy.objects.get(*id).ok_or(Refusal::UnknownObject)?;
        let linked = model.relations.keys();
        let linked = linked.filter(|id| model.fields.contains_key(id.as_str())).collect();
        let sights = BTreeMap::new();
        Ok(Revealer { subject, object, own, parents, hiding, model, linked, sights })
    }
}

/// What the answers on a class of records have in common: the refusal of the policy, the suspensions
/// that let them through, and the restrictions on fields that they pass.
type Class = (Option<Refusal>, Vec<bool>);

/// Reveals records of one object.
struct Revealer<'p> {
    subject: &'p Subject<'p>,
    object: u32,
    own: Door<'p>,
    parents: BTreeMap<&'p RelationId, Door<'p>>,
    /// Restrictions that hide fields from the subject.
    hiding: Vec<u32>,
    model: &'p Object,
    /// Relations whose id is that of a field too.
    linked: Vec<&'p RelationId>,
    sights: BTreeMap<Class, Arc<Sight>>,
}

impl Revealer<'_> {
    fn reveal(&mut self, mut record: Record) -> Result<Visible<Record>, Refusal> {
        let Some(position) = self.own.index.find(&record.id) else {
            return Err(match &self.own.policy {
                Ok(_) => Refusal::UnknownRecord,
                Err(refusal) => refusal.clone(),
            });
        };
        let refusal = self.own.refusal(position);
        if let Some(refusal) = &refusal
            && self.own.relaxing(refusal, position).is_none()
        {
            return Err(refusal.clone());
        }
        let sight = self.sight(refusal, position);
        let (mut readable, mut relaxed) = (BTreeSet::new(), Vec::new());
        for (relation, id) in &record.parents {
            let Some(door) = self.parents.get(relation) else { continue };
            let Some(position) = door.index.find(id) else { continue };
            if let Some(refusal) = door.refusal(position) {
                let Some(overlay) = door.relaxing(&refusal, position) else { continue };
                let Some(parent) = self.model.relations.get(relation) else { continue };
                relaxed.push(WouldDeny {
                    record: RecordKey { object: parent.parent.clone(), id: id.clone() },
                    overlay: overlay.clone(),
                    refusal,
                    fields: Arc::default(),
                });
            }
            readable.insert(relation.clone());
        }
        // A field that is a relation at the same time is shown as the relation is.
        for relation in self.linked.iter().copied() {
            let shown = record.parents.get(relation).filter(|_| readable.contains(relation));
            let is_shown = record.fields.get(relation.as_str()).is_none_or(|value| {
                shown.is_some_and(|shown| id_of(value).as_ref() == Some(shown))
            });
            if !is_shown {
                record.fields.remove(relation.as_str());
            }
        }
        Ok(Visible::strip(record, sight, &readable, relaxed))
    }

    /// The sight of the record's class, worked out on its first record.
    fn sight(&mut self, refusal: Option<Refusal>, position: u32) -> Arc<Sight> {
        let relaxed = self.own.relaxed.iter().map(|(_, _, lens)| lens.passes(position));
        let hiding = self
            .hiding
            .iter()
            .map(|hiding| lens::passes(self.subject, *hiding, self.object, position));
        let class = (refusal, relaxed.chain(hiding).collect());
        if let Some(sight) = self.sights.get(&class) {
            return Arc::clone(sight);
        }
        let sight = Arc::new(self.look(class.0.as_ref(), position));
        self.sights.insert(class, Arc::clone(&sight));
        sight
    }

    /// Stage 5 for every field: by the policy, or by the first suspension that lets the record
    /// through and shows the field.
    fn look(&self, refusal: Option<&Refusal>, position: u32) -> Sight {
        let access = |field, relaxation| {
            fields::access(self.subject, self.object, Some(position), field, relaxation).read_only()
        };
        let mut sight = Sight::default();
        let mut denies: BTreeMap<&OverlayId, (Refusal, Vec<FieldId>)> = BTreeMap::new();
        if let Some(refusal) = refusal
            && let Some(overlay) = self.own.relaxing(refusal, position)
        {
            denies.insert(overlay, (refusal.clone(), Vec::new()));
        }
        for (number, (id, field)) in (0u32..).zip(&self.model.fields) {
            let by_policy = access(number, None);
            let mut shown = FieldAccess::HIDDEN;
            if refusal.is_none() && by_policy.is_visible() {
                shown = by_policy;
            } else {
                let mut passing =
                    self.own.relaxed.iter().filter(|(_, _, lens)| lens.passes(position));
                let opening = passing
                    .find(|(_, relaxation, _)| access(number, Some(relaxation)).is_visible());
                if let Some((overlay, relaxation, _)) = opening {
                    shown = access(number, Some(relaxation));
                    let why = || match refusal {
                        Some(refusal) => refusal.clone(),
                        None => Refusal::FieldHidden { field: id.clone() },
                    };
                    denies.entry(overlay).or_insert_with(|| (why(), Vec::new())).1.push(id.clone());
                }
            }
            if shown.is_visible() {
                sight.fields.insert(id.clone(), (shown, field.mask.unwrap_or(Mask::Full)));
            }
        }
        sight.denies = denies
            .into_iter()
            .map(|(overlay, (refusal, fields))| (overlay.clone(), refusal, fields.into()))
            .collect();
        sight
    }
}
