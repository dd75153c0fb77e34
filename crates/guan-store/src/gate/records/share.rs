//! Sharing by hand and record teams: nobody gives more than they hold.

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::RecordKey;
use guan_engine::model::{Action, Moment, Principal, Right, Rights, Share, TeamMember, UserId};

use super::RecordFault;
use super::change::{Changed, Denied, Held, Stopped};
use crate::gate::{Acting, Asking, Gate};
use crate::record::RecordVerb;

impl Gate {
    /// Shares a record by hand; a share with the same principal takes the place of the one before.
    ///
    /// The subject needs the action `share` and every right that it gives. What is shared under a suspension ends with it.
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
            let ends = may_give(acting, session, key, held, (share.rights, share.ends))?;
            let shares = &mut held.record.shares;
            shares.retain(|other| other.to != share.to || other.cause != "manual");
            shares.push(Share { ends, ..Share::manual(share.to, share.rights) });
            Ok(())
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
            let ends = may_give(acting, session, key, held, (member.rights, member.ends))?;
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

/// Whether the subject holds what it would give; until when it may be given.
fn may_give(
    acting: &Acting<'_>,
    session: &Session<'_>,
    key: &RecordKey,
    held: &mut Held,
    (rights, ends): (Rights, Option<Moment>),
) -> Result<Option<Moment>, Stopped> {
    for right in Right::ALL.into_iter().filter(|right| rights.has(*right)) {
        let action = action_of(right);
        let on = Target::Record(key.clone());
        let decision = acting.check(&Request::new(session.clone(), action.clone(), on));
        match decision {
            Decision::Allow { .. } => {}
            Decision::Relaxed { overlay, .. } => held.relaxed_by(Some(overlay)),
            Decision::Deny { refusal } => {
                let on = Target::Record(key.clone());
                return Err(Stopped::Denied(Box::new(Denied {
                    action,
                    on,
                    fields: Vec::new(),
                    refusal,
                    is_known: true,
                })));
            }
        }
    }
    // What is born under a window ends with it.
    let overlay = held.under.as_ref();
    let window = acting.standing().rows.iter().find(|row| Some(&row.id) == overlay);
    Ok(match (ends, window.map(|row| row.overlay.ends)) {
        (Some(ends), Some(window)) => Some(ends.min(window)),
        (ends, window) => ends.or(window),
    })
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
