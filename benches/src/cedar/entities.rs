//! The peer's entities: users with everything they belong to as parents, records with attributes.

use crate::world::{Kinds, OBJECT, To, World, group, user};
use cedar_policy::{Entities, Entity, EntityUid, RestrictedExpression};
use guan_engine::model::{Action, Assigned, Principal, Rights};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;

/// How the organization is put into the peer's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modeling {
    /// Whom rules reach stands on the record.
    Flattened,
    /// One policy for each rule and action.
    Natural,
}

impl Modeling {
    /// For the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flattened => "flattened",
            Self::Natural => "natural",
        }
    }
}

/// The closure of roles and groups.
pub struct Society<'w> {
    world: &'w World,
    /// Members of each group, through nested groups.
    members: Vec<BTreeSet<usize>>,
    numbers: BTreeMap<String, usize>,
}

/// The name of an entity.
pub fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    EntityUid::from_str(&format!("{kind}::\"{id}\"")).map_err(|problem| problem.to_string())
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

    /// Everything that a user belongs to: `Above` a role, at a role or over it (`Role`), in its
    /// subtree or over it (`Below`), in a group or over one of its members (`Group`). Without those
    /// above: `At`, `Within` and `Member`.
    fn parents(&self, user: usize, over: &Over) -> Result<HashSet<EntityUid>, String> {
        let place = self.world.people.role[user];
        let mut parents = HashSet::new();
        for role in &over.below[place] {
            parents.insert(uid("Above", &role.to_string())?);
        }
        for role in over.below[place].iter().chain([&place]) {
            parents.insert(uid("Role", &role.to_string())?);
            parents.insert(uid("Below", &role.to_string())?);
        }
        parents.insert(uid("At", &place.to_string())?);
        parents.insert(uid("Within", &place.to_string())?);
        for role in self.above(place) {
            parents.insert(uid("Below", &role.to_string())?);
            parents.insert(uid("Within", &role.to_string())?);
        }
        for group in 0..self.world.scale.groups {
            let member = self.members[group].contains(&user);
            if member {
                parents.insert(uid("Member", &group.to_string())?);
            }
            if member || over.groups[group].contains(&place) {
                parents.insert(uid("Group", &group.to_string())?);
            }
        }
        Ok(parents)
    }

    /// What an entity of the right kind for a rule's target is called.
    pub fn target(principal: &Principal) -> (&'static str, String) {
        let number = |id: &str| id[1..].trim_start_matches('0').to_owned();
        let number = |id: &str| Some(number(id)).filter(|id| !id.is_empty()).unwrap_or("0".into());
        match principal {
            Principal::Node(id) => ("Role", number(id.as_str())),
            Principal::NodeAndBelow(id) => ("Below", number(id.as_str())),
            Principal::Group(id) => ("Group", number(id.as_str())),
            _ => ("User", String::new()),
        }
    }

    /// All entities: users and the first `records` records.
    pub fn entities(&self, modeling: Modeling, records: usize) -> Result<Entities, String> {
        let over = Over::of(self);
        let mut all = Vec::new();
        for user in 0..self.world.scale.users {
            let parents = self.parents(user, &over)?;
            all.push(entity(uid("User", &user.to_string())?, self.permissions(user), parents)?);
        }
        for number in 0..records {
            let attributes = self.record(modeling, number)?;
            all.push(entity(uid("Record", &number.to_string())?, attributes, HashSet::new())?);
        }
        Entities::from_entities(all, None).map_err(|problem| problem.to_string())
    }

    /// What the sets of a user give on the object.
    fn permissions(&self, holder: usize) -> HashMap<String, RestrictedExpression> {
        let first = format!("{}-", user(holder));
        let last = format!("{}.", user(holder));
        let policy = &self.world.policy;
        let held = policy.assignments.range::<str, _>((
            std::ops::Bound::Included(first.as_str()),
            std::ops::Bound::Excluded(last.as_str()),
        ));
        let (mut actions, mut view, mut modify) = (BTreeSet::new(), false, false);
        for (_, assignment) in held {
            let Assigned::Set(set) = &assignment.what else { continue };
            let Some(given) = policy.sets.get(set).and_then(|set| set.objects.get(OBJECT)) else {
                continue;
            };
            actions.extend(given.actions.keys().cloned());
            view |= given.view_all;
            modify |= given.modify_all;
        }
        let has = |action| RestrictedExpression::new_bool(actions.contains(&action) || modify);
        [
            ("reads".to_owned(), has(Action::Read)),
            ("edits".to_owned(), has(Action::Edit)),
            ("deletes".to_owned(), has(Action::Delete)),
            ("views_all".to_owned(), RestrictedExpression::new_bool(view || modify)),
            ("modifies_all".to_owned(), RestrictedExpression::new_bool(modify)),
        ]
        .into()
    }

    fn record(
        &self,
        modeling: Modeling,
        number: usize,
    ) -> Result<HashMap<String, RestrictedExpression>, String> {
        let rows = &self.world.rows;
        let owner = rows.owner[number] as usize;
        let kind = usize::from(rows.kind[number]);
        let own = |user: usize| -> Result<[EntityUid; 2], String> {
            let role = self.world.people.role[user];
            Ok([uid("User", &user.to_string())?, uid("Above", &role.to_string())?])
        };
        let owners: Vec<EntityUid> = own(owner)?.into();
        let (mut readers, mut editors) = (owners.clone(), owners.clone());
        let mut give = |edits: bool, who: EntityUid| {
            if edits {
                editors.push(who.clone());
            }
            readers.push(who);
        };
        for share in rows.shares_of(number) {
            match share.to() {
                To::User(user) | To::Team(user) => {
                    own(user)?.into_iter().for_each(|who| give(share.edits(), who));
                }
                To::Group(group) => give(share.edits(), uid("Group", &group.to_string())?),
                To::Role(role, false) => give(share.edits(), uid("Role", &role.to_string())?),
                To::Role(role, true) => give(share.edits(), uid("Below", &role.to_string())?),
            }
        }
        let mut attributes = HashMap::new();
        if modeling == Modeling::Flattened {
            for rule in self.world.policy.rules.values() {
                let criteria = rule.when.as_ref().map(guan_engine::condition::Condition::as_str);
                let owned = rule.owned_by.iter().any(|who| self.names(who, owner));
                if criteria.is_some_and(|text| meets(text, kind)) || owned {
                    for (class, id) in rule.to.iter().map(Self::target) {
                        give(rule.rights == Rights::EDIT, uid(class, &id)?);
                    }
                }
            }
        } else {
            let (region, industry, stage, great) = Kinds::parts(kind);
            for (name, value) in [("region", region), ("industry", industry), ("stage", stage)] {
                attributes.insert(name.to_owned(), RestrictedExpression::new_long(value as i64));
            }
            let amount = if great { 200_000 } else { 40_000 };
            attributes.insert("amount".to_owned(), RestrictedExpression::new_long(amount));
            let owner = uid("User", &owner.to_string())?;
            attributes.insert("owner".to_owned(), RestrictedExpression::new_entity_uid(owner));
        }
        for (name, list) in [("owners", owners), ("readers", readers), ("editors", editors)] {
            let list = list.into_iter().map(RestrictedExpression::new_entity_uid);
            attributes.insert(name.to_owned(), RestrictedExpression::new_set(list));
        }
        Ok(attributes)
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

fn entity(
    uid: EntityUid,
    attributes: HashMap<String, RestrictedExpression>,
    parents: HashSet<EntityUid>,
) -> Result<Entity, String> {
    Entity::new(uid, attributes, parents).map_err(|problem| problem.to_string())
}

/// Who stands over whom.
struct Over {
    /// The roles strictly below each role.
    below: Vec<Vec<usize>>,
    /// The roles strictly above some member of each group that lets superiors gain.
    groups: Vec<BTreeSet<usize>>,
}

impl Over {
    fn of(society: &Society<'_>) -> Self {
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
