//! Records behind the one door: what a sales person does with customers, asked of the gate and of nothing else.

mod bin;
mod bulk;
mod export;
mod fault;
mod import;
mod list;
mod objects;
mod one;
mod parameters;
mod pool;
mod shape;
mod sharing;

use guan_engine::model::RecordKey;
use guan_store::{Asking, Gate, RecordFault};

use crate::caller::Caller;
use crate::operation::Routes;
use crate::problem::Problem;
use crate::state::Server;

/// The operations on records.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(objects::routes())
        .merge(list::routes())
        .merge(one::routes())
        .merge(sharing::routes())
        .merge(pool::routes())
        .merge(bulk::routes())
        .merge(bin::routes())
        .merge(import::routes())
        .merge(export::routes())
}

/// Who asks the gate, for a caller of this request.
fn asking(caller: &Caller, server: &Server) -> Asking {
    Asking {
        caller: caller.who(),
        organization: caller.organization().clone(),
        subject: caller.user().clone(),
        address: caller.address(),
        clock: server.now(),
    }
}

/// Asks the gate on a thread where that may block.
async fn ask<T, F>(caller: &Caller, server: &Server, work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Gate, &Asking) -> Result<T, RecordFault> + Send + 'static,
{
    let asking = asking(caller, server);
    server.blocking(move |gate| work(gate, &asking)).await
}

/// The record that a path names.
fn key((object, id): (String, String)) -> RecordKey {
    RecordKey::new(object, id)
}
