//! The one transition function: a request, an act and the facts of the moment give the next request, or the rule that refuses.

use super::act::{Act, Actor, Event, Outcome};
use super::closing::End;
use super::facts::{Duty, Facts};
use super::notice::NoticeKind;
use super::opening::{
    evidence_holds, fits, in_spite_of, is_fresh, length, node_can_keep_it, overlaps_were_seen,
    stepped_up, would_be,
};
use super::request::{
    Approval, BackupEvidence, Closed, ClosedBy, Opened, PreviewEvidence, Refused, ReportEvidence,
    RequestId, Review, State, Urgency, Verdict, Wanted, WindowRequest,
};
use super::rule::{Discount, Rule, Timer};
use super::settings::{ApprovalPolicy, DRAFT_VALID, SwitchSettings};
use super::tally::{entitled, may_be_one_person, tally, voice};
use crate::model::{Moment, Overlay, OverlayId, UserId};
use std::collections::BTreeSet;

/// Writes a request down.
///
/// # Errors
///
/// The first rule that refuses it.
pub fn draft(
    id: RequestId,
    by: &UserId,
    wanted: Wanted,
    facts: &Facts<'_>,
) -> Result<WindowRequest, Rule> {
    let now = facts.node.wall;
    if now.plus(facts.node.tolerance) < facts.node.high_water {
        return Err(Rule::ClockSetBack { wall: now, high_water: facts.node.high_water });
    }
    may(by, Duty::Request, "written", facts)?;
    starts_later(&wanted, now)?;
    let request = WindowRequest {
        id,
        organization: facts.node.organization.clone(),
        version: 1,
        edition: 1,
        incarnation: facts.node.incarnation,
        requested_by: by.clone(),
        authors: BTreeSet::from([by.clone()]),
        drafted: now,
        touched: now,
        wanted,
        state: State::Draft,
        preview: None,
        backup: None,
        approvals: Vec::new(),
        approved: None,
        opened: None,
        closed: None,
        report: None,
        review: None,
        refused: None,
    };
    fits(&request, facts)?;
    Ok(request)
}

fn starts_later(wanted: &Wanted, now: Moment) -> Result<(), Rule> {
    match wanted.starts {
        Some(starts) if starts < now => Err(Rule::InThePast { at: starts }),
        Some(_) | None => Ok(()),
    }
}

/// Whether a timer of a request that has not opened ran out, and when.
pub fn expired(
    request: &WindowRequest,
    settings: &SwitchSettings,
    now: Moment,
) -> Option<(Timer, Moment)> {
    let settings = settings.bounded();
    let (timer, at) = match request.state {
        State::Previewed | State::BackedUp => {
            let shown = request.preview.as_ref().map_or(request.drafted, |preview| preview.at);
            (Timer::Approval, shown.plus(settings.approval_valid))
        }
        State::Approved | State::Armed => {
            let approved = request.approved.unwrap_or(request.drafted);
            let from = request.wanted.starts.map_or(approved, |planned| planned.max(approved));
            (Timer::Execution, from.plus(settings.execution_valid))
        }
        State::Draft => (Timer::Draft, draft_ends(request, &settings)),
        State::Open
        | State::Closed
        | State::Reported
        | State::Reviewed
        | State::Refused
        | State::Expired => return None,
    };
    (now >= at).then_some((timer, at))
}

/// A draft ends when nobody went on with it for [`DRAFT_VALID`], or when what it asks for would be over.
fn draft_ends(request: &WindowRequest, settings: &SwitchSettings) -> Moment {
    let left = request.touched.plus(DRAFT_VALID);
    let wanted = &request.wanted;
    let planned = wanted.starts.map(|starts| starts.plus(length(wanted, settings)));
    planned.map_or(left, |over| over.min(left))
}

/// Does an act to a request.
///
/// Every rule is asked with the facts of this moment: whatever was checked at an earlier step is
/// checked again at the next one, and all of it at the opening. Nothing is changed but the value that
/// is returned.
///
/// # Errors
///
/// The first rule that refuses. The request stays as it is then.
pub fn step(request: &WindowRequest, act: &Act, facts: &Facts<'_>) -> Result<Outcome, Rule> {
    admitted(request, act, facts)?;
    let now = facts.node.wall;
    let mut next = request.clone();
    next.version = next.version.saturating_add(1);
    next.touched = next.touched.max(now);
    let mut overlay = None;
    let by = &act.by;
    let notices = match &act.event {
        Event::Edit(wanted) => edit(&mut next, by, wanted, facts)?,
        Event::Preview(evidence) => preview(&mut next, by, evidence, facts)?,
        Event::BackUp(evidence) => back_up(&mut next, by, evidence, facts)?,
        Event::Approve { edition, key } => approve(&mut next, by, *edition, key, facts)?,
        Event::TakeBack => take_back(&mut next, by, facts)?,
        Event::Refuse { words } => refuse(&mut next, by, words, facts)?,
        Event::Withdraw { words } => withdraw(&mut next, by, words, facts)?,
        Event::Arm(evidence) => arm(&mut next, by, evidence, facts)?,
        Event::Open { overlay: id } => {
            let (made, notices) = open(&mut next, by, id, facts)?;
            overlay = Some(made);
            notices
        }
        Event::Close { words } => close(&mut next, by, words, facts)?,
        Event::End(end) => ended(&mut next, end, facts)?,
        Event::Report(evidence) => report(&mut next, by, evidence, facts)?,
        Event::Review { verdict, words } => review(&mut next, by, (*verdict, words), facts)?,
        Event::Expire => {
            expired(request, facts.settings, now).ok_or(Rule::NotExpired)?;
            next.state = State::Expired;
            vec![NoticeKind::Expired]
        }
    };
    Ok(Outcome { request: next, overlay, notices })
}

/// What the closing record of its overlay makes of an open request. It asks for no rule, since closing always wins;
/// `None` where the request is not open.
pub fn closed(request: &WindowRequest, closed: Closed) -> Option<WindowRequest> {
    if request.state != State::Open {
        return None;
    }
    let mut next = request.clone();
    next.version = next.version.saturating_add(1);
    next.touched = next.touched.max(closed.recorded);
    next.close(closed);
    Some(next)
}

/// What is asked of every act, whatever it is.
fn admitted(request: &WindowRequest, act: &Act, facts: &Facts<'_>) -> Result<(), Rule> {
    let (event, node) = (&act.event, facts.node);
    if request.organization != node.organization
        || facts.policy.organization.id != node.organization
    {
        return Err(Rule::OtherOrganization);
    }
    let closes = matches!(event, Event::Close { .. } | Event::End(_));
    if closes && request.closed.is_some() {
        return Err(Rule::AlreadyClosed);
    }
    if !closes && act.expected != request.version {
        return Err(Rule::Stale { expected: act.expected, version: request.version });
    }
    if !event.follows(request.state) {
        return Err(Rule::NotInState { act: event.name(), state: request.state });
    }
    if event.leads_to_opening() {
        let latest = node.high_water.max(request.touched);
        if node.wall.plus(node.tolerance) < latest {
            return Err(Rule::ClockSetBack { wall: node.wall, high_water: latest });
        }
        if request.incarnation != node.incarnation {
            return Err(Rule::OtherIncarnation);
        }
        if let Some((timer, at)) = expired(request, facts.settings, node.wall) {
            return Err(Rule::Expired { timer, at });
        }
    }
    Ok(())
}

fn person<'a>(by: &'a Actor, act: &'static str) -> Result<&'a UserId, Rule> {
    match by {
        Actor::User(user) => Ok(user),
        Actor::System => Err(Rule::NeedsPerson { act }),
    }
}

fn may(user: &UserId, duty: Duty, act: &'static str, facts: &Facts<'_>) -> Result<(), Rule> {
    entitled(user, duty, facts).map_err(|why| Rule::MayNot { act, why })
}

/// A user with the duty, or the program itself.
fn may_or_system(by: &Actor, act: &'static str, facts: &Facts<'_>) -> Result<(), Rule> {
    match by {
        Actor::User(user) => may(user, Duty::Request, act, facts),
        Actor::System => Ok(()),
    }
}

fn edit(
    next: &mut WindowRequest,
    by: &Actor,
    wanted: &Wanted,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "edited")?;
    may(by, Duty::Request, "edited", facts)?;
    starts_later(wanted, facts.node.wall)?;
    next.authors.insert(by.clone());
    next.wanted = wanted.clone();
    next.edition = next.edition.saturating_add(1);
    (next.state, next.preview, next.backup, next.approved) = (State::Draft, None, None, None);
    fits(next, facts)?;
    Ok(Vec::new())
}

fn preview(
    next: &mut WindowRequest,
    by: &Actor,
    evidence: &PreviewEvidence,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    may_or_system(by, "previewed", facts)?;
    fits(next, facts)?;
    if evidence.policy != facts.policy_digest {
        return Err(Rule::NoPreview);
    }
    overlaps_were_seen(&next.wanted, &evidence.overlapping, facts)?;
    // A moment that is still to come would lengthen the timers.
    let at = evidence.at.min(facts.node.wall);
    next.preview = Some(PreviewEvidence { at, ..evidence.clone() });
    next.edition = next.edition.saturating_add(1);
    (next.state, next.backup, next.approved) = (State::Previewed, None, None);
    Ok(Vec::new())
}

fn back_up(
    next: &mut WindowRequest,
    by: &Actor,
    evidence: &BackupEvidence,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    may_or_system(by, "backed up", facts)?;
    fits(next, facts)?;
    keep_backup(next, evidence, facts)?;
    next.state = State::BackedUp;
    if tally(next, facts).is_met() {
        (next.state, next.approved) = (State::Approved, Some(facts.node.wall));
        return Ok(vec![NoticeKind::Approved]);
    }
    Ok(vec![NoticeKind::ApprovalWanted])
}

fn keep_backup(
    next: &mut WindowRequest,
    evidence: &BackupEvidence,
    facts: &Facts<'_>,
) -> Result<(), Rule> {
    is_fresh(evidence.verified, facts)?;
    next.backup = Some(evidence.clone());
    evidence_holds(next, facts)
}

fn approve(
    next: &mut WindowRequest,
    by: &Actor,
    edition: u32,
    key: &str,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "approved")?;
    if key.trim().is_empty() {
        return Err(Rule::NoKey);
    }
    if next.approvals.iter().any(|approval| approval.key == key) {
        return Err(Rule::Replayed);
    }
    let before = tally(next, facts);
    let counted = before.counted();
    let voices: Vec<&UserId> = counted.iter().collect();
    voice(next, by, &voices, facts).map_err(|why| Rule::ApprovalDoesNotCount { why })?;
    if edition != next.edition {
        return Err(Rule::ApprovalDoesNotCount { why: Discount::Outdated });
    }
    fits(next, facts)?;
    evidence_holds(next, facts)?;
    next.approvals.push(Approval {
        by: by.clone(),
        at: facts.node.wall,
        edition,
        key: key.to_owned(),
        taken_back: None,
    });
    let after = tally(next, facts);
    if !after.demands.is_empty() && !after.counted().contains(by) {
        return Err(Rule::ApprovalDoesNotCount { why: Discount::NotNamed });
    }
    if after.is_met() && (next.state == State::BackedUp || !before.is_met()) {
        next.state = State::Approved;
        next.approved = Some(facts.node.wall);
        return Ok(vec![NoticeKind::Approved]);
    }
    Ok(Vec::new())
}

fn take_back(
    next: &mut WindowRequest,
    by: &Actor,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "un-approved")?;
    let edition = next.edition;
    let mut given = next.approvals.iter_mut();
    let own = given.find(|approval| {
        approval.by == *by && approval.edition == edition && approval.taken_back.is_none()
    });
    own.ok_or(Rule::NothingToTakeBack)?.taken_back = Some(facts.node.wall);
    if tally(next, facts).is_met() {
        return Ok(Vec::new());
    }
    (next.state, next.approved) = (State::BackedUp, None);
    Ok(vec![NoticeKind::ApprovalWanted])
}

fn refuse(
    next: &mut WindowRequest,
    by: &Actor,
    words: &str,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "refused")?;
    may(by, Duty::Approve, "refused", facts)?;
    if next.authors.contains(by) {
        return Err(Rule::MayNot { act: "refused", why: Discount::Author });
    }
    Ok(over(next, by, words, facts))
}

fn withdraw(
    next: &mut WindowRequest,
    by: &Actor,
    words: &str,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "withdrawn")?;
    if !next.authors.contains(by) {
        may(by, Duty::Close, "withdrawn", facts)?;
    }
    Ok(over(next, by, words, facts))
}

fn over(next: &mut WindowRequest, by: &UserId, words: &str, facts: &Facts<'_>) -> Vec<NoticeKind> {
    let (by, at, words) = (by.clone(), facts.node.wall, words.trim().to_owned());
    next.refused = Some(Refused { by, at, words });
    next.state = State::Refused;
    vec![NoticeKind::Refused]
}

fn arm(
    next: &mut WindowRequest,
    by: &Actor,
    evidence: &BackupEvidence,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    may_or_system(by, "armed", facts)?;
    keep_backup(next, evidence, facts)?;
    ready(next, facts)?;
    next.state = State::Armed;
    Ok(Vec::new())
}

/// Everything that has to hold at the opening, whoever opens. Gives those whose approval counts.
fn ready(next: &WindowRequest, facts: &Facts<'_>) -> Result<Vec<UserId>, Rule> {
    node_can_keep_it(next.wanted.urgency, facts)?;
    fits(next, facts)?;
    evidence_holds(next, facts)?;
    let nothing = BTreeSet::new();
    let seen = next.preview.as_ref().map_or(&nothing, |preview| &preview.overlapping);
    overlaps_were_seen(&next.wanted, seen, facts)?;
    may(&next.requested_by, Duty::Request, "kept up", facts)?;
    let tally = tally(next, facts);
    if !tally.is_met() {
        let missing = tally
            .demands
            .iter()
            .map(|demand| demand.needed.saturating_sub(demand.counted.len()))
            .max();
        return Err(Rule::NotApproved { missing: missing.unwrap_or(0) });
    }
    Ok(tally.counted())
}

fn open(
    next: &mut WindowRequest,
    by: &Actor,
    id: &OverlayId,
    facts: &Facts<'_>,
) -> Result<(Overlay, Vec<NoticeKind>), Rule> {
    let by = person(by, "opened")?;
    may(by, Duty::Request, "opened", facts)?;
    if let Some(starts) = next.wanted.starts
        && facts.node.wall < starts
    {
        return Err(Rule::NotYet { starts });
    }
    let approved_by = ready(next, facts)?;
    let verified = next.backup.as_ref().map(|backup| backup.verified);
    is_fresh(verified.ok_or(Rule::BackupNotVerified)?, facts)?;
    let notice = match next.wanted.urgency {
        Urgency::Usual => NoticeKind::Opened,
        Urgency::Emergency => {
            stepped_up(next, by, facts)?;
            NoticeKind::EmergencyOpened
        }
    };
    let overlay = would_be(next, facts, &facts.settings.bounded());
    next.opened = Some(Opened {
        overlay: id.clone(),
        by: by.clone(),
        starts: overlay.starts,
        ends: overlay.ends,
        approved_by,
        in_spite_of: in_spite_of(next.wanted.urgency, facts),
    });
    next.state = State::Open;
    Ok((overlay, vec![notice]))
}

/// Authors, those who approved, and whoever has the duty may close; it takes nothing but an account
/// that is in use.
fn close(
    next: &mut WindowRequest,
    by: &Actor,
    words: &str,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "closed")?;
    let account = facts.accounts.get(by);
    let took_part = next.authors.contains(by)
        || next
            .opened
            .as_ref()
            .is_some_and(|opened| opened.by == *by || opened.approved_by.contains(by));
    let why = match account {
        None => Some(Discount::Unknown),
        Some(account) if !account.active => Some(Discount::Inactive),
        Some(account) if !took_part && !account.duties.contains(&Duty::Close) => {
            Some(Discount::NotEntitled)
        }
        Some(_) => None,
    };
    if let Some(why) = why {
        return Err(Rule::MayNot { act: "closed", why });
    }
    let now = facts.node.wall;
    let words = words.trim().to_owned();
    next.close(Closed {
        at: now,
        recorded: now,
        cause: ClosedBy::Hand,
        words,
        by: Some(by.clone()),
    });
    Ok(vec![NoticeKind::Closed])
}

fn ended(next: &mut WindowRequest, end: &End, facts: &Facts<'_>) -> Result<Vec<NoticeKind>, Rule> {
    let now = facts.node.wall;
    if end.at > now || end.cause == ClosedBy::Hand {
        return Err(Rule::NotEnded);
    }
    let words = end.words.clone();
    next.close(Closed { at: end.at, recorded: now, cause: end.cause, words, by: None });
    Ok(vec![NoticeKind::Closed])
}

fn report(
    next: &mut WindowRequest,
    by: &Actor,
    evidence: &ReportEvidence,
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    if let Actor::User(user) = by
        && may(user, Duty::Review, "reported", facts).is_err()
    {
        may(user, Duty::Request, "reported", facts)?;
    }
    next.report = Some(evidence.clone());
    next.state = State::Reported;
    let failed = evidence.self_test.refused < evidence.self_test.asked;
    let failed = failed.then_some(NoticeKind::SelfTestFailed);
    Ok(failed.into_iter().chain([NoticeKind::ReviewWanted]).collect())
}

fn review(
    next: &mut WindowRequest,
    by: &Actor,
    (verdict, words): (Verdict, &str),
    facts: &Facts<'_>,
) -> Result<Vec<NoticeKind>, Rule> {
    let by = person(by, "reviewed")?;
    may(by, Duty::Review, "reviewed", facts)?;
    let opener = next.opened.as_ref().map(|opened| &opened.by);
    let mut took_part = next.authors.iter().chain(opener);
    // Where one person administers alone there is nobody else.
    let is_alone = facts.settings.approvals.usual == ApprovalPolicy::None;
    if !is_alone && took_part.any(|user| user == by || may_be_one_person(user, by, facts)) {
        return Err(Rule::ReviewerTookPart);
    }
    let words = words.trim().to_owned();
    if verdict == Verdict::Findings && words.is_empty() {
        return Err(Rule::NoWords);
    }
    next.review = Some(Review { by: by.clone(), at: facts.node.wall, verdict, words });
    next.state = State::Reviewed;
    Ok(Vec::new())
}
