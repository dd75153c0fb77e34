//! Custom actions: their names and what they imply.

use super::{Check, cycle::components};
use crate::model::{Action, ActionName, CustomAction, LIMITS, STANDARD_ACTIONS};
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn actions(&mut self) {
        let actions = &self.policy.actions;
        let count = actions.len() + STANDARD_ACTIONS.len();
        self.at_most(
            format_args!("actions"),
            "actions, the standard ones included,",
            count,
            LIMITS.actions_max,
        );
        for (name, action) in actions {
            let place = format_args!("actions.{name}");
            self.id(place, name.as_str());
            if STANDARD_ACTIONS.iter().any(|standard| standard.name() == name.as_str()) {
                self.add(
                    place,
                    format_args!("`{name}` is the name of a standard action; choose another"),
                );
            }
            for (at, implied) in action.implies.iter().enumerate() {
                self.action(format_args!("{place}.implies[{at}]"), implied);
            }
        }
        let graph: BTreeMap<&ActionName, Vec<&ActionName>> =
            actions.iter().map(|(name, action)| (name, implied(action))).collect();
        for component in components(&graph) {
            let Some(first) = component.first() else { continue };
            let of_itself = graph.get(first).is_some_and(|implied| implied.contains(first));
            if component.len() > 1 || of_itself {
                let names: Vec<String> = component.iter().map(|name| format!("`{name}`")).collect();
                self.add(
                    format_args!("actions.{first}.implies"),
                    format_args!(
                        "{} imply each other in a circle; take one of them out",
                        names.join(", ")
                    ),
                );
            }
        }
    }
}

fn implied(action: &CustomAction) -> Vec<&ActionName> {
    action
        .implies
        .iter()
        .filter_map(|action| if let Action::Custom(name) = action { Some(name) } else { None })
        .collect()
}
