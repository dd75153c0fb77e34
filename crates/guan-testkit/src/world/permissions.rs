//! Sets, groups of sets, assignments, rules, restrictions and pools of a random organization.

use super::random::Random;
use super::words::{
    DAWN, actions, fields, grant, levels, network, nodes_of_kind, on_both, on_existing, on_record,
    on_subject, principal, principals, rights, tags_of, unit, window,
};
use guan_engine::model::{
    Assigned, Assignment, AssignmentId, FieldAccess, Grant, GroupReach, Hours, HoursWindow, NodeId,
    ObjectPermission, PermissionSet, PermissionSetGroup, Policy, Pool, PoolId, PoolRules,
    Restriction, RestrictionId, RuleId, Scope, SetGroupId, SetId, SetKind, SharingRule, TreeKind,
};
use std::collections::BTreeSet;

const ACCESSES: [FieldAccess; 6] = [
    FieldAccess::HIDDEN,
    FieldAccess::MASKED,
    FieldAccess::READ,
    FieldAccess::EDIT,
    FieldAccess::MASKED_EDIT,
    FieldAccess::ONLY_EDIT,
];

/// Makes everything that grants, shares and restricts.
pub(super) fn permissions(random: &mut Random, policy: &mut Policy) {
    sets(random, policy);
    set_groups(random, policy);
    assignments(random, policy);
    rules(random, policy);
    restrictions(random, policy);
    pools(random, policy);
}

fn sets(random: &mut Random, policy: &mut Policy) {
    for at in 0..8 {
        let kind = match at {
            6 | 7 => SetKind::Muting,
            _ => random.one(
                SetKind::PermissionSet,
                &[SetKind::PermissionSet, SetKind::Profile, SetKind::SecurityRole],
            ),
        };
        let set = PermissionSet {
            name: String::new(),
            kind,
            objects: random
                .keys(&policy.objects, 70)
                .into_iter()
                .map(|object| (object, object_permission(random, policy, kind)))
                .collect(),
            any_object: random.maybe(15, |random| object_permission(random, policy, kind)),
            fields: random
                .keys(&policy.objects, 70)
                .into_iter()
                .map(|object| {
                    let listed = fields(random, 40).into_iter();
                    let listed = listed
                        .map(|field| (field, random.one(FieldAccess::READ, &ACCESSES)))
                        .collect();
                    (object, listed)
                })
                .collect(),
            system: random.some(&["export_reports".to_owned(), "manage_users".to_owned()], 30),
            group_reach: random.one(GroupReach::Member, &[GroupReach::GroupOnly]),
            needs_activation: kind != SetKind::Muting && random.happens(12),
        };
        policy.sets.insert(SetId::new(format!("s{at}")), set);
    }
    let plain = giving_sets(policy);
    let exempt: Vec<_> = policy.objects.keys().map(|_| random.some(&plain, 12)).collect();
    for (object, exempt) in policy.objects.values_mut().zip(exempt) {
        object.lock_exempt = exempt;
    }
}

fn object_permission(random: &mut Random, policy: &Policy, kind: SetKind) -> ObjectPermission {
    let percent = if kind == SetKind::Muting { 12 } else { 35 };
    ObjectPermission {
        actions: random
            .some(&actions(policy), percent)
            .into_iter()
            .map(|action| {
                let grant = if kind == SetKind::Muting { muted(random) } else { grant(random) };
                (action, grant)
            })
            .collect(),
        view_all: random.happens(6),
        modify_all: random.happens(4),
        all_fields: random.one(FieldAccess::HIDDEN, &[FieldAccess::HIDDEN; 5])
            | if random.happens(12) {
                random.one(FieldAccess::READ, &ACCESSES)
            } else {
                FieldAccess::HIDDEN
            },
    }
}

/// What a muting set may say of an action.
fn muted(random: &mut Random) -> Grant {
    let unassigned = Grant { scope: Scope::None, unassigned: true };
    let both = Grant { unassigned: true, ..Grant::ALL };
    random.one(Grant::REACHABLE, &[Grant::ALL, Grant::ALL, unassigned, both])
}

/// Every set that may be assigned.
pub(super) fn giving_sets(policy: &Policy) -> Vec<SetId> {
    let giving = policy.sets.iter().filter(|(_, set)| set.kind != SetKind::Muting);
    giving.map(|(id, _)| id.clone()).collect()
}

fn set_groups(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(1, 3) {
        let plain = giving_sets(policy);
        let muting: Vec<_> = policy.sets.keys().filter(|id| !plain.contains(id)).cloned().collect();
        let mut sets = random.some(&plain, 35);
        sets.extend(random.any(&plain));
        let group = PermissionSetGroup {
            name: String::new(),
            sets,
            muting: random.some(&muting, 40),
            needs_activation: random.happens(12),
        };
        policy.set_groups.insert(SetGroupId::new(format!("sg{at}")), group);
    }
}

/// What may be assigned.
pub(super) fn assigned(random: &mut Random, policy: &Policy) -> Option<Assigned> {
    if random.happens(30) {
        return random.key(&policy.set_groups).map(Assigned::SetGroup);
    }
    random.any(&giving_sets(policy)).map(Assigned::Set)
}

fn assignments(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(10, 20) {
        let (Some(what), Some(to)) = (assigned(random, policy), principal(random, policy)) else {
            continue;
        };
        let (starts, ends) = window(random, 12);
        let assignment = Assignment {
            what,
            to,
            starts,
            ends,
            networks: random.maybe(3, network).flatten().into_iter().collect(),
            hours: random.maybe(3, hours),
            unit: random.maybe(20, |random| unit(random, policy)).flatten(),
        };
        policy.assignments.insert(AssignmentId::new(format!("a{at}")), assignment);
    }
}

/// Hours of the days on which things are asked.
fn hours(random: &mut Random) -> Hours {
    let utc_offset_minutes = random.one(0, &[480]);
    let (weekday, _) = DAWN.weekday_and_minute(utc_offset_minutes);
    let from = random.one(0, &[60, 180, 660]);
    let to = random.one(1440, &[180, 661, 840]);
    Hours { utc_offset_minutes, windows: vec![HoursWindow { weekday, from: from.min(to - 1), to }] }
}

fn rules(random: &mut Random, policy: &mut Policy) {
    let units = nodes_of_kind(policy, TreeKind::Unit);
    for at in 0..random.between(3, 7) {
        let Some(object) = random.key(&policy.objects) else { continue };
        let (starts, ends) = window(random, 12);
        let areas = tags_of(policy, &object);
        let rule = SharingRule {
            name: String::new(),
            active: random.happens(90),
            owned_by: random.maybe(40, |random| principals(random, policy, 2)).unwrap_or_default(),
            in_units: few(random, &units, 20),
            in_units_exactly: few(random, &units, 20),
            tagged: few(random, &areas, 25),
            when: random.maybe(40, on_record).flatten(),
            to: principals(random, policy, 2),
            include_superiors: random.happens(60),
            child_levels: levels(random, policy, 40),
            starts,
            ends,
            ..SharingRule::new(object, rights(random))
        };
        policy.rules.insert(RuleId::new(format!("rule{at}")), rule);
    }
}

/// Nothing, or with this probability some of the nodes.
fn few(random: &mut Random, nodes: &[NodeId], percent: usize) -> BTreeSet<NodeId> {
    random.maybe(percent, |random| random.some(nodes, 30)).unwrap_or_default()
}

fn restrictions(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(1, 5) {
        let Some(object) = random.key(&policy.objects) else { continue };
        let Some(only) = on_both(random) else { continue };
        let restricted: BTreeSet<_> = random
            .maybe(50, |random| (0..3).map(|_| on_existing(random, policy)).collect())
            .unwrap_or_default();
        let restriction = Restriction {
            object,
            name: String::new(),
            active: random.happens(88),
            who: random.maybe(70, |random| principals(random, policy, 2)).unwrap_or_default(),
            whose: random.maybe(40, on_subject).flatten(),
            actions: restricted,
            only,
            fields: if random.happens(45) { fields(random, 35) } else { BTreeSet::new() },
            exempt_all: random.happens(40),
        };
        policy.restrictions.insert(RestrictionId::new(format!("only{at}")), restriction);
    }
}

fn pools(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(2, 4) {
        let Some(object) = random.key(&policy.objects) else { continue };
        let pool = Pool {
            object,
            name: String::new(),
            admins: principals(random, policy, 1),
            members: principals(random, policy, 2),
            members_view: random.happens(70),
            members_claim: random.happens(70),
            claim_before_assign: random.happens(50),
            rules: PoolRules::default(),
        };
        policy.pools.insert(PoolId::new(format!("sea{at}")), pool);
    }
}
