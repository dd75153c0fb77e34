//! The judgement of an act of administration.

use super::edit::{Edit, Pair, edits};
use super::stated::{Held, Stated, covers, is_at_or_below, names};
use super::{Act, AdministrationRefusal as Refused, Domain};
use crate::ask::Session;
use crate::engine::Engine;
use crate::model::{
    Assigned, Assignment, AssignmentId, Delegation, DelegationId, Node, NodeId, Overlay,
    OverlayEffect, PermissionSet, PermissionSetGroup, Policy, Power, Principal, User, UserId,
};
use crate::subject::Subject;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// Whether the subject may do an act of administration. Suspensions never help; elevations and
    /// disablements count as in every decision.
    ///
    /// # Errors
    ///
    /// Why not.
    ///
    /// # Cost
    ///
    /// Using a power: as a check. An edit: a copy of the policy, and users × assignments that give
    /// powers.
    ///
    /// # Source
    ///
    /// `docs/spec/administration.md`.
    pub fn may_administer(&self, session: &Session<'_>, act: Act<'_>) -> Result<(), Refused> {
        let actor = Actor::enter(self, session)?;
        match act {
            Act::Use(power) => match actor.delegations(power).next() {
                Some(_) => Ok(()),
                None => actor.needs(power),
            },
            Act::On { power, user } => actor.on(power, user),
            Act::Put(entity) => {
                let mut after = self.policy.clone();
                entity.put(&mut after);
                actor.revise(&after)
            }
            Act::Remove(entity) => {
                let mut after = self.policy.clone();
                entity.take(&mut after);
                actor.revise(&after)
            }
            Act::Revise(after) => actor.revise(after),
            Act::Open(overlay) => actor.open(overlay),
        }
    }

    /// Whom the subject administers with a power.
    ///
    /// # Errors
    ///
    /// The refusal of the session gate.
    pub fn domain(&self, session: &Session<'_>, power: Power) -> Result<Domain, Refused> {
        let actor = Actor::enter(self, session)?;
        if actor.holds(power) {
            return Ok(Domain::Everything);
        }
        let nodes = actor.delegations(power).map(|(_, delegation)| delegation.node.clone());
        Ok(Domain::Subtrees(nodes.collect()))
    }
}

/// Who acts.
struct Actor<'e> {
    policy: &'e Policy,
    subject: Subject<'e>,
    session: &'e Session<'e>,
    /// The same without overlays, found out when it is asked for; none where the policy alone does not let them in.
    lasting: OnceCell<Option<Subject<'e>>>,
    id: &'e UserId,
}

impl<'e> Actor<'e> {
    fn enter(engine: &'e Engine, session: &'e Session<'e>) -> Result<Self, Refused> {
        let subject =
            Subject::enter(engine, session).map_err(|refusal| Refused::Session { refusal })?;
        let (policy, lasting, id) = (&engine.policy, OnceCell::new(), &session.subject);
        Ok(Self { policy, subject, session, lasting, id })
    }

    fn lasting(&self) -> Option<&Subject<'e>> {
        let enter = || {
            let alone = Session { standing: None, ..self.session.clone() };
            Subject::enter(self.subject.engine, &alone).ok()
        };
        self.lasting.get_or_init(enter).as_ref()
    }

    /// Whether the power is held everywhere.
    fn holds(&self, power: Power) -> bool {
        self.subject.system().iter().any(|held| held == power.name())
    }
    fn needs(&self, power: Power) -> Result<(), Refused> {
        if self.holds(power) { Ok(()) } else { Err(Refused::NoPower { power }) }
    }
    /// Whether the power may be handed to somebody. What somebody holds by an elevation would stay when it is over.
    fn hands_out(&self, power: Power) -> bool {
        let by_policy = |power: Power| {
            self.holds(power)
                && self
                    .lasting()
                    .is_some_and(|held| held.system().iter().any(|own| own == power.name()))
        };
        by_policy(power) || by_policy(Power::ManageDelegations)
    }
    /// The delegations of a power that name the subject, by id.
    fn delegations(&self, power: Power) -> impl Iterator<Item = (&DelegationId, &Delegation)> {
        self.policy.delegations.iter().filter(move |(_, delegation)| {
            let who = self.subject.engine.compiled.who(&delegation.to);
            delegation.powers.contains(&power)
                && who.is_some_and(|who| self.subject.is_named_by_any(&[who]))
        })
    }

    /// By the power itself, or by the first delegation of it that admits; else what the first one says.
    fn by_power(
        &self,
        power: Power,
        admits: impl Fn(&Delegation) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        if self.holds(power) {
            return Ok(());
        }
        let mut first = Refused::NoPower { power };
        for (at, (_, delegation)) in self.delegations(power).enumerate() {
            match admits(delegation) {
                Ok(()) => return Ok(()),
                Err(refusal) if at == 0 => first = refusal,
                Err(_) => {}
            }
        }
        Err(first)
    }

    fn on(&self, power: Power, id: &UserId) -> Result<(), Refused> {
        let stated = Stated::of(self.policy);
        self.by_power(power, |delegation| {
            let touches = power != Power::AskAboutOthers;
            inside(self.policy, power, (delegation, id))?;
            if touches && stated.is_administrator(id) {
                return Err(Refused::Administrator { user: id.clone() });
            }
            Ok(())
        })?;
        // Whoever sets the password of somebody can act as them.
        if power == Power::ManageCredentials
            && id != self.id
            && let Some(user) = self.policy.users.get(id)
        {
            let held = stated.held_by(id, user);
            if let Some((power, _)) = held.iter().find(|(power, _)| !self.hands_out(*power)) {
                return Err(Refused::MayNotGrant { power: *power });
            }
        }
        Ok(())
    }

    fn open(&self, overlay: &Overlay) -> Result<(), Refused> {
        self.needs(Power::ManageOverlays)?;
        let OverlayEffect::Elevation { set } = &overlay.effect else { return Ok(()) };
        let powers = Stated::of(self.policy).powers_of(set);
        if let Some(power) = powers.into_iter().find(|power| !self.hands_out(*power)) {
            return Err(Refused::MayNotGrant { power });
        }
        let own = self.policy.users.get(self.id).is_some_and(|user| {
            let mut named = overlay.audience.users.iter();
            named.any(|principal| names(self.policy, principal, self.id, user))
        });
        if own && self.policy.organization.separate_posts {
            return Err(Refused::OwnGrants);
        }
        Ok(())
    }

    fn revise(&self, after: &Policy) -> Result<(), Refused> {
        let stated = Stated::of(self.policy);
        for edit in edits(self.policy, after) {
            for power in edit.powers() {
                self.by_power(power, |delegation| {
                    self.admits(power, delegation, &edit, (&stated, after))
                })?;
            }
            if let Edit::Organization(before, after) = edit
                && before.separate_posts
                && !after.separate_posts
            {
                return Err(Refused::PostsStaySeparate);
            }
        }
        self.grants(&stated, after)?;
        if self.policy.organization.separate_posts
            && own_grants(self.policy, self.id) != own_grants(after, self.id)
        {
            return Err(Refused::OwnGrants);
        }
        Ok(())
    }

    /// Whether everything that somebody gains by the edit may be handed out.
    fn grants(&self, stated: &Stated<'_>, after: &Policy) -> Result<(), Refused> {
        let new = Stated::of(after);
        let mut gained: BTreeSet<Power> = BTreeSet::new();
        for (id, user) in &after.users {
            let before = match self.policy.users.get(id) {
                Some(user) => stated.held_by(id, user),
                None => BTreeSet::new(),
            };
            let new: BTreeSet<Held<'_>> = new.held_by(id, user);
            gained.extend(new.difference(&before).map(|(power, _)| *power));
        }
        match gained.into_iter().find(|power| !self.hands_out(*power)) {
            Some(power) => Err(Refused::MayNotGrant { power }),
            None => Ok(()),
        }
    }

    /// Whether a delegation admits an edit, for the power that it was asked for.
    fn admits(
        &self,
        power: Power,
        delegation: &Delegation,
        edit: &Edit<'_>,
        (stated, after): (&Stated<'_>, &Policy),
    ) -> Result<(), Refused> {
        match edit {
            Edit::User(id, pair) => {
                self.of_user(power, delegation, (id, *pair), after)?;
                if stated.is_administrator(id) {
                    return Err(Refused::Administrator { user: (*id).clone() });
                }
                if !keeps_attributes(*pair) {
                    return Err(Refused::AttributesNotDelegated { user: (*id).clone() });
                }
                Ok(())
            }
            Edit::Node(id, pair) => self.of_node(power, delegation, (id, *pair), after),
            Edit::Assignment(_, pair) => self.of_assignment(delegation, *pair, (stated, after)),
            Edit::Organization(..)
            | Edit::Action(..)
            | Edit::Delegation(..)
            | Edit::Group(..)
            | Edit::Object(..)
            | Edit::Pool(..)
            | Edit::Restriction(..)
            | Edit::RollUp(..)
            | Edit::Rule(..)
            | Edit::Set(..)
            | Edit::SetGroup(..)
            | Edit::Tree(..) => Err(Refused::OutsideSubtree { power }),
        }
    }

    fn of_user(
        &self,
        power: Power,
        delegation: &Delegation,
        (id, (before, new)): (&UserId, Pair<'_, User>),
        after: &Policy,
    ) -> Result<(), Refused> {
        if before.is_some() {
            inside(self.policy, power, (delegation, id))?;
        }
        if new.is_some() {
            inside(after, power, (delegation, id))?;
        }
        if power != Power::ManageStructure {
            return Ok(());
        }
        // Other trees are not theirs.
        let places =
            |user: Option<&User>| user.map_or_else(Vec::new, |user| user.placements.clone());
        let (old, new) = (places(before), places(new));
        let moved = old.iter().filter(|at| !new.contains(at)).map(|at| (self.policy, at));
        let mut moved =
            moved.chain(new.iter().filter(|at| !old.contains(at)).map(|at| (after, at)));
        if moved.any(|(policy, at)| !is_at_or_below(policy, &at.node, &delegation.node)) {
            return Err(Refused::OutsideSubtree { power });
        }
        Ok(())
    }

    /// Strictly below the top, in both policies.
    fn of_node(
        &self,
        power: Power,
        delegation: &Delegation,
        (id, (before, new)): (&NodeId, Pair<'_, Node>),
        after: &Policy,
    ) -> Result<(), Refused> {
        let below = |policy| *id != delegation.node && is_at_or_below(policy, id, &delegation.node);
        let was_inside = before.is_none() || below(self.policy);
        let is_inside = new.is_none() || below(after);
        if power == Power::ManageStructure && was_inside && is_inside {
            Ok(())
        } else {
            Err(Refused::OutsideSubtree { power })
        }
    }

    /// A listed set, given or taken inside the subtree, as it was and as it is to be.
    fn of_assignment(
        &self,
        delegation: &Delegation,
        (before, new): Pair<'_, Assignment>,
        (stated, after): (&Stated<'_>, &Policy),
    ) -> Result<(), Refused> {
        let power = Power::ManageAssignments;
        for (policy, assignment) in [(self.policy, before), (after, new)] {
            let Some(assignment) = assignment else { continue };
            if !delegation.sets.contains(&assignment.what) {
                return Err(Refused::SetNotDelegated { set: assignment.what.clone() });
            }
            let below = |node: &NodeId| is_at_or_below(policy, node, &delegation.node);
            match &assignment.to {
                Principal::User(id) => {
                    inside(policy, power, (delegation, id))?;
                    if stated.is_administrator(id) {
                        return Err(Refused::Administrator { user: id.clone() });
                    }
                }
                Principal::Node(node) | Principal::NodeAndBelow(node) if below(node) => {
                    let with_below = matches!(assignment.to, Principal::NodeAndBelow(_));
                    let stands = |place: &NodeId| {
                        place == node || with_below && is_at_or_below(policy, place, node)
                    };
                    let reached = policy.users.iter().find(|(id, user)| {
                        user.placements.iter().any(|placement| stands(&placement.node))
                            && stated.is_administrator(id)
                    });
                    if let Some((id, _)) = reached {
                        return Err(Refused::Administrator { user: id.clone() });
                    }
                }
                Principal::Node(_)
                | Principal::NodeAndBelow(_)
                | Principal::Group(_)
                | Principal::Above(_)
                | Principal::Placed(_)
                | Principal::Population(_) => return Err(Refused::OutsideSubtree { power }),
            }
            // A context unit elsewhere would let the set reach what lies there.
            if assignment.unit.as_ref().is_some_and(|unit| !below(unit)) {
                return Err(Refused::OutsideSubtree { power });
            }
        }
        Ok(())
    }
}

/// Whether a user of a policy is inside the subtree.
fn inside(
    policy: &Policy,
    power: Power,
    (delegation, id): (&Delegation, &UserId),
) -> Result<(), Refused> {
    match policy.users.get(id) {
        Some(user) if covers(policy, &delegation.node, user) => Ok(()),
        Some(_) | None => Err(Refused::OutsideSubtree { power }),
    }
}

/// Whether a user's attributes stay as they are; a new one has none.
fn keeps_attributes((before, new): Pair<'_, User>) -> bool {
    let Some(new) = new else { return true };
    before.map_or_else(|| new.attributes.is_empty(), |before| before.attributes == new.attributes)
}

/// Everything that a user holds by their own grants: assignments with what they assign, and
/// delegations.
#[derive(PartialEq, Eq)]
struct OwnGrants<'p> {
    assignments: BTreeMap<&'p AssignmentId, &'p Assignment>,
    sets: BTreeMap<&'p crate::model::SetId, Option<&'p PermissionSet>>,
    set_groups: BTreeMap<&'p crate::model::SetGroupId, Option<&'p PermissionSetGroup>>,
    delegations: BTreeMap<&'p DelegationId, &'p Delegation>,
}

fn own_grants<'p>(policy: &'p Policy, id: &UserId) -> OwnGrants<'p> {
    let user = policy.users.get(id);
    let names_me =
        |principal: &Principal| user.is_some_and(|user| names(policy, principal, id, user));
    let mut own = OwnGrants {
        assignments: policy.assignments.iter().filter(|(_, held)| names_me(&held.to)).collect(),
        sets: BTreeMap::new(),
        set_groups: BTreeMap::new(),
        delegations: policy.delegations.iter().filter(|(_, held)| names_me(&held.to)).collect(),
    };
    for assignment in own.assignments.values() {
        match &assignment.what {
            Assigned::Set(id) => {
                own.sets.insert(id, policy.sets.get(id));
            }
            Assigned::SetGroup(id) => {
                let group = policy.set_groups.get(id);
                own.set_groups.insert(id, group);
                for id in group.iter().flat_map(|group| group.sets.iter().chain(&group.muting)) {
                    own.sets.insert(id, policy.sets.get(id));
                }
            }
        }
    }
    own
}
