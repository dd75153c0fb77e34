//! Requests for windows as they are kept: one sealed row each that is as new as the log says, and the documents that were shown.

mod apply;
mod settings;

use guan_engine::lifecycle::{NoticeKind, RequestId, State, Urgency, WindowRequest};
use guan_engine::model::{Moment, OrganizationId, UserId};
use guan_ledger::Kind;
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::database::{Database, Row, values};
use crate::error::{ReadError, StorageError};
use crate::side::Side;
use crate::store::Store;
use crate::{seal, sql};

pub use settings::{SettingsInForce, SwitchChange};

/// The largest page of requests.
const PAGE_MAX: u64 = 200;

/// What the seal of a request signs.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    instance: String,
    request: WindowRequest,
}

/// Whether a kept request is the one that the program wrote last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Soundness {
    /// It is.
    Whole,
    /// Its seal does not hold: somebody else wrote it.
    Forged,
    /// The log has another number of steps: the row was put back from an older copy.
    OtherVersion,
}

/// A request as it is kept. One that is not whole leads to nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// The request.
    pub request: WindowRequest,
    /// Whether it can be relied on.
    pub soundness: Soundness,
}

/// What was shown of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WindowDocument {
    /// What it would change.
    Preview,
    /// What happened.
    Report,
}

impl WindowDocument {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Report => "report",
        }
    }
}

/// One step that the rule admitted, on its way into the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowStep {
    /// The request as the step leaves it.
    pub(crate) request: WindowRequest,
    /// The version that it was made from; 0 for a new one.
    pub(crate) from: u64,
    /// The operation in the log.
    pub(crate) operation: &'static str,
    /// The kind of its row.
    pub(crate) kind: Kind,
    /// In whose words.
    pub(crate) words: String,
    /// Which user acts; nobody where the program does.
    pub(crate) by: Option<UserId>,
    /// What was shown, with its text.
    pub(crate) document: Option<(WindowDocument, String)>,
    /// What is to be said.
    pub(crate) notices: Vec<NoticeKind>,
}

impl WindowStep {
    /// The request as the step leaves it.
    pub const fn request(&self) -> &WindowRequest {
        &self.request
    }

    /// What is to be said once it is kept.
    pub fn notices(&self) -> &[NoticeKind] {
        &self.notices
    }

    /// For whom the caller acts, where that is somebody else.
    pub(crate) fn on_behalf_of(&self, caller: &Caller) -> Option<String> {
        let by = self.by.as_ref()?.as_str();
        (by != caller.id).then(|| by.to_owned())
    }
}

/// Which requests are wanted, newest first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// Those before this one, so many.
    Before(Option<(Moment, &'a RequestId)>, u64),
    /// All in a state.
    InState(State),
}

fn raw(row: &Row<'_>) -> Result<(String, String, Vec<u8>), StorageError> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn stored(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    (id, body, signed): (String, String, Vec<u8>),
) -> Result<Option<StoredRequest>, ReadError> {
    // What cannot be read was not written by this program, and leads to nothing.
    let Ok(Sealed { instance, request }) = serde_json::from_str::<Sealed>(&body) else {
        return Ok(None);
    };
    let ours = seal::holds(side, &body, &signed)
        && instance == side.instance
        && request.id.as_str() == id
        && request.organization == *organization;
    let steps: u64 =
        database.only(sql::WINDOW_STEPS, values![organization.as_str(), &id], |row| row.get(0))?;
    let soundness = match (ours, steps == request.version) {
        (false, _) => Soundness::Forged,
        (true, false) => Soundness::OtherVersion,
        (true, true) => Soundness::Whole,
    };
    Ok(Some(StoredRequest { request, soundness }))
}

/// One request.
pub(crate) fn one(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    id: &str,
) -> Result<Option<StoredRequest>, ReadError> {
    match database.one(sql::WINDOW, values![organization.as_str(), id], raw)? {
        Some(raw) => stored(database, organization, side, raw),
        None => Ok(None),
    }
}

/// Several requests, newest first; rows that cannot be read are left out.
pub(crate) fn many(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    wanted: Wanted<'_>,
) -> Result<Vec<StoredRequest>, ReadError> {
    let org = organization.as_str();
    let raws = match wanted {
        Wanted::Before(before, limit) => {
            let (moment, id) = before.map_or((i64::MAX, ""), |(at, id)| (at.0, id.as_str()));
            database.rows(sql::WINDOWS_BEFORE, values![org, moment, id, limit], raw)?
        }
        Wanted::InState(state) => {
            database.rows(sql::WINDOWS_IN_STATE, values![org, state.name()], raw)?
        }
    };
    let all = raws.into_iter().map(|raw| stored(database, organization, side, raw));
    all.filter_map(Result::transpose).collect()
}

impl Store {
    /// One request for a window.
    ///
    /// Errors: there is none.
    pub fn window_request(
        &self,
        organization: &OrganizationId,
        id: &RequestId,
    ) -> Result<StoredRequest, ReadError> {
        let side = self.side()?;
        let found = one(&self.database, organization, &side, id.as_str())?;
        found.ok_or_else(|| ReadError::UnknownOverlay {
            organization: organization.to_string(),
            overlay: id.to_string(),
        })
    }

    /// Requests for windows, newest first, after the one that was the last of the page before; 200 at most.
    pub fn window_requests(
        &self,
        organization: &OrganizationId,
        after: Option<(Moment, &RequestId)>,
        limit: u64,
    ) -> Result<Vec<StoredRequest>, ReadError> {
        let side = self.side()?;
        let wanted = Wanted::Before(after, limit.min(PAGE_MAX));
        many(&self.database, organization, &side, wanted)
    }

    /// All requests in one state, newest first.
    pub fn window_requests_in(
        &self,
        organization: &OrganizationId,
        state: State,
    ) -> Result<Vec<StoredRequest>, ReadError> {
        let side = self.side()?;
        many(&self.database, organization, &side, Wanted::InState(state))
    }

    /// A document of a request as JSON, as it was shown; `None` while there is none.
    pub fn window_document(
        &self,
        organization: &OrganizationId,
        id: &RequestId,
        kind: WindowDocument,
    ) -> Result<Option<String>, ReadError> {
        let key = values![organization.as_str(), id.as_str(), kind.name()];
        Ok(self.database.one(sql::WINDOW_DOCUMENT, key, |row| row.get(0))?)
    }

    /// A number that rises whenever a request of the organization changes.
    ///
    /// Cost: one look at the requests of the organization.
    pub fn window_stamp(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        let key = values![organization.as_str()];
        Ok(self.database.only(sql::WINDOW_STAMP, key, |row| row.get(0))?)
    }

    /// An emergency that was opened and that nobody has reviewed, the latest.
    pub(crate) fn unreviewed_emergency(
        &self,
        organization: &OrganizationId,
    ) -> Result<Option<RequestId>, ReadError> {
        let side = self.side()?;
        for state in [State::Open, State::Closed, State::Reported] {
            let found = many(&self.database, organization, &side, Wanted::InState(state))?;
            let mut found = found.into_iter().map(|stored| stored.request);
            let emergency = found.find(|request| request.wanted.urgency == Urgency::Emergency);
            if let Some(request) = emergency {
                return Ok(Some(request.id));
            }
        }
        Ok(None)
    }
}
