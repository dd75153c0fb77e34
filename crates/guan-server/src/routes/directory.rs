//! What anybody who is signed in may know: which objects and fields they may read, and the names of colleagues.

use std::collections::BTreeMap;

use axum::extract::State;
use guan_engine::model::{FieldClass, FieldType, User, UserId, UserKind};
use guan_engine::question::CellKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::sought::Sought;
use crate::state::Server;

const SHOW_SCHEMA: Operation = Operation::oneself("show_schema").in_a_view();
const LIST_COLLEAGUES: Operation = Operation::oneself("list_colleagues").in_a_view();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_SCHEMA, show_schema))
        .with(guarded!(LIST_COLLEAGUES, list_colleagues))
}

/// The objects that the caller may read.
#[derive(Debug, Serialize, ToSchema)]
struct ReadableSchema {
    /// By id.
    objects: BTreeMap<String, ReadableObject>,
}

/// An object that the caller may read.
#[derive(Debug, Serialize, ToSchema)]
struct ReadableObject {
    /// The name that people see.
    name: String,
    /// What the caller may do with its records, and how far: `read`: `reachable`.
    actions: BTreeMap<String, String>,
    /// The fields that the caller may see, by id.
    fields: BTreeMap<String, ReadableField>,
    /// The objects of its parents by relation, as far as the caller may read them.
    relations: BTreeMap<String, String>,
}

/// A field that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
struct ReadableField {
    /// The name that people see.
    name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    field_type: FieldType,
    /// How sensitive it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<FieldClass>,
    /// How the caller sees it where no record says otherwise: `masked`, `read`, `edit` …
    access: String,
    /// Whether nobody sets it.
    read_only: bool,
    /// Whether every record needs a value in it; absent where not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
}

/// The objects and fields that the caller may read.
#[utoipa::path(get, path = "/api/v1/schema", tag = "me", responses((status = 200, body = ReadableSchema)))]
async fn show_schema(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<ReadableSchema>, Problem> {
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let facts = view.facts(&clock);
        let session = caller.session(clock.wall).under(view.standing(&facts));
        let policy = view.engine().policy();
        let cells = view.engine().matrix_of_subject(&session);
        let cells = cells.map_err(|refusal| Problem::refused_entry(&refusal))?;
        let mut objects: BTreeMap<String, ReadableObject> = BTreeMap::new();
        let actions = cells.iter().filter(|cell| cell.kind == CellKind::Object);
        for cell in actions.filter(|cell| cell.value != "none") {
            let Some(object) = policy.objects.get(cell.object.as_str()) else { continue };
            let readable = objects.entry(cell.object.clone()).or_insert_with(|| ReadableObject {
                name: object.name.clone(),
                actions: BTreeMap::new(),
                fields: BTreeMap::new(),
                relations: BTreeMap::new(),
            });
            readable.actions.insert(cell.action.clone(), cell.value.clone());
        }
        objects.retain(|_, object| object.actions.contains_key("read"));
        let fields = cells.iter().filter(|cell| cell.kind == CellKind::Field);
        for cell in fields.filter(|cell| !matches!(cell.value.as_str(), "hidden" | "only_edit")) {
            let object = policy.objects.get(cell.object.as_str());
            let field = object.and_then(|object| object.fields.get(cell.field.as_str()));
            if let (Some(field), Some(readable)) = (field, objects.get_mut(&cell.object)) {
                let shown = ReadableField {
                    name: field.name.clone(),
                    field_type: field.field_type,
                    class: field.class,
                    access: cell.value.clone(),
                    read_only: field.read_only,
                    required: field.required,
                };
                readable.fields.insert(cell.field.clone(), shown);
            }
        }
        let names: Vec<String> = objects.keys().cloned().collect();
        for (id, readable) in &mut objects {
            let object = policy.objects.get(id.as_str());
            for (relation, to) in object.iter().flat_map(|object| &object.relations) {
                if names.iter().any(|name| name == to.parent.as_str()) {
                    readable.relations.insert(relation.to_string(), to.parent.to_string());
                }
            }
        }
        Ok::<_, Problem>(ReadableSchema { objects })
    });
    found.await.map(Json)
}

/// Which colleagues are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ColleaguesQuery {
    /// Words that each stand in the name or the id, in any order and case; Chinese names also by their reading.
    search: Option<String>,
    /// Items on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

/// Somebody who can be named as an owner or a sharer.
#[derive(Debug, Serialize, ToSchema)]
struct Colleague {
    /// The user's id.
    id: String,
    /// The name that people see.
    name: String,
}

/// The names of active colleagues, for pickers. External users and guests see themselves alone.
#[utoipa::path(get, path = "/api/v1/colleagues", tag = "me", params(ColleaguesQuery), responses((status = 200, body = Page<Colleague>)))]
async fn list_colleagues(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<ColleaguesQuery>,
) -> Result<Json<Page<Colleague>>, Problem> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let search = Sought::typed(&query.search.unwrap_or_default());
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let users = &view.engine().policy().users;
        let me = caller.session(guan_engine::model::Moment(0)).subject;
        let sees_all = users.get(&me).is_some_and(is_inside);
        let is_found = |(id, user): &(&UserId, &User)| {
            user.active
                && (sees_all && is_inside(user) || **id == me)
                && search.is_in(&[id.as_str(), &user.name])
        };
        let show = |(id, user): (&UserId, &User)| Colleague {
            id: id.to_string(),
            name: user.name.clone(),
        };
        Page::cut(users.iter().filter(is_found), &page, |(id, _)| id.as_str(), show)
    });
    found.await.map(Json)
}

const fn is_inside(user: &User) -> bool {
    matches!(user.kind, UserKind::Internal | UserKind::Integration)
}
