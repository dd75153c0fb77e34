//! Requests for access: somebody who was refused asks, somebody who may give decides, and what is given ends by itself.

use guan_engine::model::{
    Action, Assigned, Assignment, AssignmentId, Moment, ObjectId, OrganizationId, RecordId, Rights,
    Span, UserId,
};
use guan_ledger::{ChangeKind, Kind};
use serde::{Deserialize, Serialize};

use crate::apply::stated;
use crate::database::{Row, values};
use crate::entity::{Entity, EntityKind};
use crate::error::{ReadError, StorageError};
use crate::log::Draft;
use crate::record::RecordWrite;
use crate::states::states;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};
use crate::{canonical, random, revision, side, sql};

/// The longest that may be asked for and given, in days.
pub const ACCESS_DAYS: i64 = 90;
/// An open request can be decided for so many days.
pub const ACCESS_OPEN_DAYS: i64 = 30;
/// So many requests of one user are open at the same time.
pub const ACCESS_OPEN_MAX: u64 = 20;
/// A list goes back so many requests.
pub(crate) const LISTED_MAX: u64 = 1_000;

states! {
    /// How far a request for access is.
    AccessState;
    Open "open" "It waits for somebody who may decide it.",
    Granted "granted" "What it asks for was given for a while.",
    Refused "refused" "It was said no to.",
    Withdrawn "withdrawn" "Its asker took it back.",
}

/// What somebody asks for: the question that was refused, and how long they need another answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessWanted {
    /// What is to be done.
    pub action: Action,
    /// Of which object; whether there is such a one is not said by taking the request.
    pub object: ObjectId,
    /// To which record; absent for the object as such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// How long.
    pub length: Span,
    /// Why.
    pub reason: String,
    /// The ledger row of the refusal, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<u64>,
}

/// What was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum AccessGiven {
    /// The record was shared with the asker.
    Share {
        /// With these rights.
        rights: Rights,
        /// Until when, exclusive.
        ends: Moment,
    },
    /// A permission set, or a group of them, was assigned to the asker.
    Assignment {
        /// The assignment.
        id: AssignmentId,
        /// What it assigns.
        what: Assigned,
        /// Until when, exclusive.
        ends: Moment,
    },
}

impl AccessGiven {
    /// Until when, exclusive.
    pub const fn ends(&self) -> Moment {
        match self {
            Self::Share { ends, .. } | Self::Assignment { ends, .. } => *ends,
        }
    }
}

/// A change of a request for access. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessChange {
    /// `ask_for_access`: it is written down and gives nothing.
    Ask {
        /// Its id, not used before; see [`AccessRequest::new_id`].
        id: String,
        /// What is wanted; the caller is who asks.
        wanted: AccessWanted,
    },
    /// `grant_access_by_share`: the record is shared with the asker.
    Share {
        /// Its id.
        id: String,
        /// What is given.
        given: AccessGiven,
        /// What the asker is told.
        words: String,
        /// The record with the share.
        write: Box<RecordWrite>,
    },
    /// `grant_access_by_assignment`: a permission set is assigned to the asker.
    Assign {
        /// Its id.
        id: String,
        /// The revision that it was decided from.
        expected: u64,
        /// The assignment; it has an end.
        assignment: Box<(AssignmentId, Assignment)>,
        /// What the asker is told.
        words: String,
    },
    /// `refuse_access`: no.
    Refuse {
        /// Its id.
        id: String,
        /// Why.
        words: String,
    },
    /// `withdraw_access_request`: its asker needs it no more.
    Withdraw {
        /// Its id.
        id: String,
    },
}

impl AccessChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask_for_access",
            Self::Share { .. } => "grant_access_by_share",
            Self::Assign { .. } => "grant_access_by_assignment",
            Self::Refuse { .. } => "refuse_access",
            Self::Withdraw { .. } => "withdraw_access_request",
        }
    }
}

/// A request for access as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Its id, unique in the organization.
    pub id: String,
    /// Who asks.
    pub asker: UserId,
    /// What is wanted.
    pub wanted: AccessWanted,
    /// When it was asked.
    pub asked: Moment,
    /// How far it is.
    pub state: AccessState,
    /// When its state was last changed.
    pub changed: Moment,
    /// By whom.
    pub changed_by: String,
    /// What the asker was told.
    pub words: String,
    /// What was given.
    pub given: Option<AccessGiven>,
}

impl AccessRequest {
    /// An id for a request.
    ///
    /// # Errors
    ///
    /// The system gives no random bytes.
    pub fn new_id() -> std::io::Result<String> {
        Ok(format!("a-{}", side::hex(&random::bytes::<5>()?)))
    }

    /// Whether it can still be decided.
    pub fn is_open(&self, now: Moment) -> bool {
        self.state == AccessState::Open && now < self.asked.plus(days(ACCESS_OPEN_DAYS))
    }

    /// The request, if it can still be decided.
    ///
    /// # Errors
    ///
    /// [`WriteError::AccessElsewhere`].
    pub(crate) fn still_open(self, now: Moment) -> Result<Self, WriteError> {
        if self.is_open(now) {
            return Ok(self);
        }
        let state = match self.state {
            AccessState::Open => "too old",
            other => other.name(),
        };
        Err(WriteError::AccessElsewhere { request: self.id, state })
    }

    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let (wanted, state, given): (String, String, String) =
            (row.get(2)?, row.get(4)?, row.get(8)?);
        let given = match given.as_str() {
            "" => None,
            text => Some(serde_json::from_str(text).map_err(StorageError::unreadable)?),
        };
        Ok(Self {
            id: row.get(0)?,
            asker: UserId::from(row.get::<String>(1)?),
            wanted: serde_json::from_str(&wanted).map_err(StorageError::unreadable)?,
            asked: Moment(row.get(3)?),
            state: AccessState::parse(&state)
                .ok_or_else(|| StorageError::unreadable("state of a request for access"))?,
            changed: Moment(row.get(5)?),
            changed_by: row.get(6)?,
            words: row.get(7)?,
            given,
        })
    }
}

/// So many days.
const fn days(number: i64) -> Span {
    Span::minutes(number.saturating_mul(24 * 60))
}

impl Store {
    /// The latest requests for access of an organization, the newest first; at most 1 000.
    pub fn access_requests(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<AccessRequest>, ReadError> {
        let key = values![organization.as_str(), LISTED_MAX];
        Ok(self.database.rows(sql::ACCESS_REQUESTS, key, AccessRequest::of)?)
    }

    /// One of them; `None` when there is no such.
    pub fn access_request(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<AccessRequest>, ReadError> {
        let key = values![organization.as_str(), id];
        Ok(self.database.one(sql::ACCESS_REQUEST, key, AccessRequest::of)?)
    }
}

impl Writing<'_> {
    pub(crate) fn change_access(
        &self,
        organization: &OrganizationId,
        change: &AccessChange,
    ) -> Result<Effect, WriteError> {
        let operation = change.name();
        match change {
            AccessChange::Ask { id, wanted } => {
                self.ask_for_access(operation, organization, (id, wanted))
            }
            AccessChange::Share { id, given, words, write } => {
                let request = self.decidable(organization, id, Some(given.ends()))?;
                let mut effect = self.write_records(write)?;
                for draft in &mut effect.drafts {
                    operation.clone_into(&mut draft.what.operation);
                    draft.what.purpose = Some(purpose(id, &request.wanted));
                }
                self.note_access(organization, id, (AccessState::Granted, words, Some(given)))?;
                Ok(effect)
            }
            AccessChange::Assign { id, expected, assignment, words } => {
                let (assignment_id, assignment) = assignment.as_ref();
                let request = self.decidable(organization, id, assignment.ends)?;
                let ends = assignment.ends.ok_or(WriteError::AccessLength { days: ACCESS_DAYS })?;
                let entity =
                    Entity::new(EntityKind::Assignment, assignment_id.as_str(), assignment)?;
                let reason = purpose(id, &request.wanted);
                let put = (&[entity][..], &[][..]);
                let effect =
                    self.edit_policy(operation, (organization, *expected), put, &reason)?;
                let given = AccessGiven::Assignment {
                    id: assignment_id.clone(),
                    what: assignment.what.clone(),
                    ends,
                };
                self.note_access(organization, id, (AccessState::Granted, words, Some(&given)))?;
                Ok(effect)
            }
            AccessChange::Refuse { id, words } => {
                stated(words)?;
                let request = self.decidable(organization, id, None)?;
                self.note_access(organization, id, (AccessState::Refused, words, None))?;
                let draft = draft(operation, id, &request.wanted).changed(ChangeKind::Closed, 1);
                Ok(Effect::one(organization.as_str(), draft))
            }
            AccessChange::Withdraw { id } => {
                let request = self.open_access(organization, id)?;
                if request.asker.as_str() != self.caller.id {
                    return Err(WriteError::AccessOfOthers);
                }
                self.note_access(organization, id, (AccessState::Withdrawn, "", None))?;
                let draft = draft(operation, id, &request.wanted).changed(ChangeKind::Deleted, 1);
                Ok(Effect::one(organization.as_str(), draft))
            }
        }
    }

    fn ask_for_access(
        &self,
        operation: &str,
        organization: &OrganizationId,
        (id, wanted): (&str, &AccessWanted),
    ) -> Result<Effect, WriteError> {
        revision::current(self.tx, organization)?;
        stated(&wanted.reason)?;
        if wanted.length.0 <= 0 || wanted.length > days(ACCESS_DAYS) {
            return Err(WriteError::AccessLength { days: ACCESS_DAYS });
        }
        let (org, now, asker) = (organization.as_str(), self.clock.wall.0, &self.caller.id);
        let since = self.clock.wall.0.saturating_sub(days(ACCESS_OPEN_DAYS).0);
        let key = values![org, AccessState::Open.name(), asker, since];
        let open: u64 = self.tx.only(sql::ACCESS_REQUESTS_OPEN, key, |row| row.get(0))?;
        if open >= ACCESS_OPEN_MAX {
            return Err(WriteError::AccessRequestsOpen { open });
        }
        let text = canonical::text(wanted).map_err(StorageError::unreadable)?;
        let state = AccessState::Open.name();
        let row = values![org, id, asker, text, now, state];
        self.tx.run(sql::ACCESS_REQUEST_CREATE, row)?;
        let draft = draft(operation, id, wanted).changed(ChangeKind::Created, 1);
        Ok(Effect::one(org, draft))
    }

    /// A request that the caller may decide: an open one of somebody else, with an end that is not too far.
    fn decidable(
        &self,
        organization: &OrganizationId,
        id: &str,
        ends: Option<Moment>,
    ) -> Result<AccessRequest, WriteError> {
        let request = self.open_access(organization, id)?;
        if request.asker.as_str() == self.caller.id {
            return Err(WriteError::AccessOfOneself);
        }
        let now = self.clock.wall;
        if ends.is_some_and(|ends| ends <= now || ends > now.plus(days(ACCESS_DAYS))) {
            return Err(WriteError::AccessLength { days: ACCESS_DAYS });
        }
        Ok(request)
    }

    fn open_access(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<AccessRequest, WriteError> {
        let key = values![organization.as_str(), id];
        let found = self.tx.one(sql::ACCESS_REQUEST, key, AccessRequest::of)?;
        let Some(request) = found else {
            let what = "request for access";
            return Err(WriteError::UnknownCredential { what, id: id.to_owned() });
        };
        request.still_open(self.clock.wall)
    }

    fn note_access(
        &self,
        organization: &OrganizationId,
        id: &str,
        (state, words, given): (AccessState, &str, Option<&AccessGiven>),
    ) -> Result<(), WriteError> {
        let given = given.map(canonical::text).transpose().map_err(StorageError::unreadable)?;
        let given = given.unwrap_or_default();
        let (org, now) = (organization.as_str(), self.clock.wall.0);
        let row = values![org, id, state.name(), now, &self.caller.id, words, given];
        self.tx.run(sql::ACCESS_REQUEST_CHANGE, row)?;
        Ok(())
    }
}

fn draft(operation: &str, id: &str, wanted: &AccessWanted) -> Draft {
    let purpose = purpose(id, wanted);
    let mut draft = Draft::new(Kind::AccessRequested, operation).because(&purpose);
    draft.what.object = Some(wanted.object.to_string());
    draft.what.record = wanted.record.as_ref().map(ToString::to_string);
    draft
}

/// By its id every row of a request is found.
fn purpose(id: &str, wanted: &AccessWanted) -> String {
    format!("{id}: {}", wanted.reason)
}
