//! What has to hold of a request before it may go on, asked again at every step up to the opening.

use super::facts::{Account, Facts, Hindrance, Standing, Window};
use super::overlap::overlap;
use super::request::{Urgency, Wanted, WindowRequest};
use super::rule::Rule;
use super::settings::SwitchSettings;
use super::total::off_time;
use super::weight::weights;
use crate::activity::Journal;
use crate::model::{
    Moment, Opening, Overlay, OverlayEffect, OverlayId, Principal, Span, SuspensionScope, UserId,
};
use std::collections::BTreeSet;

/// That what is wanted can be had at all: length, time, policy, emergency, extension, daily total.
pub(super) fn fits(request: &WindowRequest, facts: &Facts<'_>) -> Result<(), Rule> {
    let (wanted, settings) = (&request.wanted, facts.settings.bounded());
    let length = length(wanted, &settings);
    if length < Span::seconds(1) {
        return Err(Rule::TooShort { length });
    }
    let most = match wanted.urgency {
        Urgency::Usual => settings.length_max,
        Urgency::Emergency => settings.emergency_max.min(settings.length_max),
    };
    if length > most {
        return Err(Rule::TooLong { length, most });
    }
    let now = facts.node.wall;
    let (starts, ends) = times(wanted, &settings, now);
    if ends <= now {
        return Err(Rule::InThePast { at: ends });
    }
    if starts > now.plus(settings.approval_valid) {
        return Err(Rule::TooFarAhead { starts });
    }
    let overlay = would_be(request, facts, &settings);
    let problems = overlay.validate(facts.policy);
    if !problems.is_empty() {
        let problems = problems.iter().map(ToString::to_string).collect();
        return Err(Rule::Problems { problems });
    }
    extends(wanted, facts)?;
    match wanted.urgency {
        Urgency::Emergency => emergency(request, facts),
        Urgency::Usual => {
            let what = (&wanted.effect, &wanted.audience);
            let total = off_time(what, (starts, ends), facts.windows);
            let most = settings.daily_max;
            if total > most { Err(Rule::DailyTotal { total, most }) } else { Ok(()) }
        }
    }
}

/// How long it is to last: as asked, or the organization's usual length.
pub(super) fn length(wanted: &Wanted, settings: &SwitchSettings) -> Span {
    let usual = match wanted.urgency {
        Urgency::Usual => settings.length_default,
        Urgency::Emergency => settings.length_default.min(settings.emergency_max),
    };
    wanted.length.unwrap_or(usual)
}

/// Start and end if it were opened now. What is planned ends when it was planned to end.
fn times(wanted: &Wanted, settings: &SwitchSettings, now: Moment) -> (Moment, Moment) {
    let length = length(wanted, settings);
    match wanted.starts {
        Some(planned) => (planned.max(now), planned.plus(length)),
        None => (now, now.plus(length)),
    }
}

fn extends(wanted: &Wanted, facts: &Facts<'_>) -> Result<(), Rule> {
    let Some(id) = &wanted.extends else { return Ok(()) };
    let other = facts.windows.iter().find(|window| window.overlay == *id);
    match other {
        Some(other) if !is_open(other, facts.node.wall) => {
            Err(Rule::ExtendedIsClosed { overlay: id.clone() })
        }
        None => Err(Rule::ExtendedIsClosed { overlay: id.clone() }),
        Some(other) if !meets(wanted, other) => Err(Rule::ExtendsOther { overlay: id.clone() }),
        Some(_) => Ok(()),
    }
}

fn is_open(window: &Window, now: Moment) -> bool {
    window.standing == Standing::Open && now < window.ends
}

fn meets(wanted: &Wanted, other: &Window) -> bool {
    overlap((&wanted.effect, &wanted.audience), (&other.effect, &other.audience))
}

fn emergency(request: &WindowRequest, facts: &Facts<'_>) -> Result<(), Rule> {
    let wanted = &request.wanted;
    let by_name = |users: &BTreeSet<Principal>| {
        !users.is_empty() && users.iter().all(|who| matches!(who, Principal::User(_)))
    };
    let is_narrow = match &wanted.effect {
        OverlayEffect::Suspension { scope, .. } => {
            names_something(scope) && by_name(&wanted.audience.users)
        }
        OverlayEffect::Elevation { .. } => by_name(&wanted.audience.users),
        OverlayEffect::Disablement { .. } => true,
    };
    if !is_narrow || !weights(&wanted.effect, facts.policy).is_empty() {
        return Err(Rule::EmergencyTooWide);
    }
    if wanted.extends.is_some() || wanted.starts.is_some() || wanted.survives_reboot {
        return Err(Rule::EmergencyTooLasting);
    }
    match facts.unreviewed_emergency {
        Some(other) if *other != request.id => {
            Err(Rule::EmergencyNotReviewed { request: other.clone() })
        }
        Some(_) | None => Ok(()),
    }
}

fn names_something(scope: &SuspensionScope) -> bool {
    !scope.objects.is_empty() || !scope.fields.is_empty()
}

/// That every open window in the same scope was in the preview, or is the one that is extended.
pub(super) fn overlaps_were_seen(
    wanted: &Wanted,
    seen: &BTreeSet<OverlayId>,
    facts: &Facts<'_>,
) -> Result<(), Rule> {
    let unseen = facts.windows.iter().find(|window| {
        is_open(window, facts.node.wall)
            && meets(wanted, window)
            && !seen.contains(&window.overlay)
            && wanted.extends.as_ref() != Some(&window.overlay)
    });
    match unseen {
        Some(window) => Err(Rule::OverlapUnseen { overlay: window.overlay.clone() }),
        None => Ok(()),
    }
}

/// That the preview is of the policy in force and the backup holds the same and was read lately.
pub(super) fn evidence_holds(request: &WindowRequest, facts: &Facts<'_>) -> Result<(), Rule> {
    let preview = request.preview.as_ref().ok_or(Rule::NoPreview)?;
    if preview.policy != facts.policy_digest {
        return Err(Rule::PolicyChanged);
    }
    let backup = request.backup.as_ref().ok_or(Rule::BackupNotVerified)?;
    if backup.policy != preview.policy {
        return Err(Rule::BackupOfOtherPolicy);
    }
    Ok(())
}

/// That a backup was read again within the execution time, and not in the future.
pub(super) fn is_fresh(verified: Moment, facts: &Facts<'_>) -> Result<(), Rule> {
    let age = facts.node.wall.since(verified);
    let is_fresh = age < facts.settings.bounded().execution_valid
        && verified <= facts.node.wall.plus(facts.node.tolerance);
    if is_fresh { Ok(()) } else { Err(Rule::BackupNotVerified) }
}

/// That this node could keep the end of a window and record what it relaxes.
pub(super) fn node_can_keep_it(urgency: Urgency, facts: &Facts<'_>) -> Result<(), Rule> {
    let in_spite = in_spite_of(urgency, facts);
    if let Some(hindrance) = facts.hindrances.difference(&in_spite).next() {
        return Err(Rule::Hindered { hindrance: *hindrance });
    }
    let node = facts.node;
    if node.boot_clock.is_none() || node.boot_id.as_deref().is_none_or(str::is_empty) {
        return Err(Rule::NoBootClock);
    }
    if node.view_age < Span(0) || node.view_age >= node.lease {
        return Err(Rule::StaleView);
    }
    if node.journal != Journal::Durable {
        return Err(Rule::NoJournal);
    }
    Ok(())
}

/// What a window of this urgency opens in spite of, of what there is.
pub(super) fn in_spite_of(urgency: Urgency, facts: &Facts<'_>) -> BTreeSet<Hindrance> {
    let yields = |hindrance: &Hindrance| match urgency {
        Urgency::Usual => false,
        Urgency::Emergency => hindrance.yields_to_emergency(),
    };
    facts.hindrances.iter().copied().filter(yields).collect()
}

/// That who opens an emergency asked for it and proved themselves just now.
pub(super) fn stepped_up(
    request: &WindowRequest,
    by: &UserId,
    facts: &Facts<'_>,
) -> Result<(), Rule> {
    if *by != request.requested_by {
        return Err(Rule::EmergencyOpener);
    }
    let proved = facts.accounts.get(by).and_then(|account: &Account| account.stepped_up);
    let age = proved.map(|proved| facts.node.wall.since(proved));
    let valid = facts.settings.bounded().step_up_valid;
    match age {
        Some(age) if age < valid && age >= Span(0_i64.saturating_sub(facts.node.tolerance.0)) => {
            Ok(())
        }
        Some(_) | None => Err(Rule::StepUp),
    }
}

/// The overlay of a request as it would be if it were opened at this moment.
pub fn planned(request: &WindowRequest, facts: &Facts<'_>) -> Overlay {
    would_be(request, facts, &facts.settings.bounded())
}

/// The overlay as it would be if it were opened now.
pub(super) fn would_be(
    request: &WindowRequest,
    facts: &Facts<'_>,
    settings: &SwitchSettings,
) -> Overlay {
    let (wanted, node) = (&request.wanted, facts.node);
    let (starts, ends) = times(wanted, settings, node.wall);
    Overlay {
        organization: request.organization.clone(),
        effect: wanted.effect.clone(),
        audience: wanted.audience.clone(),
        starts,
        ends,
        reason: wanted.reason.clone(),
        ticket: wanted.ticket.clone(),
        legal_basis: wanted.legal_basis.clone(),
        survives_reboot: wanted.survives_reboot,
        floor: wanted.floor.clone(),
        opened: Opening {
            wall: node.wall,
            boot_clock: node.boot_clock.unwrap_or(Span(0)),
            boot_id: node.boot_id.clone().unwrap_or_default(),
            incarnation: node.incarnation,
        },
    }
}
