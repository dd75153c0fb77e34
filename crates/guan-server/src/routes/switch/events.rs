//! Waiting for news of the switch, without asking all the time.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::State;
use guan_engine::model::OrganizationId;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::context::Context;
use crate::extract::{Json, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

const WAIT_FOR_SWITCH: Operation = Operation::oneself("wait_for_switch");

/// The longest wait, below the time that a request may take.
const WAIT_MAX_S: u64 = 20;
/// How often is looked, also for what other nodes wrote.
const LOOK: Duration = Duration::from_millis(500);

pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(WAIT_FOR_SWITCH, wait_for_switch))
}

/// Since when, and how long.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WaitQuery {
    /// The member `stamp` of the answer before; absent for an answer at once.
    after: Option<String>,
    /// How many seconds to wait at most, 0 to 20; absent 20.
    #[param(minimum = 0, maximum = 20)]
    wait_s: Option<u64>,
}

/// Where the switch stands, as a text that changes with it.
#[derive(Debug, Serialize, ToSchema)]
struct Stamp {
    /// For the next wait.
    stamp: String,
    /// Whether something happened since the stamp that was asked with: look again.
    changed: bool,
}

/// Answers when something happens to a request or a window of the organization, or when the wait is over.
#[utoipa::path(get, path = "/api/v1/switch/events", tag = "switch", params(WaitQuery), responses((status = 200, body = Stamp)))]
async fn wait_for_switch(
    caller: Caller,
    State(server): State<Server>,
    context: Context,
    Query(query): Query<WaitQuery>,
) -> Result<Json<Stamp>, Problem> {
    let wait_s = query.wait_s.unwrap_or(WAIT_MAX_S);
    if wait_s > WAIT_MAX_S {
        let detail = format!("wait_s goes from 0 to {WAIT_MAX_S}");
        return Err(Problem::new(Code::BadQuery).detail(detail));
    }
    // Whoever has the console open waits here all day long: they take no place from those who work.
    context.running.leave();
    let looks = Duration::from_secs(wait_s).as_millis() / LOOK.as_millis();
    let mut stamp = look(&server, &caller).await?;
    let Some(after) = query.after else { return Ok(Json(Stamp { stamp, changed: false })) };
    for _ in 0..looks {
        if stamp != after {
            break;
        }
        tokio::time::sleep(LOOK).await;
        stamp = match server.stamps().recent(caller.organization()) {
            Some(stamp) => stamp,
            None => look(&server, &caller).await?,
        };
    }
    let changed = stamp != after;
    Ok(Json(Stamp { stamp, changed }))
}

/// Where the switch of each organization stood when somebody looked last, so that all who wait look once together.
#[derive(Debug, Default)]
pub(crate) struct Stamps(Mutex<HashMap<OrganizationId, (Instant, String)>>);

impl Stamps {
    /// The stamp, unless it is older than half a look.
    fn recent(&self, organization: &OrganizationId) -> Option<String> {
        let kept = self.0.lock();
        let (at, stamp) = kept.get(organization)?;
        (at.elapsed() < LOOK / 2).then(|| stamp.clone())
    }

    fn keep(&self, organization: &OrganizationId, stamp: &str) {
        self.0.lock().insert(organization.clone(), (Instant::now(), stamp.to_owned()));
    }
}

/// The versions of all requests, and the overlays whose end is not written.
async fn look(server: &Server, caller: &Caller) -> Result<String, Problem> {
    let organization = caller.organization().clone();
    let stamp = server
        .blocking(move |gate| {
            let organization = &organization;
            let versions = gate.read(|reader| reader.window_stamp(organization))?;
            let view = gate.view(organization)?;
            let open = view.overlays().iter().filter(|row| row.closing.is_none()).count();
            Ok::<_, Problem>(format!("{versions}.{open}"))
        })
        .await?;
    server.stamps().keep(caller.organization(), &stamp);
    Ok(stamp)
}
