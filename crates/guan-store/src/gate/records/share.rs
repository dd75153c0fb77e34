//! Sharing by hand and record teams: nobody gives more than they hold.

use std::collections::BTreeSet;

use guan_engine::activity::{OverlayRow, Standing, is_acting};
use guan_engine::answer::{Decision, Stage};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, Audience, Moment, OverlayEffect, OverlayId, Principal, Problem, RecordKey, Right,
    Rights, Share, TeamMember, UserId,
};

use super::RecordFault;
use super::change::{Changed, Denied, Held, Stopped, changed, known};
use crate::access::{AccessChange, AccessGiven};
use crate::born::{Born, Given};
use crate::change::Change;
use crate::error::ReadError;
use crate::gate::{Acting, Asking, Gate, GateError};
use crate::record::{RecordVerb, reads};

impl Gate {
    /// Shares a record by hand; a share with the same principal takes the place of the one before.
    ///
    /// The subject needs the action `share` and every right that it gives. What only an overlay lets somebody share ends with it.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn share_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        share: Share,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Share, Action::Share, Vec::new());
        self.change_record(asking, (key, version), to_do, |acting, session, held| {
            give(acting, session, (key, held), share).map(drop)
        })
    }

    /// Grants a request for access: its record is shared with who asked, until an end, by the authority of the subject,
    /// who is told of nothing that they may not share.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`]; a request that is not open, one's own, or one that names no record.
    pub fn grant_access_by_share(
        &self,
        asking: &Asking,
        request: &str,
        (rights, ends): (Rights, Moment),
        words: &str,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let organization = &asking.organization;
            let kept = acting.read().access_request(organization, request);
            let kept = kept.map_err(GateError::from)?;
            let key = kept.as_ref().and_then(|kept| {
                let wanted = &kept.wanted;
                Some(RecordKey { object: wanted.object.clone(), id: wanted.record.clone()? })
            });
            let (Some(kept), Some(key)) = (kept, key) else {
                return Err(RecordFault::NotFound { reference: None }.into());
            };
            let kept = kept.still_open(asking.clock.wall).map_err(GateError::from)?;
            let share =
                Share { ends: Some(ends), ..Share::manual(Principal::User(kept.asker), rights) };
            let to_do = (RecordVerb::Share, Action::Share, Vec::new());
            let mut given_until = ends;
            let write = changed(acting, asking, (&key, None), to_do, |acting, session, held| {
                given_until = give(acting, session, (&key, held), share)?.unwrap_or(ends);
                Ok(())
            })?;
            let change = AccessChange::Share {
                id: kept.id,
                given: AccessGiven::Share { rights, ends: given_until },
                words: words.to_owned(),
                write: Box::new(write),
            };
            let change = Change::ChangeAccess { organization: organization.clone(), change };
            let written = acting.apply(change)?;
            Changed::new(key, &written).at_its_version(acting, asking)
        })
    }

    /// Takes away what was shared with somebody by hand.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn unshare_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        with: &Principal,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Unshare, Action::Share, Vec::new());
        self.change_record(asking, (key, version), to_do, |_, _, held| {
            held.record.shares.retain(|share| share.to != *with || share.cause != "manual");
            Ok(())
        })
    }

    /// Puts somebody into the team of a record, or changes what they are there; as [`Gate::share_record`] otherwise.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn add_team_member(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        member: TeamMember,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Team, Action::Share, Vec::new());
        self.change_record(asking, (key, version), to_do, |acting, session, held| {
            let given = Given::Member(member.user.clone());
            let ends = may_give(acting, session, (key, given), held, (member.rights, member.ends))?;
            let team = &mut held.record.team;
            // Levels on children would give what was not asked about.
            let mut member = TeamMember { ends, by: None, child_levels: [].into(), ..member };
            // Whoever gives what is there already did not give it.
            let same =
                team.iter().find(|other| TeamMember { by: None, ..(*other).clone() } == member);
            member.by = same.map_or_else(|| Some(session.subject.clone()), |same| same.by.clone());
            team.retain(|other| other.user != member.user);
            team.push(member);
            Ok(())
        })
    }

    /// Takes somebody out of the team of a record.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn remove_team_member(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
        user: &UserId,
    ) -> Result<Changed, RecordFault> {
        let to_do = (RecordVerb::Team, Action::Share, Vec::new());
        self.change_record(asking, (key, version), to_do, |_, _, held| {
            held.record.team.retain(|member| member.user != *user);
            Ok(())
        })
    }
}

/// Puts a share in the place of the one with the same principal; until when it was given.
fn give(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (key, held): (&RecordKey, &mut Held),
    share: Share,
) -> Result<Option<Moment>, Stopped> {
    let given = Given::Share(share.to.clone());
    let ends = may_give(acting, session, (key, given), held, (share.rights, share.ends))?;
    let shares = &mut held.record.shares;
    let mut share = Share { ends, ..Share::manual(share.to, share.rights) };
    // Whoever gives what is there already did not give it.
    let same = shares.iter().find(|other| Share { by: None, ..(*other).clone() } == share);
    share.by = same.map_or_else(|| Some(session.subject.clone()), |same| same.by.clone());
    shares.retain(|other| other.to != share.to || other.cause != "manual");
    shares.push(share);
    Ok(ends)
}

/// Whether the subject holds what it would give; until when it may be given.
fn may_give(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (key, given): (&RecordKey, Given),
    held: &mut Held,
    (rights, ends): (Rights, Option<Moment>),
) -> Result<Option<Moment>, Stopped> {
    if ends.is_some_and(|ends| ends <= session.at) {
        let what = "the end has passed already; name a later one, or none".to_owned();
        return Err(RecordFault::Problems(vec![Problem { place: "ends".to_owned(), what }]).into());
    }
    let wanted = Right::ALL.into_iter().filter(|right| rights.has(*right)).map(action_of);
    let wanted: Vec<Action> = wanted.collect();
    let mut overlays: BTreeSet<OverlayId> = held.under.iter().cloned().collect();
    for action in &wanted {
        let on = Target::Record(key.clone());
        let decision = acting.check(&Request::new(session.clone(), action.clone(), on));
        match decision {
            Decision::Allow { .. } => {}
            Decision::Relaxed { overlay, .. } => {
                overlays.insert(overlay.clone());
                held.relaxed_by(Some(overlay));
            }
            Decision::Deny { refusal } => {
                let on = Target::Record(key.clone());
                return Err(Stopped::Denied(Box::new(Denied {
                    action: action.clone(),
                    on,
                    fields: Vec::new(),
                    refusal,
                    known: known(acting, session, key),
                })));
            }
        }
    }
    if let Some(under) = &held.under {
        only_for_its_audience(acting, session, (under, &given))?;
    }
    let actions: Vec<Action> = wanted.into_iter().chain([Action::Share]).collect();
    let held_until = held_until(acting, session, key, &actions)?;
    let ends = held_until.into_iter().chain(ends).min();
    overlays.extend(elevations(acting, session, (key, actions.into_iter())));
    if overlays.is_empty() {
        return Ok(ends);
    }
    // What is born under a window ends with it, whoever closes it and when.
    let standing = acting.standing();
    let rows = standing.rows.iter().filter(|row| overlays.contains(&row.id));
    let first = rows.map(|row| row.overlay.ends).chain(ends).min();
    held.born.push(Born { overlays, given });
    Ok(first)
}

/// Refuses to bring in by a window somebody whom it is not for.
fn only_for_its_audience(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (overlay, given): (&OverlayId, &Given),
) -> Result<(), Stopped> {
    let (place, user) = match given {
        Given::Share(Principal::User(user)) => ("to", Some(user)),
        Given::Share(_) => ("to", None),
        Given::Member(user) => ("user", Some(user)),
    };
    let row = acting.standing().rows.iter().find(|row| row.id == *overlay);
    let is_in = row.zip(user).is_some_and(|(row, user)| {
        // From wherever they come when they come.
        let audience = Audience { users: row.overlay.audience.users.clone(), networks: Vec::new() };
        acting.engine().concerns(&audience, &session.of_subject(user.clone()))
    });
    if is_in {
        return Ok(());
    }
    let what = "only a window lets you give this, so it goes only to users whom the window is for";
    let problem = Problem { place: place.to_owned(), what: what.to_owned() };
    Err(RecordFault::Problems(vec![problem]).into())
}

/// When the subject does not hold all of this any more, where it is held by a share or a place in a team that ends: of the
/// record itself, or of one that a path to it leads over. None where it does not end so.
fn held_until(
    acting: &Acting<'_>,
    session: &Session<'_>,
    key: &RecordKey,
    actions: &[Action],
) -> Result<Option<Moment>, GateError> {
    let (engine, on) = (acting.engine(), || Target::Record(key.clone()));
    let mut seen = BTreeSet::from([key.clone()]);
    for action in actions {
        let ask = Request::new(session.clone(), action.clone(), on());
        for path in engine.explain(&ask).evidence {
            seen.extend(engine.led_over(&key.object, &path).ok().flatten());
        }
    }
    let mut until = BTreeSet::new();
    for key in &seen {
        let database = &acting.read().database;
        let found =
            reads::stamped(database, &session.organization, key).map_err(ReadError::from)?;
        let Some((record, _)) = found else { continue };
        until.extend(record.shares.iter().filter_map(|share| share.ends));
        until.extend(record.team.iter().filter_map(|member| member.ends));
    }
    let alone = Session { standing: None, ..session.clone() };
    Ok(until.into_iter().filter(|ends| *ends > session.at).find(|ends| {
        let later = Session { at: same_time_of_the_week(session.at, *ends), ..alone.clone() };
        actions.iter().any(|action| {
            let decision = engine.check(&Request::new(later.clone(), action.clone(), on()));
            decision.refusal().is_some_and(|refusal| refusal.stage() == Stage::Reach)
        })
    }))
}

/// The first moment from another one on at which it is the same day of the week and the same time as now: hours of work
/// do not count then.
fn same_time_of_the_week(now: Moment, from: Moment) -> Moment {
    const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
    let behind = now.0.saturating_sub(from.0).rem_euclid(WEEK_MS);
    Moment(from.0.saturating_add(behind))
}

/// The elevations that act for the subject, where without any the policy would not allow all of this.
fn elevations(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (key, actions): (&RecordKey, impl Iterator<Item = Action>),
) -> Vec<OverlayId> {
    let standing = acting.standing();
    let is_one = |row: &&OverlayRow| matches!(row.overlay.effect, OverlayEffect::Elevation { .. });
    let concerning: Vec<&OverlayRow> = standing
        .rows
        .iter()
        .filter(is_one)
        .filter(|row| acting.engine().concerns(&row.overlay.audience, session))
        .filter(|row| is_acting(row, standing.node).is_ok())
        .collect();
    if concerning.is_empty() {
        return Vec::new();
    }
    let rest: Vec<OverlayRow> = standing.rows.iter().filter(|row| !is_one(row)).cloned().collect();
    let without = session.clone().under(Standing::of(&rest, standing.node));
    let mut actions = actions;
    let hinges = actions.any(|action| {
        let on = Target::Record(key.clone());
        let with = Request::new(session.clone(), action.clone(), on.clone());
        let is_allowed = matches!(acting.engine().check(&with), Decision::Allow { .. });
        match acting.engine().check(&Request::new(without.clone(), action, on)) {
            Decision::Allow { .. } => false,
            Decision::Relaxed { .. } => is_allowed,
            Decision::Deny { .. } => true,
        }
    });
    // Which of several it is does not matter: each may be the one.
    if hinges { concerning.into_iter().map(|row| row.id.clone()).collect() } else { Vec::new() }
}

const fn action_of(right: Right) -> Action {
    match right {
        Right::Read => Action::Read,
        Right::Edit => Action::Edit,
        Right::Delete => Action::Delete,
        Right::Assign => Action::Assign,
        Right::Share => Action::Share,
        Right::Append => Action::Append,
        Right::AppendTo => Action::AppendTo,
        Right::Claim => Action::Claim,
    }
}
