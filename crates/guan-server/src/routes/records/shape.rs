//! What goes over the wire for records.

use axum::response::{IntoResponse, Response};
use guan_engine::model::{Moment, OverlayId, Record, RecordId};
use guan_engine::visible::Visible;
use guan_store::{Changed, Found, RecordPage};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::{AllOfBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::asking::Under;
use crate::etag::{ETag, Tagged};
use crate::extract::Json;
use crate::page::Page;

/// A record as the caller may see it.
#[derive(Debug, Serialize)]
pub(super) struct RecordShown {
    /// What the field gate shows of it: hidden fields are absent, masked ones are marked.
    #[serde(flatten)]
    record: Visible<Record>,
    /// Version, creation and last change.
    #[serde(flatten)]
    stamp: StampShown,
}

/// Version, creation and last change of a record.
#[derive(Debug, Serialize, ToSchema)]
struct StampShown {
    /// How often it was changed; the `ETag` of the record.
    version: u64,
    /// When it was created.
    created: Moment,
    /// By whom.
    created_by: String,
    /// When it was last changed.
    changed: Moment,
    /// By whom.
    changed_by: String,
}

impl PartialSchema for RecordShown {
    fn schema() -> RefOr<Schema> {
        let parts = [Visible::<Record>::schema(), StampShown::schema()];
        parts.into_iter().fold(AllOfBuilder::new(), AllOfBuilder::item).into()
    }
}

impl ToSchema for RecordShown {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("RecordShown")
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Visible::<Record>::schemas(schemas);
        StampShown::schemas(schemas);
    }
}

impl From<Found> for RecordShown {
    fn from(Found { record, stamp }: Found) -> Self {
        let stamp = StampShown {
            version: stamp.version,
            created: stamp.created,
            created_by: stamp.created_by,
            changed: stamp.changed,
            changed_by: stamp.changed_by,
        };
        Self { record, stamp }
    }
}

impl RecordShown {
    pub(super) fn tagged(found: Found) -> Tagged<Self> {
        let shown = Self::from(found);
        Tagged(ETag::of_number(shown.stamp.version), shown)
    }
}

/// A page of records with the cursor of the next, and with the suspensions without which it would be another.
pub(super) fn page(found: RecordPage) -> Under<Page<RecordShown>> {
    let overlays: Vec<OverlayId> = found.relaxed_by().into_iter().cloned().collect();
    let relaxed_by = overlays.iter().map(ToString::to_string).collect();
    let page = Page {
        items: found.records.into_iter().map(RecordShown::from).collect(),
        next: found.next.map(|cursor| cursor.as_str().to_owned()),
        relaxed_by,
    };
    Under(overlays, page)
}

/// What a change came to. Read the record again for its new state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangeMade {
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<RecordId>,
    /// The row of the ledger.
    pub(super) sequence: u64,
    /// Send it as `Guan-Token` with a later read, here or on another node: it will see this change.
    pub(super) token: String,
}

impl From<Changed> for ChangeMade {
    fn from(changed: Changed) -> Self {
        Self {
            id: Some(changed.key.id),
            sequence: changed.sequence,
            token: changed.token.to_string(),
        }
    }
}

/// The answer to a change of one record, with the `ETag` of its new state.
#[derive(Debug)]
pub(super) struct Made(Option<ETag>, ChangeMade);

impl From<Changed> for Made {
    fn from(changed: Changed) -> Self {
        Self(changed.version.map(ETag::of_number), changed.into())
    }
}

impl IntoResponse for Made {
    fn into_response(self) -> Response {
        match self {
            Self(Some(tag), made) => Tagged(tag, made).into_response(),
            Self(None, made) => Json(made).into_response(),
        }
    }
}

impl ChangeMade {
    /// Of many records at once.
    pub(super) fn of_many(changed: Changed) -> Self {
        Self { id: None, ..Self::from(changed) }
    }
}
