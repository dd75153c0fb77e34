//! Sets and groups of sets as normalised bundles: grants by action number, fields by field number.

use super::{Directory, ObjectPlan, number};
use crate::dense::NONE;
use crate::model::{
    Action, FieldAccess, Grant, GroupReach, ObjectPermission, PermissionSet, Policy, Scope, SetId,
    SetKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a bundle gives on one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectGrants {
    /// By action number.
    pub(crate) grants: Vec<Grant>,
    pub(crate) all_fields: FieldAccess,
}

/// A set, or a group of sets, ready to be united with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bundle {
    pub(crate) objects: BTreeMap<u32, ObjectGrants>,
    pub(crate) any_object: Option<ObjectGrants>,
    /// Listed fields by object and field number.
    pub(crate) fields: BTreeMap<u32, BTreeMap<u32, FieldAccess>>,
    /// What muting takes of fields, listed or open, by object and field number.
    pub(crate) muted_fields: BTreeMap<u32, BTreeMap<u32, FieldAccess>>,
    pub(crate) system: BTreeSet<String>,
    pub(crate) group_only: bool,
    pub(crate) needs_activation: bool,
    /// The sets inside.
    pub(crate) sets: Vec<u32>,
    /// Whether it is a muting set, which gives nothing by itself.
    pub(crate) muting: bool,
}

/// What each action hands its grant to, by number; the closure of the implications.
struct Implied {
    standard: Vec<Vec<u8>>,
    custom: Vec<Vec<u8>>,
}

/// Bundles of all sets and of all groups of sets.
pub(super) fn all(
    policy: &Policy,
    directory: &Directory,
    objects: &[ObjectPlan],
) -> (Vec<Bundle>, Vec<Bundle>) {
    let implied = Implied::of(policy, directory);
    let sets: Vec<Bundle> = (0u32..)
        .zip(policy.sets.values())
        .map(|(number, set)| of_set(number, set, directory, objects, &implied))
        .collect();
    let no_sets = BTreeSet::new();
    let groups = policy
        .set_groups
        .values()
        .map(|group| united(group, &no_sets, directory, &sets, &implied))
        .collect();
    (sets, groups)
}

/// The bundle of a group of sets without the sets that a disablement takes.
pub(crate) fn without(
    policy: &Policy,
    directory: &Directory,
    sets: &[Bundle],
    group: u32,
    disabled: &BTreeSet<u32>,
) -> Bundle {
    let implied = Implied::of(policy, directory);
    match policy.set_groups.get(directory.set_groups.name(group)) {
        Some(group) => united(group, disabled, directory, sets, &implied),
        None => Bundle::default(),
    }
}

impl Implied {
    fn of(policy: &Policy, directory: &Directory) -> Self {
        let number = |action: &Action| directory.action(action);
        let read_edit = [Action::Read, Action::Edit];
        let mut standard: Vec<Vec<u8>> = Vec::new();
        let mut custom: Vec<Vec<u8>> = Vec::new();
        for (_, action) in directory.actions.iter() {
            let implied: &[Action] = match action {
                Action::Read | Action::Export | Action::Import | Action::Custom(_) => &[],
                Action::Delete => &read_edit,
                Action::Create
                | Action::Edit
                | Action::Assign
                | Action::Share
                | Action::Append
                | Action::AppendTo
                | Action::Claim => &read_edit[..1],
            };
            standard.push(implied.iter().filter_map(number).collect());
            let own =
                if let Action::Custom(name) = action { policy.actions.get(name) } else { None };
            custom.push(
                own.map_or_else(Vec::new, |own| own.implies.iter().filter_map(number).collect()),
            );
        }
        Self { standard, custom }
    }
    /// What `action` implies in one step.
    fn directly(&self, action: u8, independent: bool) -> impl Iterator<Item = &u8> {
        let standard = if independent { &[][..] } else { &self.standard[usize::from(action)] };
        standard.iter().chain(&self.custom[usize::from(action)])
    }
    /// Everything that `action` implies, through several steps.
    fn closure(&self, action: u8, independent: bool) -> Vec<u8> {
        let mut found = vec![action];
        let mut at = 0;
        while let Some(next) = found.get(at).copied() {
            at += 1;
            for implied in self.directly(next, independent) {
                if !found.contains(implied) {
                    found.push(*implied);
                }
            }
        }
        found
    }
}

fn of_set(
    number: u32,
    set: &PermissionSet,
    directory: &Directory,
    objects: &[ObjectPlan],
    implied: &Implied,
) -> Bundle {
    let independent = set.kind == SetKind::SecurityRole;
    let grants = |permission: &ObjectPermission| {
        let unite = if set.kind == SetKind::Muting { strongest } else { Grant::or };
        let mut grants = plain(permission, directory, unite);
        if set.kind != SetKind::Muting {
            normalise(&mut grants.grants, implied, independent);
        }
        grants
    };
    let mut fields: BTreeMap<u32, BTreeMap<u32, FieldAccess>> = BTreeMap::new();
    for (object, listed) in &set.fields {
        let Some(object) = directory.objects.find(object) else { continue };
        let plan = &objects[object as usize];
        let listed =
            listed.iter().filter_map(|(field, access)| Some((plan.field(field)?, *access)));
        fields.insert(object, listed.collect());
    }
    Bundle {
        objects: set
            .objects
            .iter()
            .filter_map(|(id, permission)| Some((directory.objects.find(id)?, grants(permission))))
            .collect(),
        any_object: set.any_object.as_ref().map(grants),
        fields,
        muted_fields: BTreeMap::new(),
        system: set.system.clone(),
        group_only: set.group_reach == GroupReach::GroupOnly,
        needs_activation: set.needs_activation,
        sets: vec![number],
        muting: set.kind == SetKind::Muting,
    }
}

/// The grants as written, with "view all" and "modify all" spelled out.
fn plain(
    permission: &ObjectPermission,
    directory: &Directory,
    unite: fn(Grant, Grant) -> Grant,
) -> ObjectGrants {
    let mut grants = vec![Grant::default(); directory.actions.len()];
    let mut add = |action: &Action, grant: Grant| {
        if let Some(number) = directory.action(action) {
            let at = usize::from(number);
            grants[at] = unite(grants[at], grant);
        }
    };
    for (action, grant) in &permission.actions {
        add(action, *grant);
    }
    if permission.view_all || permission.modify_all {
        add(&Action::Read, Grant::ALL);
    }
    if permission.modify_all {
        for action in [
            Action::Edit,
            Action::Delete,
            Action::Assign,
            Action::Share,
            Action::Append,
            Action::AppendTo,
        ] {
            add(&action, Grant::ALL);
        }
    }
    ObjectGrants { grants, all_fields: permission.all_fields }
}

/// Lets each action hand its grant to what it implies, until nothing changes. `create` lends no more
/// than `reachable`: who may make a record anywhere need not see them all.
fn normalise(grants: &mut [Grant], implied: &Implied, independent: bool) {
    loop {
        let before: Vec<Grant> = grants.to_vec();
        for (action, grant) in (0u8..).zip(&before).filter(|(_, grant)| !grant.is_none()) {
            let handed = if action == number::CREATE { Grant::REACHABLE } else { *grant };
            for other in implied.directly(action, independent) {
                let at = usize::from(*other);
                grants[at] = grants[at].or(handed);
            }
        }
        if *grants == *before {
            return;
        }
    }
}

fn united(
    group: &crate::model::PermissionSetGroup,
    disabled: &BTreeSet<u32>,
    directory: &Directory,
    sets: &[Bundle],
    implied: &Implied,
) -> Bundle {
    let number = |id: &SetId| directory.sets.known(id);
    let members: Vec<&Bundle> = group
        .sets
        .iter()
        .map(number)
        .filter(|set| *set != NONE && !disabled.contains(set))
        .map(|set| &sets[set as usize])
        .filter(|bundle| !bundle.muting && !bundle.needs_activation)
        .collect();
    let mut union = Bundle {
        group_only: !members.is_empty() && members.iter().all(|member| member.group_only),
        needs_activation: group.needs_activation,
        ..Bundle::default()
    };
    for member in &members {
        union.unite(member, Grant::or);
    }
    let mut muting = Bundle::default();
    for set in group.muting.iter().map(number).filter(|set| *set != NONE) {
        muting.unite(&sets[set as usize], strongest);
    }
    union.mute(&muting, implied);
    union
}

impl ObjectGrants {
    fn unite(&mut self, other: &Self, unite: fn(Grant, Grant) -> Grant) {
        self.grants.resize(other.grants.len().max(self.grants.len()), Grant::default());
        for (grant, more) in self.grants.iter_mut().zip(&other.grants) {
            *grant = unite(*grant, *more);
        }
        self.all_fields |= other.all_fields;
    }

    fn mute(&mut self, muting: &Self, implied: &Implied) {
        for (action, muted) in (0u8..).zip(&muting.grants) {
            if muted.is_none() {
                continue;
            }
            for other in 0..u8::try_from(self.grants.len()).unwrap_or(u8::MAX) {
                if implied.closure(other, false).contains(&action) {
                    cut(&mut self.grants[usize::from(other)], *muted);
                }
            }
        }
        self.all_fields = self.all_fields.without(muting.all_fields);
    }
}

/// Two muting grants together: each takes what it takes, so the one that takes more leads.
fn strongest(one: Grant, other: Grant) -> Grant {
    let scope = match (one.scope, other.scope) {
        (Scope::None, scope) | (scope, Scope::None) => scope,
        (one, other) => one.min(other),
    };
    Grant { scope, unassigned: one.unassigned || other.unassigned }
}

fn cut(grant: &mut Grant, muted: Grant) {
    match muted.scope {
        Scope::None => {}
        Scope::Reachable => *grant = Grant::default(),
        Scope::Unit | Scope::UnitAndBelow | Scope::All => {
            grant.scope = grant.scope.min(Scope::Reachable);
        }
    }
    grant.unassigned &= !muted.unassigned;
}

impl Bundle {
    fn unite(&mut self, other: &Self, unite: fn(Grant, Grant) -> Grant) {
        for (object, grants) in &other.objects {
            self.objects.entry(*object).or_default().unite(grants, unite);
        }
        if let Some(any) = &other.any_object {
            self.any_object.get_or_insert_default().unite(any, unite);
        }
        for (object, fields) in &other.fields {
            let mine = self.fields.entry(*object).or_default();
            for (field, access) in fields {
                *mine.entry(*field).or_default() |= *access;
            }
        }
        self.system.extend(other.system.iter().cloned());
        self.sets.extend_from_slice(&other.sets);
        self.sets.sort_unstable();
        self.sets.dedup();
    }

    fn mute(&mut self, muting: &Self, implied: &Implied) {
        for (object, muted) in &muting.objects {
            if let Some(grants) = self.objects.get_mut(object) {
                grants.mute(muted, implied);
            }
        }
        if let (Some(any), Some(muted)) = (&mut self.any_object, &muting.any_object) {
            any.mute(muted, implied);
        }
        self.muted_fields.clone_from(&muting.fields);
        self.system.retain(|name| !muting.system.contains(name));
    }

    /// What it gives on an object, with what it gives on every object.
    pub(crate) fn on(&self, object: u32) -> Option<ObjectGrants> {
        let mut grants = self.objects.get(&object).cloned();
        if let Some(any) = &self.any_object {
            grants.get_or_insert_default().unite(any, Grant::or);
        }
        grants
    }
}
