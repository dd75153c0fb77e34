//! Who made somebody an approver a moment ago: nobody makes the other person who agrees with them.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::Engine;
use guan_engine::activity::NodeFacts;
use guan_engine::administration::{Power, stated_powers};
use guan_engine::model::{Policy, Span, UserId};

use super::gathering::{DAY, marks};
use crate::error::ReadError;
use crate::store::Store;

/// Revisions of the authors of a request that are compared one by one; of more, all count against whoever gained by them.
const COMPARED_MAX: usize = 50;

/// Of persons other than the authors of a request: who, within a day, gave them their password, or, being an author, made
/// a revision that gave them the power to approve or changed by what it is known who they are.
///
/// Cost: the accounts; where an author made revisions within the day, the policy before the first of them, and where
/// somebody gained by them, two policies for each.
pub(super) fn of(
    store: &Store,
    engine: &Engine,
    node: &NodeFacts,
    (persons, authors): (&BTreeSet<&UserId>, &BTreeSet<&UserId>),
) -> Result<BTreeMap<UserId, BTreeSet<UserId>>, ReadError> {
    let (organization, since) = (&node.organization, node.wall.plus(Span(-DAY.0)));
    let mut made: BTreeMap<UserId, BTreeSet<UserId>> = BTreeMap::new();
    let others: Vec<&UserId> = persons.difference(authors).copied().collect();
    for id in &others {
        let given = store.account(organization, id)?.and_then(|account| account.given);
        if let Some((by, _)) = given.filter(|(_, at)| *at > since) {
            made.entry((*id).clone()).or_default().insert(by.into());
        }
    }
    let mut authored = store.revisions_since(organization, since)?;
    authored.retain(|(_, author)| authors.contains(author));
    let Some((first, last)) = authored.first().zip(authored.last()) else { return Ok(made) };
    let before = policy_before(store, node, first.0)?;
    let gained: Vec<&UserId> =
        others.into_iter().filter(|id| gains(&before, engine.policy(), id)).collect();
    if authored.len() > COMPARED_MAX {
        for id in gained {
            made.entry(id.clone()).or_default().insert(last.1.clone());
        }
        return Ok(made);
    }
    for (number, author) in authored.iter().filter(|_| !gained.is_empty()) {
        let before = policy_before(store, node, *number)?;
        let after = store.policy_at(organization, *number)?;
        for id in gained.iter().filter(|id| gains(&before, &after, id)) {
            made.entry((*id).clone()).or_default().insert(author.clone());
        }
    }
    Ok(made)
}

/// The policy that a revision was made from; an empty one before the first.
fn policy_before(store: &Store, node: &NodeFacts, number: u64) -> Result<Policy, ReadError> {
    match store.revision_before(&node.organization, number)? {
        Some(number) => store.policy_at(&node.organization, number),
        None => Ok(Policy::default()),
    }
}

/// Whether somebody may approve only since, may sign in only since, or is told from others by something else since.
fn gains(before: &Policy, after: &Policy, id: &UserId) -> bool {
    let approves = |policy: &Policy| stated_powers(policy, id).contains(&Power::ApproveOverlays);
    let told = |policy: &Policy| {
        policy
            .users
            .get(id)
            .map(|user| (user.active, user.kind, marks(id, user).collect::<BTreeSet<String>>()))
    };
    approves(after) && (!approves(before) || told(before) != told(after))
}
