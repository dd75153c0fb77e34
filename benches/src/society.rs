//! Who belongs to what in a world, and whom its records reach, worked out beforehand for peers that are told all of it.

use crate::world::{Kinds, OBJECT, To, World, group, user};
use guan_engine::model::{Action, Assigned, Principal, Rights};
use std::collections::{BTreeMap, BTreeSet};

/// Something that users belong to, by kind and number: `Above` a role, at a role or over it (`Role`), in its
/// subtree or over it (`Below`), in a group or over one of its members (`Group`); without those above:
/// `At`, `Within` and `Member`; a `User`.
pub type Tie = (&'static str, usize);

/// The closure of roles and groups.
pub struct Society<'w> {
    /// The world.
    pub world: &'w World,
    /// Members of each group, through nested groups.
    members: Vec<BTreeSet<usize>>,
    numbers: BTreeMap<String, usize>,
}

/// What the sets of a user give on the object.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    /// Its actions.
    pub actions: BTreeSet<Action>,
    /// Whether every record may be read.
    pub view: bool,
    /// Whether everything may be done to every record.
    pub modify: bool,
}

/// Whom a record reaches by ties.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// The owner and those above.
    pub owners: Vec<Tie>,
    /// Those who may read, if their permissions let them.
    pub readers: Vec<Tie>,
    /// Those who may edit.
    pub editors: Vec<Tie>,
}

/// Whether sharing rules are worked out on each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// They are.
    WorkedOut,
    /// They are left to policies.
    Apart,
}

impl<'w> Society<'w> {
    /// The closure of a world.
    pub fn of(world: &'w World) -> Self {
        let numbers = (0..world.scale.users).map(|at| (user(at).to_string(), at)).collect();
        let mut society = Self { world, members: Vec::new(), numbers };
        for at in 0..world.scale.groups {
            let principal = Principal::Group(group(at));
            let members =
                (0..world.scale.users).filter(|user| society.names(&principal, *user)).collect();
            society.members.push(members);
        }
        society
    }

    /// The roles strictly above one.
    fn above(&self, role: usize) -> impl Iterator<Item = usize> + '_ {
        let parent = &self.world.people.parent;
        std::iter::successors(Some(role), |role| (*role != 0).then(|| parent[*role])).skip(1)
    }

    /// Whether a principal names a user.
    pub fn names(&self, principal: &Principal, user: usize) -> bool {
        let place = self.world.people.role[user];
        let number = |id: &str| id[1..].parse::<usize>().ok();
        match principal {
            Principal::User(id) => self.numbers.get(id.as_str()) == Some(&user),
            Principal::Node(id) => number(id.as_str()) == Some(place),
            Principal::NodeAndBelow(id) => number(id.as_str())
                .is_some_and(|role| role == place || self.above(place).any(|above| above == role)),
            Principal::Group(id) => match self.members.get(number(id.as_str()).unwrap_or(0)) {
                Some(members) => members.contains(&user),
                None => self.world.policy.groups.get(id).is_some_and(|group| {
                    group.members.iter().any(|member| self.names(member, user))
                }),
            },
            _ => false,
        }
    }

    /// Everything that a user belongs to.
    pub fn ties(&self, user: usize, over: &Over) -> BTreeSet<Tie> {
        let place = self.world.people.role[user];
        let mut ties = BTreeSet::new();
        ties.extend(over.below[place].iter().map(|role| ("Above", *role)));
        for role in over.below[place].iter().chain([&place]) {
            ties.extend([("Role", *role), ("Below", *role)]);
        }
        ties.extend([("At", place), ("Within", place)]);
        for role in self.above(place) {
            ties.extend([("Below", role), ("Within", role)]);
        }
        for group in 0..self.world.scale.groups {
            let member = self.members[group].contains(&user);
            if member {
                ties.insert(("Member", group));
            }
            if member || over.groups[group].contains(&place) {
                ties.insert(("Group", group));
            }
        }
        ties
    }

    /// What those belong to whom a rule names as target.
    pub fn target(principal: &Principal) -> Tie {
        let number = |id: &str| id[1..].parse().unwrap_or(0);
        match principal {
            Principal::Node(id) => ("Role", number(id.as_str())),
            Principal::NodeAndBelow(id) => ("Below", number(id.as_str())),
            Principal::Group(id) => ("Group", number(id.as_str())),
            Principal::User(id) => ("User", number(id.as_str())),
            _ => ("None", 0),
        }
    }

    /// What the sets of a user give on the object.
    pub fn permissions(&self, holder: usize) -> Permissions {
        let first = format!("{}-", user(holder));
        let last = format!("{}.", user(holder));
        let policy = &self.world.policy;
        let held = policy.assignments.range::<str, _>((
            std::ops::Bound::Included(first.as_str()),
            std::ops::Bound::Excluded(last.as_str()),
        ));
        let mut all = Permissions::default();
        for (_, assignment) in held {
            let Assigned::Set(set) = &assignment.what else { continue };
            let Some(given) = policy.sets.get(set).and_then(|set| set.objects.get(OBJECT)) else {
                continue;
            };
            all.actions.extend(given.actions.keys().cloned());
            all.view |= given.view_all;
            all.modify |= given.modify_all;
        }
        all
    }

    /// Whom a record reaches.
    pub fn reached(&self, rules: Rules, number: usize) -> Reached {
        let rows = &self.world.rows;
        let owner = rows.owner[number] as usize;
        let kind = usize::from(rows.kind[number]);
        let own = |user: usize| [("User", user), ("Above", self.world.people.role[user])];
        let owners: Vec<Tie> = own(owner).into();
        let (mut readers, mut editors) = (owners.clone(), owners.clone());
        let mut give = |edits: bool, who: Tie| {
            if edits {
                editors.push(who);
            }
            readers.push(who);
        };
        for share in rows.shares_of(number) {
            match share.to() {
                To::User(user) | To::Team(user) => {
                    own(user).into_iter().for_each(|who| give(share.edits(), who));
                }
                To::Group(group) => give(share.edits(), ("Group", group)),
                To::Role(role, false) => give(share.edits(), ("Role", role)),
                To::Role(role, true) => give(share.edits(), ("Below", role)),
            }
        }
        let policy = &self.world.policy;
        for rule in policy.rules.values().filter(|_| rules == Rules::WorkedOut) {
            let criteria = rule.when.as_ref().map(guan_engine::condition::Condition::as_str);
            let owned = rule.owned_by.iter().any(|who| self.names(who, owner));
            if criteria.is_some_and(|text| meets(text, kind)) || owned {
                rule.to.iter().for_each(|to| give(rule.rights == Rights::EDIT, Self::target(to)));
            }
        }
        Reached { owners, readers, editors }
    }
}

/// Whether a kind of record meets the text of a criterion, read on its own.
fn meets(text: &str, kind: usize) -> bool {
    let (region, industry, stage, great) = Kinds::parts(kind);
    text.split(" and ").all(|part| {
        part == format!("region = \"r{region}\"")
            || part == format!("industry = \"i{industry}\"")
            || part == format!("stage = \"s{stage}\"")
            || part.starts_with("amount") && great
    })
}

/// Who stands over whom.
pub struct Over {
    /// The roles strictly below each role.
    below: Vec<Vec<usize>>,
    /// The roles strictly above some member of each group that lets superiors gain.
    groups: Vec<BTreeSet<usize>>,
}

impl Over {
    /// In a society.
    pub fn of(society: &Society<'_>) -> Self {
        let people = &society.world.people;
        let mut below = vec![Vec::new(); people.parent.len()];
        for role in 0..people.parent.len() {
            society.above(role).for_each(|above| below[above].push(role));
        }
        let mut groups = Vec::new();
        for (at, members) in society.members.iter().enumerate() {
            let open = society.world.policy.groups.get(&group(at));
            let open = open.is_some_and(|group| group.include_superiors);
            let members = members.iter().filter(|_| open);
            groups.push(members.flat_map(|user| society.above(people.role[*user])).collect());
        }
        Self { below, groups }
    }
}
