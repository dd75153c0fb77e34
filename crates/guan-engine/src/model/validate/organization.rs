//! The organization, its users and its groups.

use super::{Check, cycle::components};
use crate::model::{Group, GroupId, LIMITS, Principal, User};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

impl Check<'_> {
    pub(super) fn organization(&mut self) {
        let organization = &self.policy.organization;
        self.id(format_args!("organization.id"), organization.id.as_str());
        self.utc_offset(
            format_args!("organization.utc_offset_minutes"),
            organization.utc_offset_minutes,
        );
    }

    pub(super) fn users(&mut self) {
        for (id, user) in &self.policy.users {
            let place = format_args!("users.{id}");
            self.id(place, id.as_str());
            self.placements(place, user);
            for name in user.attributes.keys() {
                let place = format_args!("{place}.attributes.{name}");
                self.id(place, name);
                if name == "id" {
                    self.add(
                        place,
                        format_args!(
                            "`$user.id` is the id of the user; give the attribute another name"
                        ),
                    );
                }
            }
        }
    }

    fn placements(&mut self, place: fmt::Arguments<'_>, user: &User) {
        let mut seen = BTreeSet::new();
        for (at, placement) in user.placements.iter().enumerate() {
            let place = format_args!("{place}.placements[{at}]");
            let node = &placement.node;
            self.node(place, node);
            if !seen.insert(node) {
                self.add(
                    place,
                    format_args!("the user already stands at the node `{node}`; keep one placement, as head or as member"),
                );
            }
        }
    }

    pub(super) fn groups(&mut self) {
        for (id, group) in &self.policy.groups {
            let place = format_args!("groups.{id}");
            self.id(place, id.as_str());
            self.principals(format_args!("{place}.members"), &group.members);
            if let Some(unit) = &group.unit {
                self.unit(format_args!("{place}.unit"), unit);
            }
        }
        self.nesting();
    }

    /// The longest chain of groups in groups. Groups that contain each other count one by one, as
    /// the longest way through them could.
    fn nesting(&mut self) {
        let groups = &self.policy.groups;
        let graph: BTreeMap<&GroupId, Vec<&GroupId>> =
            groups.iter().map(|(id, group)| (id, nested(group))).collect();
        let mut depths: BTreeMap<&GroupId, usize> = BTreeMap::new();
        for component in components(&graph) {
            let below = component
                .iter()
                .filter_map(|id| graph.get(id))
                .flatten()
                .filter_map(|id| depths.get(id))
                .max()
                .copied()
                .unwrap_or(0);
            let depth = below + component.len();
            if below <= LIMITS.depth_max
                && depth > LIMITS.depth_max
                && let Some(id) = component.first()
            {
                self.add(
                    format_args!("groups.{id}.members"),
                    format_args!(
                        "groups are nested {depth} deep here, and {} is the most; name the inner members directly",
                        LIMITS.depth_max
                    ),
                );
            }
            depths.extend(component.into_iter().map(|id| (id, depth)));
        }
    }
}

fn nested(group: &Group) -> Vec<&GroupId> {
    group
        .members
        .iter()
        .filter_map(|member| match member {
            Principal::Group(id) => Some(id),
            Principal::User(_)
            | Principal::Node(_)
            | Principal::NodeAndBelow(_)
            | Principal::Above(_)
            | Principal::Placed(_)
            | Principal::Population(_) => None,
        })
        .collect()
}
