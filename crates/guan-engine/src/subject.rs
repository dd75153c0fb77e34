//! A subject that has passed the session gate: where they stand and what their bundles give, under
//! the overlays that act on them.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

use crate::activity::{self, OverlayRow};
use crate::answer::Refusal;
use crate::ask::Session;
use crate::compile::{
    Compiled, Grants, ObjectRow, OwnGrants, Part, Placed, RuleRow, Standpoint, Who,
};
use crate::condition::Facts;
use crate::dense::{Bits, Few, NONE};
use crate::engine::Engine;
use crate::lineup::Named;
use crate::model::{
    Audience, Disabled, FieldId, FieldType, Moment, Others, OverlayEffect, OverlayId, User,
    UserKind, Value,
};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who asks, ready for any number of questions.
#[derive(Debug)]
pub(crate) struct Subject<'e> {
    pub(crate) engine: &'e Engine,
    pub(crate) user: u32,
    pub(crate) kind: UserKind,
    pub(crate) placed: Cow<'e, [Placed]>,
    pub(crate) groups: Cow<'e, [u32]>,
    grants: Held<'e>,
    pub(crate) rules: Cow<'e, RuleRow>,
    pub(crate) disabled_rules: Option<Bits>,
    pub(crate) at: Moment,
    /// Suspensions that act and concern the subject.
    relaxing: Few<&'e OverlayRow>,
    /// Suspensions with lock-out that act and do not concern the subject.
    lock_outs: Few<&'e OverlayRow>,
}

#[derive(Debug)]
enum Held<'e> {
    Class(&'e Grants),
    Own(OwnGrants),
}

/// What acting disablements and elevations do to one subject.
#[derive(Debug, Default)]
struct Changes {
    user: Option<OverlayId>,
    sets: BTreeSet<u32>,
    set_groups: BTreeSet<u32>,
    assignments: BTreeSet<u32>,
    rules: BTreeSet<u32>,
    nodes: BTreeSet<u32>,
    elevations: Vec<u32>,
}

impl Changes {
    fn touch_grants(&self) -> bool {
        !(self.sets.is_empty()
            && self.set_groups.is_empty()
            && self.assignments.is_empty()
            && self.nodes.is_empty()
            && self.elevations.is_empty())
    }
}

impl<'e> Subject<'e> {
    /// Stage 1, apart from lock-out, which depends on what is asked.
    pub(crate) fn enter(engine: &'e Engine, session: &Session<'e>) -> Result<Self, Refusal> {
        if session.organization != engine.policy.organization.id {
            return Err(Refusal::WrongOrganization);
        }
        let compiled = &engine.compiled;
        let Some(user) = compiled.directory.users.find(&session.subject) else {
            return Err(Refusal::UnknownSubject);
        };
        Self::enter_as(engine, user, session)
    }

    /// Stage 1 of a user by number; the organization and the subject of the session are not looked at.
    pub(crate) fn enter_as(
        engine: &'e Engine,
        user: u32,
        session: &Session<'e>,
    ) -> Result<Self, Refusal> {
        let compiled = &engine.compiled;
        if !compiled.people.active[user as usize] {
            return Err(Refusal::Inactive);
        }
        let standpoint = compiled.people.standpoint(user);
        let mut changes = Changes::default();
        let (mut relaxing, mut lock_outs) = (Few::default(), Few::default());
        if let Some(standing) = &session.standing {
            let (rows, named) = standing.rows_for(engine, user);
            for row in rows {
                if !activity::counts(row, standing.node) {
                    continue;
                }
                let audience = &row.overlay.audience;
                let concerned = if named == Named::Surely && !row.overlay.locks_out() {
                    debug_assert!(
                        names(audience, &standpoint, compiled),
                        "{} is sorted out",
                        row.id
                    );
                    comes_from(audience, session.address)
                } else {
                    concerns(audience, &standpoint, session.address, compiled)
                };
                match row.overlay.effect {
                    OverlayEffect::Suspension { .. } if concerned => relaxing.push(row),
                    OverlayEffect::Suspension { others: Others::LockedOut, .. } => {
                        lock_outs.push(row);
                    }
                    OverlayEffect::Suspension { others: Others::Enforced, .. } => {}
                    OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => {
                        if concerned {
                            changes.take(row, user, compiled);
                        }
                    }
                }
            }
        }
        if let Some(overlay) = changes.user {
            return Err(Refusal::AccessDisabled { overlay });
        }
        admit(engine, user, session)?;
        let (placed, groups, rules) = if changes.nodes.is_empty() {
            (
                Cow::Borrowed(standpoint.placed),
                Cow::Borrowed(standpoint.groups),
                Cow::Borrowed(
                    compiled.people.rule_rows.row(compiled.people.rule_row[user as usize]),
                ),
            )
        } else {
            let placed: Vec<Placed> = standpoint
                .placed
                .iter()
                .filter(|placed| !changes.nodes.contains(&placed.node))
                .copied()
                .collect();
            let groups = compiled.groups.joined(user, standpoint.kind, &placed, &compiled.trees);
            let narrowed =
                Standpoint { user, kind: standpoint.kind, placed: &placed, groups: &groups };
            let rules = compiled.rule_row_of(&narrowed);
            (Cow::Owned(placed), Cow::Owned(groups), Cow::Owned(rules))
        };
        let class = compiled.people.grants[user as usize];
        let grants = if class != NONE && !changes.touch_grants() {
            Held::Class(compiled.grants.grants(class))
        } else {
            let narrowed =
                Standpoint { user, kind: standpoint.kind, placed: &placed, groups: &groups };
            Held::Own(own_grants(engine, &narrowed, session.at, &changes))
        };
        let disabled_rules = (!changes.rules.is_empty()).then(|| {
            let mut bits = Bits::new(compiled.rules.len());
            changes.rules.iter().for_each(|rule| bits.set(*rule));
            bits
        });
        Ok(Self {
            engine,
            user,
            kind: standpoint.kind,
            placed,
            groups,
            grants,
            rules,
            disabled_rules,
            at: session.at,
            relaxing,
            lock_outs,
        })
    }

    pub(crate) fn standpoint(&self) -> Standpoint<'_> {
        Standpoint { user: self.user, kind: self.kind, placed: &self.placed, groups: &self.groups }
    }
    /// Whether nothing but the engine says what they may do: neither overlays nor the moment.
    pub(crate) fn is_of_engine(&self) -> bool {
        matches!(
            (&self.grants, &self.placed, &self.groups, &self.rules),
            (Held::Class(_), Cow::Borrowed(_), Cow::Borrowed(_), Cow::Borrowed(_))
        ) && self.disabled_rules.is_none()
    }
    /// What the bundles give on an object.
    pub(crate) fn row(&self, object: u32) -> &ObjectRow {
        match &self.grants {
            Held::Class(grants) => self.engine.compiled.grants.row(grants.objects[object as usize]),
            Held::Own(grants) => &grants.rows[object as usize],
        }
    }
    /// Sets inside the bundles, sorted.
    pub(crate) fn sets(&self) -> &[u32] {
        match &self.grants {
            Held::Class(grants) => &grants.sets,
            Held::Own(grants) => &grants.sets,
        }
    }
    /// System permissions, sorted.
    pub(crate) fn system(&self) -> &[String] {
        match &self.grants {
            Held::Class(grants) => &grants.system,
            Held::Own(grants) => &grants.system,
        }
    }
    /// The user as written.
    pub(crate) fn model(&self) -> Option<&'e User> {
        let id = self.engine.compiled.directory.users.name(self.user);
        self.engine.policy.users.get(id)
    }
    pub(crate) fn is_named_by_any(&self, whos: &[Who]) -> bool {
        self.standpoint().is_named_by_any(whos, &self.engine.compiled.trees)
    }

    /// Suspensions with lock-out that act and do not concern the subject, in order.
    pub(crate) fn lock_outs(&self) -> impl Iterator<Item = &'e OverlayRow> + '_ {
        self.lock_outs.iter().copied()
    }
    /// Suspensions that act and concern the subject, in order.
    pub(crate) fn relaxing(&self) -> impl Iterator<Item = &'e OverlayRow> + '_ {
        self.relaxing.iter().copied()
    }
}

impl Engine {
    /// Whether an audience takes in the subject of a session, coming from where it comes from.
    ///
    /// Cost: as the session gate; an unknown subject is nobody.
    pub fn concerns(&self, audience: &Audience, session: &Session<'_>) -> bool {
        let compiled = &self.compiled;
        session.organization == self.policy.organization.id
            && compiled.directory.users.find(&session.subject).is_some_and(|user| {
                let standpoint = compiled.people.standpoint(user);
                concerns(audience, &standpoint, session.address, compiled)
            })
    }
}

/// Whether an audience takes in a user at an address.
fn concerns(
    audience: &Audience,
    standpoint: &Standpoint<'_>,
    address: Option<IpAddr>,
    compiled: &Compiled,
) -> bool {
    names(audience, standpoint, compiled) && comes_from(audience, address)
}

/// Whether an audience names a user, wherever they come from.
fn names(audience: &Audience, standpoint: &Standpoint<'_>, compiled: &Compiled) -> bool {
    audience.users.is_empty()
        || audience.users.iter().any(|principal| {
            compiled.who(principal).is_some_and(|who| standpoint.is_named_by(who, &compiled.trees))
        })
}

/// Whether an address is one of the audience's, whoever asks from there.
fn comes_from(audience: &Audience, address: Option<IpAddr>) -> bool {
    audience.networks.is_empty()
        || address
            .is_some_and(|address| audience.networks.iter().any(|range| range.contains(address)))
}

impl Changes {
    fn take(&mut self, row: &OverlayRow, user: u32, compiled: &Compiled) {
        let directory = &compiled.directory;
        match &row.overlay.effect {
            OverlayEffect::Suspension { .. } => {}
            OverlayEffect::Elevation { set } => self.elevations.extend(compiled.bundle_number(set)),
            OverlayEffect::Disablement { what } => match what {
                Disabled::Set(id) => self.sets.extend(directory.sets.find(id)),
                Disabled::SetGroup(id) => self.set_groups.extend(directory.set_groups.find(id)),
                Disabled::Assignment(id) => self.assignments.extend(directory.assignments.find(id)),
                Disabled::Rule(id) => self.rules.extend(directory.rules.find(id)),
                Disabled::Placement { user: who, node } => {
                    if directory.users.find(who) == Some(user) {
                        self.nodes.extend(compiled.trees.nodes.find(node));
                    }
                }
                Disabled::User(id) => {
                    if directory.users.find(id) == Some(user) && self.user.is_none() {
                        self.user = Some(row.id.clone());
                    }
                }
            },
        }
    }
}

/// Networks and hours of the assignments in force.
fn admit(engine: &Engine, user: u32, session: &Session<'_>) -> Result<(), Refusal> {
    let compiled = &engine.compiled;
    if compiled.people.grants[user as usize] != NONE {
        return Ok(());
    }
    for number in &compiled.people.assignments[user as usize] {
        let Some(assignment) = compiled.assignment(&engine.policy, *number) else { continue };
        if !assignment.is_in_force(session.at) || assignment.admits(session.address, session.at) {
            continue;
        }
        let id = compiled.directory.assignments.name(*number).clone();
        let from_here = crate::model::Assignment { hours: None, ..assignment.clone() };
        return Err(if from_here.admits(session.address, session.at) {
            Refusal::Hours { assignment: id }
        } else {
            Refusal::Network { assignment: id }
        });
    }
    Ok(())
}

/// The grants of one session, worked out from its assignments and elevations.
fn own_grants(
    engine: &Engine,
    standpoint: &Standpoint<'_>,
    at: Moment,
    changes: &Changes,
) -> OwnGrants {
    let compiled = &engine.compiled;
    let named: Cow<'_, [u32]> = if changes.nodes.is_empty() {
        Cow::Borrowed(&compiled.people.assignments[standpoint.user as usize])
    } else {
        let all = (0u32..).zip(engine.policy.assignments.values());
        let named = all.filter(|(_, assignment)| {
            compiled
                .who(&assignment.to)
                .is_some_and(|who| standpoint.is_named_by(who, &compiled.trees))
        });
        Cow::Owned(named.map(|(number, _)| number).collect())
    };
    let mut parts: Vec<Part> = Vec::new();
    for number in named.iter().filter(|number| !changes.assignments.contains(number)) {
        let Some(assignment) = compiled.assignment(&engine.policy, *number) else { continue };
        if assignment.is_in_force(at) {
            parts.extend(compiled.part(assignment, standpoint.placed));
        }
    }
    for bundle in &changes.elevations {
        let units = compiled.own_units(standpoint.placed);
        parts.push(Part { bundle: *bundle, units, group: NONE });
    }
    parts.retain(|part| !compiled.bundle(part).muting);
    parts.sort_unstable();
    parts.dedup();
    compiled.unite(&parts, |compiled, part| {
        compiled.bundle_without(&engine.policy, part, &changes.sets, &changes.set_groups)
    })
}

/// What a condition sees of a subject, and of a record if there is one.
#[derive(Debug)]
pub(crate) struct SubjectFacts<'s> {
    pub(crate) subject: &'s Subject<'s>,
    /// Object and position.
    pub(crate) record: Option<(u32, u32)>,
}

impl Facts for SubjectFacts<'_> {
    fn field(&self, field: &FieldId) -> Option<&Value> {
        let (object, position) = self.record?;
        self.subject.engine.index(object).values(position)?.get(field)
    }
    fn field_type(&self, field: &FieldId) -> Option<FieldType> {
        let (object, _) = self.record?;
        let plan = self.subject.engine.compiled.object(object);
        Some(plan.field_types[plan.field(field)? as usize])
    }
    fn owners(&self) -> Vec<String> {
        let Some((object, position)) = self.record else { return Vec::new() };
        let index = self.subject.engine.index(object);
        let directory = &self.subject.engine.compiled.directory;
        index
            .owners(position, index.header(position))
            .iter()
            .map(|owner| {
                if owner.is_user() {
                    directory.users.name(owner.number()).to_string()
                } else {
                    directory.groups.name(owner.number()).to_string()
                }
            })
            .collect()
    }
    fn attribute(&self, name: &str) -> Option<Value> {
        let subject = self.subject;
        if name == "id" {
            let id = subject.engine.compiled.directory.users.name(subject.user);
            return Some(Value::Text(id.to_string()));
        }
        subject.model()?.attributes.get(name).cloned()
    }
    fn now(&self) -> Moment {
        self.subject.at
    }
    fn utc_offset_minutes(&self) -> i32 {
        self.subject.engine.policy.organization.utc_offset_minutes
    }
}
