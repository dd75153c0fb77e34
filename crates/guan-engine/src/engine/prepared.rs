//! Another policy over the records that are indexed already, made ready beside the engine that answers meanwhile.

use super::{Engine, People};
use crate::compile::Compiled;
use crate::model::{Policy, Problem};
use std::fmt;

/// A compiled policy that fits the records of one engine; see [`Engine::prepare`].
#[derive(Clone)]
pub struct Prepared {
    policy: Policy,
    compiled: Compiled,
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("organization", &self.policy.organization.id)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Compiles another policy for the records of this engine, which [`Engine::adopt`] then takes over.
    ///
    /// `None` when what is kept of the records follows from what differs, and a new load is needed: objects, trees,
    /// nodes, rules, restrictions or pools are others, groups came or went, or users went. Everything else is followed:
    /// sets, assignments, delegations, roll-ups, members of groups, new and changed users, settings.
    ///
    /// # Errors
    ///
    /// What is wrong with the policy.
    ///
    /// # Cost
    ///
    /// That of compiling: in proportion to users, rules and sets, not to records.
    pub fn prepare(&self, policy: Policy) -> Result<Option<Prepared>, Vec<Problem>> {
        let before = &self.policy;
        let fits = before.objects == policy.objects
            && before.trees == policy.trees
            && before.nodes == policy.nodes
            && before.rules == policy.rules
            && before.restrictions == policy.restrictions
            && before.pools == policy.pools
            && before.groups.keys().eq(policy.groups.keys())
            && before.users.keys().all(|id| policy.users.contains_key(id));
        if !fits {
            return Ok(None);
        }
        let problems = policy.validate();
        if !problems.is_empty() {
            return Err(problems);
        }
        let compiled = self.compiled.again(&policy);
        Ok(Some(Prepared { policy, compiled }))
    }

    /// Takes over what [`Engine::prepare`] of this engine made; its policy was not changed in between.
    ///
    /// # Cost
    ///
    /// Microseconds, and giving back the memory of the policy before.
    pub fn adopt(&mut self, prepared: Prepared) {
        let Prepared { policy, compiled } = prepared;
        self.kept.forget();
        self.policy = policy;
        self.compiled = compiled;
        self.people = People::next();
    }
}
