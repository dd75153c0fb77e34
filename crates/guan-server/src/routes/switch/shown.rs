//! A request as the interface shows it.

use std::collections::BTreeSet;

use guan_engine::lifecycle::{Tally, Weight, WindowRequest};
use guan_engine::model::Moment;
use guan_store::ShownRequest;
use serde::Serialize;
use utoipa::ToSchema;

use crate::etag::{ETag, Tagged};

/// A request for a window, and what whoever looks may do with it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestShown {
    /// The request with its whole life so far.
    request: WindowRequest,
    /// `whole`; `forged` or `other_version` where the row is not the one that was written last: it leads to nothing.
    soundness: String,
    /// What makes it heavy.
    weights: BTreeSet<Weight>,
    /// Whose approvals count and what is missing.
    tally: Tally,
    /// Whether enough people approved.
    approved: bool,
    /// The timer that runs until it is opened.
    expires: Option<Expiry>,
    /// Whether its overlay acts at this moment.
    acting: bool,
    /// What the caller may do now: `edit`, `preview`, `back_up`, `approve`, `take_back`, `refuse`, `withdraw`, `open`,
    /// `close`, `review`.
    may: Vec<String>,
}

/// When a request is over unless something happens.
#[derive(Debug, Serialize, ToSchema)]
struct Expiry {
    /// `approval` or `execution`.
    timer: String,
    /// When.
    at: Moment,
}

impl RequestShown {
    pub(super) fn of(shown: ShownRequest) -> Self {
        Self {
            soundness: word(&shown.soundness),
            weights: shown.weights,
            tally: shown.tally,
            approved: shown.approved,
            expires: shown.expires.map(|(timer, at)| Expiry { timer: word(&timer), at }),
            acting: shown.acting,
            may: shown.may.into_iter().map(str::to_owned).collect(),
            request: shown.request,
        }
    }

    /// With its version as state.
    pub(super) fn tagged(self) -> Tagged<Self> {
        Tagged(ETag::of_number(self.request.version), self)
    }

    pub(super) const fn request(&self) -> &WindowRequest {
        &self.request
    }
}

/// The one word of a value that is told by one.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
