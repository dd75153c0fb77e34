//! What the queries of record operations may say.

use serde::Deserialize;
use utoipa::IntoParams;

use super::export::Form;

/// Why a record goes for good.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PurgeParameters {
    /// Why; it stands in the ledger.
    pub(super) reason: String,
}

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueParameters {
    /// Within so many hours from now; 24 when it is absent, at most a year.
    #[serde(default = "a_day")]
    #[param(required = false, minimum = 1, maximum = 8784)]
    pub(super) within_h: u32,
}

const fn a_day() -> u32 {
    24
}

/// Which records, in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParameters {
    /// `csv` or `xlsx`.
    #[serde(default)]
    #[param(inline, required = false)]
    pub(super) form: Form,
    /// A condition as text or as JSON.
    pub(super) filter: Option<String>,
    /// Words that must all stand in fields that the caller sees in clear.
    pub(super) search: Option<String>,
    /// A sortable field, with `-` before it from the greatest down.
    pub(super) sort: Option<String>,
    /// The columns with commas between them: fields, relations, `id`, `owners`, `unit`, `tags`, `pool`. Absent: the id, the
    /// owners, the parents and every field that the caller sees.
    pub(super) columns: Option<String>,
}

/// How a file is read that is brought as a job.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct JobParameters {
    /// A JSON object from column to a field, a relation, `id`, `owners`, `unit`, `tags` or `pool`; a column that is not named keeps its own name,
    /// one that is mapped to an empty text is left out.
    pub(super) mapping: Option<String>,
    /// Minutes east of UTC of instants that are written without zone.
    #[serde(default)]
    #[param(required = false, minimum = -840, maximum = 840)]
    pub(super) utc_offset_minutes: i32,
}

/// How the file is read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportParameters {
    /// A JSON object from column to a field, a relation, `id`, `owners`, `unit`, `tags` or `pool`; a column that is not named keeps its own name,
    /// one that is mapped to an empty text is left out.
    pub(super) mapping: Option<String>,
    /// Whether nothing is written and only said what would happen.
    #[serde(default)]
    #[param(required = false)]
    pub(super) dry_run: bool,
    /// `file` for a CSV of the rows that did not fit, with a column that says why.
    pub(super) errors: Option<String>,
    /// Minutes east of UTC of instants that are written without zone.
    #[serde(default)]
    #[param(required = false, minimum = -840, maximum = 840)]
    pub(super) utc_offset_minutes: i32,
}

/// Which records, in which order, which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// A condition as text, `Industry = "光学" and Amount > 1000`, or as JSON.
    pub(super) filter: Option<String>,
    /// Words that must all stand in fields that the caller sees in clear.
    pub(super) search: Option<String>,
    /// A sortable field, with `-` before it from the greatest down; absent for the order of creation.
    pub(super) sort: Option<String>,
    /// Records on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
    /// The member `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// Which records are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CountParameters {
    /// A condition as text or as JSON.
    pub(super) filter: Option<String>,
    /// Words that must all stand in fields that the caller sees in clear.
    pub(super) search: Option<String>,
}

/// What is added up, over which groups.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AggregationParameters {
    /// Fields of the groups, with commas between them.
    pub(super) group_by: Option<String>,
    /// With commas between them: `count`, `sum:FIELD`, `average:FIELD`, `smallest:FIELD`, `largest:FIELD`.
    pub(super) measures: Option<String>,
    /// A condition as text or as JSON.
    pub(super) filter: Option<String>,
    /// Words that must all stand in fields that the caller sees in clear.
    pub(super) search: Option<String>,
}

/// What a picker looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PickParameters {
    /// Words that must all stand in fields that the caller sees in clear.
    pub(super) search: Option<String>,
    /// Records on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
}
