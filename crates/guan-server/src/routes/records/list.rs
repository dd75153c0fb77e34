//! Lists of records: filter, search, sort, count, group; all of it over what the caller may see and nothing else.

use axum::extract::State;
use guan_engine::model::{FieldId, ObjectId, RelationId, Value};
use guan_engine::question::Sort;
use guan_store::{
    AggregateRow, Aggregation, Filter, Measure, PageCursor, RecordFault, RecordQuery,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::ask;
use super::parameters::{AggregationParameters, CountParameters, ListParameters, PickParameters};
use super::shape::{RecordShown, page};
use crate::asking::Under;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, limit};
use crate::problem::{Code, Problem};
use crate::state::Server;

const LIST_RECORDS: Operation = Operation::oneself("list_records").in_a_view();
const COUNT_RECORDS: Operation = Operation::oneself("count_records").in_a_view();
const AGGREGATE_RECORDS: Operation = Operation::oneself("aggregate_records");
const PICK_RECORDS: Operation = Operation::oneself("pick_records");

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_RECORDS, list_records))
        .with(guarded!(COUNT_RECORDS, count_records))
        .with(guarded!(AGGREGATE_RECORDS, aggregate_records))
        .with(guarded!(PICK_RECORDS, pick_records))
}

impl ListParameters {
    pub(super) fn query(&self, object: String) -> Result<RecordQuery, Problem> {
        let mut query = RecordQuery::first(ObjectId::from(object), limit(self.limit)?);
        query.filter = self.filter.as_deref().map(filter).transpose()?;
        query.search.clone_from(&self.search);
        query.sort = sort(self.sort.as_deref());
        query.after = self.cursor.as_deref().map(PageCursor::new);
        Ok(query)
    }
}

/// A filter in its text or its JSON form.
pub(super) fn filter(text: &str) -> Result<Filter, Problem> {
    let read = if text.trim_start().starts_with(['{', '[']) {
        let json = serde_json::from_str(text).map_err(|error| {
            Problem::new(Code::BadFilter).detail(format!("the filter is not JSON: {error}"))
        })?;
        Filter::from_json(&json)
    } else {
        Filter::parse(text)
    };
    read.map_err(|fault| RecordFault::from(fault).into())
}

pub(super) fn sort(text: Option<&str>) -> Sort {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Sort::default() };
    let (descending, field) = match text.strip_prefix('-') {
        Some(field) => (true, field),
        None => (false, text),
    };
    Sort { by: Some(FieldId::from(field)), descending }
}

/// A page of the records that the caller may read.
#[utoipa::path(get, path = "/api/v1/records/{object}", tag = "records",
    params(("object" = String, Path, description = "The object."), ListParameters),
    responses((status = 200, body = Page<RecordShown>)))]
async fn list_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<ListParameters>,
) -> Result<Under<Page<RecordShown>>, Problem> {
    let query = parameters.query(object)?;
    let found =
        ask(&caller, &server, move |gate, asking| gate.list_records(asking, &query)).await?;
    Ok(page(found))
}

/// How many records a whole list has.
#[derive(Debug, Serialize, ToSchema)]
struct CountShown {
    /// The number.
    count: u64,
}

/// How many records a list has that the caller may read.
#[utoipa::path(get, path = "/api/v1/record-counts/{object}", tag = "records",
    params(("object" = String, Path, description = "The object."), CountParameters),
    responses((status = 200, body = CountShown)))]
async fn count_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<CountParameters>,
) -> Result<Json<CountShown>, Problem> {
    let mut query = RecordQuery::first(ObjectId::from(object), 1);
    query.filter = parameters.filter.as_deref().map(filter).transpose()?;
    query.search = parameters.search;
    let count =
        ask(&caller, &server, move |gate, asking| gate.count_records(asking, &query)).await?;
    Ok(Json(CountShown { count }))
}

/// A group with its measures.
#[derive(Debug, Serialize, ToSchema)]
struct GroupShown {
    /// The values that the records of the group share, in the order of `group_by`; null where there is none.
    group: Vec<Option<Value>>,
    /// The measures, in their order; null where no record has a value.
    values: Vec<Option<Value>>,
}

impl From<AggregateRow> for GroupShown {
    fn from(AggregateRow { group, values }: AggregateRow) -> Self {
        Self { group, values }
    }
}

fn parts(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn measure(text: &str) -> Result<Measure, Problem> {
    match text.split_once(':') {
        None if text == "count" => Ok(Measure::Count),
        Some(("sum", field)) => Ok(Measure::Sum(field.into())),
        Some(("average", field)) => Ok(Measure::Average(field.into())),
        Some(("smallest", field)) => Ok(Measure::Smallest(field.into())),
        Some(("largest", field)) => Ok(Measure::Largest(field.into())),
        _ => Err(Problem::new(Code::BadQuery).detail(format!(
            "`{text}` is no measure: use count, sum:FIELD, average:FIELD, smallest:FIELD or largest:FIELD"
        ))),
    }
}

/// Groups of the records that the caller may read, with counts and sums over fields that they see in clear.
#[utoipa::path(get, path = "/api/v1/record-groups/{object}", tag = "records",
    params(("object" = String, Path, description = "The object."), AggregationParameters),
    responses((status = 200, body = Vec<GroupShown>)))]
async fn aggregate_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<AggregationParameters>,
) -> Result<Json<Vec<GroupShown>>, Problem> {
    let mut measures: Vec<Measure> =
        parts(parameters.measures.as_deref()).map(measure).collect::<Result<_, _>>()?;
    if measures.is_empty() {
        measures.push(Measure::Count);
    }
    let aggregation = Aggregation {
        object: object.into(),
        filter: parameters.filter.as_deref().map(filter).transpose()?,
        search: parameters.search,
        group_by: parts(parameters.group_by.as_deref()).map(FieldId::from).collect(),
        measures,
    };
    let rows =
        ask(&caller, &server, move |gate, asking| gate.aggregate_records(asking, &aggregation))
            .await?;
    Ok(Json(rows.into_iter().map(GroupShown::from).collect()))
}

/// Records that the caller may choose as the parent of a relation.
#[utoipa::path(get, path = "/api/v1/record-choices/{object}/{relation}", tag = "records",
    params(("object" = String, Path, description = "The object of the child."),
        ("relation" = String, Path, description = "The relation."), PickParameters),
    responses((status = 200, body = Page<RecordShown>)))]
async fn pick_records(
    caller: Caller,
    State(server): State<Server>,
    Path((object, relation)): Path<(String, String)>,
    Query(parameters): Query<PickParameters>,
) -> Result<Under<Page<RecordShown>>, Problem> {
    let most = limit(parameters.limit)?;
    let found = ask(&caller, &server, move |gate, asking| {
        let place = (&ObjectId::from(object), &RelationId::from(relation));
        gate.pick_records(asking, place, parameters.search.as_deref(), most)
    })
    .await?;
    Ok(page(found))
}
