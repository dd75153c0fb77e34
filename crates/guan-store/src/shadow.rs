//! Shadows: a draft that is evaluated beside what is in force, and the decisions that would have been others. They change no answer.

use guan_engine::lifecycle::Wanted;
use guan_engine::model::{
    Action, Moment, ObjectId, Opening, OrganizationId, Overlay, Policy, RecordId, Span, UserId,
};
use guan_ledger::{ChangeKind, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::apply::stated;
use crate::database::{Row, values};
use crate::entity::{Entities, EntityKind};
use crate::error::{ReadError, StorageError};
use crate::log::Draft as LogDraft;
use crate::off::LENGTH_DEFAULT;
use crate::preview::NameCount;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};
use crate::{canonical, revision, sql};

/// The longest that a shadow may run, in days.
pub const SHADOW_DAYS: i64 = 30;
/// So many shadows of an organization run at the same time.
pub const SHADOWS_MAX: u64 = 3;
/// With more records no draft of a policy is shadowed: its engine is a second one beside the first, with an index of its own.
pub const SHADOW_RECORDS_MAX: u64 = 1_000_000;
/// So many differing decisions are told apart; more are counted.
pub(crate) const DIFFERENCES_MAX: u64 = 10_000;
/// So many of them are in a report.
const REPORTED: u64 = 1_000;
/// Names in each list of a report.
const NAMES: u64 = 100;

/// An entity as a draft has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftEntity {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: String,
    /// Its content.
    pub content: Json,
}

/// An entity that a draft takes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftKey {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: String,
}

/// What a shadow evaluates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ShadowDraft {
    /// Edits of a revision, evaluated on a second engine.
    Policy {
        /// The revision.
        revision: u64,
        /// New or changed entities.
        #[serde(default)]
        put: Vec<DraftEntity>,
        /// Entities to be taken out.
        #[serde(default)]
        remove: Vec<DraftKey>,
    },
    /// A window as if it stood from the start of the shadow to its end.
    Window {
        /// What is wanted; its length and start do not count here.
        wanted: Box<Wanted>,
    },
}

/// A change of a shadow. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShadowChange {
    /// `start_shadow`.
    Start {
        /// Its id, not used before.
        id: String,
        /// What it evaluates.
        draft: ShadowDraft,
        /// Its end.
        ends: Moment,
        /// Why.
        reason: String,
    },
    /// `stop_shadow`.
    Stop {
        /// Its id.
        id: String,
    },
}

impl ShadowChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start_shadow",
            Self::Stop { .. } => "stop_shadow",
        }
    }
}

/// A shadow as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shadow {
    /// Its id, unique in the organization.
    pub id: String,
    /// What it evaluates.
    pub draft: ShadowDraft,
    /// Who started it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When it was started.
    pub started: Moment,
    /// Its end, exclusive.
    pub ends: Moment,
    /// When it was stopped, if it was.
    pub stopped: Option<Moment>,
    /// By whom.
    pub stopped_by: Option<String>,
}

/// Decisions that the draft would have made otherwise, alike in all that is told here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShadowDifference {
    /// Who asked.
    pub user: UserId,
    /// Of which object.
    pub object: ObjectId,
    /// For what.
    pub action: Action,
    /// What was in force: `allow`, `relaxed` or the code of a refusal.
    pub live: String,
    /// What the draft would have said, in the same words.
    pub draft: String,
    /// What decided on the side that differs: a rule, a restriction, an overlay; or the kind of evidence.
    pub rule: String,
    /// How often.
    pub times: u64,
    /// When first.
    pub first: Moment,
    /// When last.
    pub last: Moment,
    /// One of the records; absent for the object as such.
    pub sample: Option<RecordId>,
}

/// How much was evaluated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ShadowTally {
    /// Decisions evaluated.
    pub evaluated: u64,
    /// Of which the draft would have made others.
    pub differing: u64,
    /// Decisions that were not evaluated because too many waited.
    pub dropped: u64,
    /// Differing decisions that are counted and not told apart.
    pub left_off: u64,
}

/// What a shadow found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShadowReport {
    /// The shadow.
    pub shadow: Shadow,
    /// Whether it runs.
    pub running: bool,
    /// How much was evaluated.
    pub tally: ShadowTally,
    /// By user, most often first.
    pub by_user: Vec<NameCount>,
    /// By object, most often first.
    pub by_object: Vec<NameCount>,
    /// By what decided, most often first.
    pub by_rule: Vec<NameCount>,
    /// One by one, most often first.
    pub differences: Vec<ShadowDifference>,
}

impl Shadow {
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let draft: String = row.get(1)?;
        Ok(Self {
            id: row.get(0)?,
            draft: serde_json::from_str(&draft).map_err(StorageError::unreadable)?,
            author: row.get(2)?,
            reason: row.get(3)?,
            started: Moment(row.get(4)?),
            ends: Moment(row.get(5)?),
            stopped: row.get::<Option<i64>>(6)?.map(Moment),
            stopped_by: row.get(7)?,
        })
    }

    /// Whether it is evaluated at a moment.
    pub fn runs(&self, at: Moment) -> bool {
        self.stopped.is_none() && self.started <= at && at < self.ends
    }

    /// The overlay of a draft window, which stands as long as the shadow runs.
    pub(crate) fn overlay(
        &self,
        organization: &OrganizationId,
        opened: Opening,
    ) -> Option<Overlay> {
        let ShadowDraft::Window { wanted } = &self.draft else { return None };
        Some(overlay(organization, wanted, opened, (self.started, self.ends)))
    }
}

fn overlay(
    organization: &OrganizationId,
    wanted: &Wanted,
    opened: Opening,
    (starts, ends): (Moment, Moment),
) -> Overlay {
    Overlay {
        organization: organization.clone(),
        effect: wanted.effect.clone(),
        audience: wanted.audience.clone(),
        starts,
        ends,
        reason: wanted.reason.clone(),
        ticket: None,
        legal_basis: None,
        survives_reboot: true,
        floor: wanted.floor.clone(),
        opened,
    }
}

/// The policy of a draft over the entities of its revision.
pub(crate) fn drafted(
    entities: &Entities,
    put: &[DraftEntity],
    remove: &[DraftKey],
) -> Result<Policy, WriteError> {
    let mut after = entities.clone();
    for key in remove {
        if after.remove(&(key.kind, key.id.clone())).is_none() {
            return Err(WriteError::UnknownEntity { kind: key.kind, id: key.id.clone() });
        }
    }
    for entity in put {
        let body = canonical::text(&entity.content).map_err(StorageError::unreadable)?;
        after.insert((entity.kind, entity.id.clone()), body);
    }
    Ok(revision::policy(&after)?)
}

impl Store {
    /// The shadows of an organization, in the order of their ids.
    pub fn shadows(&self, organization: &OrganizationId) -> Result<Vec<Shadow>, ReadError> {
        Ok(self.database.rows(sql::SHADOWS, values![organization.as_str()], Shadow::of)?)
    }

    /// One shadow; `None` when there is no such.
    pub fn shadow(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<Shadow>, ReadError> {
        Ok(self.database.one(sql::SHADOW, values![organization.as_str(), id], Shadow::of)?)
    }

    /// What a shadow found so far; `None` when there is no such.
    pub fn shadow_report(
        &self,
        organization: &OrganizationId,
        id: &str,
        now: Moment,
    ) -> Result<Option<ShadowReport>, ReadError> {
        let Some(shadow) = self.shadow(organization, id)? else { return Ok(None) };
        let org = organization.as_str();
        let named = |statement| {
            self.database.rows(statement, values![org, id, NAMES], |row| {
                Ok(NameCount { name: row.get(0)?, count: row.get(1)? })
            })
        };
        let tally = self.database.one(sql::SHADOW_TALLY, values![org, id], |row| {
            Ok(ShadowTally {
                evaluated: row.get(0)?,
                differing: row.get(1)?,
                dropped: row.get(2)?,
                left_off: row.get(3)?,
            })
        })?;
        let difference = |row: &Row<'_>| {
            let (object, action, sample): (String, String, String) =
                (row.get(1)?, row.get(2)?, row.get(9)?);
            Ok(ShadowDifference {
                user: UserId::from(row.get::<String>(0)?),
                object: object.into(),
                action: Action::from(action),
                live: row.get(3)?,
                draft: row.get(4)?,
                rule: row.get(5)?,
                times: row.get(6)?,
                first: Moment(row.get(7)?),
                last: Moment(row.get(8)?),
                sample: (!sample.is_empty()).then(|| sample.into()),
            })
        };
        let all = values![org, id, REPORTED];
        Ok(Some(ShadowReport {
            running: shadow.runs(now),
            shadow,
            tally: tally.unwrap_or_default(),
            by_user: named(sql::SHADOW_BY_USER)?,
            by_object: named(sql::SHADOW_BY_OBJECT)?,
            by_rule: named(sql::SHADOW_BY_RULE)?,
            differences: self.database.rows(sql::SHADOW_DIFFERENCES, all, difference)?,
        }))
    }

    /// Shadows that run now.
    pub(crate) fn shadows_running(
        &self,
        organization: &OrganizationId,
        now: Moment,
    ) -> Result<Vec<Shadow>, ReadError> {
        let key = values![organization.as_str(), now.0];
        Ok(self.database.rows(sql::SHADOWS_RUNNING, key, Shadow::of)?)
    }

    /// The organizations in which shadows run now.
    pub(crate) fn shadow_organizations(
        &self,
        now: Moment,
    ) -> Result<Vec<OrganizationId>, ReadError> {
        let all: Vec<String> =
            self.database.rows(sql::SHADOW_ORGANIZATIONS, values![now.0], |row| row.get(0))?;
        Ok(all.into_iter().map(OrganizationId::from).collect())
    }
}

impl Writing<'_> {
    pub(crate) fn change_shadow(
        &self,
        organization: &OrganizationId,
        change: &ShadowChange,
    ) -> Result<Effect, WriteError> {
        revision::current(self.tx, organization)?;
        let (org, now) = (organization.as_str(), self.clock.wall);
        let draft = match change {
            ShadowChange::Start { id, draft, ends, reason } => {
                stated(reason)?;
                self.may_start(organization, draft, *ends)?;
                let text = canonical::text(draft).map_err(StorageError::unreadable)?;
                let row = values![org, id, &text, &self.caller.id, reason, now.0, ends.0];
                self.tx.run(sql::SHADOW_CREATE, row)?;
                self.tx.run(sql::SHADOW_TALLY_CREATE, values![org, id])?;
                LogDraft::new(Kind::ShadowChanged, change.name())
                    .because(reason)
                    .changed(ChangeKind::Created, 1)
                    .imprints(None, Some(guan_ledger::Digest::of(text.as_bytes())))
            }
            ShadowChange::Stop { id } => {
                let shadow = self.tx.one(sql::SHADOW, values![org, id], Shadow::of)?;
                let Some(shadow) = shadow else {
                    return Err(WriteError::UnknownCredential { what: "shadow", id: id.clone() });
                };
                if shadow.stopped.is_some() || now >= shadow.ends {
                    return Err(WriteError::ShadowOver { shadow: id.clone() });
                }
                self.tx.run(sql::SHADOW_STOP, values![org, id, now.0, &self.caller.id])?;
                LogDraft::new(Kind::ShadowChanged, change.name()).changed(ChangeKind::Closed, 1)
            }
        };
        let mut draft = draft;
        let (ShadowChange::Start { id, .. } | ShadowChange::Stop { id }) = change;
        draft.what.record = Some(id.clone());
        Ok(Effect::one(org, draft))
    }

    fn may_start(
        &self,
        organization: &OrganizationId,
        draft: &ShadowDraft,
        ends: Moment,
    ) -> Result<(), WriteError> {
        let (org, now) = (organization.as_str(), self.clock.wall);
        let most = Span::minutes(SHADOW_DAYS * 24 * 60);
        if ends <= now || ends > now.plus(most) {
            return Err(WriteError::ShadowLength { days: SHADOW_DAYS });
        }
        let running = self.tx.rows(sql::SHADOWS_RUNNING, values![org, now.0], Shadow::of)?;
        if running.len() as u64 >= SHADOWS_MAX {
            return Err(WriteError::ShadowsRunning { running: running.len() as u64 });
        }
        let problems = match draft {
            ShadowDraft::Policy { revision: number, put, remove } => {
                let records: u64 =
                    self.tx.only(sql::RECORDS_COUNT, values![org], |row| row.get(0))?;
                if records > SHADOW_RECORDS_MAX {
                    return Err(WriteError::ShadowTooLarge { records, most: SHADOW_RECORDS_MAX });
                }
                revision::one(self.tx, organization, *number)?;
                let entities = revision::entities(self.tx, organization, *number)?;
                let policy = drafted(&entities, put, remove)?;
                if policy.organization.id != *organization {
                    let (found, organization) =
                        (policy.organization.id.to_string(), organization.to_string());
                    return Err(WriteError::OtherOrganization { found, organization });
                }
                policy.validate()
            }
            ShadowDraft::Window { wanted } => {
                let current = revision::current(self.tx, organization)?;
                let entities = revision::entities(self.tx, organization, current)?;
                let opened = Opening {
                    wall: now,
                    boot_clock: Span(0),
                    boot_id: "shadow".to_owned(),
                    incarnation: self.side.incarnation,
                };
                // The length of a window is no matter of its shadow.
                let times = (now, now.plus(LENGTH_DEFAULT));
                overlay(organization, wanted, opened, times).validate(&revision::policy(&entities)?)
            }
        };
        if problems.is_empty() { Ok(()) } else { Err(WriteError::Problems(problems)) }
    }
}
