//! Records behind the one door: what a sales person does with customers, asked of the gate and of nothing else.

mod bin;
mod bulk;
mod export;
mod fault;
mod import;
mod job;
mod list;
mod objects;
mod one;
mod parameters;
mod pool;
mod received;
mod shape;
mod sharing;

use guan_engine::model::{ObjectId, RecordKey};
use guan_store::{Asking, Changed, Gate, ImportBatch, RecordFault};

use self::shape::Made;

use crate::caller::Caller;
use crate::etag::IfMatch;
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
        .merge(received::routes())
        .merge(pool::routes())
        .merge(bulk::routes())
        .merge(bin::routes())
        .merge(import::routes())
        .merge(job::routes())
        .merge(export::routes())
}

/// Asks the gate on a thread where that may block.
async fn ask<T, F>(caller: &Caller, server: &Server, work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Gate, &Asking) -> Result<T, RecordFault> + Send + 'static,
{
    let asking = caller.asking(server.now());
    server.blocking(move |gate| work(gate, &asking)).await
}

/// Whether the caller may bring records of an object in at all; a refusal has its row.
async fn may_import(caller: &Caller, server: &Server, object: &ObjectId) -> Result<(), Problem> {
    let batch = ImportBatch { object: object.clone(), rows: Vec::new(), dry_run: true };
    ask(caller, server, move |gate, asking| gate.import_records(asking, &batch)).await.map(|_| ())
}

/// Changes the record that a path names, in the state that `If-Match` names.
async fn change<F>(
    caller: &Caller,
    server: &Server,
    (path, if_match): ((String, String), IfMatch),
    work: F,
) -> Result<Made, Problem>
where
    F: FnOnce(&Gate, &Asking, &RecordKey, Option<u64>) -> Result<Changed, RecordFault>
        + Send
        + 'static,
{
    let version = if_match.number()?;
    act(caller, server, path, move |gate, asking, key| work(gate, asking, key, version)).await
}

/// Does something to the record that a path names, whatever its state.
async fn act<F>(
    caller: &Caller,
    server: &Server,
    path: (String, String),
    work: F,
) -> Result<Made, Problem>
where
    F: FnOnce(&Gate, &Asking, &RecordKey) -> Result<Changed, RecordFault> + Send + 'static,
{
    let key = key(path);
    let changed = ask(caller, server, move |gate, asking| work(gate, asking, &key)).await?;
    Ok(changed.into())
}

/// The record that a path names.
fn key((object, id): (String, String)) -> RecordKey {
    RecordKey::new(object, id)
}
