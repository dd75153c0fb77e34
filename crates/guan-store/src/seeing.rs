//! Seeing as somebody else sees: begun with a reason, for a while, in one session, and never more than one may see oneself.

use guan_engine::model::{Moment, OrganizationId, Span, UserId};
use guan_ledger::{ChangeKind, Kind};

use crate::apply::stated;
use crate::database::{Row, values};
use crate::error::{ReadError, StorageError};
use crate::log::Draft;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};
use crate::{random, revision, side, sql};

/// The longest that somebody sees as somebody else, in minutes.
pub const SEEING_MINUTES: i64 = 60;

/// A change of whom somebody sees as. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeeingChange {
    /// `see_as`: it begins.
    Begin {
        /// Its id, not used before; see [`SeeingAs::new_id`].
        id: String,
        /// As whom.
        subject: UserId,
        /// How long.
        length: Span,
        /// Why.
        reason: String,
    },
    /// `stop_seeing_as`: it ends before its time.
    End {
        /// Its id.
        id: String,
    },
}

impl SeeingChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Begin { .. } => "see_as",
            Self::End { .. } => "stop_seeing_as",
        }
    }
}

/// Somebody who sees as somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeeingAs {
    /// Its id, unique in the organization.
    pub id: String,
    /// Who sees.
    pub viewer: UserId,
    /// The session in which it was begun.
    pub session: String,
    /// As whom.
    pub subject: UserId,
    /// Why.
    pub reason: String,
    /// When it began.
    pub started: Moment,
    /// Until when, exclusive.
    pub ends: Moment,
    /// When it was ended before.
    pub ended: Option<Moment>,
}

impl SeeingAs {
    /// An id.
    ///
    /// # Errors
    ///
    /// The system gives no random bytes.
    pub fn new_id() -> std::io::Result<String> {
        Ok(format!("v-{}", side::hex(&random::bytes::<8>()?)))
    }

    /// Whether it counts at a moment.
    pub fn counts(&self, at: Moment) -> bool {
        self.ended.is_none() && self.started <= at && at < self.ends
    }

    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            viewer: UserId::from(row.get::<String>(1)?),
            session: row.get(2)?,
            subject: UserId::from(row.get::<String>(3)?),
            reason: row.get(4)?,
            started: Moment(row.get(5)?),
            ends: Moment(row.get(6)?),
            ended: row.get::<Option<i64>>(7)?.map(Moment),
        })
    }
}

impl Store {
    /// One who sees as somebody else, whether it still counts or not; `None` when there is no such.
    pub fn seeing_as(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<SeeingAs>, ReadError> {
        Ok(self.database.one(sql::SEEING_AS, values![organization.as_str(), id], SeeingAs::of)?)
    }
}

impl Writing<'_> {
    pub(crate) fn change_seeing(
        &self,
        organization: &OrganizationId,
        change: &SeeingChange,
    ) -> Result<Effect, WriteError> {
        revision::current(self.tx, organization)?;
        let (org, now) = (organization.as_str(), self.clock.wall);
        match change {
            SeeingChange::Begin { id, subject, length, reason } => {
                stated(reason)?;
                if length.0 <= 0 || *length > Span::minutes(SEEING_MINUTES) {
                    return Err(WriteError::SeeingLength { minutes: SEEING_MINUTES });
                }
                let session = self.caller.session.clone().unwrap_or_default();
                let (viewer, ends) = (&self.caller.id, now.plus(*length));
                let row =
                    values![org, id, viewer, session, subject.as_str(), reason, now.0, ends.0];
                self.tx.run(sql::SEEING_AS_CREATE, row)?;
                let mut draft = Draft::new(Kind::SeenAs, change.name())
                    .because(reason)
                    .changed(ChangeKind::Opened, 1);
                draft.on_behalf_of = Some(subject.to_string());
                Ok(Effect::one(org, draft))
            }
            SeeingChange::End { id } => {
                let found = self.tx.one(sql::SEEING_AS, values![org, id], SeeingAs::of)?;
                let what = "view";
                let found = found.filter(|seeing| seeing.viewer.as_str() == self.caller.id);
                let Some(seeing) = found.filter(|seeing| seeing.counts(now)) else {
                    return Err(WriteError::UnknownCredential { what, id: id.clone() });
                };
                self.tx.run(sql::SEEING_AS_END, values![org, id, now.0])?;
                let mut draft = Draft::new(Kind::SeenAs, change.name())
                    .because(&seeing.reason)
                    .changed(ChangeKind::Closed, 1);
                draft.on_behalf_of = Some(seeing.subject.to_string());
                Ok(Effect::one(org, draft))
            }
        }
    }
}
