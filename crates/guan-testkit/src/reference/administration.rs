//! Who may administer: `docs/spec/administration.md` written down the slow, obvious way.

use super::Reference;
use super::case::Case;
use super::naming::{distance, names_as_stated};
use crate::world::Deed;
use guan_engine::administration::AdministrationRefusal as Refused;
use guan_engine::ask::Session;
use guan_engine::model::{
    Assigned, Assignment, AssignmentId, Delegation, DelegationId, Node, NodeId, Object, Overlay,
    OverlayEffect, Policy, Power, Principal, SetId, SetKind, User, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Before and after.
type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// What differs, as far as delegations look at it.
enum What<'a> {
    User(&'a UserId, Pair<'a, User>),
    Node(&'a NodeId),
    Assignment(Pair<'a, Assignment>),
    PostsPutTogether,
    Other,
}

struct Edit<'a> {
    powers: Vec<Power>,
    what: What<'a>,
}

impl Reference<'_> {
    /// Whether the subject may do this to Guan itself.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn may_administer(&self, session: &Session<'_>, deed: &Deed) -> Result<(), Refused> {
        let case = Case::admit(self.policy, self.records, session)
            .map_err(|refusal| Refused::Session { refusal })?;
        match deed {
            Deed::Use(power) => {
                if delegations(&case, *power).is_empty() {
                    needs(&case, *power)
                } else {
                    Ok(())
                }
            }
            Deed::On(power, user) => on(&case, *power, user),
            Deed::Revise(after) => revise(&case, after),
            Deed::Open(overlay) => open(&case, overlay),
        }
    }

    /// Whether the subject holds a system permission.
    pub fn holds_system(&self, session: &Session<'_>, name: &str) -> bool {
        Case::admit(self.policy, self.records, session)
            .is_ok_and(|case| case.bundles.iter().any(|bundle| bundle.gives_system(name)))
    }

    /// What users are stated to hold, everywhere or by a delegation.
    pub fn stated(policy: &Policy, user: &UserId) -> BTreeSet<(Power, Option<DelegationId>)> {
        let mut held = BTreeSet::new();
        for assignment in policy.assignments.values() {
            if names_as_stated(policy, &assignment.to, user) {
                held.extend(powers_of(policy, &assignment.what).into_iter().map(|one| (one, None)));
            }
        }
        for (id, delegation) in &policy.delegations {
            if names_as_stated(policy, &delegation.to, user) {
                held.extend(delegation.powers.iter().map(|one| (*one, Some(id.clone()))));
            }
        }
        held
    }
}

/// The powers of a set, or of the members of a group of sets minus its muting sets.
fn powers_of(policy: &Policy, what: &Assigned) -> BTreeSet<Power> {
    let stated = |id: &SetId, muting: bool| -> BTreeSet<Power> {
        let set = policy.sets.get(id).filter(|set| muting || set.kind != SetKind::Muting);
        let names = set.iter().flat_map(|set| &set.system);
        names.filter_map(|name| Power::ALL.iter().find(|one| one.name() == name)).copied().collect()
    };
    match what {
        Assigned::Set(id) => stated(id, false),
        Assigned::SetGroup(id) => {
            let Some(group) = policy.set_groups.get(id) else { return BTreeSet::new() };
            let given = group.sets.iter().flat_map(|id| stated(id, false));
            let muted: BTreeSet<Power> =
                group.muting.iter().flat_map(|id| stated(id, true)).collect();
            given.filter(|power| !muted.contains(power)).collect()
        }
    }
}

fn holds(case: &Case<'_>, power: Power) -> bool {
    case.bundles.iter().any(|bundle| bundle.gives_system(power.name()))
}
fn needs(case: &Case<'_>, power: Power) -> Result<(), Refused> {
    if holds(case, power) { Ok(()) } else { Err(Refused::NoPower { power }) }
}
fn hands_out(case: &Case<'_>, power: Power) -> bool {
    let alone = Session { standing: None, ..case.session.clone() };
    let lasting = Case::admit(case.policy, case.records, &alone);
    let by_policy =
        |power| holds(case, power) && lasting.as_ref().is_ok_and(|case| holds(case, power));
    by_policy(power) || by_policy(Power::ManageDelegations)
}
fn delegations<'a>(case: &Case<'a>, power: Power) -> Vec<&'a Delegation> {
    let all = case.policy.delegations.values();
    let of_power = all.filter(|delegation| delegation.powers.contains(&power));
    of_power.filter(|delegation| case.names_subject(&delegation.to)).collect()
}
fn is_administrator(policy: &Policy, user: &UserId) -> bool {
    policy.users.contains_key(user) && !Reference::stated(policy, user).is_empty()
}

/// Nobody who is stated to be an administrator stands at one of these places.
fn free_of_administrators(
    before: &Policy,
    policy: &Policy,
    is_one: impl Fn(&NodeId) -> bool,
) -> Result<(), Refused> {
    for (id, user) in &policy.users {
        let stands_there = user.placements.iter().any(|placement| is_one(&placement.node));
        if stands_there && is_administrator(before, id) {
            return Err(Refused::Administrator { user: id.clone() });
        }
    }
    Ok(())
}

fn is_inside(policy: &Policy, top: &NodeId, user: &UserId) -> bool {
    let Some(user) = policy.users.get(user) else { return false };
    let Some(of_top) = policy.nodes.get(top) else { return false };
    let below = |at: &NodeId| distance(policy, at, top).is_some();
    let in_tree: Vec<&NodeId> = user
        .placements
        .iter()
        .map(|placement| &placement.node)
        .filter(|at| policy.nodes.get(*at).is_none_or(|node| node.tree == of_top.tree))
        .collect();
    !in_tree.is_empty() && in_tree.iter().all(|at| below(at))
}

fn on(case: &Case<'_>, power: Power, user: &UserId) -> Result<(), Refused> {
    let by_delegation = |delegation: &Delegation| {
        if !is_inside(case.policy, &delegation.node, user) {
            return Err(Refused::OutsideSubtree { power });
        }
        if power != Power::AskAboutOthers && is_administrator(case.policy, user) {
            return Err(Refused::Administrator { user: user.clone() });
        }
        Ok(())
    };
    judge(case, power, &by_delegation)?;
    if power == Power::ManageCredentials
        && user != case.subject
        && case.policy.users.contains_key(user)
    {
        for (power, _) in Reference::stated(case.policy, user) {
            if !hands_out(case, power) {
                return Err(Refused::MayNotGrant { power });
            }
        }
    }
    Ok(())
}

fn judge(
    case: &Case<'_>,
    power: Power,
    admits: &dyn Fn(&Delegation) -> Result<(), Refused>,
) -> Result<(), Refused> {
    if holds(case, power) {
        return Ok(());
    }
    let verdicts: Vec<_> = delegations(case, power).into_iter().map(admits).collect();
    if verdicts.iter().any(Result::is_ok) {
        return Ok(());
    }
    verdicts.into_iter().next().unwrap_or(Err(Refused::NoPower { power }))
}

fn open(case: &Case<'_>, overlay: &Overlay) -> Result<(), Refused> {
    needs(case, Power::ManageOverlays)?;
    if let OverlayEffect::Elevation { set } = &overlay.effect {
        for power in powers_of(case.policy, set) {
            if !hands_out(case, power) {
                return Err(Refused::MayNotGrant { power });
            }
        }
        let mut audience = overlay.audience.users.iter();
        if case.policy.organization.separate_posts
            && audience.any(|principal| names_as_stated(case.policy, principal, case.subject))
        {
            return Err(Refused::OwnGrants);
        }
    }
    Ok(())
}

fn revise(case: &Case<'_>, after: &Policy) -> Result<(), Refused> {
    let before = case.policy;
    for edit in edits(before, after) {
        for power in &edit.powers {
            judge(case, *power, &|delegation| admits(before, after, *power, delegation, &edit))?;
        }
        if matches!(edit.what, What::PostsPutTogether) {
            return Err(Refused::PostsStaySeparate);
        }
    }
    let mut gained = BTreeSet::new();
    for user in after.users.keys() {
        let is_new = !before.users.contains_key(user);
        let held = if is_new { BTreeSet::new() } else { Reference::stated(before, user) };
        let new = Reference::stated(after, user);
        gained.extend(new.into_iter().filter(|one| !held.contains(one)).map(|(power, _)| power));
    }
    for power in gained {
        if !hands_out(case, power) {
            return Err(Refused::MayNotGrant { power });
        }
    }
    if before.organization.separate_posts && own(before, case.subject) != own(after, case.subject) {
        return Err(Refused::OwnGrants);
    }
    Ok(())
}

/// What the subject is stated to hold, spelled out.
fn own(policy: &Policy, user: &UserId) -> Vec<String> {
    let mut found = Vec::new();
    let set = |id: &SetId| format!("{id} {:?}", policy.sets.get(id));
    for (id, assignment) in &policy.assignments {
        if !names_as_stated(policy, &assignment.to, user) {
            continue;
        }
        found.push(format!("{id} {assignment:?}"));
        match &assignment.what {
            Assigned::Set(id) => found.push(set(id)),
            Assigned::SetGroup(id) => {
                let group = policy.set_groups.get(id);
                found.push(format!("{id} {group:?}"));
                let sets = group.iter().flat_map(|group| group.sets.iter().chain(&group.muting));
                found.extend(sets.map(set));
            }
        }
    }
    for (id, delegation) in &policy.delegations {
        if names_as_stated(policy, &delegation.to, user) {
            found.push(format!("{id} {delegation:?}"));
        }
    }
    found
}

fn admits(
    before: &Policy,
    after: &Policy,
    power: Power,
    delegation: &Delegation,
    edit: &Edit<'_>,
) -> Result<(), Refused> {
    let outside = Err(Refused::OutsideSubtree { power });
    let top = &delegation.node;
    let below = |policy: &Policy, node: &NodeId| distance(policy, node, top).is_some();
    match &edit.what {
        What::User(id, (old, new)) => {
            if old.is_some() && !is_inside(before, top, id)
                || new.is_some() && !is_inside(after, top, id)
            {
                return outside;
            }
            let attributes =
                |user: Option<&User>| user.map_or([].into(), |user| user.attributes.clone());
            let differ = new.is_some() && attributes(*old) != attributes(*new);
            let places =
                |user: Option<&User>| user.map_or(Vec::new(), |user| user.placements.clone());
            let (old, new) = (places(*old), places(*new));
            let goes = old.iter().any(|at| !new.contains(at) && !below(before, &at.node));
            let comes = new.iter().any(|at| !old.contains(at) && !below(after, &at.node));
            if power == Power::ManageStructure && (goes || comes) {
                return outside;
            }
            if is_administrator(before, id) {
                return Err(Refused::Administrator { user: (*id).clone() });
            }
            if differ {
                return Err(Refused::AttributesNotDelegated { user: (*id).clone() });
            }
            Ok(())
        }
        What::Node(id) => {
            let in_both = [before, after]
                .iter()
                .all(|policy| !policy.nodes.contains_key(*id) || below(policy, id));
            if power == Power::ManageStructure && *id != top && in_both { Ok(()) } else { outside }
        }
        What::Assignment((old, new)) => {
            for (policy, assignment) in [(before, old), (after, new)] {
                let Some(assignment) = assignment else { continue };
                if !delegation.sets.contains(&assignment.what) {
                    return Err(Refused::SetNotDelegated { set: assignment.what.clone() });
                }
                match &assignment.to {
                    Principal::User(user) if !is_inside(policy, top, user) => return outside,
                    Principal::User(user) if is_administrator(before, user) => {
                        return Err(Refused::Administrator { user: user.clone() });
                    }
                    Principal::User(_) => {}
                    Principal::Node(node) if below(policy, node) => {
                        free_of_administrators(before, policy, |place| place == node)?;
                    }
                    Principal::NodeAndBelow(node) if below(policy, node) => {
                        let stands = |place: &NodeId| distance(policy, place, node).is_some();
                        free_of_administrators(before, policy, stands)?;
                    }
                    _ => return outside,
                }
                if assignment.unit.as_ref().is_some_and(|unit| !below(policy, unit)) {
                    return outside;
                }
            }
            Ok(())
        }
        What::PostsPutTogether | What::Other => outside,
    }
}

/// What differs, in the order of the specification.
fn edits<'a>(before: &'a Policy, after: &'a Policy) -> Vec<Edit<'a>> {
    let mut found = Vec::new();
    let (old, new) = (&before.organization, &after.organization);
    if old != new {
        let joined = old.separate_posts && !new.separate_posts;
        let what = if joined { What::PostsPutTogether } else { What::Other };
        found.push(Edit { powers: vec![Power::ManageSettings], what });
    }
    others(&mut found, &before.actions, &after.actions, Power::ManageObjects);
    for (_, pair) in changed::<AssignmentId, _>(&before.assignments, &after.assignments) {
        let powers = vec![Power::ManageAssignments];
        found.push(Edit { powers, what: What::Assignment(pair) });
    }
    others(&mut found, &before.delegations, &after.delegations, Power::ManageDelegations);
    others(&mut found, &before.groups, &after.groups, Power::ManageStructure);
    for (id, (old, new)) in changed(&before.nodes, &after.nodes) {
        let levels = |node: Option<&Node>| node.map(|node| node.levels.clone()).unwrap_or_default();
        let rest = |node: &Node| (node.tree.clone(), node.parent.clone(), node.name.clone());
        let mut powers = Vec::new();
        if old.map(rest) != new.map(rest) {
            powers.push(Power::ManageStructure);
        }
        if levels(old) != levels(new) {
            powers.push(Power::ManageSharing);
        }
        found.push(Edit { powers, what: What::Node(id) });
    }
    for (_, (old, new)) in changed(&before.objects, &after.objects) {
        let mut powers = Vec::new();
        if old.map(shape) != new.map(shape) {
            powers.push(Power::ManageObjects);
        }
        if sharing(&old.cloned().unwrap_or_default()) != sharing(&new.cloned().unwrap_or_default())
        {
            powers.push(Power::ManageSharing);
        }
        found.push(Edit { powers, what: What::Other });
    }
    others(&mut found, &before.pools, &after.pools, Power::ManageSharing);
    others(&mut found, &before.restrictions, &after.restrictions, Power::ManageSharing);
    others(&mut found, &before.roll_ups, &after.roll_ups, Power::ManageSharing);
    others(&mut found, &before.rules, &after.rules, Power::ManageSharing);
    others(&mut found, &before.sets, &after.sets, Power::ManageSets);
    others(&mut found, &before.set_groups, &after.set_groups, Power::ManageSets);
    others(&mut found, &before.trees, &after.trees, Power::ManageStructure);
    for (id, (old, new)) in changed(&before.users, &after.users) {
        let places = |user: Option<&User>| user.map(|user| user.placements.clone());
        let rest =
            |user: &User| (user.name.clone(), user.kind, user.active, user.attributes.clone());
        let mut powers = Vec::new();
        if old.map(rest) != new.map(rest) {
            powers.push(Power::ManageUsers);
        }
        if places(old).unwrap_or_default() != places(new).unwrap_or_default() {
            powers.push(Power::ManageStructure);
        }
        found.push(Edit { powers, what: What::User(id, (old, new)) });
    }
    found
}

/// Fields and links.
fn shape(object: &Object) -> String {
    let links: Vec<_> = object.relations.iter().map(|(id, link)| (id, &link.parent)).collect();
    format!("{} {:?} {:?} {links:?}", object.name, object.fields, object.field_mode)
}

/// Everything else, and the links that open something.
fn sharing(object: &Object) -> String {
    let opening = |id: &_| {
        object.relations.get(id).is_some_and(|link| link.implicit_parent || link.implicit_child)
    };
    let links: Vec<_> = object.relations.iter().filter(|(id, _)| opening(*id)).collect();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {links:?}",
        object.baseline,
        object.roll_ups,
        object.unit_source,
        object.dimensions,
        object.lock_exempt,
        object.owner_change
    )
}

fn others<'a, K: Ord, T: PartialEq>(
    found: &mut Vec<Edit<'a>>,
    before: &'a BTreeMap<K, T>,
    after: &'a BTreeMap<K, T>,
    power: Power,
) {
    for _ in changed(before, after) {
        found.push(Edit { powers: vec![power], what: What::Other });
    }
}

fn changed<'a, K: Ord, T: PartialEq>(
    before: &'a BTreeMap<K, T>,
    after: &'a BTreeMap<K, T>,
) -> Vec<(&'a K, Pair<'a, T>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let pairs = keys.into_iter().map(|key| (key, (before.get(key), after.get(key))));
    pairs.filter(|(_, (old, new))| old != new).collect()
}
