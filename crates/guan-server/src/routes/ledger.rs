//! The ledger of the caller's organization: read in pages, verified, exported, and its end.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use guan_engine::administration::Power;
use guan_engine::model::Moment;
use guan_ledger::{Digest, Entry, Kind, Tip};
use guan_store::{Gate, ReadError, VerifyError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page;
use crate::problem::Problem;
use crate::state::Server;

/// Rows that are read at once.
const BLOCK: u64 = 256;
/// Rows that one page looks at; a page may end early with a cursor.
const LOOKED_AT_MAX: u64 = 20_000;

const LIST_LEDGER: Operation = Operation::needs("list_ledger", Power::ReadLedger);
const SHOW_LEDGER_END: Operation = Operation::needs("show_ledger_end", Power::ReadLedger);
const VERIFY_LEDGER: Operation = Operation::needs("verify_ledger", Power::ReadLedger).long();
const EXPORT_LEDGER: Operation = Operation::needs("export_ledger", Power::ReadLedger);

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_LEDGER, list_ledger))
        .with(guarded!(SHOW_LEDGER_END, show_ledger_end))
        .with(guarded!(VERIFY_LEDGER, verify_ledger))
        .with(guarded!(EXPORT_LEDGER, export_ledger))
}

/// Which rows.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowsQuery {
    /// Only of this kind: `would_deny`, `decision_denied`.
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    /// Only with this user as caller or as the one it was about.
    user: Option<String>,
    /// Only about this object.
    object: Option<String>,
    /// Only with this record.
    record: Option<String>,
    /// Only from this instant on.
    from: Option<Moment>,
    /// Only before this instant.
    until: Option<Moment>,
    /// The first first, instead of the latest.
    #[serde(default)]
    ascending: bool,
    /// Rows on the page, 1 to 200; absent 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<u64>,
}

/// A row with its hashes.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerRow {
    /// Its position, from 0; the reference of problems.
    sequence: u64,
    /// What it says.
    entry: Entry,
    /// The hash of its bytes.
    leaf: Digest,
    /// The hash over it and all before it.
    chain: Digest,
}

/// Some rows.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerPage {
    /// The rows, in the order that was asked for.
    rows: Vec<LedgerRow>,
    /// For the next page; absent on the last. A page may have few rows and go on nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Where the log ends.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerEnd {
    /// Number of rows and hash over all of them; absent while there are none.
    tip: Option<Tip>,
    /// The same as a short text to be kept elsewhere, which is what shows that rows were cut off.
    text: Option<String>,
}

/// Whether the log holds.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerVerified {
    /// Whether every row is what was written, in its place.
    holds: bool,
    /// The first place that does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// How many rows it has.
    rows: u64,
}

impl RowsQuery {
    fn takes(&self, entry: &Entry) -> bool {
        let wall = Moment(entry.time.wall_us.div_euclid(1_000));
        let is =
            |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        self.kind.is_none_or(|kind| kind == entry.kind)
            && self.user.as_ref().is_none_or(|user| {
                *user == entry.who.caller || Some(user) == entry.who.on_behalf_of.as_ref()
            })
            && is(&self.object, &entry.what.object)
            && is(&self.record, &entry.what.record)
            && self.from.is_none_or(|from| wall >= from)
            && self.until.is_none_or(|until| wall < until)
    }

    /// The rows of one block, in the order that was asked for, and where the next block is.
    fn block(
        &self,
        gate: &Gate,
        log: &str,
        (place, size): (u64, u64),
    ) -> Result<(Vec<guan_ledger::Row>, Option<u64>), ReadError> {
        let range = if self.ascending {
            place..place.saturating_add(BLOCK).min(size)
        } else {
            place.saturating_sub(BLOCK)..place
        };
        let next = if self.ascending {
            Some(range.end).filter(|end| *end < size)
        } else {
            Some(range.start).filter(|start| *start > 0)
        };
        let mut rows = gate.read(|reader| reader.ledger_rows(log, range))?;
        if !self.ascending {
            rows.reverse();
        }
        Ok((rows, next))
    }

    /// The cursor behind a row.
    const fn behind(&self, sequence: u64) -> u64 {
        if self.ascending { sequence.saturating_add(1) } else { sequence }
    }
}

/// Rows of the ledger, the latest first.
#[utoipa::path(get, path = "/api/v1/ledger/rows", tag = "ledger", params(RowsQuery), responses((status = 200, body = LedgerPage)))]
async fn list_ledger(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<LedgerPage>, Problem> {
    let limit = page::limit(query.limit)?;
    server
        .blocking(move |gate| rows(gate, caller.organization().as_str(), &query, limit))
        .await
        .map(Json)
}

fn rows(gate: &Gate, log: &str, query: &RowsQuery, limit: usize) -> Result<LedgerPage, Problem> {
    let size = gate.read(|reader| reader.ledger_tip(log))?.map_or(0, |tip| tip.size);
    let first = if query.ascending { 0 } else { size };
    let mut place = Some(query.cursor.unwrap_or(first).min(size));
    let mut found = Vec::new();
    let mut looked_at = 0_u64;
    while let Some(from) = place {
        let (block, next) = query.block(gate, log, (from, size))?;
        place = next;
        for row in block {
            looked_at = looked_at.saturating_add(1);
            let entry = Entry::from_bytes(&row.bytes).map_err(|error| Problem::fault(&error))?;
            if !query.takes(&entry) {
                continue;
            }
            let (sequence, leaf, chain) = (row.sequence, row.leaf, row.chain);
            found.push(LedgerRow { sequence, entry, leaf, chain });
            if found.len() == limit {
                let next = Some(query.behind(sequence));
                let next = next.filter(|next| *next > 0 && *next < size);
                return Ok(LedgerPage { rows: found, next });
            }
        }
        if looked_at >= LOOKED_AT_MAX {
            break;
        }
    }
    Ok(LedgerPage { rows: found, next: place })
}

/// Where the log ends: keep it elsewhere, and a tail that was cut off is noticed.
#[utoipa::path(get, path = "/api/v1/ledger/end", tag = "ledger", responses((status = 200, body = LedgerEnd)))]
async fn show_ledger_end(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<LedgerEnd>, Problem> {
    let tip = server
        .blocking(move |gate| gate.read(|reader| reader.ledger_tip(caller.organization().as_str())))
        .await?;
    Ok(Json(LedgerEnd { text: tip.map(|tip| tip.to_string()), tip }))
}

/// Reads the whole log and verifies every hash, also against the end that is remembered beside the database.
#[utoipa::path(get, path = "/api/v1/ledger/verification", tag = "ledger", responses((status = 200, body = LedgerVerified)))]
async fn verify_ledger(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<LedgerVerified>, Problem> {
    server
        .blocking(move |gate| {
            let log = caller.organization().as_str();
            gate.read(|reader| {
                let rows = reader.ledger_tip(log)?.map_or(0, |tip| tip.size);
                let problem = match reader.ledger_verify(log) {
                    Ok(_) => None,
                    Err(VerifyError::Read(error)) => return Err(error),
                    Err(broken) => Some(broken.to_string()),
                };
                Ok(Json(LedgerVerified { holds: problem.is_none(), problem, rows }))
            })
        })
        .await
}

/// The whole log as JSON lines, as `guan ledger verify` reads it. It is streamed; one that breaks off has no end line.
#[utoipa::path(get, path = "/api/v1/ledger/export", tag = "ledger", responses((status = 200, body = String, content_type = "application/jsonl")))]
async fn export_ledger(caller: Caller, State(server): State<Server>) -> Result<Response, Problem> {
    let (send, receive) = tokio::sync::mpsc::channel::<Bytes>(8);
    let gate = std::sync::Arc::clone(server.gate());
    let _writing = tokio::task::spawn_blocking(move || {
        let lines = Lines { send, filled: Vec::with_capacity(LINES_BYTES) };
        let written = gate.read(|reader| {
            Ok::<_, ReadError>(reader.ledger_export(caller.organization().as_str(), lines))
        });
        match written {
            Ok(Ok((mut lines, _))) => {
                let _gone = lines.hand_over();
            }
            Ok(Err(error)) => {
                tracing::warn!(name: "ledger.export", %error, "an export broke off");
            }
            Err(error) => tracing::warn!(name: "ledger.export", %error, "an export broke off"),
        }
    });
    let stream = futures_util::stream::unfold(receive, |mut receive| async move {
        let bytes = receive.recv().await?;
        Some((Ok::<_, io::Error>(bytes), receive))
    });
    let kind = [(header::CONTENT_TYPE, "application/jsonl")];
    Ok((kind, Body::from_stream(stream)).into_response())
}

/// Bytes that are handed over at once.
const LINES_BYTES: usize = 64 * 1024;

/// Writes into a channel, block by block; a reader who is gone ends it.
struct Lines {
    send: tokio::sync::mpsc::Sender<Bytes>,
    filled: Vec<u8>,
}

impl Lines {
    fn hand_over(&mut self) -> io::Result<()> {
        let block = std::mem::replace(&mut self.filled, Vec::with_capacity(LINES_BYTES));
        self.send.blocking_send(block.into()).map_err(io::Error::other)
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.filled.extend_from_slice(bytes);
        if self.filled.len() >= LINES_BYTES {
            self.hand_over()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
