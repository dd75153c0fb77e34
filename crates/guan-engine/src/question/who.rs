//! `who` and `what`: who may do this to a record, and what may a subject do to it.

use crate::answer::{Decision, Refusal};
use crate::ask::{Request, Session, Target};
use crate::compile::{BaselinePlan, Who};
use crate::dense::{Bits, NONE, to_u32};
use crate::engine::Engine;
use crate::index::OwnerCode;
use crate::lens::{Lens, Relax};
use crate::model::{Action, Cover, FieldAccess, FieldId, RecordKey, UserId};
use crate::subject::Subject;
use serde::Serialize;
use std::collections::BTreeMap;

/// Somebody who may do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Accessor {
    /// Who.
    pub user: UserId,
    /// The decision with its evidence.
    #[serde(flatten)]
    pub decision: Decision,
}

/// Everything that a subject may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Abilities {
    /// The decision on every action of the organization that can be asked of the target.
    pub actions: BTreeMap<Action, Decision>,
    /// What they may see and change of its fields.
    pub fields: BTreeMap<FieldId, FieldAccess>,
    /// Their system permissions.
    pub system: Vec<String>,
}

impl Engine {
    /// Everybody who may do an action to a record in a session like `session` (its subject is not
    /// looked at), in the order of their ids.
    ///
    /// # Errors
    ///
    /// When the organization, object, action or record is not known.
    ///
    /// # Cost
    ///
    /// In proportion to those who may, and to the users who stand near the record; with overlays
    /// that act, to all users.
    pub fn who(
        &self,
        session: &Session<'_>,
        action: &Action,
        record: &RecordKey,
    ) -> Result<Vec<Accessor>, Refusal> {
        if session.organization != self.policy.organization.id {
            return Err(Refusal::WrongOrganization);
        }
        let directory = &self.compiled.directory;
        if directory.objects.find(&record.object).is_none() {
            return Err(Refusal::UnknownObject);
        }
        let number = directory.action(action).ok_or(Refusal::UnknownAction)?;
        let (object, position) = self.find(record).ok_or(Refusal::UnknownRecord)?;
        let overlays = session.standing.is_some_and(|standing| !standing.rows.is_empty());
        let users = if overlays {
            None
        } else {
            self.compiled
                .action(number)
                .right
                .and_then(|right| self.near(object, position, number, right))
        };
        let all = || (0..to_u32(directory.users.len())).collect();
        let users: Vec<u32> = users.map_or_else(all, |users| users.iter().collect());
        let mut found: Vec<Accessor> = users
            .into_iter()
            .filter_map(|user| {
                let subject = Subject::enter_as(self, user, session).ok()?;
                let named = session.of_subject(directory.users.name(user).clone());
                let on = Target::Record(record.clone());
                let decision = self.check_as(&subject, &Request::new(named, action.clone(), on));
                decision
                    .is_allowed()
                    .then(|| Accessor { user: directory.users.name(user).clone(), decision })
            })
            .collect();
        found.sort_unstable_by(|a, b| a.user.cmp(&b.user));
        Ok(found)
    }

    /// Everything that a subject may do to a record, or to an object as such.
    ///
    /// # Errors
    ///
    /// The refusal of the session gate, and unknown objects.
    pub fn what(&self, session: &Session<'_>, on: &Target) -> Result<Abilities, Refusal> {
        let subject = Subject::enter(self, session)?;
        let fields = self.fields(session, on)?;
        let actions = self.compiled.directory.actions.iter().filter_map(|(_, action)| {
            let of_object = matches!(action, Action::Create | Action::Import);
            let asked = match on {
                Target::Object(_) => true,
                Target::Record(_) => !of_object,
                Target::New { .. } => *action == Action::Create,
            };
            let request = Request::new(session.clone(), action.clone(), on.clone());
            asked.then(|| (action.clone(), self.check_as(&subject, &request)))
        });
        Ok(Abilities { actions: actions.collect(), fields, system: subject.system().to_vec() })
    }

    /// Users who may pass stage 3 for a record: everybody who passes is among them. `None` when
    /// that cannot be told from the record alone.
    pub(super) fn near(
        &self,
        object: u32,
        position: u32,
        action: u8,
        right: crate::model::Right,
    ) -> Option<Bits> {
        let plan = self.compiled.object(object);
        let by_parent = |baseline: &BaselinePlan| match baseline {
            BaselinePlan::Parent(_) => true,
            BaselinePlan::Rights(rights) => rights.has(right),
        };
        let far = by_parent(&plan.internal)
            || by_parent(&plan.external)
            || !plan.opened_by.is_empty()
            || plan.relations.iter().any(|relation| relation.implicit_child);
        if far {
            return None;
        }
        let mut users = Bits::new(self.compiled.directory.users.len());
        if action == crate::compile::number::READ {
            users.or(&self.compiled.wide_readers[object as usize]);
        } else {
            users.or(&self.compiled.wide_users(object, 1 << action));
        }
        self.near_owner(object, position, &mut users);
        self.near_shares(object, position, &mut users);
        self.near_rules(object, position, &mut users);
        self.near_attributes(object, position, &mut users);
        Some(users)
    }

    fn all_at(&self, node: u32, users: &mut Bits) {
        for user in &self.compiled.people.at_node[node as usize] {
            users.set(*user);
        }
    }

    /// Everybody at or above a node of a tree that some roll-up of the object goes up.
    fn above(&self, roll_up: u32, node: u32, users: &mut Bits) {
        let trees = &self.compiled.trees;
        if trees.tree[node as usize] == self.compiled.roll_ups[roll_up as usize].tree {
            trees.up(node).for_each(|above| self.all_at(above, users));
        }
    }

    fn above_who(&self, object: u32, cover: Cover, who: Who, users: &mut Bits) {
        let compiled = &self.compiled;
        let number = who.number();
        for roll_up in &compiled.object(object).roll_ups {
            if !compiled.roll_ups[*roll_up as usize].covers(cover) {
                continue;
            }
            match who.kind() {
                Who::USER | Who::TEAM => {
                    for placed in &compiled.people.placed[number as usize] {
                        self.above(*roll_up, placed.node, users);
                    }
                }
                Who::GROUP => {
                    for (node, _) in &compiled.groups.superiors[*roll_up as usize][number as usize]
                    {
                        self.all_at(*node, users);
                    }
                }
                Who::NODE => self.above(*roll_up, number, users),
                Who::BELOW => {
                    self.above(*roll_up, number, users);
                    (number..compiled.trees.end[number as usize])
                        .for_each(|node| self.all_at(node, users));
                }
                _ => {}
            }
        }
    }

    fn near_owner(&self, object: u32, position: u32, users: &mut Bits) {
        let index = self.index(object);
        for owner in index.owners(position, index.header(position)) {
            users_of(self, owner.who(), users);
            self.above_who(object, Cover::Owned, owner.who(), users);
            self.near_units(object, *owner, users);
        }
    }

    /// Roll-ups of kind `unit` where the unit comes from the owner.
    fn near_units(&self, object: u32, owner: OwnerCode, users: &mut Bits) {
        let compiled = &self.compiled;
        if !compiled.object(object).owner_units {
            return;
        }
        let nodes: Vec<u32> = if owner.is_user() {
            compiled.people.placed[owner.number() as usize]
                .iter()
                .map(|placed| placed.node)
                .collect()
        } else {
            crate::compile::some(compiled.groups.unit[owner.number() as usize])
                .into_iter()
                .collect()
        };
        for roll_up in &compiled.object(object).roll_ups {
            for node in &nodes {
                self.above(*roll_up, *node, users);
            }
        }
    }

    fn near_shares(&self, object: u32, position: u32, users: &mut Bits) {
        let index = self.index(object);
        for entry in index.shares_of(position, index.header(position)) {
            users_of(self, entry.who, users);
            let cover = if entry.who.kind() == Who::TEAM { Cover::Team } else { Cover::Shared };
            self.above_who(object, cover, entry.who, users);
        }
    }

    fn near_rules(&self, object: u32, position: u32, users: &mut Bits) {
        let index = self.index(object);
        let header = index.header(position);
        let owners = index.owners(position, header);
        for rule in index.attributes_of(header).rules.iter() {
            let plan = &self.compiled.rules[rule as usize];
            let (by_users, by_groups) = &self.compiled.rule_owners[rule as usize];
            let owned = plan.any_owner
                || owners.iter().any(|owner| {
                    if owner.is_user() {
                        by_users.has(owner.number())
                    } else {
                        by_groups.contains(&owner.number())
                    }
                });
            if owned {
                users.or(&self.compiled.rule_users[rule as usize]);
            }
        }
    }

    fn near_attributes(&self, object: u32, position: u32, users: &mut Bits) {
        let compiled = &self.compiled;
        let index = self.index(object);
        let attributes = index.attributes_of(index.header(position));
        for tag in &attributes.tags {
            compiled.trees.up(*tag).for_each(|above| self.all_at(above, users));
        }
        if attributes.unit != NONE {
            for roll_up in &compiled.object(object).roll_ups {
                self.above(*roll_up, attributes.unit, users);
            }
        }
        if attributes.pool != NONE {
            let pool = &compiled.pools[attributes.pool as usize];
            for who in pool.admins.iter().chain(&pool.members) {
                users_of(self, *who, users);
            }
        }
    }
}

fn users_of(engine: &Engine, who: Who, users: &mut Bits) {
    match who.kind() {
        Who::USER | Who::TEAM => users.set(who.number()),
        Who::GROUP => users.or(&engine.compiled.groups.members[who.number() as usize]),
        _ => engine.compiled.people.mark(who, &engine.compiled.trees, users),
    }
}

impl Lens<'_> {
    /// A lens for one more user, or none when they do not pass stages 1 and 2.
    pub(super) fn passes_for(
        engine: &Engine,
        user: u32,
        session: &Session<'_>,
        (object, action, position): (u32, u8, u32),
    ) -> bool {
        let Ok(subject) = Subject::enter_as(engine, user, session) else { return false };
        if subject.locked_out_of(object, action).is_some() {
            return false;
        }
        Lens::new(&subject, object, action, Relax::default())
            .is_ok_and(|lens| lens.passes(position))
    }
}
