//! The objects that the caller may read, with their fields: what a screen or a client is built from.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use guan_engine::model::{
    Action, FieldAccess, FieldClass, FieldId, FieldType, ObjectId, RelationId,
};
use guan_engine::question::FilterUse;
use guan_store::{Gate, ObjectView};
use serde::Serialize;
use utoipa::ToSchema;

use super::ask;
use crate::caller::Caller;
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const LIST_MY_OBJECTS: Operation = Operation::oneself("list_my_objects").in_a_view();

pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(LIST_MY_OBJECTS, list_my_objects))
}

/// An object as the caller may know it.
#[derive(Debug, Serialize, ToSchema)]
struct ObjectShown {
    /// Its id.
    id: ObjectId,
    /// The name that people see.
    name: String,
    /// What the caller may do to some record of it.
    actions: BTreeSet<Action>,
    /// The fields that the caller sees.
    fields: BTreeMap<FieldId, FieldShown>,
    /// Its parents: the object behind each relation.
    relations: BTreeMap<RelationId, ObjectId>,
}

/// A field as the caller may know it.
#[derive(Debug, Serialize, ToSchema)]
struct FieldShown {
    /// The name that people see.
    name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    field_type: FieldType,
    /// How sensitive it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<FieldClass>,
    /// What the caller may do with it.
    access: FieldAccess,
    /// How lists may be filtered by it.
    filter: FilterUse,
    /// Whether every record needs a value in it; absent where not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    /// Whether lists can be sorted by it.
    sortable: bool,
}

impl From<ObjectView> for ObjectShown {
    fn from(view: ObjectView) -> Self {
        let fields = view.fields.into_iter().map(|(id, field)| {
            let shown = FieldShown {
                name: field.name,
                field_type: field.field_type,
                class: field.class,
                access: field.access,
                filter: field.filter,
                required: field.required,
                sortable: field.indexed && field.filter == FilterUse::Any,
            };
            (id, shown)
        });
        Self {
            id: view.id,
            name: view.name,
            actions: view.actions,
            fields: fields.collect(),
            relations: view.relations,
        }
    }
}

/// The objects that the caller may read, with the fields that they see.
#[utoipa::path(get, path = "/api/v1/me/objects", tag = "records", responses((status = 200, body = Vec<ObjectShown>)))]
async fn list_my_objects(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<Vec<ObjectShown>>, Problem> {
    let views = ask(&caller, &server, Gate::describe_objects).await?;
    Ok(Json(views.into_iter().map(ObjectShown::from).collect()))
}
