//! What the subject may know of the objects: those that it may read, with the fields that it may see.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::Target;
use guan_engine::model::{
    Action, FieldAccess, FieldClass, FieldId, FieldType, ObjectId, RelationId, STANDARD_ACTIONS,
};
use guan_engine::question::FilterUse;
use serde::Serialize;

use super::RecordFault;
use crate::gate::{Asking, Gate};

/// A field as the subject sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// The name that people see.
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// How sensitive it is.
    pub class: Option<FieldClass>,
    /// What the subject may do with it on records without anything special.
    pub access: FieldAccess,
    /// How lists may be filtered by it.
    pub filter: FilterUse,
    /// Whether every record needs a value in it.
    pub required: bool,
    /// Whether lists can be sorted by it without a look at every record.
    pub indexed: bool,
}

/// An object that the subject may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectView {
    /// Its id.
    pub id: ObjectId,
    /// The name that people see.
    pub name: String,
    /// What the subject may do to some of its records.
    pub actions: BTreeSet<Action>,
    /// The fields that the subject may see.
    pub fields: BTreeMap<FieldId, FieldView>,
    /// Its relations to objects that the subject may read.
    pub relations: BTreeMap<RelationId, ObjectId>,
}

impl Gate {
    /// The objects that the subject may read, with the fields that it may see; others are not named.
    ///
    /// # Errors
    ///
    /// The session is refused.
    pub fn describe_objects(&self, asking: &Asking) -> Result<Vec<ObjectView>, RecordFault> {
        let question = self.question(asking)?;
        let session = question.session();
        question.engine().enter(&session)?;
        let objects = &question.engine().policy().objects;
        let may = |action: &Action, object: &ObjectId| {
            let on = Target::Object(object.clone());
            matches!(question.check(action, on, Vec::new()), Decision::Allow { .. })
        };
        let readable: BTreeSet<&ObjectId> =
            objects.keys().filter(|object| may(&Action::Read, object)).collect();
        let mut views = Vec::new();
        for (id, object) in objects.iter().filter(|(id, _)| readable.contains(id)) {
            let accesses = question.engine().fields(&session, &Target::Object(id.clone()))?;
            let visible = accesses.into_iter().filter(|(_, access)| access.is_visible());
            let fields = visible.filter_map(|(field, access)| {
                let model = object.fields.get(&field)?;
                let view = FieldView {
                    name: model.name.clone(),
                    field_type: model.field_type,
                    class: model.class,
                    access,
                    filter: question.engine().may_filter(&session, id, &field),
                    required: model.required,
                    indexed: model.indexed,
                };
                Some((field, view))
            });
            let relations = object.relations.iter().filter(|(_, to)| readable.contains(&to.parent));
            views.push(ObjectView {
                id: id.clone(),
                name: object.name.clone(),
                actions: STANDARD_ACTIONS.into_iter().filter(|action| may(action, id)).collect(),
                fields: fields.collect(),
                relations: relations.map(|(id, to)| (id.clone(), to.parent.clone())).collect(),
            });
        }
        Ok(views)
    }
}
