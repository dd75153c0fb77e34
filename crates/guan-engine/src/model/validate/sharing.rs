//! Sharing rules, restrictions and pools.

use super::Check;
use crate::model::{Action, Restriction};
use std::fmt;

impl Check<'_> {
    pub(super) fn rules(&mut self) {
        for (id, rule) in &self.policy.rules {
            let place = format_args!("rules.{id}");
            self.id(place, id.as_str());
            let object = self.object(format_args!("{place}.object"), &rule.object);
            self.principals(format_args!("{place}.owned_by"), &rule.owned_by);
            for (part, units) in
                [("in_units", &rule.in_units), ("in_units_exactly", &rule.in_units_exactly)]
            {
                for (at, unit) in units.iter().enumerate() {
                    self.unit(format_args!("{place}.{part}[{at}]"), unit);
                }
            }
            for (at, node) in rule.tagged.iter().enumerate() {
                self.tag(format_args!("{place}.tagged[{at}]"), node, object);
            }
            if let Some(when) = &rule.when {
                let place = format_args!("{place}.when");
                self.condition(place, when, object);
                if when.depends_on_subject() && rule.include_superiors {
                    self.add(
                        place,
                        format_args!("a rule that reads `$user` covers other records for each user, which cannot flow to superiors; set `include_superiors = false`"),
                    );
                }
            }
            self.principals(format_args!("{place}.to"), &rule.to);
            self.levels(format_args!("{place}.child_levels"), &rule.child_levels);
            self.period(place, rule.starts, rule.ends);
        }
    }

    pub(super) fn restrictions(&mut self) {
        for (id, restriction) in &self.policy.restrictions {
            let place = format_args!("restrictions.{id}");
            self.id(place, id.as_str());
            self.restriction(place, restriction);
        }
    }

    fn restriction(&mut self, place: fmt::Arguments<'_>, restriction: &Restriction) {
        let object = self.object(format_args!("{place}.object"), &restriction.object);
        self.principals(format_args!("{place}.who"), &restriction.who);
        if let Some(whose) = &restriction.whose {
            let place = format_args!("{place}.whose");
            if whose.depends_on_record() {
                self.add(
                    place,
                    format_args!("`whose` describes the subject and may read `$user` only; move what reads the record to `only`"),
                );
            } else {
                self.condition(place, whose, object);
            }
        }
        for (at, action) in restriction.actions.iter().enumerate() {
            let place = format_args!("{place}.actions[{at}]");
            self.action(place, action);
            if matches!(action, Action::Create | Action::Import) {
                self.add(
                    place,
                    format_args!("a restriction acts on records that exist and cannot restrict `{action}`; take the grant out of the sets instead"),
                );
            }
        }
        self.condition(format_args!("{place}.only"), &restriction.only, object);
        for (at, field) in restriction.fields.iter().enumerate() {
            self.field(format_args!("{place}.fields[{at}]"), &restriction.object, object, field);
        }
    }

    pub(super) fn pools(&mut self) {
        for (id, pool) in &self.policy.pools {
            let place = format_args!("pools.{id}");
            self.id(place, id.as_str());
            self.object(format_args!("{place}.object"), &pool.object);
            self.principals(format_args!("{place}.admins"), &pool.admins);
            self.principals(format_args!("{place}.members"), &pool.members);
        }
    }
}
