//! Sharing by hand and record teams: nobody gives more than they hold.

use std::collections::BTreeSet;

use guan_engine::activity::{OverlayRow, Standing, is_acting};
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, Moment, OverlayEffect, OverlayId, Principal, Problem, RecordKey, Right, Rights, Share,
    TeamMember, UserId,
};

use super::RecordFault;
use super::change::{Changed, Denied, Held, Stopped, changed, known};
use crate::access::{AccessChange, AccessGiven};
use crate::born::{Born, Given};
use crate::change::Change;
use crate::gate::{Acting, Asking, Gate, GateError};
use crate::record::RecordVerb;

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
            team.retain(|other| other.user != member.user);
            // Levels on children would give what was not asked about.
            team.push(TeamMember { ends, child_levels: [].into(), ..member });
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
    shares.retain(|other| other.to != share.to || other.cause != "manual");
    shares.push(Share { ends, ..Share::manual(share.to, share.rights) });
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
    let actions = wanted.into_iter().chain([Action::Share]);
    overlays.extend(elevations(acting, session, (key, actions)));
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
