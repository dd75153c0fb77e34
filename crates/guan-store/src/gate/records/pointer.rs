//! Names of relations in filters and groups, alone or with a field of the same id: what a record points to counts only where it may be read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::Target;
use guan_engine::model::{
    Action, FieldId, FieldType, Object, ObjectId, RecordId, RecordKey, RelationId, Value,
};

use super::find::Question;
use crate::query::filter::Filter;
use crate::query::row::{Picked, Wanted};

/// The relations that are asked for like fields. A parent that may not be read by the policy alone is as if it were
/// not there, and so is the value of a field that names another than the parent of its relation.
#[derive(Default)]
pub(super) struct Pointers {
    /// The object behind each.
    parents: BTreeMap<RelationId, ObjectId>,
    /// Those that are no fields at the same time.
    bare: BTreeSet<FieldId>,
    /// The parent that every chosen record has, where the filter names one.
    common: Option<(RelationId, RecordKey)>,
    /// What was found out about parents.
    known: RefCell<BTreeMap<RecordKey, bool>>,
}

impl Pointers {
    pub(super) fn new<'n>(
        question: &Question<'_>,
        model: &Object,
        names: impl Iterator<Item = &'n FieldId>,
    ) -> Self {
        let mut pointers = Self::default();
        for name in names {
            let id = RelationId::from(name.as_str());
            let Some(relation) = model.relations.get(&id) else { continue };
            if !model.fields.contains_key(name) {
                // A relation to what is out of sight altogether is told like a field that is not there.
                let on = Target::Object(relation.parent.clone());
                let decision = question.check(&Action::Read, on, Vec::new());
                if !matches!(decision, Decision::Allow { .. }) {
                    continue;
                }
                pointers.bare.insert(name.clone());
            }
            pointers.parents.insert(id, relation.parent.clone());
        }
        pointers
    }

    /// Takes from the filter whose children alone are asked for, if it says so.
    pub(super) fn narrow(&mut self, model: &Object, filter: &Filter) {
        // Other types compare otherwise than by the letters of an id.
        let is_id = |name: &FieldId| {
            let field = model.fields.get(name);
            self.is_bare(name)
                || field.is_some_and(|field| field.field_type == FieldType::Reference)
        };
        let named = filter.child_of(is_id).and_then(|(name, id)| {
            let relation = RelationId::from(name.as_str());
            let object = self.parents.get(&relation)?.clone();
            Some((relation, RecordKey { object, id }))
        });
        self.common = named;
    }

    /// Whether a name is that of a relation and not of a field.
    pub(super) fn is_bare(&self, name: &FieldId) -> bool {
        self.bare.contains(name)
    }

    /// The relations to read.
    pub(super) fn relations(&self) -> BTreeSet<RelationId> {
        self.parents.keys().cloned().collect()
    }

    /// Whether the filter names the parent of every chosen record.
    pub(super) const fn has_parent(&self) -> bool {
        self.common.is_some()
    }

    /// The records that can be chosen, where the filter names their parent; none where that may not be read.
    pub(super) fn children(
        &self,
        question: &Question<'_>,
        object: &ObjectId,
    ) -> Option<Vec<RecordId>> {
        let (relation, parent) = self.common.as_ref()?;
        Some(if self.is_readable(question, parent) {
            question.engine().children_by(object, relation, &parent.id)
        } else {
            Vec::new()
        })
    }

    /// Takes out of a record what points to records that may not be read.
    pub(super) fn hide(
        &self,
        question: &Question<'_>,
        (object, wanted): (&ObjectId, &Wanted),
        picked: &mut Picked,
    ) {
        for (place, relation) in wanted.relations() {
            let parent = match (self.parents.get(relation), picked.value(place)) {
                (Some(object), Some(Value::Text(id))) => {
                    Some(RecordKey { object: object.clone(), id: id.as_str().into() })
                }
                _ => None,
            };
            let parent = parent.filter(|parent| self.is_readable(question, parent));
            if parent.is_none() {
                picked.hide(place);
            }
            let field = FieldId::from(relation.as_str());
            let Some(twin) = wanted.place(&field).filter(|twin| *twin != place) else { continue };
            let Some(value) = picked.value(twin) else { continue };
            let pointed = question.engine().pointed(object, &field, value);
            if pointed != parent {
                picked.hide(twin);
            }
        }
    }

    /// By the policy alone: what a suspension opens would have to be recorded, row by row.
    fn is_readable(&self, question: &Question<'_>, key: &RecordKey) -> bool {
        if let Some(known) = self.known.borrow().get(key) {
            return *known;
        }
        let decision = question.check(&Action::Read, Target::Record(key.clone()), Vec::new());
        let is_readable = matches!(decision, Decision::Allow { .. });
        self.known.borrow_mut().insert(key.clone(), is_readable);
        is_readable
    }
}
