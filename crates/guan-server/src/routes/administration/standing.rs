//! What a list of users tells beside each: the sets they hold and when they signed in, for those who may see it elsewhere too.

use std::collections::BTreeMap;

use guan_engine::administration::{Act, Domain, Power};
use guan_engine::model::{Moment, Policy, SetId, UserId};
use guan_store::{ClockReading, Gate, View};
use serde::Serialize;
use utoipa::ToSchema;

use super::resource::{Assignments, Resource};
use crate::caller::Caller;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::routes::credential::LIST_SESSIONS;

/// Where a user stands, as far as the caller may know.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct UserStanding {
    /// The sets that the policy gives them now, by id; for who manages everybody's assignments. Absent for who cannot sign
    /// in now.
    #[serde(skip_serializing_if = "Option::is_none")]
    sets: Option<Vec<SetId>>,
    /// When they last signed in with a password; for who manages their credentials. Absent for who never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in: Option<Moment>,
}

/// What is told beside the users of one page, which are in the order of their ids; in the same order.
///
/// Cost: the sessions of the page in memory, and one statement.
pub(super) fn standings(
    gate: &Gate,
    (view, caller, clock): (&View, &Caller, &ClockReading),
    page: &[&str],
) -> Result<Vec<UserStanding>, Problem> {
    let seen = |operation: Operation, power: Power| {
        if !caller.is_admitted_to(operation) {
            return None;
        }
        let facts = view.facts(clock);
        let session = caller.session(clock.wall).under(view.standing(&facts));
        let engine = view.engine();
        engine.may_administer(&session, Act::Use(power)).ok()?;
        engine.domain(&session, power).ok()
    };
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(Vec::new()) };
    let gives = seen(Assignments::LIST, Power::ManageAssignments) == Some(Domain::Everything);
    let signs = seen(LIST_SESSIONS, Power::ManageCredentials);
    let signed_in = match signs {
        Some(_) => gate.read(|reader| reader.signed_in(caller.organization(), (first, last)))?,
        None => BTreeMap::new(),
    };
    let policy: &Policy = view.engine().policy();
    let is_inside = |id: &str| {
        let user = policy.users.get(id);
        signs.as_ref().zip(user).is_some_and(|(domain, user)| domain.has(policy, user))
    };
    let of = |id: &&str| UserStanding {
        sets: view.engine().sets_of_user(&UserId::new(*id), clock.wall).filter(|_| gives),
        signed_in: signed_in.get(*id).copied().filter(|_| is_inside(id)),
    };
    Ok(page.iter().map(of).collect())
}
