//! Whose approvals count at this moment, person by person, and what is still missing.

use super::facts::{Account, Duty, Facts, Identity};
use super::request::{Approval, Urgency, WindowRequest};
use super::rule::Discount;
use super::settings::{ApprovalPolicy, PROTECTED_APPROVERS_MIN};
use super::weight::{Weight, weights};
use crate::model::{Principal, UserId, UserKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Why approval is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Every request needs it.
    Usual,
    /// It relaxes everything.
    Everything,
    /// It opens protected classes or bulk actions.
    Protected,
}

/// One demand and who satisfies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DemandTally {
    /// Why.
    pub cause: Cause,
    /// How many people.
    pub needed: usize,
    /// Of whom; empty for everybody who may approve.
    pub among: BTreeSet<Principal>,
    /// Whose approval counts, in the order of the approvals.
    pub counted: Vec<UserId>,
}

/// An approval that counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Discounted {
    /// Whose.
    pub by: UserId,
    /// Why.
    pub why: Discount,
}

/// The count of a request's approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tally {
    /// What is demanded; nothing for an emergency.
    pub demands: Vec<DemandTally>,
    /// What does not count.
    pub discounted: Vec<Discounted>,
}

impl Tally {
    /// Whether every demand is satisfied.
    pub fn is_met(&self) -> bool {
        self.demands.iter().all(|demand| demand.counted.len() >= demand.needed)
    }
    /// Everybody whose approval counts for some demand, in the order of the approvals.
    pub fn counted(&self) -> Vec<UserId> {
        let mut counted: Vec<UserId> = Vec::new();
        for user in self.demands.iter().flat_map(|demand| &demand.counted) {
            if !counted.contains(user) {
                counted.push(user.clone());
            }
        }
        counted
    }
}

/// Counts the approvals of a request as they stand at this moment.
///
/// An author never counts, whoever asks on whose behalf and whatever group they are in; two accounts
/// of one person count once; nor does who has an account, its password or the power from an author since less than a day; who is unknown, a program, inactive or no longer entitled counts for
/// nothing. Costs n² for n accounts in the facts.
pub fn tally(request: &WindowRequest, facts: &Facts<'_>) -> Tally {
    let mut tally = Tally { demands: demands(request, facts), discounted: Vec::new() };
    let mut voices: Vec<&UserId> = Vec::new();
    for approval in &request.approvals {
        match discount(request, approval, &voices, facts) {
            Some(why) => tally.discounted.push(Discounted { by: approval.by.clone(), why }),
            None => voices.push(&approval.by),
        }
    }
    for voice in voices {
        let mut used = false;
        for demand in &mut tally.demands {
            if is_among(voice, &demand.among, facts) {
                demand.counted.push(voice.clone());
                used = true;
            }
        }
        if !used && !tally.demands.is_empty() {
            tally.discounted.push(Discounted { by: voice.clone(), why: Discount::NotNamed });
        }
    }
    tally
}

/// Why an approval does not count, given those that count already. Whether its author is among those
/// named is asked per demand.
fn discount(
    request: &WindowRequest,
    approval: &Approval,
    voices: &[&UserId],
    facts: &Facts<'_>,
) -> Option<Discount> {
    let now = facts.node.wall;
    if approval.taken_back.is_some() {
        return Some(Discount::TakenBack);
    }
    if approval.edition != request.edition {
        return Some(Discount::Outdated);
    }
    if approval.at > now.plus(facts.node.tolerance) {
        return Some(Discount::FromTheFuture);
    }
    if now.since(approval.at) >= facts.settings.bounded().approval_valid {
        return Some(Discount::Expired);
    }
    voice(request, &approval.by, voices, facts).err()
}

/// Whether a user's approval would count beside those of `voices`.
pub(super) fn voice(
    request: &WindowRequest,
    user: &UserId,
    voices: &[&UserId],
    facts: &Facts<'_>,
) -> Result<(), Discount> {
    if request.authors.contains(user) || request.requested_by == *user {
        return Err(Discount::Author);
    }
    entitled(user, Duty::Approve, facts)?;
    let persons = Persons::of(facts);
    if request.authors.iter().chain([&request.requested_by]).any(|author| {
        // An author who is not known any more could be anybody.
        !persons.is_known(author) || persons.are_one(author, user)
    }) {
        return Err(Discount::AuthorsOtherAccount);
    }
    let made_by = facts.accounts.get(user).map(|account| &account.made_by);
    let mut makers = made_by.into_iter().flatten();
    if makers.any(|maker| {
        let mut authors = request.authors.iter().chain([&request.requested_by]);
        authors.any(|author| author == maker || persons.are_one(author, maker))
    }) {
        return Err(Discount::MadeByAuthor);
    }
    if voices.iter().any(|other| persons.are_one(other, user)) {
        return Err(Discount::CountedAlready);
    }
    Ok(())
}

/// Whether an account exists, is active, belongs to a known person and has the duty.
pub(super) fn entitled(user: &UserId, duty: Duty, facts: &Facts<'_>) -> Result<(), Discount> {
    let (Some(account), Some(of_policy)) = (facts.accounts.get(user), facts.policy.users.get(user))
    else {
        return Err(Discount::Unknown);
    };
    if !account.active || !of_policy.active {
        return Err(Discount::Inactive);
    }
    let is_person = matches!(of_policy.kind, UserKind::Internal | UserKind::External);
    if !is_person || keys(account).is_none() {
        return Err(Discount::NoPerson);
    }
    if !account.duties.contains(&duty) {
        return Err(Discount::NotEntitled);
    }
    Ok(())
}

/// Whether two accounts belong to one person; two accounts of which one is unknown might.
pub(super) fn may_be_one_person(one: &UserId, other: &UserId, facts: &Facts<'_>) -> bool {
    let persons = Persons::of(facts);
    !persons.is_known(one) || !persons.is_known(other) || persons.are_one(one, other)
}

fn is_among(user: &UserId, among: &BTreeSet<Principal>, facts: &Facts<'_>) -> bool {
    among.is_empty()
        || among.contains(&Principal::User(user.clone()))
        || facts.accounts.get(user).is_some_and(|account| !account.principals.is_disjoint(among))
}

fn demands(request: &WindowRequest, facts: &Facts<'_>) -> Vec<DemandTally> {
    if request.wanted.urgency == Urgency::Emergency {
        return Vec::new();
    }
    let weights = weights(&request.wanted.effect, facts.policy);
    let approvals = &facts.settings.approvals;
    let mut demands = vec![demand(Cause::Usual, &approvals.usual, 0)];
    if weights.contains(&Weight::Everything) {
        demands.push(demand(Cause::Everything, &approvals.everything, 0));
    }
    if weights.contains(&Weight::Protected) || weights.contains(&Weight::Bulk) {
        demands.push(demand(Cause::Protected, &approvals.protected, PROTECTED_APPROVERS_MIN));
    }
    demands
}

fn demand(cause: Cause, policy: &ApprovalPolicy, at_least: usize) -> DemandTally {
    let among = match policy {
        ApprovalPolicy::None | ApprovalPolicy::OneOther => BTreeSet::new(),
        ApprovalPolicy::SomeOf { among, .. } => among.clone(),
    };
    DemandTally { cause, needed: policy.needed().max(at_least), among, counted: Vec::new() }
}

/// What tells a person, in one spelling; `None` when nothing is known.
fn keys(account: &Account) -> Option<BTreeSet<String>> {
    let Identity::Person(keys) = &account.identity else { return None };
    let keys: BTreeSet<String> =
        keys.iter().map(|key| key.trim().to_lowercase()).filter(|key| !key.is_empty()).collect();
    (!keys.is_empty()).then_some(keys)
}

/// The accounts of each person, through accounts in between too.
struct Persons<'a>(Vec<(BTreeSet<String>, BTreeSet<&'a UserId>)>);

impl<'a> Persons<'a> {
    fn of(facts: &Facts<'a>) -> Self {
        let mut persons: Vec<(BTreeSet<String>, BTreeSet<&'a UserId>)> = Vec::new();
        for (user, account) in facts.accounts {
            let Some(keys) = keys(account) else { continue };
            let mut joined = (keys, BTreeSet::from([user]));
            persons.retain(|person| {
                let apart = person.0.is_disjoint(&joined.0);
                if !apart {
                    joined.0.extend(person.0.iter().cloned());
                    joined.1.extend(person.1.iter().copied());
                }
                apart
            });
            persons.push(joined);
        }
        Self(persons)
    }
    fn is_known(&self, user: &UserId) -> bool {
        self.0.iter().any(|(_, accounts)| accounts.contains(user))
    }
    fn are_one(&self, one: &UserId, other: &UserId) -> bool {
        one == other
            || self.0.iter().any(|(_, accounts)| accounts.contains(one) && accounts.contains(other))
    }
}
