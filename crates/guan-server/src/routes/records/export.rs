//! Records as a file: every page is decided anew and recorded before it leaves, so that a window that closes ends the file.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use guan_engine::model::{ObjectId, Record};
use guan_engine::visible::Visible;
use guan_store::{Asking, Gate, LongRead, RecordFault, RecordQuery};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use super::list::{filter, sort};
use super::parameters::ExportParameters;
use super::{ask, asking};
use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;
use crate::table::{Columns, WORKBOOK_ROWS_MAX, csv_texts};

// Each page leaves a row in the ledger, so it counts as a change.
const EXPORT_RECORDS: Operation = Operation::oneself("export_records").changing();

/// Records of one page.
const PAGE: usize = 1_000;
/// Pages that wait for a slow reader.
const AHEAD: usize = 2;

pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(EXPORT_RECORDS, export_records))
}

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Form {
    /// Comma-separated, UTF-8 with mark.
    #[default]
    Csv,
    /// A workbook.
    Xlsx,
}

/// A file of the records that the caller may export, with the fields that they see.
#[utoipa::path(post, path = "/api/v1/record-exports/{object}", tag = "records",
    params(("object" = String, Path, description = "The object."), ExportParameters),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn export_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<ExportParameters>,
) -> Result<(HeaderMap, Body), Problem> {
    let mut query = RecordQuery::first(ObjectId::from(object), PAGE);
    query.filter = parameters.filter.as_deref().map(filter).transpose()?;
    query.search = parameters.search;
    query.sort = sort(parameters.sort.as_deref());
    match parameters.form {
        Form::Csv => csv(&caller, server, query).await,
        Form::Xlsx => xlsx(&caller, &server, query).await,
    }
}

/// The fields that the caller sees of the object.
fn columns(gate: &Gate, asking: &Asking, object: &ObjectId) -> Result<Columns, RecordFault> {
    let views = gate.describe_objects(asking)?;
    let view = views.into_iter().find(|view| view.id == *object);
    let fields = view.map(|view| view.fields.into_keys().collect());
    Ok(Columns::new(fields.unwrap_or_default()))
}

async fn csv(
    caller: &Caller,
    server: Server,
    mut query: RecordQuery,
) -> Result<(HeaderMap, Body), Problem> {
    // The first page is asked before anything is answered, so that a refusal is a problem and not half a file.
    let (columns, first, mut query, mut read) = ask(caller, &server, move |gate, asking| {
        let columns = columns(gate, asking, &query.object)?;
        let mut read = LongRead::default();
        let first = gate.export_on(asking, &query, &mut read)?;
        query.after.clone_from(&first.next);
        Ok((columns, first, query, read))
    })
    .await?;
    let (sender, receiver) = mpsc::channel::<Result<Bytes, RecordFault>>(AHEAD);
    let caller = caller.clone();
    tokio::task::spawn_blocking(move || {
        let mut page = first;
        let mut text = columns.csv_header();
        loop {
            for found in &page.records {
                text.push_str(&columns.csv_line(&found.record));
            }
            let is_gone = sender.blocking_send(Ok(Bytes::from(std::mem::take(&mut text)))).is_err();
            if is_gone || query.after.is_none() {
                return;
            }
            // Asked anew with the clock of now: a window may have closed, a grant may be gone.
            match server.gate().export_on(&asking(&caller, &server), &query, &mut read) {
                Ok(next) => page = next,
                Err(fault) => {
                    // The last line says why, and the file is cut off: it never looks whole.
                    let last = csv_texts(["guan: not whole", &fault.to_string()]);
                    let _gone = sender.blocking_send(Ok(Bytes::from(last)));
                    let _gone = sender.blocking_send(Err(fault));
                    return;
                }
            }
            query.after.clone_from(&page.next);
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    Ok((headers("text/csv; charset=utf-8", "attachment; filename=\"records.csv\""), body))
}

async fn xlsx(
    caller: &Caller,
    server: &Server,
    query: RecordQuery,
) -> Result<(HeaderMap, Body), Problem> {
    let (asker, node) = (caller.clone(), server.clone());
    let (columns, records) =
        server.blocking(move |gate| gathered(gate, &|| asking(&asker, &node), query)).await?;
    let written = server
        .blocking(move |_| columns.workbook(&records).map_err(|error| Problem::fault(&error)))
        .await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok((headers(kind, "attachment; filename=\"records.xlsx\""), Body::from(written)))
}

fn gathered(
    gate: &Gate,
    asking: &dyn Fn() -> Asking,
    mut query: RecordQuery,
) -> Result<(Columns, Vec<Visible<Record>>), RecordFault> {
    let columns = columns(gate, &asking(), &query.object)?;
    let (mut records, mut read) = (Vec::new(), LongRead::default());
    loop {
        // With the clock of now for each page.
        let page = gate.export_on(&asking(), &query, &mut read)?;
        records.extend(page.records.into_iter().map(|found| found.record));
        if records.len() > WORKBOOK_ROWS_MAX {
            let what = "records in one workbook; ask for CSV";
            return Err(RecordFault::TooMany { what, most: WORKBOOK_ROWS_MAX });
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok((columns, records)),
        }
    }
}

fn headers(kind: &'static str, disposition: &'static str) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ])
}
