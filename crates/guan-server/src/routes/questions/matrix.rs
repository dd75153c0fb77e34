//! What a set gives, or what a user has of all their sets, as cells.

use axum::extract::State;
use guan_engine::ask::Target;
use guan_engine::model::{Action, Assigned, FieldAccess, ObjectId, UserId};
use guan_engine::question::{Cell, CellKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::{Asker, Situation};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Whose matrix.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MatrixQuery {
    /// The user; the caller when neither this nor `of` is given.
    subject: Option<UserId>,
    /// A set or a group of sets: `set:ID`, `set_group:ID`. This takes `guan.ask_about_others`.
    #[param(value_type = Option<String>)]
    of: Option<Assigned>,
    /// Only the cells of this object.
    object: Option<ObjectId>,
}

/// The cells of a matrix.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatrixShown {
    /// By object, then actions before fields; what is not granted is absent.
    cells: Vec<Cell>,
}

/// What a set gives, or what a user has of all their sets together.
#[utoipa::path(get, path = "/api/v1/matrix", tag = "questions", params(MatrixQuery), responses((status = 200, body = MatrixShown)))]
pub(super) async fn show_matrix(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<MatrixQuery>,
) -> Result<Json<MatrixShown>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let asker = Asker::of(gate, &caller, clock)?;
            let situation = Situation { subject: query.subject.clone(), ..Situation::default() };
            let mut cells = match (&query.of, &query.subject) {
                (Some(_), Some(_)) => {
                    return Err(Problem::new(Code::BadQuery).detail("name `subject` or `of`"));
                }
                (Some(set), None) => {
                    asker.must_know()?;
                    let view = gate.view(caller.organization())?;
                    view.engine().matrix_of_set(set).map_err(|_| Problem::not_found())?
                }
                (None, _) => {
                    let posed = asker.pose(Some(situation))?;
                    let cells = posed
                        .look(gate, |view, session| view.engine().matrix_of_subject(session))?;
                    let on = Target::Object("".into());
                    let mut cells = cells
                        .map_err(|refusal| posed.refuse(gate, (&Action::Read, &on), &refusal))?;
                    // The names of hidden fields are not for everybody.
                    let hidden = FieldAccess::HIDDEN.to_string();
                    cells.retain(|cell| {
                        asker.may_know || cell.kind != CellKind::Field || cell.value != hidden
                    });
                    cells
                }
            };
            if let Some(object) = &query.object {
                cells.retain(|cell| cell.object == object.as_str());
            }
            Ok(Json(MatrixShown { cells }))
        })
        .await
}
