//! Administration: powers that exist, delegations that stay inside their bounds, posts kept apart.

use super::Check;
use crate::administration::Stated;
use crate::model::{Overlay, OverlayEffect, PermissionSet, Post, Power, power};
use std::collections::BTreeMap;
use std::fmt;

impl Check<'_> {
    /// System permissions with the prefix of powers are powers.
    pub(super) fn powers(&mut self, place: fmt::Arguments<'_>, set: &PermissionSet) {
        for (at, name) in set.system.iter().enumerate() {
            if name.starts_with(power::PREFIX)
                && let Err(what) = name.parse::<Power>()
            {
                self.add(format_args!("{place}.system[{at}]"), format_args!("{what}"));
            }
        }
    }

    pub(super) fn delegations(&mut self) {
        let stated = Stated::of(self.policy);
        for (id, delegation) in &self.policy.delegations {
            let place = format_args!("delegations.{id}");
            self.id(place, id.as_str());
            self.principal(format_args!("{place}.to"), &delegation.to);
            self.node(format_args!("{place}.node"), &delegation.node);
            if delegation.powers.is_empty() {
                self.add(
                    format_args!("{place}.powers"),
                    format_args!("no power is delegated; name one or remove the delegation"),
                );
            }
            for power in delegation.powers.iter().filter(|power| !power.is_delegable()) {
                self.add(
                    format_args!("{place}.powers"),
                    format_args!("`{power}` cannot be held for a subtree; give it by a set"),
                );
            }
            for (at, what) in delegation.sets.iter().enumerate() {
                let place = format_args!("{place}.sets[{at}]");
                self.assigned(place, what);
                if let Some(power) = stated.powers_of(what).first() {
                    self.add(
                        place,
                        format_args!(
                            "`{what}` gives the power `{power}`, which a delegated administrator cannot hand on; name another set"
                        ),
                    );
                }
            }
        }
        if self.policy.organization.separate_posts {
            self.posts(&stated);
        }
    }

    /// Whoever holds powers of two posts, whatever the times of the assignments.
    fn posts(&mut self, stated: &Stated<'_>) {
        for (id, user) in &self.policy.users {
            let mut posts: BTreeMap<Post, Power> = BTreeMap::new();
            for (power, _) in stated.held_by(id, user) {
                if let Some(post) = power.post() {
                    posts.entry(post).or_insert(power);
                }
            }
            let mut powers = posts.values();
            if let (Some(one), Some(other)) = (powers.next(), powers.next()) {
                self.add(
                    format_args!("users.{id}"),
                    format_args!(
                        "the user holds `{one}` and `{other}`, which belong to different posts; take one of them away, or let the posts be held together"
                    ),
                );
            }
        }
    }

    /// Where posts are apart, powers are not lent.
    pub(super) fn lent_powers(&mut self, overlay: &Overlay) {
        let OverlayEffect::Elevation { set } = &overlay.effect else { return };
        if !self.policy.organization.separate_posts {
            return;
        }
        if let Some(power) = Stated::of(self.policy).powers_of(set).first() {
            self.add(
                format_args!("effect.set"),
                format_args!(
                    "`{set}` gives the power `{power}`, and posts are kept apart; assign it instead"
                ),
            );
        }
    }
}
