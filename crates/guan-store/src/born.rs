//! What was made because an overlay acted ends with it: shares, team members, tokens and jobs, in the transaction that closes.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{
    Moment, OrganizationId, OverlayId, Principal, Record, RecordKey, Share, TeamMember, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::database::{Database, Row, values};
use crate::error::StorageError;
use crate::job::JobState;
use crate::records::{self, Texts};
use crate::sql;
use crate::write::{WriteError, Writing};

/// A right on a record that exists because overlays acted when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Born {
    /// It ends with the first of them.
    pub overlays: BTreeSet<OverlayId>,
    /// What was given.
    pub given: Given,
}

/// A right that was given on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// It was shared by hand with somebody.
    Share(Principal),
    /// Somebody came into its team.
    Member(UserId),
}

const SHARE: &str = "share";
const MEMBER: &str = "member";
const TOKEN: &str = "token";
const JOB: &str = "job";

impl Given {
    fn kind(&self) -> &'static str {
        match self {
            Self::Share(_) => SHARE,
            Self::Member(_) => MEMBER,
        }
    }

    fn who(&self) -> String {
        match self {
            Self::Share(to) => to.to_string(),
            Self::Member(user) => user.to_string(),
        }
    }

    /// As it stands on a record, as text.
    fn on(&self, record: &Record) -> Result<Option<String>, StorageError> {
        let (share, member);
        match self {
            Self::Share(to) => {
                share = record.shares.iter().find(|share| is_by_hand(share, to));
                share.map(text).transpose()
            }
            Self::Member(user) => {
                member = record.team.iter().find(|member| member.user == *user);
                member.map(text).transpose()
            }
        }
    }
}

fn is_by_hand(share: &Share, to: &Principal) -> bool {
    share.to == *to && share.cause == "manual"
}

fn text(value: &impl Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(StorageError::unreadable)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(StorageError::unreadable)
}

/// One row of what was born.
struct Stored {
    kind: String,
    object: String,
    id: String,
    who: String,
    before: Option<String>,
    after: Option<String>,
}

impl Stored {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            kind: row.get(0)?,
            object: row.get(1)?,
            id: row.get(2)?,
            who: row.get(3)?,
            before: row.get(4)?,
            after: row.get(5)?,
        })
    }

    /// Takes out of a record what was born, if it is still as it was made, and puts back what it took the place of.
    fn end_on(&self, record: &mut Record, now: Moment) -> Result<bool, StorageError> {
        let given = if self.kind == SHARE {
            Given::Share(self.who.parse().map_err(StorageError::unreadable)?)
        } else {
            Given::Member(self.who.as_str().into())
        };
        if given.on(record)? != self.after {
            // Somebody gave it anew since, or took it away.
            return Ok(false);
        }
        match given {
            Given::Share(to) => {
                record.shares.retain(|share| !is_by_hand(share, &to));
                let before = self.before.as_deref().map(read::<Share>).transpose()?;
                let lasting = before.filter(|share| share.ends.is_none_or(|ends| ends > now));
                record.shares.extend(lasting);
            }
            Given::Member(user) => {
                record.team.retain(|member| member.user != user);
                let before = self.before.as_deref().map(read::<TeamMember>).transpose()?;
                let lasting = before.filter(|member| member.ends.is_none_or(|ends| ends > now));
                record.team.extend(lasting);
            }
        }
        Ok(true)
    }
}

/// What was given on a record under an overlay.
pub(crate) fn on(
    database: &Database,
    (organization, overlay): (&OrganizationId, &OverlayId),
    key: &RecordKey,
) -> Result<Vec<Given>, StorageError> {
    let place =
        values![organization.as_str(), overlay.as_str(), key.object.as_str(), key.id.as_str()];
    let rows = database
        .rows(sql::BORN_ON, place, |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
    let given = rows.into_iter().filter_map(|(kind, who)| match kind.as_str() {
        SHARE => Some(who.parse().map(Given::Share).map_err(StorageError::unreadable)),
        MEMBER => Some(Ok(Given::Member(who.into()))),
        _ => None,
    });
    given.collect()
}

impl Writing<'_> {
    /// Notes what a write of a record gave under overlays, each of which has to act still.
    pub(crate) fn note_born(
        &self,
        organization: &OrganizationId,
        born: &[Born],
        (before, after): (Option<&Record>, &Record),
    ) -> Result<(), WriteError> {
        for Born { overlays, given } in born {
            let was = before.map(|before| given.on(before)).transpose()?.flatten();
            let is = given.on(after)?;
            let place = (given.kind(), after.object.as_str(), after.id.as_str(), given.who());
            for overlay in overlays {
                self.acting(organization, overlay)?;
                let (kind, object, id, who) = (place.0, place.1, place.2, place.3.as_str());
                let (was, is) = (was.as_deref(), is.as_deref());
                let row = values![
                    organization.as_str(),
                    overlay.as_str(),
                    kind,
                    object,
                    id,
                    who,
                    was,
                    is
                ];
                self.tx.run(sql::BORN_PUT, row)?;
            }
        }
        Ok(())
    }

    /// Notes a token that overlays let somebody make; gives the end of the first of them.
    pub(crate) fn note_token(
        &self,
        organization: &OrganizationId,
        id: &str,
        under: &BTreeSet<OverlayId>,
    ) -> Result<Option<Moment>, WriteError> {
        self.note(organization, (TOKEN, id), under)
    }

    /// Notes a job that overlays let somebody begin.
    pub(crate) fn note_job(
        &self,
        organization: &OrganizationId,
        id: &str,
        under: &BTreeSet<OverlayId>,
    ) -> Result<(), WriteError> {
        self.note(organization, (JOB, id), under).map(|_| ())
    }

    fn note(
        &self,
        organization: &OrganizationId,
        (kind, id): (&str, &str),
        under: &BTreeSet<OverlayId>,
    ) -> Result<Option<Moment>, WriteError> {
        let (org, mut first) = (organization.as_str(), None::<Moment>);
        for overlay in under {
            self.acting(organization, overlay)?;
            let stored = crate::overlay::one(self.tx, organization, self.side, overlay)?;
            let ends = stored.sealed.overlay.ends;
            first = Some(first.map_or(ends, |first| first.min(ends)));
            let nothing = None::<&str>;
            let row = values![org, overlay.as_str(), kind, "", id, "", nothing, nothing];
            self.tx.run(sql::BORN_PUT, row)?;
        }
        Ok(first)
    }

    /// The overlay under which a job was begun and which does not act any more.
    pub(crate) fn ended_under(
        &self,
        organization: &OrganizationId,
        job: &str,
    ) -> Result<Option<OverlayId>, WriteError> {
        let key = values![organization.as_str(), JOB, job];
        let overlays: Vec<String> = self.tx.rows(sql::BORN_UNDER, key, |row| row.get(0))?;
        for overlay in overlays.into_iter().map(OverlayId::from) {
            match self.acting(organization, &overlay) {
                Ok(_) => {}
                Err(WriteError::NotActing { .. } | WriteError::Read(_)) => {
                    return Ok(Some(overlay));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Ends everything that was born under an overlay; the records of which somebody loses a right.
    pub(crate) fn end_born(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<BTreeSet<RecordKey>, WriteError> {
        let (org, now) = (organization.as_str(), self.clock.wall);
        let key = values![org, overlay.as_str()];
        let born = self.tx.rows(sql::BORN, key, Stored::of)?;
        let mut of_records: BTreeMap<RecordKey, Vec<Stored>> = BTreeMap::new();
        for one in born {
            match one.kind.as_str() {
                TOKEN => {
                    self.tx.run(sql::TOKEN_REVOKE, values![org, &one.id])?;
                }
                JOB => self.stop_job(organization, &one.id, overlay)?,
                _ => {
                    let key = RecordKey::new(one.object.as_str(), one.id.as_str());
                    of_records.entry(key).or_default().push(one);
                }
            }
        }
        let mut changed = BTreeSet::new();
        for (key, born) in of_records {
            let Some(mut record) = records::one(self.tx, organization, &key)? else { continue };
            let mut is_another = false;
            for one in born {
                is_another |= one.end_on(&mut record, now)?;
            }
            if is_another {
                // No new version: nobody changed it, what ended ended.
                let Texts { body, access } = Texts::of(&record)?;
                let (object, id) = (key.object.as_str(), key.id.as_str());
                self.tx.run(sql::RECORD_CHANGE, values![org, object, id, body, access])?;
                changed.insert(key);
            }
        }
        self.tx.run(sql::BORN_FORGET, key)?;
        Ok(changed)
    }

    /// Ends everything that was born under any overlay: after a restore none of them counts.
    pub(crate) fn end_all_born(&self) -> Result<(), WriteError> {
        let all: Vec<(String, String)> =
            self.tx.rows(sql::BORN_OVERLAYS, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (organization, overlay) in all {
            self.end_born(&organization.into(), &overlay.into())?;
        }
        Ok(())
    }

    /// Gives a job up that is not over, and says why.
    pub(crate) fn stop_job(
        &self,
        organization: &OrganizationId,
        id: &str,
        overlay: &OverlayId,
    ) -> Result<(), WriteError> {
        let org = organization.as_str();
        let found = json!({
            "error": format!("overlay `{overlay}`, under which it was begun, has ended")
        });
        let (state, now) = (JobState::Failed.name(), self.clock.wall.0);
        let stopped =
            self.tx.run(sql::JOB_STOP, values![org, id, state, now, found.to_string()])?;
        if stopped > 0 {
            self.tx.run(sql::JOB_INPUT_DROP, values![org, id])?;
        }
        Ok(())
    }
}
