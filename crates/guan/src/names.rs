//! Things of the policy by the name that people see and the id that programs need.

use crate::language::Language;
use guan_engine::model::{
    Assigned, AssignmentId, FieldId, GroupId, NodeId, ObjectId, Owner, Policy, PoolId, Population,
    Principal, RestrictionId, RollUpId, RuleId, SetId, TreeId, UserId,
};

/// Names things in one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) language: Language,
}

/// `name (id)`, or the id alone where there is no other name.
pub(crate) fn both(name: &str, id: &str) -> String {
    if name.is_empty() || name == id { id.to_owned() } else { format!("{name} ({id})") }
}

impl<'p> Names<'p> {
    /// Names of a policy.
    pub(crate) const fn new(policy: &'p Policy, language: Language) -> Self {
        Self { policy, language }
    }
    /// The text in the language.
    pub(crate) const fn say<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        self.language.pick(english, chinese)
    }
    /// A user.
    pub(crate) fn user(&self, id: &UserId) -> String {
        both(self.policy.users.get(id).map_or("", |user| &user.name), id.as_str())
    }
    /// A group or queue.
    pub(crate) fn group(&self, id: &GroupId) -> String {
        both(self.policy.groups.get(id).map_or("", |group| &group.name), id.as_str())
    }
    /// A node of a tree.
    pub(crate) fn node(&self, id: &NodeId) -> String {
        both(self.policy.nodes.get(id).map_or("", |node| &node.name), id.as_str())
    }
    /// A tree.
    pub(crate) fn tree(&self, id: &TreeId) -> String {
        both(self.policy.trees.get(id).map_or("", |tree| &tree.name), id.as_str())
    }
    /// The tree that a roll-up goes up.
    pub(crate) fn roll_up(&self, id: &RollUpId) -> String {
        match self.policy.roll_ups.get(id) {
            Some(roll_up) => self.tree(&roll_up.tree),
            None => id.to_string(),
        }
    }
    /// An object.
    pub(crate) fn object(&self, id: &ObjectId) -> String {
        both(self.policy.objects.get(id).map_or("", |object| &object.name), id.as_str())
    }
    /// A field of any object that has it.
    pub(crate) fn field(&self, object: &ObjectId, id: &FieldId) -> String {
        let field = self.policy.objects.get(object).and_then(|object| object.fields.get(id));
        both(field.map_or("", |field| &field.name), id.as_str())
    }
    /// A permission set.
    pub(crate) fn set(&self, id: &SetId) -> String {
        both(self.policy.sets.get(id).map_or("", |set| &set.name), id.as_str())
    }
    /// A set or group of sets.
    pub(crate) fn assigned(&self, assigned: &Assigned) -> String {
        match assigned {
            Assigned::Set(id) => self.set(id),
            Assigned::SetGroup(id) => {
                let name = self.policy.set_groups.get(id).map_or("", |group| &group.name);
                both(name, id.as_str())
            }
        }
    }
    /// An assignment, by what it assigns and to whom.
    pub(crate) fn assignment(&self, id: &AssignmentId) -> String {
        match self.policy.assignments.get(id) {
            Some(assignment) => {
                let what = self.assigned(&assignment.what);
                format!("{what} → {} ({id})", self.principal(&assignment.to))
            }
            None => id.to_string(),
        }
    }
    /// A sharing rule.
    pub(crate) fn rule(&self, id: &RuleId) -> String {
        both(self.policy.rules.get(id).map_or("", |rule| &rule.name), id.as_str())
    }
    /// A restriction.
    pub(crate) fn restriction(&self, id: &RestrictionId) -> String {
        both(self.policy.restrictions.get(id).map_or("", |rule| &rule.name), id.as_str())
    }
    /// A pool.
    pub(crate) fn pool(&self, id: &PoolId) -> String {
        both(self.policy.pools.get(id).map_or("", |pool| &pool.name), id.as_str())
    }
    /// An owner.
    pub(crate) fn owner(&self, owner: &Owner) -> String {
        match owner {
            Owner::User(id) => self.user(id),
            Owner::Group(id) => format!("{} {}", self.say("group", "小组"), self.group(id)),
        }
    }
    /// Users named by something.
    pub(crate) fn principal(&self, principal: &Principal) -> String {
        match principal {
            Principal::User(id) => self.user(id),
            Principal::Group(id) => format!("{} {}", self.say("group", "小组"), self.group(id)),
            Principal::Node(id) => self.node(id),
            Principal::NodeAndBelow(id) => {
                format!("{} {}", self.node(id), self.say("and below", "及下级"))
            }
            Principal::Above(id) => format!("{} {}", self.say("above", "上级于"), self.node(id)),
            Principal::Placed(id) => {
                format!("{} {}", self.say("placed in", "归属于"), self.tree(id))
            }
            Principal::Population(population) => match population {
                Population::Everyone => self.say("everyone", "所有人"),
                Population::Internal => self.say("internal users", "内部用户"),
                Population::External => self.say("external users", "外部用户"),
                Population::Guests => self.say("guests", "访客"),
            }
            .to_owned(),
        }
    }
}
