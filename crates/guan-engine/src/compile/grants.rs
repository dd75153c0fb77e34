//! What a subject's bundles give together: one row of bits for each object, interned.

use super::bundle::{self, Bundle};
use super::{Compiled, Placed};
use crate::dense::{FastMap, Interned, NONE, to_u32};
use crate::model::{Assigned, FieldAccess, Policy, Scope, TreeKind};
use std::collections::BTreeSet;

/// A scope `unit` or `unit_and_below` at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitGrant {
    pub(crate) node: u32,
    pub(crate) below: bool,
    /// Bits of the actions.
    pub(crate) actions: u64,
}

/// What somebody's bundles give on one object; all `u64` are bits of action numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ObjectRow {
    pub(crate) granted: u64,
    pub(crate) all: u64,
    /// Granted at `reachable` or above by a bundle that is not group-only.
    pub(crate) reach: u64,
    pub(crate) unassigned: u64,
    pub(crate) units: Vec<UnitGrant>,
    /// Group-only grants: group and actions.
    pub(crate) only: Vec<(u32, u64)>,
    /// Union of the unit grants.
    pub(crate) any_unit: u64,
    /// Access by field number.
    pub(crate) fields: Vec<FieldAccess>,
    pub(crate) lock_exempt: bool,
    /// Greatest scope by action number, for display.
    pub(crate) scopes: Vec<Scope>,
}

/// What somebody's bundles give altogether.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Grants {
    /// Numbers of object rows, by object.
    pub(crate) objects: Vec<u32>,
    pub(crate) sets: Vec<u32>,
    pub(crate) system: Vec<String>,
}

/// One bundle in force with its context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part {
    /// Set, or group of sets behind them.
    pub(crate) bundle: u32,
    /// The context units, sorted.
    pub(crate) units: Vec<u32>,
    /// The group that it came through, for group-only bundles.
    pub(crate) group: u32,
}

/// All grants that somebody has without regard to time, interned.
#[derive(Clone, Debug)]
pub(crate) struct GrantTable {
    rows: Interned<ObjectRow>,
    grants: Interned<Grants>,
    by_parts: FastMap<Vec<Part>, u32>,
}

impl GrantTable {
    pub(super) fn new() -> Self {
        Self { rows: Interned::new(), grants: Interned::new(), by_parts: FastMap::default() }
    }
    pub(crate) fn grants(&self, number: u32) -> &Grants {
        self.grants.row(number)
    }
    pub(crate) fn row(&self, number: u32) -> &ObjectRow {
        self.rows.row(number)
    }
    pub(crate) const fn classes(&self) -> usize {
        self.grants.len()
    }
}

/// Grants that were worked out for one session.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnGrants {
    pub(crate) rows: Vec<ObjectRow>,
    pub(crate) sets: Vec<u32>,
    pub(crate) system: Vec<String>,
}

impl Compiled {
    /// The grants of a user whose assignments do not depend on time or session, or [`NONE`].
    pub(super) fn settle_grants(&mut self, policy: &Policy, user: u32) -> u32 {
        let assignments = self.people.assignments[user as usize].clone();
        let mut parts = Vec::new();
        for number in &assignments {
            let Some(assignment) = self.assignment(policy, *number) else { return NONE };
            let unconditional = assignment.starts.is_none()
                && assignment.ends.is_none()
                && assignment.networks.is_empty()
                && assignment.hours.is_none();
            if !unconditional {
                return NONE;
            }
            parts.extend(self.part(assignment, &self.people.placed[user as usize]));
        }
        parts.sort_unstable();
        parts.dedup();
        if let Some(number) = self.grants.by_parts.get(&parts) {
            return *number;
        }
        let own = self.unite(&parts, |compiled, part| {
            Some(std::borrow::Cow::Borrowed(compiled.bundle(part)))
        });
        let objects = own.rows.into_iter().map(|row| self.grants.rows.add(row)).collect();
        let number = self.grants.grants.add(Grants { objects, sets: own.sets, system: own.system });
        self.grants.by_parts.insert(parts, number);
        number
    }

    pub(crate) fn assignment<'p>(
        &self,
        policy: &'p Policy,
        number: u32,
    ) -> Option<&'p crate::model::Assignment> {
        policy.assignments.get(self.directory.assignments.name(number))
    }

    /// The bundle of a part.
    pub(crate) fn bundle(&self, part: &Part) -> &Bundle {
        let sets = self.set_bundles.len();
        match self.set_bundles.get(part.bundle as usize) {
            Some(bundle) => bundle,
            None => &self.set_group_bundles[part.bundle as usize - sets],
        }
    }

    /// The number under which a part names what is assigned.
    pub(crate) fn bundle_number(&self, what: &Assigned) -> Option<u32> {
        match what {
            Assigned::Set(id) => self.directory.sets.find(id),
            Assigned::SetGroup(id) => self
                .directory
                .set_groups
                .find(id)
                .map(|group| group + to_u32(self.set_bundles.len())),
        }
    }

    /// The part that an assignment gives to somebody who stands at `placed`; none for what gives
    /// nothing by assignment.
    pub(crate) fn part(
        &self,
        assignment: &crate::model::Assignment,
        placed: &[Placed],
    ) -> Option<Part> {
        let bundle = self.bundle_number(&assignment.what)?;
        let mut part = Part { bundle, units: Vec::new(), group: NONE };
        let found = self.bundle(&part);
        if found.muting || found.needs_activation {
            return None;
        }
        // A disablement may leave just the group-only sets of a group of sets.
        let may_be_group_only =
            found.sets.iter().any(|set| self.set_bundles[*set as usize].group_only);
        let through = if let crate::model::Principal::Group(group) = &assignment.to {
            self.directory.groups.find(group)
        } else {
            None
        };
        if may_be_group_only {
            part.group = through.unwrap_or(NONE);
        }
        part.units = self.context_units(assignment, through, placed);
        Some(part)
    }

    fn context_units(
        &self,
        assignment: &crate::model::Assignment,
        through: Option<u32>,
        placed: &[Placed],
    ) -> Vec<u32> {
        if let Some(unit) = &assignment.unit {
            return self.trees.nodes.find(unit).into_iter().collect();
        }
        if let Some(group) = through {
            return super::some(self.groups.unit[group as usize]).into_iter().collect();
        }
        if let crate::model::Principal::Node(node) = &assignment.to
            && let Some(node) = self.trees.nodes.find(node)
            && self.trees.kind_of(node) == TreeKind::Unit
        {
            return vec![node];
        }
        self.own_units(placed)
    }

    /// The units where somebody stands.
    pub(crate) fn own_units(&self, placed: &[Placed]) -> Vec<u32> {
        let mut units: Vec<u32> = placed
            .iter()
            .filter(|placed| {
                self.trees.kinds.get(usize::from(placed.tree)) == Some(&TreeKind::Unit)
            })
            .map(|placed| placed.node)
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Unites parts into one row for each object. `find` gives the bundle of a part, or none for
    /// one that a disablement takes.
    pub(crate) fn unite<'c>(
        &'c self,
        parts: &[Part],
        find: impl Fn(&'c Self, &Part) -> Option<std::borrow::Cow<'c, Bundle>>,
    ) -> OwnGrants {
        let mut own = OwnGrants {
            rows: self
                .objects
                .iter()
                .map(|plan| ObjectRow {
                    fields: vec![FieldAccess::HIDDEN; plan.fields.len()],
                    scopes: vec![Scope::None; self.directory.actions.len()],
                    ..ObjectRow::default()
                })
                .collect(),
            ..OwnGrants::default()
        };
        let mut system = BTreeSet::new();
        for part in parts {
            let Some(bundle) = find(self, part) else { continue };
            for (object, row) in (0u32..).zip(&mut own.rows) {
                self.add_part(row, object, &bundle, part);
            }
            own.sets.extend_from_slice(&bundle.sets);
            system.extend(bundle.system.iter().cloned());
        }
        own.sets.sort_unstable();
        own.sets.dedup();
        own.system = system.into_iter().collect();
        for (plan, row) in self.objects.iter().zip(&mut own.rows) {
            row.lock_exempt = plan.lock_exempt.iter().any(|set| own.sets.contains(set));
            if row.granted != 0 {
                for (access, open) in row.fields.iter_mut().zip(&plan.always_open) {
                    if *open {
                        *access |= FieldAccess::EDIT;
                    }
                }
            }
            for field in plan.read_only.iter() {
                let access = &mut row.fields[field as usize];
                *access = access.read_only();
            }
            row.units.sort_unstable();
            row.units.dedup();
            row.only.sort_unstable();
            row.only.dedup();
        }
        own
    }

    fn add_part(&self, row: &mut ObjectRow, object: u32, bundle: &Bundle, part: &Part) {
        let grants = bundle.on(object);
        let mut granted = 0u64;
        let (mut unit, mut below, mut reach) = (0u64, 0u64, 0u64);
        for (action, grant) in grants.iter().flat_map(|grants| grants.grants.iter().enumerate()) {
            let bit = 1u64 << action;
            if grant.is_none() {
                continue;
            }
            granted |= bit;
            row.scopes[action] = row.scopes[action].max(grant.scope);
            if grant.unassigned {
                row.unassigned |= bit;
            }
            if grant.scope >= Scope::Reachable {
                reach |= bit;
            }
            match grant.scope {
                Scope::All => row.all |= bit,
                Scope::UnitAndBelow => below |= bit,
                Scope::Unit => unit |= bit,
                Scope::None | Scope::Reachable => {}
            }
        }
        row.granted |= granted;
        if bundle.group_only && part.group != NONE {
            if reach != 0 {
                row.only.push((part.group, reach));
            }
        } else {
            row.reach |= reach;
        }
        for node in &part.units {
            for (actions, below) in [(unit, false), (below, true)] {
                if actions != 0 {
                    row.units.push(UnitGrant { node: *node, below, actions });
                    row.any_unit |= actions;
                }
            }
        }
        self.add_fields(
            row,
            object,
            bundle,
            grants.map_or(FieldAccess::HIDDEN, |grants| grants.all_fields),
            granted,
        );
    }

    fn add_fields(
        &self,
        row: &mut ObjectRow,
        object: u32,
        bundle: &Bundle,
        all_fields: FieldAccess,
        granted: u64,
    ) {
        let listed = bundle.fields.get(&object);
        let muted = bundle.muted_fields.get(&object);
        let plan = self.object(object);
        for (field, access) in row.fields.iter_mut().enumerate() {
            let number = to_u32(field);
            let given = match listed.and_then(|listed| listed.get(&number)) {
                Some(listed) => *listed,
                None if granted != 0 => plan.unlisted(field),
                None => FieldAccess::HIDDEN,
            };
            let taken = muted.and_then(|muted| muted.get(&number)).copied().unwrap_or_default();
            *access |= all_fields | given.without(taken);
        }
    }

    /// The bundle of a part under disablements of sets and groups of sets.
    pub(crate) fn bundle_without<'c>(
        &'c self,
        policy: &Policy,
        part: &Part,
        sets: &BTreeSet<u32>,
        set_groups: &BTreeSet<u32>,
    ) -> Option<std::borrow::Cow<'c, Bundle>> {
        use std::borrow::Cow;
        let first_group = to_u32(self.set_bundles.len());
        if part.bundle < first_group {
            return (!sets.contains(&part.bundle)).then(|| Cow::Borrowed(self.bundle(part)));
        }
        let group = part.bundle - first_group;
        if set_groups.contains(&group) {
            return None;
        }
        let bundle = self.bundle(part);
        if bundle.sets.iter().any(|set| sets.contains(set)) {
            return Some(Cow::Owned(bundle::without(
                policy,
                &self.directory,
                &self.set_bundles,
                group,
                sets,
            )));
        }
        Some(Cow::Borrowed(bundle))
    }
}
