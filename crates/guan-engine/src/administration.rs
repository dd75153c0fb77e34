//! Who may administer Guan itself: powers, delegations of a subtree, and what nobody may grant.
//!
//! `docs/spec/administration.md` says what the answers are.

mod edit;
mod judge;
mod repair;
mod stated;

pub use crate::model::{Delegation, Post, Power};
pub use edit::Entity;
pub use repair::{Hold, Orphaned, REPAIR, orphaned};
pub(crate) use stated::Stated;

use crate::answer::Refusal;
use crate::model::{Assigned, NodeId, Overlay, Policy, User, UserId};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that an administrator does.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    /// Uses a power in general: opens a page, lists what the power is about. Whoever holds it for a
    /// subtree alone passes, and sees [`Domain`].
    Use(Power),
    /// Uses a power on one user, without changing the policy: sets a password, asks about them.
    On {
        /// Which power.
        power: Power,
        /// On whom.
        user: &'a UserId,
    },
    /// Puts an entity into the policy, new or in place of the one with its id.
    Put(Entity<'a>),
    /// Takes an entity out of the policy; only its kind and id are looked at.
    Remove(Entity<'a>),
    /// Puts this policy in place of the current one: every difference is judged.
    Revise(&'a Policy),
    /// Opens an overlay.
    Open(&'a Overlay),
}

/// Why an act of administration is refused. The first that refuses is named: session, powers and
/// subtrees in the order of the edits, then what would be granted, then one's own grants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum AdministrationRefusal {
    /// The session is not admitted.
    #[error("the session is not admitted")]
    Session {
        /// Stage 1 of a decision.
        refusal: Refusal,
    },
    /// The subject does not hold the power.
    #[error("the act needs the power `{power}`")]
    NoPower {
        /// Which.
        power: Power,
    },
    /// The subject holds the power for a subtree, and the act goes beyond it.
    #[error("the power `{power}` is held for a subtree, and this is outside of it")]
    OutsideSubtree {
        /// Which.
        power: Power,
    },
    /// The delegation does not name the set.
    #[error("`{set}` is not among the sets that the delegation names")]
    SetNotDelegated {
        /// Which.
        set: Assigned,
    },
    /// A delegated administrator does not change what conditions ask of users: these hold for records everywhere.
    #[error(
        "attributes of `{user}` may open records outside of the subtree; who administers all users sets them"
    )]
    AttributesNotDelegated {
        /// Whose.
        user: UserId,
    },
    /// A delegated administrator does not touch users who administer something themselves.
    #[error("the user `{user}` is an administrator; a delegated one does not touch them")]
    Administrator {
        /// Who.
        user: UserId,
    },
    /// Somebody would gain a power that the subject neither holds nor may hand out.
    #[error("the act would give `{power}`, which you neither hold nor may hand out")]
    MayNotGrant {
        /// Which.
        power: Power,
    },
    /// Posts are kept apart, and nobody changes what they hold themselves.
    #[error("posts are kept apart: nobody changes what they hold themselves")]
    OwnGrants,
    /// Posts that are kept apart stay so; only who runs the installation puts them together.
    #[error("posts that are kept apart stay apart")]
    PostsStaySeparate,
}

/// The powers that a user is stated to hold, everywhere or by a delegation: by all assignments and placements, whatever
/// the times.
///
/// Cost: the assignments and delegations of the policy.
pub fn stated_powers(policy: &Policy, user: &UserId) -> BTreeSet<Power> {
    let Some(known) = policy.users.get(user) else { return BTreeSet::new() };
    Stated::of(policy).held_by(user, known).into_iter().map(|(power, _)| power).collect()
}

/// Whom somebody administers with a power.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Everybody.
    Everything,
    /// Whoever is placed at these nodes or below, and in their trees nowhere else; nobody when there
    /// are none.
    Subtrees(BTreeSet<NodeId>),
}

impl Domain {
    /// Whether it takes in a user of `policy`.
    pub fn has(&self, policy: &Policy, user: &User) -> bool {
        match self {
            Self::Everything => true,
            Self::Subtrees(nodes) => nodes.iter().any(|top| stated::covers(policy, top, user)),
        }
    }
}
