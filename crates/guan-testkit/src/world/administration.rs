//! Powers, delegations and posts of a random organization, and what its administrators try to do.

use super::World;
use super::permissions::assigned;
use super::random::Random;
use super::words::{levels, principal, unit};
use crate::reference::Reference;
use guan_engine::activity::Standing;
use guan_engine::ask::Session;
use guan_engine::model::{
    Assignment, AssignmentId, Baseline, Delegation, DelegationId, FieldType, Node, NodeId, Overlay,
    Placement, Policy, Power, SetKind, User, UserId, Value,
};

/// Something that somebody tries to do to Guan itself.
#[derive(Clone, Debug)]
pub enum Deed {
    /// To use a power.
    Use(Power),
    /// To use it on a user.
    On(Power, UserId),
    /// To put another policy in place.
    Revise(Box<Policy>),
    /// To open an overlay.
    Open(Box<Overlay>),
}

/// Hands out powers; keeps what makes a valid policy.
pub(super) fn administration(random: &mut Random, policy: &mut Policy) {
    // Of one post now and then, so that posts can be kept apart.
    let post = random.maybe(40, |random| {
        random.one(None, &[Power::ManageSets.post(), Power::ManageUsers.post()])
    });
    let powers: Vec<String> = Power::ALL
        .iter()
        .filter(|power| post.is_none_or(|post| power.post().is_none() || power.post() == post))
        .map(|power| power.name().to_owned())
        .collect();
    for set in policy.sets.values_mut() {
        let percent = if set.kind == SetKind::Muting { 10 } else { 25 };
        if random.happens(45) {
            set.system.extend(random.some(&powers, percent));
        }
    }
    for at in 0..random.below(5) {
        if let Some(delegation) = delegation(random, policy) {
            let id = DelegationId::new(format!("d{at}"));
            policy.delegations.insert(id.clone(), delegation);
            if !policy.validate().is_empty() {
                policy.delegations.remove(&id);
            }
        }
    }
    policy.organization.separate_posts = true;
    if !policy.validate().is_empty() {
        policy.organization.separate_posts = false;
    }
}

fn delegation(random: &mut Random, policy: &Policy) -> Option<Delegation> {
    let delegable: Vec<Power> =
        Power::ALL.iter().filter(|power| power.is_delegable()).copied().collect();
    let all: Vec<_> =
        policy.sets.keys().map(|id| guan_engine::model::Assigned::Set(id.clone())).collect();
    let mut powers = random.some(&delegable, 60);
    powers.insert(Power::ManageAssignments);
    Some(Delegation {
        name: String::new(),
        to: principal(random, policy)?,
        node: random.key(&policy.nodes)?,
        powers,
        sets: random.some(&all, 40),
    })
}

impl World {
    /// `count` deeds with the sessions in which they are tried, the same for the same world and `seed`.
    pub fn deeds(&self, seed: u64, count: usize) -> Vec<(Session<'_>, Deed)> {
        let mut random = Random::new(self.seed ^ seed.rotate_left(24));
        let sessions = self.sessions(seed, count);
        let administrators: Vec<UserId> = self
            .policy
            .users
            .keys()
            .filter(|user| !Reference::stated(&self.policy, user).is_empty())
            .cloned()
            .collect();
        sessions
            .into_iter()
            .map(|mut session| {
                if random.happens(80)
                    && let Some(administrator) = random.any(&administrators)
                {
                    session.subject = administrator;
                }
                (session, self.deed(&mut random))
            })
            .collect()
    }

    /// The same session with elevations and disablements alone would be under these rows.
    pub fn under<'w>(
        &'w self,
        session: &Session<'w>,
        rows: &'w [guan_engine::activity::OverlayRow],
    ) -> Session<'w> {
        let mut session = session.clone();
        session.standing = session.standing.map(|standing| Standing::of(rows, standing.node));
        session
    }

    fn deed(&self, random: &mut Random) -> Deed {
        let power = random.any(Power::ALL).unwrap_or(Power::ManageUsers);
        match random.below(10) {
            0 => Deed::Use(power),
            1 => {
                let power = random.one(Power::ManageCredentials, &[power, Power::AskAboutOthers]);
                let user = random.key(&self.policy.users);
                Deed::On(power, user.unwrap_or_else(|| UserId::from("nobody")))
            }
            2 => match random.any(&self.overlays) {
                Some(row) => Deed::Open(Box::new(row.overlay)),
                None => Deed::Use(power),
            },
            _ => {
                let mut after = self.policy.clone();
                for _ in 0..random.between(1, 2) {
                    change(random, &mut after);
                }
                Deed::Revise(Box::new(after))
            }
        }
    }
}

/// Changes one thing; what comes out need not be valid.
fn change(random: &mut Random, policy: &mut Policy) {
    match random.below(16) {
        0..4 => change_user(random, policy),
        4..8 => change_assignment(random, policy),
        8..10 => change_node(random, policy),
        10 => change_set(random, policy),
        11 => {
            let member = principal(random, policy);
            if let Some(group) =
                random.key(&policy.groups).and_then(|id| policy.groups.get_mut(&id))
            {
                group.members.extend(member);
            }
        }
        12 => {
            if let Some(delegation) = delegation(random, policy) {
                policy.delegations.insert("d0".into(), delegation);
            }
        }
        13 => change_object(random, policy),
        14 => change_organization(random, policy),
        _ => remove(random, policy),
    }
}

fn placement(random: &mut Random, policy: &Policy) -> Vec<Placement> {
    random.key(&policy.nodes).map(Placement::member).into_iter().collect()
}

fn change_user(random: &mut Random, policy: &mut Policy) {
    let Some(id) = random.key(&policy.users) else { return };
    let tops: Vec<&NodeId> = policy.delegations.values().map(|held| &held.node).collect();
    let is_below = |user: &User| user.placements.iter().any(|at| tops.contains(&&at.node));
    let below = policy.users.iter().filter(|(_, user)| is_below(user)).map(|(id, _)| id.clone());
    let below: Vec<UserId> = below.collect();
    // Often somebody whom a part's administrator may change.
    let id = if random.happens(50) { random.any(&below).unwrap_or(id) } else { id };
    let places = placement(random, policy);
    match random.below(6) {
        0 => {
            policy.users.remove(&id);
        }
        1 => {
            let user = User { active: true, placements: places, ..User::default() };
            policy.users.insert("new".into(), user);
        }
        at => {
            let Some(user) = policy.users.get_mut(&id) else { return };
            match at {
                2 => user.placements = places,
                3 => user.placements.extend(places),
                4 => {
                    user.attributes.insert("region".to_owned(), Value::from("elsewhere"));
                }
                _ => user.active = !user.active,
            }
        }
    }
}

fn change_assignment(random: &mut Random, policy: &mut Policy) {
    let listed = random.key(&policy.delegations);
    let listed = listed.and_then(|id| policy.delegations.get(&id)).cloned();
    let what = match &listed {
        Some(listed) if random.happens(70) => {
            random.any(&listed.sets.iter().cloned().collect::<Vec<_>>())
        }
        _ => assigned(random, policy),
    };
    let to = match &listed {
        Some(listed) if random.happens(30) => {
            Some(guan_engine::model::Principal::NodeAndBelow(listed.node.clone()))
        }
        _ if random.happens(60) => {
            random.key(&policy.users).map(guan_engine::model::Principal::User)
        }
        _ => principal(random, policy),
    };
    let known = random.key(&policy.assignments);
    match (random.below(4), known, what.zip(to)) {
        (0, Some(id), _) => {
            policy.assignments.remove(&id);
        }
        (1, Some(id), _) => {
            let unit = unit(random, policy);
            if let Some(assignment) = policy.assignments.get_mut(&id) {
                assignment.unit = unit;
            }
        }
        (_, _, Some((what, to))) => {
            let assignment = Assignment::new(what, to);
            policy.assignments.insert(AssignmentId::from("new"), assignment);
        }
        _ => {}
    }
}

fn change_node(random: &mut Random, policy: &mut Policy) {
    let Some(id) = random.key(&policy.nodes) else { return };
    let Some(upper) = random.key(&policy.nodes) else { return };
    let tree = policy.nodes.get(&upper).map(|node| node.tree.clone());
    let levels = levels(random, policy, 50);
    match random.below(4) {
        0 => {
            let parent = Some(upper);
            let node =
                tree.map(|tree| Node { tree, parent, name: String::new(), levels: [].into() });
            policy.nodes.extend(node.map(|node| (NodeId::from("new"), node)));
        }
        1 => {
            policy.nodes.remove(&id);
        }
        at => {
            let Some(node) = policy.nodes.get_mut(&id) else { return };
            if at == 2 {
                node.levels = levels;
            } else {
                "renamed".clone_into(&mut node.name);
            }
        }
    }
}

fn change_set(random: &mut Random, policy: &mut Policy) {
    let power = random.any(Power::ALL).map(|power| power.name().to_owned());
    if random.happens(50) {
        if let Some(set) = random.key(&policy.sets).and_then(|id| policy.sets.get_mut(&id)) {
            set.system.extend(power);
        }
    } else if let Some(group) =
        random.key(&policy.set_groups).and_then(|id| policy.set_groups.get_mut(&id))
    {
        group.muting.clear();
    }
}

fn change_object(random: &mut Random, policy: &mut Policy) {
    let Some(object) = random.key(&policy.objects).and_then(|id| policy.objects.get_mut(&id))
    else {
        return;
    };
    match random.below(4) {
        0 => object.baseline.internal = Baseline::Full,
        1 => "renamed".clone_into(&mut object.name),
        2 => {
            for link in object.relations.values_mut() {
                link.implicit_parent = !link.implicit_parent;
            }
        }
        _ => {
            for field in object.fields.values_mut() {
                field.field_type = FieldType::Text;
            }
        }
    }
}

fn change_organization(random: &mut Random, policy: &mut Policy) {
    if random.happens(60) {
        policy.organization.separate_posts = !policy.organization.separate_posts;
    } else {
        policy.organization.utc_offset_minutes += 60;
    }
}

fn remove(random: &mut Random, policy: &mut Policy) {
    match random.below(7) {
        0 => policy.rules.clear(),
        1 => policy.restrictions.clear(),
        2 => policy.pools.clear(),
        3 => policy.roll_ups.clear(),
        4 => policy.actions.clear(),
        5 => policy.delegations.clear(),
        _ => policy.trees.clear(),
    }
}
