//! What lists are asked for; users beside a search by more, since whoever looks for the few does not page through the many.

use std::collections::BTreeSet;

use guan_engine::administration::{Act, Power};
use guan_engine::model::{Policy, UserId, UserKind};
use guan_store::{ClockReading, View, mail_of};
use serde::Deserialize;

use crate::caller::Caller;
use crate::page::PageQuery;
use crate::problem::Problem;
use crate::sought::Sought;

/// Which users by their sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WithSets {
    /// Active ones to whom the policy gives none now; for who manages assignments too.
    None,
}

/// Which page of which entities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<u32>,
    cursor: Option<String>,
    search: Option<String>,
}

/// Which page of which users.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsersWanted {
    limit: Option<u32>,
    cursor: Option<String>,
    search: Option<String>,
    kind: Option<UserKind>,
    active: Option<bool>,
    sets: Option<WithSets>,
}

/// What a query of a list asks for.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) page: PageQuery,
    pub(super) search: Sought,
    pub(super) narrowing: Narrowing,
}

impl From<Wanted> for Listing {
    fn from(Wanted { limit, cursor, search }: Wanted) -> Self {
        UsersWanted { limit, cursor, search, kind: None, active: None, sets: None }.into()
    }
}

impl From<UsersWanted> for Listing {
    fn from(wanted: UsersWanted) -> Self {
        let UsersWanted { limit, cursor, search, kind, active, sets } = wanted;
        Self {
            page: PageQuery { limit, cursor },
            search: Sought::typed(&search.unwrap_or_default()),
            narrowing: Narrowing { kind, active, sets },
        }
    }
}

/// What a list of users is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Narrowing {
    kind: Option<UserKind>,
    active: Option<bool>,
    sets: Option<WithSets>,
}

/// The same, ready to be asked of each.
pub(super) struct Narrowed<'p> {
    narrowing: Narrowing,
    policy: &'p Policy,
    without: Option<BTreeSet<UserId>>,
}

impl Narrowing {
    /// # Errors
    ///
    /// Sets asked about by somebody who does not manage assignments.
    pub(super) fn of<'v>(
        self,
        (view, caller, clock): (&'v View, &Caller, &ClockReading),
    ) -> Result<Narrowed<'v>, Problem> {
        let without = match self.sets {
            Some(WithSets::None) => Some(without_sets((view, caller, clock))?),
            None => None,
        };
        Ok(Narrowed { narrowing: self, policy: view.engine().policy(), without })
    }
}

impl Narrowed<'_> {
    /// Whether the list has this one.
    pub(super) fn takes(&self, id: &str) -> bool {
        let Narrowing { kind, active, .. } = self.narrowing;
        if kind.is_some() || active.is_some() {
            let user = self.policy.users.get(id);
            let is_so = user.is_some_and(|user| {
                kind.is_none_or(|kind| user.kind == kind)
                    && active.is_none_or(|active| user.active == active)
            });
            if !is_so {
                return false;
            }
        }
        self.without.as_ref().is_none_or(|without| without.contains(id))
    }
}

/// By what a user is found beside the id and the name.
pub(super) fn mail_in<'p>(policy: &'p Policy, id: &str) -> Option<&'p str> {
    let (id, user) = policy.users.get_key_value(id)?;
    mail_of(id, user)
}

/// Active users without a set whose assignments the caller manages.
pub(in crate::routes) fn without_sets(
    (view, caller, clock): (&View, &Caller, &ClockReading),
) -> Result<BTreeSet<UserId>, Problem> {
    let facts = view.facts(clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    let engine = view.engine();
    engine.may_administer(&session, Act::Use(Power::ManageAssignments))?;
    let domain = engine.domain(&session, Power::ManageAssignments)?;
    let policy = engine.policy();
    let found = engine.users_without_sets(clock.wall).into_iter();
    let is_inside = |id: &UserId| policy.users.get(id).is_some_and(|user| domain.has(policy, user));
    Ok(found.filter(is_inside).collect())
}
