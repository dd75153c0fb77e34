//! One subject in one session: who that is under the overlays that act (specification §1, §2, §8).

use super::bundles::Bundle;
use super::naming::{names, names_as_stated, stated_placements};
use guan_engine::activity::{Dormant, OverlayRow, is_acting};
use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{
    Action, Assigned, Disabled, ObjectId, Others, OverlayEffect, Placement, Policy, Principal,
    Record, SuspensionScope, User, UserId,
};

/// Everything that a decision looks at, beside the request.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) records: &'a [Record],
    pub(super) session: &'a Session<'a>,
    pub(super) subject: &'a UserId,
    pub(super) user: &'a User,
    /// The overlays that act on this node now, by id, whomever they concern.
    acting: Vec<&'a OverlayRow>,
    /// What the disablements that act and concern the subject take.
    disabled: Vec<&'a Disabled>,
    /// Where the subject stands, without disabled placements.
    pub(super) placements: Vec<Placement>,
    /// The bundles in force.
    pub(super) bundles: Vec<Bundle<'a>>,
}

impl<'a> Case<'a> {
    /// Stage 1, apart from lock-outs, which need to know the request.
    pub(super) fn admit(
        policy: &'a Policy,
        records: &'a [Record],
        session: &'a Session<'a>,
    ) -> Result<Self, Refusal> {
        if session.organization != policy.organization.id {
            return Err(Refusal::WrongOrganization);
        }
        let subject = &session.subject;
        let user = policy.users.get(subject).ok_or(Refusal::UnknownSubject)?;
        if !user.active {
            return Err(Refusal::Inactive);
        }
        let mut case = Case {
            policy,
            records,
            session,
            subject,
            user,
            acting: acting(session),
            disabled: Vec::new(),
            placements: Vec::new(),
            bundles: Vec::new(),
        };
        for row in &case.acting {
            if let OverlayEffect::Disablement { what } = &row.overlay.effect
                && case.concerns(row)
            {
                if *what == Disabled::User(subject.clone()) {
                    return Err(Refusal::AccessDisabled { overlay: row.id.clone() });
                }
                case.disabled.push(what);
            }
        }
        case.admitted_by_assignments()?;
        case.placements = stated_placements(policy, subject).to_vec();
        case.placements.retain(|at| {
            let what = Disabled::Placement { user: subject.clone(), node: at.node.clone() };
            !case.disabled.contains(&&what)
        });
        case.bundles = case.bundles_in_force();
        Ok(case)
    }

    fn admitted_by_assignments(&self) -> Result<(), Refusal> {
        let at = self.session.at;
        for (id, assignment) in &self.policy.assignments {
            if !assignment.is_in_force(at) || !self.names_subject_as_stated(&assignment.to) {
                continue;
            }
            let networks = &assignment.networks;
            let is_from_there = |address| networks.iter().any(|range| range.contains(address));
            if !networks.is_empty() && !self.session.address.is_some_and(is_from_there) {
                return Err(Refusal::Network { assignment: id.clone() });
            }
            if assignment.hours.as_ref().is_some_and(|hours| !hours.allow(at)) {
                return Err(Refusal::Hours { assignment: id.clone() });
            }
        }
        Ok(())
    }

    /// The end of stage 1: suspensions that lock out everybody outside their audience.
    pub(super) fn locked_out(&self, object: &ObjectId, action: &Action) -> Result<(), Refusal> {
        for row in &self.acting {
            if let OverlayEffect::Suspension { scope, others: Others::LockedOut } =
                &row.overlay.effect
                && self.is_in_scope(scope, object, action)
                && is_none_or_some(&scope.users, |user| self.names_subject_as_stated(user))
                && !self.concerns(row)
            {
                return Err(Refusal::LockedOut { overlay: row.id.clone() });
            }
        }
        Ok(())
    }

    /// The acting suspensions that concern the request and whose scope, apart from floor and bulk,
    /// covers it.
    pub(super) fn suspensions(
        &self,
        object: &ObjectId,
        action: &Action,
    ) -> Vec<(&'a OverlayRow, &'a SuspensionScope)> {
        let mut found = Vec::new();
        for row in &self.acting {
            if let OverlayEffect::Suspension { scope, .. } = &row.overlay.effect
                && self.concerns(row)
                && self.is_in_scope(scope, object, action)
                && is_none_or_some(&scope.users, |user| self.names_subject(user))
            {
                found.push((*row, scope));
            }
        }
        found
    }

    /// Whether object, action and the subject's sets are in the scope.
    fn is_in_scope(&self, scope: &SuspensionScope, object: &ObjectId, action: &Action) -> bool {
        is_none_or_some(&scope.objects, |one| one == object)
            && (scope.fields.is_empty() || scope.fields.contains_key(object))
            && is_none_or_some(&scope.actions, |one| one == action)
            && is_none_or_some(&scope.sets, |set| self.holds(set))
    }

    /// Whether the subject holds the set in a bundle in force, inside groups of sets too.
    pub(super) fn holds(&self, set: &guan_engine::model::SetId) -> bool {
        self.bundles.iter().any(|bundle| bundle.sets.iter().any(|(id, _)| *id == set))
    }

    /// What the elevations that act and concern the subject hand out.
    pub(super) fn elevations(&self) -> Vec<&'a Assigned> {
        let mut found = Vec::new();
        for row in &self.acting {
            if let OverlayEffect::Elevation { set } = &row.overlay.effect
                && self.concerns(row)
            {
                found.push(set);
            }
        }
        found
    }

    /// Whether a disablement that acts and concerns the subject takes it.
    pub(super) fn is_disabled(&self, what: &Disabled) -> bool {
        self.disabled.contains(&what)
    }

    /// Whether the principal names the subject, for what the subject gains by it.
    pub(super) fn names_subject(&self, principal: &Principal) -> bool {
        names(self.policy, principal, self.subject, &self.placements)
    }

    /// Whether the principal names the subject, for what limits the subject: disabled placements
    /// count too.
    pub(super) fn names_subject_as_stated(&self, principal: &Principal) -> bool {
        names_as_stated(self.policy, principal, self.subject)
    }

    /// Whether an overlay concerns the request: by all placements, disabled ones too.
    fn concerns(&self, row: &OverlayRow) -> bool {
        self.is_from_audience_network(row)
            && is_none_or_some(&row.overlay.audience.users, |user| {
                self.names_subject_as_stated(user)
            })
    }

    fn is_from_audience_network(&self, row: &OverlayRow) -> bool {
        let networks = &row.overlay.audience.networks;
        networks.is_empty()
            || self
                .session
                .address
                .is_some_and(|address| networks.iter().any(|range| range.contains(address)))
    }
}

fn acting<'a>(session: &Session<'a>) -> Vec<&'a OverlayRow> {
    let Some(standing) = session.standing else { return Vec::new() };
    let mut rows: Vec<_> = standing
        .rows
        .iter()
        .filter(|row| match is_acting(row, standing.node) {
            Ok(()) => true,
            // In doubt what takes away stays, and what gives does not.
            Err(
                Dormant::NoBootClock
                | Dormant::ClockSetBack
                | Dormant::ClocksDisagree
                | Dormant::StaleView
                | Dormant::NoJournal,
            ) => matches!(row.overlay.effect, OverlayEffect::Disablement { .. }),
            Err(_) => false,
        })
        .collect();
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    rows
}

fn is_none_or_some<T>(
    parts: &std::collections::BTreeSet<T>,
    matches: impl FnMut(&T) -> bool,
) -> bool {
    parts.is_empty() || parts.iter().any(matches)
}
