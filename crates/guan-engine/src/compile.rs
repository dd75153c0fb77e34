//! The compiled policy: names become dense numbers, trees become intervals, groups are flattened,
//! sets become grant tables. Everything that a question needs apart from the records.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that this compilation gave out")]

mod bundle;
mod grants;
mod groups;
mod r#move;
mod people;
mod plan;
mod tree;
mod who;

pub(crate) use bundle::Bundle;
pub(crate) use grants::{GrantTable, Grants, ObjectRow, OwnGrants, Part, UnitGrant};
pub(crate) use groups::Groups;
pub(crate) use people::{People, RuleRow};
pub(crate) use plan::{BaselinePlan, ObjectPlan, PoolPlan, RestrictionPlan, RollUpPlan, RulePlan};
pub(crate) use tree::{Placed, Trees};
pub(crate) use who::{Standpoint, Who};

use crate::dense::{NONE, Names};
use crate::model::{
    Action, AssignmentId, GroupId, ObjectId, Policy, PoolId, RestrictionId, Right, RollUpId,
    RuleId, STANDARD_ACTIONS, SetGroupId, SetId, UserId,
};

/// Names of everything in a policy.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) users: Names<UserId>,
    pub(crate) groups: Names<GroupId>,
    pub(crate) objects: Names<ObjectId>,
    pub(crate) sets: Names<SetId>,
    pub(crate) set_groups: Names<SetGroupId>,
    pub(crate) assignments: Names<AssignmentId>,
    pub(crate) rules: Names<RuleId>,
    pub(crate) restrictions: Names<RestrictionId>,
    pub(crate) pools: Names<PoolId>,
    pub(crate) roll_ups: Names<RollUpId>,
    pub(crate) actions: Names<Action>,
}

/// What an action needs, by its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionPlan {
    /// The right it needs on a record; none for `import`.
    pub(crate) right: Option<Right>,
    /// Whether a lock refuses it.
    pub(crate) changes: bool,
}

/// A policy made ready for questions.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) directory: Directory,
    pub(crate) actions: Vec<ActionPlan>,
    pub(crate) trees: Trees,
    pub(crate) groups: Groups,
    pub(crate) roll_ups: Vec<RollUpPlan>,
    pub(crate) objects: Vec<ObjectPlan>,
    pub(crate) rules: Vec<RulePlan>,
    /// By rule: users and groups whose records its `owned_by` matches.
    pub(crate) rule_owners: Vec<(crate::dense::Bits, Vec<u32>)>,
    /// By rule: users to whom it gives something, directly or by roll-ups.
    pub(crate) rule_users: Vec<crate::dense::Bits>,
    /// By object: users who may read records whoever owns them, or whose grants depend on time.
    pub(crate) wide_readers: Vec<crate::dense::Bits>,
    /// Assignments to others than single users.
    pub(crate) shared_assignments: Vec<(u32, Who)>,
    pub(crate) restrictions: Vec<RestrictionPlan>,
    pub(crate) pools: Vec<PoolPlan>,
    pub(crate) set_bundles: Vec<Bundle>,
    pub(crate) set_group_bundles: Vec<Bundle>,
    pub(crate) grants: GrantTable,
    pub(crate) people: People,
}

/// The numbers of standard actions, in the order of [`STANDARD_ACTIONS`].
pub(crate) mod number {
    pub(crate) const READ: u8 = 0;
    pub(crate) const CREATE: u8 = 1;
    pub(crate) const EDIT: u8 = 2;
    pub(crate) const ASSIGN: u8 = 4;
    pub(crate) const EXPORT: u8 = 8;
}

impl Compiled {
    /// Compiles a policy that [`Policy::validate`] has found good.
    pub(crate) fn of(policy: &Policy) -> Self {
        let trees = Trees::of(policy);
        let users = people::order(policy, &trees);
        Self::with(policy, trees, users)
    }

    /// Compiles another policy with the same trees, in which nobody is missing: everybody keeps their number, and who is
    /// new comes after them.
    pub(crate) fn again(&self, policy: &Policy) -> Self {
        let trees = Trees::of(policy);
        let mut users = self.directory.users.clone();
        for (_, id) in people::order(policy, &trees).iter() {
            users.add(id);
        }
        Self::with(policy, trees, users)
    }

    fn with(policy: &Policy, trees: Trees, users: Names<UserId>) -> Self {
        let mut directory = Directory::of(policy, users);
        for name in policy.actions.keys() {
            directory.actions.add(&Action::Custom(name.clone()));
        }
        let actions = actions(policy, &directory);
        let mut people = People::placed(policy, &directory, &trees);
        let mut groups = Groups::of(policy, &directory, &trees, &people);
        people.join(&groups);
        let roll_ups: Vec<_> =
            policy.roll_ups.values().map(|roll_up| RollUpPlan::of(roll_up, &trees)).collect();
        groups.find_superiors(policy, &roll_ups, &trees, &people);
        let rules = plan::rules(policy, &directory, &trees);
        let restrictions = plan::restrictions(policy, &directory, &trees);
        let pools = plan::pools(policy, &directory, &trees);
        let objects =
            plan::objects(policy, &directory, &trees, (&roll_ups, &rules, &restrictions, &pools));
        let (set_bundles, set_group_bundles) = bundle::all(policy, &directory, &objects);
        let mut compiled = Self {
            directory,
            actions,
            trees,
            groups,
            roll_ups,
            objects,
            rules,
            rule_owners: Vec::new(),
            rule_users: Vec::new(),
            shared_assignments: Vec::new(),
            wide_readers: Vec::new(),
            restrictions,
            pools,
            set_bundles,
            set_group_bundles,
            grants: GrantTable::new(),
            people,
        };
        compiled.assign_everybody(policy);
        compiled
    }

    pub(crate) fn action(&self, number: u8) -> ActionPlan {
        self.actions[usize::from(number)]
    }
    pub(crate) fn object(&self, number: u32) -> &ObjectPlan {
        &self.objects[number as usize]
    }

    /// The dense form of a principal; a name that is not known names nobody.
    pub(crate) fn who(&self, principal: &crate::model::Principal) -> Option<Who> {
        Who::of(principal, &self.directory, &self.trees)
    }
}

impl Directory {
    fn of(policy: &Policy, users: Names<UserId>) -> Self {
        Self {
            users,
            groups: Names::of(policy.groups.keys()),
            objects: Names::of(policy.objects.keys()),
            sets: Names::of(policy.sets.keys()),
            set_groups: Names::of(policy.set_groups.keys()),
            assignments: Names::of(policy.assignments.keys()),
            rules: Names::of(policy.rules.keys()),
            restrictions: Names::of(policy.restrictions.keys()),
            pools: Names::of(policy.pools.keys()),
            roll_ups: Names::of(policy.roll_ups.keys()),
            actions: Names::of(&STANDARD_ACTIONS),
        }
    }
    /// The number of an action, if the organization has it.
    pub(crate) fn action(&self, action: &Action) -> Option<u8> {
        self.actions.find(action).and_then(|number| u8::try_from(number).ok())
    }
}

fn actions(policy: &Policy, directory: &Directory) -> Vec<ActionPlan> {
    directory
        .actions
        .iter()
        .map(|(_, action)| {
            let Action::Custom(name) = action else {
                let (right, changes) = (action.standard_right(), action.standard_changes());
                return ActionPlan { right, changes };
            };
            match policy.actions.get(name) {
                Some(custom) => ActionPlan { right: Some(custom.needs.0), changes: custom.changes },
                None => ActionPlan { right: None, changes: true },
            }
        })
        .collect()
}

/// `NONE` or a number, as an option.
pub(crate) const fn some(number: u32) -> Option<u32> {
    if number == NONE { None } else { Some(number) }
}
