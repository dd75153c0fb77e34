//! `who` and `what`: who may do this to a record, and what may a subject do to it.

use crate::answer::{Decision, Refusal};
use crate::ask::{Request, Session, Target};
use crate::compile::{BaselinePlan, People, Who};
use crate::dense::{Bits, NONE, to_u32};
use crate::engine::Engine;
use crate::index::OwnerCode;
use crate::lens::{Lens, Relax};
use crate::model::{Action, Cover, FieldAccess, FieldId, Moment, RecordKey, Right, Rights, UserId};
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

/// Users near a record.
pub(super) struct Near {
    /// Everybody to whom some evidence may give the right.
    pub(super) all: Bits,
    /// Those of them to whom it surely does: who is active and has the action granted at reach passes stage 3.
    pub(super) sure: Bits,
    /// Rules that cover the record at any instant and for anybody: who holds one of them is as sure.
    rules: Bits,
    right: Right,
}

impl Near {
    const fn of(&mut self, is_sure: bool) -> &mut Bits {
        if is_sure { &mut self.sure } else { &mut self.all }
    }
    /// Whether some evidence surely gives somebody the right.
    pub(super) fn reaches(&self, user: u32, people: &People) -> bool {
        let held = || &people.rule_rows.row(people.rule_row[user as usize])[self.right as usize];
        self.sure.has(user) || self.rules.meets(held())
    }
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
                .and_then(|right| self.near(session.at, (object, position), number, right))
                .map(|near| near.all)
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
        at: Moment,
        (object, position): (u32, u32),
        action: u8,
        right: Right,
    ) -> Option<Near> {
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
        let users = self.compiled.directory.users.len();
        let (all, sure) = (Bits::new(users), Bits::new(users));
        let mut near = Near { all, sure, rules: Bits::new(self.compiled.rules.len()), right };
        if action == crate::compile::number::READ {
            near.all.or(&self.compiled.wide_readers[object as usize]);
        } else {
            near.all.or(&self.compiled.wide_users(object, 1 << action));
        }
        self.near_owner(object, position, &mut near);
        self.near_shares(at, (object, position), &mut near);
        self.near_rules(object, position, &mut near);
        self.near_attributes(object, position, &mut near.all);
        near.all.or(&near.sure);
        Some(near)
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

    /// The same, with those in `sure` to whom the right flows up from a holder at the node.
    fn rises(&self, roll_up: u32, node: u32, gives: bool, near: &mut Near) {
        let trees = &self.compiled.trees;
        let plan = &self.compiled.roll_ups[roll_up as usize];
        if trees.tree[node as usize] != plan.tree {
            return;
        }
        for (distance, above) in (0u8..).zip(trees.up(node)) {
            let is_sure = gives && plan.lifts_everybody() && plan.cut(distance).has(near.right);
            self.all_at(above, near.of(is_sure));
        }
    }

    /// Those to whom flows up what `who` holds; `gives` says that this is the right in question.
    fn above_who(&self, (object, cover): (u32, Cover), who: Who, gives: bool, near: &mut Near) {
        let compiled = &self.compiled;
        let number = who.number();
        for roll_up in &compiled.object(object).roll_ups {
            let plan = &compiled.roll_ups[*roll_up as usize];
            if !plan.covers(cover) {
                continue;
            }
            match who.kind() {
                Who::USER | Who::TEAM => {
                    for placed in &compiled.people.placed[number as usize] {
                        self.rises(*roll_up, placed.node, gives, near);
                    }
                }
                Who::GROUP => {
                    let superiors = &compiled.groups.superiors[*roll_up as usize];
                    for (node, rights) in &superiors[number as usize] {
                        let is_sure = gives && plan.lifts_everybody() && rights.has(near.right);
                        self.all_at(*node, near.of(is_sure));
                    }
                }
                Who::NODE => self.rises(*roll_up, number, gives, near),
                Who::BELOW => {
                    self.above(*roll_up, number, &mut near.all);
                    (number..compiled.trees.end[number as usize])
                        .for_each(|node| self.all_at(node, &mut near.all));
                }
                _ => {}
            }
        }
    }

    fn near_owner(&self, object: u32, position: u32, near: &mut Near) {
        let index = self.index(object);
        let gives = Rights::FULL.has(near.right);
        for owner in index.owners(position, index.header(position)) {
            users_of(self, owner.who(), near.of(gives));
            self.above_who((object, Cover::Owned), owner.who(), gives, near);
            self.near_units(object, *owner, &mut near.all);
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

    fn near_shares(&self, at: Moment, (object, position): (u32, u32), near: &mut Near) {
        let index = self.index(object);
        for entry in index.shares_of(position, index.header(position)) {
            let given = index.given.row(entry.given);
            let gives = given.ends > at.0 && given.rights.has(near.right);
            users_of(self, entry.who, near.of(gives));
            let cover = if entry.who.kind() == Who::TEAM { Cover::Team } else { Cover::Shared };
            self.above_who((object, cover), entry.who, gives, near);
        }
    }

    fn near_rules(&self, object: u32, position: u32, near: &mut Near) {
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
                near.all.or(&self.compiled.rule_users[rule as usize]);
                let of_object = self.compiled.object(object);
                let varies = of_object.timed.has(rule)
                    || of_object.live.has(rule)
                    || of_object.unit_by_owner.has(rule);
                near.rules.put(rule, !varies);
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
