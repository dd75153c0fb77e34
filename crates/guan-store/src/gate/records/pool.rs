//! Public pools 公海: claiming within limits, giving out, giving back, coming back by itself.

use guan_engine::ask::Session;
use guan_engine::model::{
    Action, Audience, Moment, OrganizationId, Owner, Pool, PoolId, Record, RecordId, RecordKey,
    UserId,
};
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Changed, Stopped, allowed, decided, kept};
use super::{Found, PoolFault, RecordFault};
use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::gate::{Acting, Asking, Gate};
use crate::record::reads;
use crate::record::{RecordVerb, RecordWrite};

/// Records that come back by themselves in one act.
const RETURNED_MAX: usize = 500;
/// Records that are looked through for those that come back.
const DUE_SEARCHED_MAX: u64 = 5_000;
/// Records that are told to come back soon.
const DUE_MAX: usize = 200;

/// A record that comes back into its pool by itself, unless somebody changes it before.
#[derive(Debug, Clone)]
pub struct DueReturn {
    /// The record, as the subject sees it.
    pub found: Found,
    /// When.
    pub returns: Moment,
}

impl Gate {
    /// Takes a record from its pool: the subject owns it from now on.
    ///
    /// # Errors
    ///
    /// A refusal, or a limit of the pool.
    pub fn claim_record(&self, asking: &Asking, key: &RecordKey) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let under = decided(acting, &session, key, (&Action::Claim, Vec::new()))?;
            let (record, _) = kept(acting, asking, key)?;
            let holder = Owner::User(asking.subject.clone());
            let taken = taken(acting, asking, record, (&holder, Taking::Claimed(0)))?;
            write(acting, asking, RecordVerb::Claim, taken, under)
        })
    }

    /// Gives a waiting record of a pool to a user; for those who may assign it.
    ///
    /// # Errors
    ///
    /// A refusal, or a limit of the pool that the user has reached.
    pub fn give_out_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        to: &UserId,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let under = decided(acting, &session, key, (&Action::Assign, Vec::new()))?;
            let (record, _) = kept(acting, asking, key)?;
            let taken = taken(acting, asking, record, (&Owner::User(to.clone()), Taking::Given))?;
            write(acting, asking, RecordVerb::GiveOut, taken, under)
        })
    }

    /// Puts a record back into its pool, or into the one named: nobody owns it from now on.
    ///
    /// An owner may put it back where it came from, or into a pool of theirs where it came from none, while it is not
    /// locked; everything else takes the right to assign it.
    ///
    /// # Errors
    ///
    /// A refusal, or no pool.
    pub fn return_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        pool: Option<PoolId>,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let (record, _) = kept(acting, asking, key).or_else(|missing| {
                // Whether it is there is told by the decision alone.
                decided(acting, &session, key, (&Action::Read, Vec::new())).and(Err(missing))
            })?;
            let is_owner = record.owners.contains(&Owner::User(asking.subject.clone()));
            let as_owner = allowed(acting, &session, (Action::Read, key));
            let is_back = match (&pool, &record.pool) {
                (Some(pool), None) => is_member(acting, &session, pool),
                (pool, from) => pool.is_none() || pool == from,
            };
            let under = match as_owner {
                Ok(under) if is_owner && is_back && !record.locked => under,
                _ => decided(acting, &session, key, (&Action::Assign, Vec::new()))?,
            };
            let Some(pool) = pool.or_else(|| record.pool.clone()) else {
                return Err(RecordFault::from(PoolFault::NotWaiting).into());
            };
            if record.owners.is_empty() && record.pool.as_ref() == Some(&pool) {
                return Err(RecordFault::Nothing.into());
            }
            let back = returned(acting, record, pool);
            write(acting, asking, RecordVerb::Return, back, under)
        })
    }

    /// The records of a pool that come back by themselves until a moment, the soonest first: of those that the policy lets
    /// the subject read, at most 200. None where there is no such pool, or it takes nothing back.
    ///
    /// Cost: one statement, and a decision for each record that comes back, of which 5 000 are looked at.
    ///
    /// # Errors
    ///
    /// The installation cannot be read.
    pub fn due_returns(
        &self,
        asking: &Asking,
        pool: &PoolId,
        until: Moment,
    ) -> Result<Vec<DueReturn>, RecordFault> {
        let question = self.question(asking)?.enforced();
        let rule = question.engine().policy().pools.get(pool);
        let rule = rule.and_then(|pool| Some((pool.object.clone(), pool.rules.returns_after?)));
        let Some((object, span)) = rule else { return Ok(Vec::new()) };
        let held = (pool, Moment(until.0.saturating_sub(span.0)), DUE_SEARCHED_MAX);
        let stale = self.read(|reader| {
            let database = &reader.database;
            Ok::<_, RecordFault>(reads::stale_claims(database, &asking.organization, held)?)
        })?;
        let seen = stale.into_iter().filter(|(key, _)| question.may_read(key));
        let seen: Vec<(RecordId, Moment)> =
            seen.map(|(key, last)| (key.id, last.plus(span))).collect();
        let mut stored = Vec::new();
        for some in seen.chunks(DUE_MAX) {
            let ids: Vec<RecordId> = some.iter().map(|(id, _)| id.clone()).collect();
            let some = self.stored(asking, &object, &ids)?;
            stored.extend(some.into_iter().filter(|stored| !stored.record.locked));
            if stored.len() >= DUE_MAX {
                stored.truncate(DUE_MAX);
                break;
            }
        }
        let mut returns: BTreeMap<RecordId, Moment> = seen.into_iter().collect();
        let found = self.reveal(question, &Action::Read, stored);
        let mut due: Vec<DueReturn> = found
            .into_iter()
            .filter_map(|found| {
                let returns = returns.remove(found.record.id())?;
                Some(DueReturn { found, returns })
            })
            .collect();
        due.sort_by_key(|due| due.returns);
        Ok(due)
    }

    /// Brings back the records of pools that were held too long without a change; how many. Locked ones stay.
    ///
    /// Cost: one act, with one ledger row, for at most 500 records.
    ///
    /// # Errors
    ///
    /// The installation cannot write.
    pub fn return_by_rule(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        organization: &OrganizationId,
    ) -> Result<u64, RecordFault> {
        let done = self.act(caller, clock, organization, |acting| {
            let mut records = Vec::new();
            for (id, pool) in &acting.engine().policy().pools {
                let Some(span) = pool.rules.returns_after else { continue };
                let since = Moment(clock.wall.0.saturating_sub(span.0));
                let database = &acting.read().database;
                let searched = (id, since, DUE_SEARCHED_MAX);
                for (key, _) in reads::stale_claims(database, organization, searched)? {
                    if records.len() >= RETURNED_MAX {
                        break;
                    }
                    let found = reads::stamped(database, organization, &key)?;
                    if let Some((record, _)) = found.filter(|(record, _)| !record.locked) {
                        records.push(returned(acting, record, id.clone()));
                    }
                }
            }
            if records.is_empty() {
                return Ok(0);
            }
            let (verb, count) = (RecordVerb::ReturnByRule, records.len() as u64);
            let write = RecordWrite {
                organization: organization.clone(),
                verb,
                records,
                under: None,
                relaxed: BTreeSet::new(),
                born: Vec::new(),
                job: None,
            };
            acting.apply(Change::WriteRecords(Box::new(write)))?;
            Ok::<u64, Stopped>(count)
        });
        done.map_err(|stopped| match stopped {
            Stopped::Fault(fault) => fault,
            Stopped::Denied(denied) => denied.refusal.into(),
        })
    }
}

/// Whether a pool has the subject among its members.
fn is_member(acting: &Acting<'_>, session: &Session<'_>, pool: &PoolId) -> bool {
    let engine = acting.engine();
    let members = engine.policy().pools.get(pool).map(|pool| pool.members.clone());
    members
        .filter(|members| !members.is_empty())
        .is_some_and(|users| engine.concerns(&Audience { users, networks: Vec::new() }, session))
}

/// Whether somebody takes a record for themselves or is given it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taking {
    /// Claimed, after so many others of the pool in the same act.
    Claimed(u64),
    Given,
}

/// A record as the subject claims it, after so many others of each pool in the same act.
pub(super) fn claimed(
    acting: &Acting<'_>,
    asking: &Asking,
    record: Record,
    before: &BTreeMap<PoolId, u64>,
) -> Result<Record, Stopped> {
    let holder = Owner::User(asking.subject.clone());
    let before = record.pool.as_ref().and_then(|pool| before.get(pool)).copied().unwrap_or(0);
    taken(acting, asking, record, (&holder, Taking::Claimed(before)))
}

fn write(
    acting: &mut Acting<'_>,
    asking: &Asking,
    verb: RecordVerb,
    record: Record,
    under: Option<guan_engine::model::OverlayId>,
) -> Result<Changed, Stopped> {
    let key = record.key();
    let write =
        RecordWrite { under, ..RecordWrite::one(asking.organization.clone(), verb, record) };
    let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
    Ok(Changed::new(key, &written))
}

/// The record with its new holder, if the pool's limits allow it.
fn taken(
    acting: &Acting<'_>,
    asking: &Asking,
    mut record: Record,
    (holder, taking): (&Owner, Taking),
) -> Result<Record, Stopped> {
    let policy = acting.engine().policy();
    let Some((id, pool)) = record.pool.as_ref().and_then(|id| policy.pools.get_key_value(id))
    else {
        return Err(RecordFault::from(PoolFault::NotWaiting).into());
    };
    if !record.owners.is_empty() {
        return Err(RecordFault::from(PoolFault::Held).into());
    }
    within_limits(acting, asking, &record.key(), (id, pool), (holder, taking))?;
    record.owners = [holder.clone()].into();
    Ok(record)
}

fn within_limits(
    acting: &Acting<'_>,
    asking: &Asking,
    key: &RecordKey,
    (id, pool): (&PoolId, &Pool),
    (holder, taking): (&Owner, Taking),
) -> Result<(), Stopped> {
    let reader = acting.read();
    let (database, rules) = (&reader.database, pool.rules);
    let now = asking.clock.wall;
    let offset = acting.engine().policy().organization.utc_offset_minutes;
    let midnight = Moment(
        now.day(offset).saturating_mul(86_400_000).saturating_sub(i64::from(offset) * 60_000),
    );
    let name = holder.to_string();
    let (held, today) = reads::claims(database, &asking.organization, (id, &name, midnight))?;
    let before = match taking {
        Taking::Claimed(before) => before,
        Taking::Given => 0,
    };
    let reached = |count: u64, most: u32| count.saturating_add(before) >= u64::from(most);
    if let Some(most) = rules.held_max.filter(|most| reached(held, *most)) {
        return Err(RecordFault::from(PoolFault::HeldMax { pool: id.clone(), most }).into());
    }
    if taking == Taking::Given {
        return Ok(());
    }
    if let Some(most) = rules.claims_a_day_max.filter(|most| reached(today, *most)) {
        return Err(RecordFault::from(PoolFault::DayMax { pool: id.clone(), most }).into());
    }
    let Some(pause) = rules.previous_owner_pause else { return Ok(()) };
    let last = reads::last_held(database, &asking.organization, (id, key, &name))?;
    match last.map(|last| last.plus(pause)) {
        Some(from) if now < from => {
            Err(RecordFault::from(PoolFault::Pause { pool: id.clone(), from }).into())
        }
        _ => Ok(()),
    }
}

/// The record as it waits in the pool; what its owners shared goes as it does at any change of owner.
fn returned(acting: &Acting<'_>, mut record: Record, pool: PoolId) -> Record {
    let objects = &acting.engine().policy().objects;
    let rule = objects.get(&record.object).map(|object| object.owner_change).unwrap_or_default();
    record.change_owners(BTreeSet::new(), rule);
    record.pool = Some(pool);
    record
}
