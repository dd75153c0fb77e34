//! The small vocabulary that worlds are made of: instants, networks, rights, principals, conditions.

use super::random::Random;
use guan_engine::condition::Condition;
use guan_engine::model::{
    Action, ActionName, AddressRange, FieldId, Grant, Moment, NodeId, ObjectId, Policy, Population,
    Principal, Right, Rights, STANDARD_ACTIONS, Scope, Span, TreeKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// 2026-01-01T00:00:00Z, a Thursday. Everything that starts or ends does so on a full hour from
/// here to six hours later.
pub(super) const DAWN: Moment = Moment(1_767_225_600_000);

/// The full hour at which most things are asked.
pub(super) const NOON: Moment = Moment(DAWN.0 + 3 * HOUR.0);

const HOUR: Span = Span::minutes(60);

/// The fields of every object.
pub(super) const FIELDS: [&str; 8] = ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7"];

/// A full hour at which something starts or ends.
pub(super) fn boundary(random: &mut Random) -> Moment {
    let hours = i64::try_from(random.below(7)).unwrap_or(0);
    DAWN.plus(Span(hours * HOUR.0))
}

/// A start and an end, each of them or none.
pub(super) fn window(random: &mut Random, percent: usize) -> (Option<Moment>, Option<Moment>) {
    let (starts, ends) = (random.maybe(percent, boundary), random.maybe(percent, boundary));
    (starts, ends.filter(|ends| starts.is_none_or(|starts| starts < *ends)))
}

/// An instant to ask at: mostly noon, else at or beside a boundary.
pub(super) fn instant(random: &mut Random) -> Moment {
    if random.happens(60) {
        return NOON;
    }
    let beside = random.one(0, &[-1, 1]);
    boundary(random).plus(Span(beside))
}

/// A network.
pub(super) fn network(random: &mut Random) -> Option<AddressRange> {
    let text = random.one("10.0.0.0/16", &["10.0.0.0/24", "10.0.0.9-10.0.1.9", "fd00::/16"]);
    text.parse().ok()
}

/// An address inside or outside of the networks.
pub(super) fn address(random: &mut Random) -> Option<IpAddr> {
    let text = random.one(
        "10.0.0.9",
        &["10.0.0.9", "10.0.0.9", "10.0.1.7", "192.0.2.1", "fd00::1", "::ffff:10.0.0.9", "unknown"],
    );
    text.parse().ok()
}

/// Rights: a preset or a few single ones.
pub(super) fn rights(random: &mut Random) -> Rights {
    match random.below(6) {
        0 | 1 => Rights::READ,
        2 => Rights::EDIT,
        3 => Rights::FULL,
        4 => Rights::NONE.with(Right::Read).with(random.one(Right::Append, &Right::ALL)),
        _ => Rights::of(random.one(Right::Delete, &Right::ALL)),
    }
}

/// Levels for some objects.
pub(super) fn levels(
    random: &mut Random,
    policy: &Policy,
    percent: usize,
) -> BTreeMap<ObjectId, Rights> {
    let objects = random.keys(&policy.objects, percent);
    objects.into_iter().map(|object| (object, rights(random))).collect()
}

/// A grant of any scope.
pub(super) fn grant(random: &mut Random) -> Grant {
    let scopes = [Scope::Reachable, Scope::Reachable, Scope::Unit, Scope::UnitAndBelow, Scope::All];
    Grant { scope: random.one(Scope::None, &scopes), unassigned: random.happens(15) }
}

/// A standard or custom action of the organization.
pub(super) fn action(random: &mut Random, policy: &Policy) -> Action {
    match random.below(10) {
        0..4 => random.one(Action::Read, &[Action::Edit, Action::Edit]),
        4 | 5 => random.key(&policy.actions).map_or(Action::Read, Action::Custom),
        _ => random.one(Action::Read, &STANDARD_ACTIONS),
    }
}

/// An action that may be asked of a record.
pub(super) fn on_existing(random: &mut Random, policy: &Policy) -> Action {
    match action(random, policy) {
        Action::Create => Action::Assign,
        Action::Import => Action::Claim,
        other => other,
    }
}

/// Every action of the organization.
pub(super) fn actions(policy: &Policy) -> Vec<Action> {
    let custom = policy.actions.keys().cloned().map(Action::Custom);
    STANDARD_ACTIONS.into_iter().chain(custom).collect()
}

/// The name of an action that no organization has.
pub(super) fn unknown_action() -> Action {
    Action::Custom(ActionName::new("unknown"))
}

/// Any kind of principal; a user or group more often than the rest.
pub(super) fn principal(random: &mut Random, policy: &Policy) -> Option<Principal> {
    match random.below(12) {
        0..3 => random.key(&policy.users).map(Principal::User),
        3..6 => random.key(&policy.groups).map(Principal::Group),
        6 | 7 => random.key(&policy.nodes).map(Principal::Node),
        8 => random.key(&policy.nodes).map(Principal::NodeAndBelow),
        9 => random.key(&policy.nodes).map(Principal::Above),
        10 => random.key(&policy.trees).map(Principal::Placed),
        _ => {
            let others = [Population::Internal, Population::External, Population::Guests];
            Some(Principal::Population(random.one(Population::Everyone, &others)))
        }
    }
}

/// Up to `count_max` principals, at least one.
pub(super) fn principals(
    random: &mut Random,
    policy: &Policy,
    count_max: usize,
) -> BTreeSet<Principal> {
    let count = random.between(1, count_max);
    (0..count).filter_map(|_| principal(random, policy)).collect()
}

/// The nodes of trees of one kind.
pub(super) fn nodes_of_kind(policy: &Policy, kind: TreeKind) -> Vec<NodeId> {
    let is_of_kind = |tree| policy.trees.get(tree).is_some_and(|tree| tree.kind == kind);
    let nodes = policy.nodes.iter().filter(|(_, node)| is_of_kind(&node.tree));
    nodes.map(|(id, _)| id.clone()).collect()
}

/// The nodes that records of the object may be tagged with.
pub(super) fn tags_of(policy: &Policy, object: &ObjectId) -> Vec<NodeId> {
    let dimensions = policy.objects.get(object).into_iter().flat_map(|object| &object.dimensions);
    let trees: Vec<_> = dimensions.map(|dimension| &dimension.tree).collect();
    let nodes = policy.nodes.iter().filter(|(_, node)| trees.contains(&&node.tree));
    nodes.map(|(id, _)| id.clone()).collect()
}

/// A node of a tree of kind `unit`.
pub(super) fn unit(random: &mut Random, policy: &Policy) -> Option<NodeId> {
    random.any(&nodes_of_kind(policy, TreeKind::Unit))
}

/// Some fields of an object.
pub(super) fn fields(random: &mut Random, percent: usize) -> BTreeSet<FieldId> {
    random.some(&FIELDS, percent).into_iter().map(FieldId::from).collect()
}

/// A condition on the record and the instant.
pub(super) fn on_record(random: &mut Random) -> Option<Condition> {
    let one = random.one("f0 = \"a\"", &RECORD_TESTS);
    let other = random.one("true", &RECORD_TESTS);
    combined(random, one, other)
}

/// A condition on the record, the subject and the instant.
pub(super) fn on_both(random: &mut Random) -> Option<Condition> {
    let one = random.one("f0 = \"a\"", &RECORD_TESTS);
    let other = random.one("$record.owner = $user.id", &BOTH_TESTS);
    combined(random, one, other)
}

/// A condition on the subject alone.
pub(super) fn on_subject(random: &mut Random) -> Option<Condition> {
    let one = random.one("$user.region = \"x\"", &SUBJECT_TESTS);
    let other = random.one("$user.level >= 2", &SUBJECT_TESTS);
    combined(random, one, other)
}

const RECORD_TESTS: [&str; 12] = [
    "f1 >= 2",
    "f2 = true",
    "f3 < today() + 1d",
    "f3 = \"2026-01-01\"",
    "f4 >= now()",
    "f5 in (\"x\", \"y\")",
    "f6 contains \"x\"",
    "f0 starts_with \"a\"",
    "f0 is null",
    "f7 is not null",
    "f7 != \"u1\"",
    "f1 < 2 and f2 != false",
];
const BOTH_TESTS: [&str; 4] =
    ["f7 = $user.id", "f5 = $user.region", "f1 <= $user.level", "$user.level is not null"];
const SUBJECT_TESTS: [&str; 4] = [
    "$user.region != \"y\"",
    "$user.id in (\"u1\", \"u2\", \"u3\")",
    "$user.level is null",
    "$user.level < 3",
];

fn combined(random: &mut Random, one: &str, other: &str) -> Option<Condition> {
    let text = match random.below(6) {
        0 => format!("{one} and {other}"),
        1 | 2 => format!("{one} or {other}"),
        3 => format!("not ({one})"),
        4 => other.to_owned(),
        _ => one.to_owned(),
    };
    Condition::parse(&text).ok()
}
