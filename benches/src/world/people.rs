//! The role tree, the users in it and the groups.

use super::{People, group, role, role_principal, user};
use crate::random::Random;
use crate::scale::Scale;
use guan_engine::model::{
    Cover, Group, Node, Placement, Policy, Principal, Rights, RollUp, RollUpSpan, RollUpWho, Tree,
    TreeKind, User,
};

/// Roles and users.
pub fn people(random: &mut Random, scale: Scale, policy: &mut Policy) -> People {
    let mut people = People { starts: vec![0], ..People::default() };
    for (level, count) in scale.levels.into_iter().enumerate() {
        let above = level.checked_sub(1).map_or(0, |above| people.starts[above]);
        for number in 0..count {
            let parents = people.starts[level] - above;
            let parent = match level {
                0 => 0,
                _ if number < parents => above + number,
                _ => above + random.below(parents),
            };
            people.parent.push(parent);
            people.level.push(level);
        }
        people.starts.push(people.parent.len());
    }
    policy.trees.insert("roles".into(), Tree { name: String::new(), kind: TreeKind::Role });
    for number in 0..people.parent.len() {
        let parent = (number > 0).then(|| role(people.parent[number]));
        let node =
            Node { tree: "roles".into(), parent, name: String::new(), levels: Default::default() };
        policy.nodes.insert(role(number), node);
    }
    let roll_up = RollUp {
        tree: "roles".into(),
        who: RollUpWho::Placed,
        span: RollUpSpan::Below,
        covers: [Cover::Owned, Cover::Shared, Cover::Team, Cover::Ruled].into(),
        depth_max: None,
        rights: vec![Rights::FULL],
    };
    policy.roll_ups.insert("up".into(), roll_up);
    place_users(random, scale, &mut people, policy);
    people
}

fn place_users(random: &mut Random, scale: Scale, people: &mut People, policy: &mut Policy) {
    people.branches =
        [vec![Vec::new(); people.parent.len()], vec![Vec::new(); people.parent.len()]];
    for number in 0..scale.users {
        let drawn = random.share();
        let level = match number % 1_000 {
            7 if number < 3_000 => 0,
            _ if drawn < 0.001 => 1,
            _ if drawn < 0.007 => 2,
            _ if drawn < 0.032 => 3,
            _ if drawn < 0.152 => 4,
            _ => 5,
        };
        let place = people.some_role(random, level);
        people.role.push(place);
        for (at, level) in [2, 3].into_iter().enumerate() {
            let branch = people.on_level(place, level);
            people.branches[at][branch].push(number);
        }
        let placed = User {
            active: true,
            placements: vec![Placement::member(role(place))],
            ..User::default()
        };
        policy.users.insert(user(number), placed);
    }
}

/// Groups of users, roles and groups; most of them let superiors gain.
pub fn groups(random: &mut Random, scale: Scale, people: &People, policy: &mut Policy) {
    let mut depth = Vec::new();
    for number in 0..scale.groups {
        let mut made = Group { include_superiors: random.happens(0.7), ..Group::default() };
        let spread = 2f64.powf(random.share() * 6.0);
        let size = ((scale.users as f64 * 0.0005 * spread) as usize).max(3);
        let local = random.happens(0.7);
        let near = random.below(scale.users);
        let level = 2 + random.below(2);
        for _ in 0..size {
            let member = if local {
                people.neighbour(random, near, level)
            } else {
                random.below(scale.users)
            };
            made.members.insert(Principal::User(user(member)));
        }
        if random.happens(0.3) {
            let level = 3 + random.below(3);
            let member = people.some_role(random, level);
            made.members.insert(role_principal(member, random.happens(0.5)));
        }
        depth.push(0);
        if number > 0 && random.happens(0.25) {
            let inner = random.below(number);
            if depth[inner] < 2 {
                depth[number] = depth[inner] + 1;
                made.members.insert(Principal::Group(group(inner)));
            }
        }
        policy.groups.insert(group(number), made);
    }
}
