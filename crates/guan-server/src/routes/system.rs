//! How the installation stands: for whoever runs it.

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::model::Moment;
use guan_store::ReadError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const SHOW_SYSTEM: Operation = Operation::needs_one_of(
    "show_system",
    &[Power::ManageSettings, Power::ManageBackups, Power::ReadLedger],
);

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new().with(guarded!(SHOW_SYSTEM, show_system))
}

/// How the installation and the caller's organization stand.
#[derive(Debug, Serialize, ToSchema)]
struct SystemShown {
    /// The version of Guan.
    version: &'static str,
    /// The id of the installation.
    instance: String,
    /// How often it was restored or found changed, from 1.
    incarnation: u64,
    /// Why no window can be opened until somebody acknowledges it, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    safe_mode: Option<String>,
    /// The latest wall clock that was ever recorded.
    high_water: Moment,
    /// What the clock of this node says.
    wall: Moment,
    /// The revision of the policy that this node decides by.
    revision: u64,
    /// How far this node has seen the log of the organization.
    seen: String,
    /// Users of the organization.
    users: usize,
    /// Records of each object, as they are stored.
    records: Vec<StoredRecords>,
    /// Records in the memory of this node.
    records_in_memory: u64,
    /// Bytes of this node's index of records, without their ids.
    index_bytes: usize,
    /// Rows of the organization's ledger.
    ledger_rows: u64,
}

/// How many records an object has.
#[derive(Debug, Serialize, ToSchema)]
struct StoredRecords {
    /// The object.
    object: String,
    /// How many.
    count: u64,
}

/// How the installation and the organization stand on this node.
#[utoipa::path(get, path = "/api/v1/system", tag = "system", responses((status = 200, body = SystemShown)))]
async fn show_system(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<SystemShown>, Problem> {
    let wall = server.now().wall;
    server
        .blocking(move |gate| {
            let organization = caller.organization();
            let view = gate.view(organization)?;
            let (revision, seen) = (view.revision(), view.token().to_string());
            let engine = view.engine();
            let users = engine.policy().users.len();
            let (in_memory, index_bytes) = (engine.record_count(), engine.index_bytes());
            drop(view);
            let shown = gate.read(|reader| {
                let counts = reader.record_counts(organization)?.into_iter();
                let tip = reader.ledger_tip(organization.as_str())?;
                Ok::<_, ReadError>(SystemShown {
                    version: env!("CARGO_PKG_VERSION"),
                    instance: reader.instance()?,
                    incarnation: reader.incarnation()?,
                    safe_mode: reader.safe_mode()?.map(|mode| mode.why),
                    high_water: reader.high_water()?,
                    wall,
                    revision,
                    seen,
                    users,
                    records: counts
                        .map(|(object, count)| StoredRecords { object, count })
                        .collect(),
                    records_in_memory: in_memory,
                    index_bytes,
                    ledger_rows: tip.map_or(0, |tip| tip.size),
                })
            })?;
            Ok::<_, Problem>(Json(shown))
        })
        .await
}
