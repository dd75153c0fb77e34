//! Permission sets, groups of sets and assignments.

use super::Check;
use crate::model::{
    Assigned, Grant, Hours, LIMITS, ObjectPermission, PermissionSet, Scope, SetKind,
};
use std::fmt;

const MINUTES_OF_A_DAY: u16 = 1440;

impl Check<'_> {
    pub(super) fn sets(&mut self) {
        let sets = &self.policy.sets;
        self.at_most(format_args!("sets"), "sets", sets.len(), LIMITS.sets_max);
        for (id, set) in sets {
            let place = format_args!("sets.{id}");
            self.id(place, id.as_str());
            for (object, permission) in &set.objects {
                let place = format_args!("{place}.objects.{object}");
                self.object(place, object);
                self.object_permission(place, set, permission);
            }
            if let Some(permission) = &set.any_object {
                self.object_permission(format_args!("{place}.any_object"), set, permission);
            }
            for (id, fields) in &set.fields {
                let place = format_args!("{place}.fields.{id}");
                let object = self.object(place, id);
                for field in fields.keys() {
                    self.field(format_args!("{place}.{field}"), id, object, field);
                }
            }
            for (at, name) in set.system.iter().enumerate() {
                self.id(format_args!("{place}.system[{at}]"), name);
            }
            self.powers(place, set);
        }
    }

    fn object_permission(
        &mut self,
        place: fmt::Arguments<'_>,
        set: &PermissionSet,
        permission: &ObjectPermission,
    ) {
        for (action, grant) in &permission.actions {
            let place = format_args!("{place}.actions.{action}");
            self.action(place, action);
            if set.kind == SetKind::Muting && !has_meaning_when_muted(*grant) {
                self.add(
                    place,
                    format_args!("muting `{grant}` has no meaning; write reachable to take the action altogether, all to cut it to reachable, or none+unassigned"),
                );
            }
        }
    }

    pub(super) fn set_groups(&mut self) {
        for (id, group) in &self.policy.set_groups {
            let place = format_args!("set_groups.{id}");
            self.id(place, id.as_str());
            for (at, set) in group.sets.iter().enumerate() {
                self.giving_set(format_args!("{place}.sets[{at}]"), set);
            }
            for (at, set) in group.muting.iter().enumerate() {
                let place = format_args!("{place}.muting[{at}]");
                if self.set(place, set).is_some_and(|set| set.kind != SetKind::Muting) {
                    self.add(
                        place,
                        format_args!("the set `{set}` is not of kind muting; name one that is, or move it to `sets`"),
                    );
                }
            }
        }
    }

    pub(super) fn assignments(&mut self) {
        for (id, assignment) in &self.policy.assignments {
            let place = format_args!("assignments.{id}");
            self.id(place, id.as_str());
            self.assigned(format_args!("{place}.what"), &assignment.what);
            self.principal(format_args!("{place}.to"), &assignment.to);
            self.period(place, assignment.starts, assignment.ends);
            if let Some(hours) = &assignment.hours {
                self.hours(format_args!("{place}.hours"), hours);
            }
            if let Some(unit) = &assignment.unit {
                self.unit(format_args!("{place}.unit"), unit);
            }
        }
    }

    pub(super) fn assigned(&mut self, place: fmt::Arguments<'_>, what: &Assigned) {
        match what {
            Assigned::Set(set) => self.giving_set(place, set),
            Assigned::SetGroup(group) => self.set_group(place, group),
        }
    }

    fn hours(&mut self, place: fmt::Arguments<'_>, hours: &Hours) {
        self.utc_offset(format_args!("{place}.utc_offset_minutes"), hours.utc_offset_minutes);
        for (at, window) in hours.windows.iter().enumerate() {
            let place = format_args!("{place}.windows[{at}]");
            let (weekday, from, to) = (window.weekday, window.from, window.to);
            if weekday > 6 {
                self.add(
                    format_args!("{place}.weekday"),
                    format_args!(
                        "{weekday} is not a day of the week; use 0 for Monday to 6 for Sunday"
                    ),
                );
            }
            if to > MINUTES_OF_A_DAY {
                self.add(
                    format_args!("{place}.to"),
                    format_args!("{to} is past the end of the day; use at most {MINUTES_OF_A_DAY} and a second window for the next day"),
                );
            }
            if from >= to {
                self.add(
                    place,
                    format_args!("the window from {from} to {to} is empty; end it after its start, and use two windows around midnight"),
                );
            }
        }
    }
}

/// Whether a muting set can say this: `reachable` and `all` cut the scope, and the flag alone takes
/// the flag.
const fn has_meaning_when_muted(grant: Grant) -> bool {
    match grant.scope {
        Scope::Reachable | Scope::All => true,
        Scope::None => grant.unassigned,
        Scope::Unit | Scope::UnitAndBelow => false,
    }
}
