//! Fields of an object one by one, with their masks and classes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use guan_engine::model::{Field, FieldId, Object, ObjectId, Policy};
use guan_store::{Entity, EntityKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{self, Edit, Made, NotMade, Waits};
use super::handlers::good_id;
use crate::caller::Caller;
use crate::etag::{ETag, IfMatch, Tagged};
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;
use guan_engine::administration::Power;

const LIST_FIELDS: Operation = Operation::needs("list_fields", Power::ManageObjects);
const SHOW_FIELD: Operation = Operation::needs("show_field", Power::ManageObjects);
const CREATE_FIELD: Operation = Operation::needs("create_field", Power::ManageObjects).changing();
const REPLACE_FIELD: Operation = Operation::needs("replace_field", Power::ManageObjects).changing();
const REMOVE_FIELD: Operation = Operation::needs("remove_field", Power::ManageObjects).changing();

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_FIELDS, list_fields))
        .with(guarded!(SHOW_FIELD, show_field))
        .with(guarded!(CREATE_FIELD, create_field))
        .with(guarded!(REPLACE_FIELD, replace_field))
        .with(guarded!(REMOVE_FIELD, remove_field))
}

/// A field with its id.
#[derive(Debug, Serialize, ToSchema)]
struct FieldKept {
    /// Its id, unique in its object.
    id: String,
    /// What it is.
    content: Field,
}

/// A field after a change.
#[derive(Debug, Serialize, ToSchema)]
struct FieldChanged {
    /// Its id, unique in its object.
    id: String,
    /// What it is.
    content: Field,
    /// What the change came to.
    #[serde(flatten)]
    made: Made,
}

/// A new field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldCreation {
    /// Its id, unique in its object.
    id: String,
    /// What it is.
    content: Field,
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// Another content.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldReplacement {
    /// What it is to be.
    content: Field,
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// Why a field goes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Why {
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// A page of the fields of an object, in the order of their ids.
#[utoipa::path(get, path = "/api/v1/objects/{object}/fields", tag = "objects", params(("object" = String, Path), PageQuery), responses((status = 200, body = Page<FieldKept>)))]
async fn list_fields(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<FieldKept>>, Problem> {
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let object = of(view.engine().policy(), &object)?;
        let show = |(id, field): (&FieldId, &Field)| FieldKept {
            id: id.to_string(),
            content: field.clone(),
        };
        Page::cut(object.fields.iter(), &query, |(id, _)| id.as_str(), show)
    });
    found.await.map(Json)
}

/// One field.
#[utoipa::path(get, path = "/api/v1/objects/{object}/fields/{field}", tag = "objects", params(("object" = String, Path), ("field" = String, Path)), responses((status = 200, body = FieldKept)))]
async fn show_field(
    caller: Caller,
    State(server): State<Server>,
    Path((object, id)): Path<(String, String)>,
) -> Result<Tagged<FieldKept>, Problem> {
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let object = of(view.engine().policy(), &object)?;
        let content = object.fields.get(id.as_str()).cloned().ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>(Tagged(state(&content)?, FieldKept { id, content }))
    });
    found.await
}

/// Makes a new field.
#[utoipa::path(post, path = "/api/v1/objects/{object}/fields", tag = "objects", params(("object" = String, Path)), request_body = FieldCreation, responses((status = 201, body = FieldChanged), (status = 202, body = Waits)))]
async fn create_field(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(asked): Json<FieldCreation>,
) -> Result<Response, NotMade> {
    let FieldCreation { id, content, reason } = asked;
    good_id(&id)?;
    let state = state(&content)?;
    let name = FieldId::new(id.clone());
    let new = content.clone();
    let made = change((caller, server), (object, reason), move |fields| {
        if fields.fields.contains_key(&name) {
            let detail = format!("there is a field `{name}` already");
            return Err(Problem::new(Code::AlreadyThere).detail(detail));
        }
        fields.fields.insert(name, new);
        Ok(())
    });
    let answer = Tagged(state, FieldChanged { id, content, made: made.await? });
    Ok((StatusCode::CREATED, answer).into_response())
}

/// Puts another content in the place of the field.
#[utoipa::path(put, path = "/api/v1/objects/{object}/fields/{field}", tag = "objects", params(("object" = String, Path), ("field" = String, Path), ("If-Match" = String, Header)), request_body = FieldReplacement, responses((status = 200, body = FieldChanged), (status = 202, body = Waits)))]
async fn replace_field(
    caller: Caller,
    State(server): State<Server>,
    Path((object, id)): Path<(String, String)>,
    if_match: IfMatch,
    Json(asked): Json<FieldReplacement>,
) -> Result<Tagged<FieldChanged>, NotMade> {
    let FieldReplacement { content, reason } = asked;
    let (name, new) = (id.clone(), content.clone());
    let made = change((caller, server), (object, reason), move |object| {
        let field = object.fields.get_mut(name.as_str()).ok_or_else(Problem::not_found)?;
        if_match.check(&state(field)?)?;
        *field = new;
        Ok(())
    });
    let made = made.await?;
    Ok(Tagged(state(&content)?, FieldChanged { id, content, made }))
}

/// Takes the field out.
#[utoipa::path(delete, path = "/api/v1/objects/{object}/fields/{field}", tag = "objects", params(("object" = String, Path), ("field" = String, Path), ("If-Match" = String, Header), Why), responses((status = 200, body = Made), (status = 202, body = Waits)))]
async fn remove_field(
    caller: Caller,
    State(server): State<Server>,
    Path((object, id)): Path<(String, String)>,
    if_match: IfMatch,
    Query(why): Query<Why>,
) -> Result<Json<Made>, NotMade> {
    let made = change((caller, server), (object, why.reason), move |object| {
        let field = object.fields.get(id.as_str()).ok_or_else(Problem::not_found)?;
        if_match.check(&state(field)?)?;
        object.fields.remove(id.as_str());
        Ok(())
    });
    made.await.map(Json)
}

/// Changes an object as one act.
async fn change(
    (caller, server): (Caller, Server),
    (id, reason): (String, String),
    make: impl FnOnce(&mut Object) -> Result<(), Problem> + Send + 'static,
) -> Result<Made, NotMade> {
    let clock = server.now();
    let made = server.blocking(move |gate| {
        edit::act(gate, (&caller, &clock), |policy, _| {
            let mut object = of(policy, &id)?.clone();
            make(&mut object)?;
            let entity = Entity::new(EntityKind::Object, id, &object);
            let put = vec![entity.map_err(|error| Problem::fault(&error))?];
            Ok((Edit { put, remove: Vec::new(), reason }, ()))
        })
    });
    let (outcome, ()) = made.await?;
    outcome.now()
}

fn of<'p>(policy: &'p Policy, object: &str) -> Result<&'p Object, Problem> {
    policy.objects.get::<ObjectId>(&ObjectId::new(object)).ok_or_else(Problem::not_found)
}

fn state(field: &Field) -> Result<ETag, Problem> {
    let entity = Entity::new(EntityKind::Object, "", field);
    Ok(edit::state(&entity.map_err(|error| Problem::fault(&error))?))
}
