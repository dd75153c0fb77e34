//! Records as a file: every page is decided anew and recorded before it leaves, so that a window that closes ends the file.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use guan_engine::model::ObjectId;
use guan_store::{Asking, Gate, LongRead, RecordPage, RecordQuery};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use super::list::{filter, sort};
use super::parameters::ExportParameters;
use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;
use crate::table::{Column, Table, TableFault};

// Each page leaves a row in the ledger, so it counts as a change.
const EXPORT_RECORDS: Operation = Operation::oneself("export_records").changing().once();

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

/// A file of the records that the caller may export, with the columns that they see. It leaves page by page as it is
/// decided, whatever its form; what breaks off is not whole and says so or cannot be opened.
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
    let form = parameters.form;
    // The first page is asked before anything is answered, so that a refusal is a problem and not half a file.
    let begun = begun(&caller, &server, query, parameters.columns).await?;
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(AHEAD);
    let (columns, export) = begun;
    let mut file = match form {
        Form::Csv => Table::csv(columns),
        Form::Xlsx => Table::workbook(columns).map_err(unwritten)?,
    };
    write(&mut file, &export.page).map_err(unwritten)?;
    tokio::task::spawn_blocking(move || {
        if let Err(why) = send(&caller, &server, (&mut file, export), &sender) {
            let why = why.told().unwrap_or_else(|| why.code().title()).to_owned();
            let _gone = sender.blocking_send(Ok(Bytes::from(file.cut_off(&why))));
            // The connection is cut: the file never looks whole.
            let _gone = sender.blocking_send(Err(io::Error::other(why)));
            return;
        }
        let _gone = sender.blocking_send(file.end().map(Bytes::from).map_err(io::Error::other));
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    Ok(match form {
        Form::Csv => {
            (headers("text/csv; charset=utf-8", "attachment; filename=\"records.csv\""), body)
        }
        Form::Xlsx => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (headers(kind, "attachment; filename=\"records.xlsx\""), body)
        }
    })
}

/// An export whose next page is decided already.
struct Export {
    page: RecordPage,
    query: RecordQuery,
    read: LongRead,
}

async fn begun(
    caller: &Caller,
    server: &Server,
    mut query: RecordQuery,
    wanted: Option<String>,
) -> Result<(Vec<Column>, Export), Problem> {
    let asking = caller.asking(server.now());
    server
        .blocking(move |gate| {
            let columns = columns(gate, &asking, &query.object, wanted.as_deref())?;
            let mut read = LongRead::of_fields(columns.iter().filter_map(Column::field));
            let page = gate.export_on(&asking, &query, &mut read)?;
            query.after.clone_from(&page.next);
            Ok::<_, Problem>((columns, Export { page, query, read }))
        })
        .await
}

/// The columns that are asked for; the usual ones where none are.
fn columns(
    gate: &Gate,
    asking: &Asking,
    object: &ObjectId,
    wanted: Option<&str>,
) -> Result<Vec<Column>, Problem> {
    let views = gate.describe_objects(asking)?;
    // Of an object that the caller does not see the first page says why.
    let Some(view) = views.into_iter().find(|view| view.id == *object) else {
        return Ok(Vec::new());
    };
    let Some(wanted) = wanted else { return Ok(Column::usual(&view)) };
    let mut columns = Vec::new();
    for name in wanted.split(',').map(str::trim) {
        let Some(column) = Column::of(name, &view) else {
            // One that is hidden and one that does not exist are told alike.
            let detail = format!("columns names `{name}`, which is no column that you may see");
            return Err(Problem::new(Code::BadQuery).detail(detail));
        };
        if columns.contains(&column) {
            let detail = format!("columns names `{name}` twice");
            return Err(Problem::new(Code::BadQuery).detail(detail));
        }
        columns.push(column);
    }
    Ok(columns)
}

/// Sends the page that waits and every one after it. Gives why the file is not whole.
fn send(
    caller: &Caller,
    server: &Server,
    (file, mut export): (&mut Table, Export),
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), Problem> {
    loop {
        let is_gone = sender.blocking_send(Ok(Bytes::from(file.take()))).is_err();
        if is_gone || export.query.after.is_none() {
            return Ok(());
        }
        // Asked anew with the clock of now: a window may have closed, a grant may be gone.
        let asking = caller.asking(server.now());
        let page = server.gate().export_on(&asking, &export.query, &mut export.read)?;
        write(file, &page).map_err(unwritten)?;
        export.query.after = page.next;
    }
}

fn write(file: &mut Table, page: &RecordPage) -> Result<(), TableFault> {
    page.records.iter().try_for_each(|found| file.push(&found.record))
}

fn unwritten(fault: TableFault) -> Problem {
    match fault {
        TableFault::TooLong { .. } => Problem::new(Code::TooMuchAtOnce).detail(fault.to_string()),
        TableFault::Packing(error) => Problem::fault(&error),
    }
}

fn headers(kind: &'static str, disposition: &'static str) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ])
}
