//! Masked values that are shown in clear: each leaves its row in the ledger, and nobody gathers more than the organization lets.

use guan_engine::model::{Moment, OrganizationId, Policy, RevealLimits, Span, UserId};
use guan_ledger::{Decision, Kind, Status, Verdict};
use serde::Serialize;

use crate::change::RevealDone;
use crate::database::{Database, values};
use crate::error::{ReadError, StorageError};
use crate::log::{self, Draft, completion};
use crate::revision;
use crate::sql;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};

const HOUR: Span = Span::minutes(60);
const DAY: Span = Span::minutes(24 * 60);

/// The code of a refusal for want of what is left of the limit, as the ledger has it.
pub const REVEAL_LIMIT: &str = "reveal_limit";

/// What a user has had revealed, and how much they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RevealsSoFar {
    /// Within the last 60 minutes.
    pub in_hour: u64,
    /// Within the last 24 hours.
    pub in_day: u64,
    /// The limits.
    pub limits: RevealLimits,
}

/// The window that is full, with the most that it holds; what is full longest is named first.
struct Full {
    most: u32,
    hours: u32,
    from: Option<Moment>,
}

fn full(
    database: &Database,
    (organization, subject): (&OrganizationId, &UserId),
    limits: RevealLimits,
    now: Moment,
) -> Result<Option<Full>, StorageError> {
    for (most, hours, window) in [(limits.a_day_max, 24, DAY), (limits.an_hour_max, 1, HOUR)] {
        let Some(earlier) = most.checked_sub(1) else {
            return Ok(Some(Full { most, hours, from: None }));
        };
        let since = now.0.saturating_sub(window.0);
        let place = values![organization.as_str(), subject.as_str(), since, i64::from(earlier)];
        let first: Option<i64> = database.one(sql::REVEAL_BEFORE, place, |row| row.get(0))?;
        if let Some(first) = first {
            return Ok(Some(Full { most, hours, from: Some(Moment(first).plus(window)) }));
        }
    }
    Ok(None)
}

impl Store {
    /// What a user has had revealed up to a moment, under the limits of a policy.
    pub(crate) fn reveals_so_far(
        &self,
        policy: &Policy,
        subject: &UserId,
        now: Moment,
    ) -> Result<RevealsSoFar, ReadError> {
        let organization = policy.organization.id.as_str();
        let count = |window: Span| {
            let place = values![organization, subject.as_str(), now.0.saturating_sub(window.0)];
            self.database.only(sql::REVEALS_SINCE, place, |row| row.get(0))
        };
        let limits = policy.organization.reveals;
        Ok(RevealsSoFar { in_hour: count(HOUR)?, in_day: count(DAY)?, limits })
    }
}

impl Writing<'_> {
    pub(crate) fn record_reveal(
        &self,
        operation: &str,
        reveal: &RevealDone,
    ) -> Result<Effect, WriteError> {
        let (organization, subject, now) = (&reveal.organization, &reveal.subject, self.clock.wall);
        let limits = self.policy_now(organization)?.organization.reveals;
        if let Some(Full { most, hours, from }) =
            full(self.tx, (organization, subject), limits, now)?
        {
            return Err(WriteError::RevealLimit { most, hours, from });
        }
        let (org, user) = (organization.as_str(), subject.as_str());
        let over = now.0.saturating_sub(DAY.0);
        self.tx.run(sql::REVEALS_PRUNE, values![org, user, over])?;
        let sequence = log::tip(self.tx, org)?.map_or(0, |tip| tip.size);
        self.tx.run(sql::REVEAL_PUT, values![org, user, now.0, sequence])?;
        Ok(Effect::one(org, of_reveal(Kind::ProtectedRead, operation, reveal)))
    }

    /// As a refusal, so that whoever tries to gather values is seen by those who look for refusals.
    pub(crate) fn refuse_reveal(&self, reveal: &RevealDone) -> Result<Effect, WriteError> {
        revision::current(self.tx, &reveal.organization)?;
        let action = crate::gate::REVEAL;
        let mut draft = of_reveal(Kind::DecisionDenied, action, reveal);
        draft.decision = Some(Decision {
            outcome: Verdict::Deny,
            normal_outcome: Verdict::Deny,
            stage: None,
            rules: Vec::new(),
            policy: None,
            sets: [].into(),
            obligation: None,
        });
        draft.result = Some(completion(Status::Refused, Some(REVEAL_LIMIT.to_owned())));
        Ok(Effect::one(reveal.organization.as_str(), draft))
    }
}

fn of_reveal(kind: Kind, operation: &str, reveal: &RevealDone) -> Draft {
    let mut draft = Draft::new(kind, operation).because(&reveal.reason);
    draft.on_behalf_of = Some(reveal.subject.to_string());
    draft.source_address = reveal.address;
    draft.what.object = Some(reveal.key.object.to_string());
    draft.what.record = Some(reveal.key.id.to_string());
    draft.what.fields = [reveal.field.to_string()].into();
    draft
}
