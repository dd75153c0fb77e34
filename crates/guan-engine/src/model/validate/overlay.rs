//! Overlays: whom and what they concern, for how long, and why.

use super::Check;
use crate::model::{Disabled, Floor, Layer, Overlay, OverlayEffect, SetKind, SuspensionScope};
use std::fmt;

impl Check<'_> {
    pub(super) fn overlay(&mut self, overlay: &Overlay) {
        let ours = &self.policy.organization.id;
        if overlay.organization != *ours {
            let theirs = &overlay.organization;
            self.add(
                format_args!("organization"),
                format_args!(
                    "`{theirs}` is another organization; overlays of this one name `{ours}`"
                ),
            );
        }
        self.effect(overlay);
        self.lent_powers(overlay);
        self.principals(format_args!("audience.users"), &overlay.audience.users);
        if overlay.starts >= overlay.ends {
            let (starts, ends) = (overlay.starts, overlay.ends);
            self.add(
                format_args!("ends"),
                format_args!("the end {ends} is not after the start {starts}; give it a length"),
            );
        }
        if overlay.reason.trim().is_empty() {
            self.add(format_args!("reason"), format_args!("no reason is stated; say why"));
        }
        self.floor(&overlay.floor);
    }

    fn effect(&mut self, overlay: &Overlay) {
        let audience = &overlay.audience;
        match &overlay.effect {
            OverlayEffect::Suspension { scope, others: _ } => {
                if audience.users.is_empty() && audience.networks.is_empty() {
                    self.add(
                        format_args!("audience"),
                        format_args!("a suspension for nobody in particular would open the door to everybody; name users or networks"),
                    );
                }
                self.scope(format_args!("effect.scope"), scope);
            }
            OverlayEffect::Elevation { set } => {
                if audience.users.is_empty() {
                    self.add(
                        format_args!("audience.users"),
                        format_args!("an elevation gives to named users; name them"),
                    );
                }
                self.assigned(format_args!("effect.set"), set);
            }
            OverlayEffect::Disablement { what } => {
                self.disabled(format_args!("effect.what"), what);
            }
        }
    }

    fn scope(&mut self, place: fmt::Arguments<'_>, scope: &SuspensionScope) {
        for (at, object) in scope.objects.iter().enumerate() {
            self.object(format_args!("{place}.objects[{at}]"), object);
        }
        self.fields_of(format_args!("{place}.fields"), &scope.fields);
        self.layers(format_args!("{place}.layers"), scope);
        for (at, id) in scope.restrictions.iter().enumerate() {
            let found = self.policy.restrictions.get(id);
            let place = format_args!("{place}.restrictions[{at}]");
            self.found(place, "restriction", id.as_str(), found);
        }
        for (at, set) in scope.sets.iter().enumerate() {
            self.giving_set(format_args!("{place}.sets[{at}]"), set);
        }
        self.principals(format_args!("{place}.users"), &scope.users);
        for (at, action) in scope.actions.iter().enumerate() {
            self.action(format_args!("{place}.actions[{at}]"), action);
        }
    }

    /// Layers beside restrictions or fields, of which nothing would be left.
    fn layers(&mut self, place: fmt::Arguments<'_>, scope: &SuspensionScope) {
        let layers = &scope.layers;
        if layers.is_empty() {
            return;
        }
        let (record, field) = (layers.contains(&Layer::Record), layers.contains(&Layer::Field));
        if !scope.restrictions.is_empty() {
            if !record && !field {
                self.add(
                    place,
                    format_args!("restrictions act in the layers record and field, and neither is stated; add one or state no layers"),
                );
            }
        } else if !scope.fields.is_empty() && !field {
            self.add(
                place,
                format_args!("fields are opened in the layer field, which is not stated; add it or state no layers"),
            );
        }
    }

    fn disabled(&mut self, place: fmt::Arguments<'_>, what: &Disabled) {
        match what {
            Disabled::Set(id) => {
                if self.set(place, id).is_some_and(|set| set.kind == SetKind::Muting) {
                    self.add(
                        place,
                        format_args!("the set `{id}` is muting: switching it off would give back what it takes and so widen access; disable the group of sets, or use a suspension or an elevation"),
                    );
                }
            }
            Disabled::SetGroup(id) => self.set_group(place, id),
            Disabled::Assignment(id) => {
                let found = self.policy.assignments.get(id);
                self.found(place, "assignment", id.as_str(), found);
            }
            Disabled::Rule(id) => {
                let found = self.policy.rules.get(id);
                self.found(place, "rule", id.as_str(), found);
            }
            Disabled::Placement { user, node } => {
                self.node(format_args!("{place}.node"), node);
                let found = self.policy.users.get(user);
                let found = self.found(format_args!("{place}.user"), "user", user.as_str(), found);
                if self.policy.nodes.contains_key(node)
                    && found.is_some_and(|user| {
                        user.placements.iter().all(|placement| placement.node != *node)
                    })
                {
                    self.add(
                        place,
                        format_args!("the user `{user}` does not stand at the node `{node}`; name one of their placements"),
                    );
                }
            }
            Disabled::User(id) => self.user(place, id),
        }
    }

    fn floor(&mut self, floor: &Floor) {
        for (at, object) in floor.objects.iter().enumerate() {
            self.object(format_args!("floor.objects[{at}]"), object);
        }
        self.fields_of(format_args!("floor.fields"), &floor.fields);
        for (at, action) in floor.actions.iter().enumerate() {
            self.action(format_args!("floor.actions[{at}]"), action);
        }
    }
}
