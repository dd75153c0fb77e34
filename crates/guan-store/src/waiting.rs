//! Edits of the policy that wait for the end of the windows whose scope they touch: kept sealed, applied in order, decided on.

mod after;
mod apply;
mod touch;

use std::collections::BTreeSet;
use std::net::IpAddr;

use guan_engine::model::{Moment, OrganizationId, OverlayId, UserId};
use serde::{Deserialize, Serialize};

use crate::database::{Database, Row, values};
use crate::entity::{Entities, Entity, EntityKey, EntityKind};
use crate::error::{ReadError, StorageError};
use crate::merge::{MergeConflict, WaitingEdit};
use crate::seal;
use crate::side::{self, Side};
use crate::states::states;
use crate::store::Store;
use crate::{random, sql};

pub use touch::{may_unfit, touches};

const VERSION: u32 = 1;

/// An edit that is to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditToKeep {
    /// Its id, not used before; see [`EditToKeep::new_id`].
    pub id: String,
    /// The revision that it was made from.
    pub expected: u64,
    /// New or changed entities.
    pub put: Vec<Entity>,
    /// Entities to be taken out.
    pub remove: Vec<EntityKey>,
    /// Why.
    pub reason: String,
    /// By whose authority it is applied later; `None` for whoever runs the installation.
    pub authority: Option<UserId>,
}

impl EditToKeep {
    /// An id for an edit.
    ///
    /// # Errors
    ///
    /// The system gives no random bytes.
    pub fn new_id() -> std::io::Result<String> {
        Ok(format!("e-{}", side::hex(&random::bytes::<5>()?)))
    }
}

/// A change of an edit that waits. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingChange {
    /// `keep_edit`: it waits.
    Keep(Box<EditToKeep>),
    /// `apply_waiting_edit`: no window holds it any more; it is merged, and applied or kept as conflicted.
    Apply {
        /// Its id.
        id: String,
    },
    /// `resolve_waiting_edit`: a person decided what becomes of its conflicts.
    Resolve {
        /// Its id.
        id: String,
        /// The revision that was looked at.
        expected: u64,
        /// New or changed entities.
        put: Vec<Entity>,
        /// Entities to be taken out.
        remove: Vec<EntityKey>,
    },
    /// `withdraw_waiting_edit`: it is given up.
    Withdraw {
        /// Its id.
        id: String,
    },
}

impl WaitingChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Keep(_) => "keep_edit",
            Self::Apply { .. } => "apply_waiting_edit",
            Self::Resolve { .. } => "resolve_waiting_edit",
            Self::Withdraw { .. } => "withdraw_waiting_edit",
        }
    }
}

states! {
    /// How far an edit is that had to wait.
    EditState;
    Waiting "waiting" "A window holds it, or it is about to be applied.",
    Conflicted "conflicted" "Somebody changed the same meanwhile: a person decides.",
    Applied "applied" "It is in the policy.",
    Refused "refused" "It could not be applied any more; what was found says why.",
    Withdrawn "withdrawn" "It was given up.",
}

/// Why an edit that waited was not applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditFindings {
    /// Places that two people changed differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<MergeConflict>,
    /// What else is in its way, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// What the seal of an edit signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedEdit {
    version: u32,
    instance: String,
    incarnation: u64,
    organization: OrganizationId,
    id: String,
    author: String,
    authority: Option<UserId>,
    address: Option<IpAddr>,
    reason: String,
    revision: u64,
    at: Moment,
    held_by: BTreeSet<OverlayId>,
    base: Vec<(EntityKind, String, String)>,
    put: Vec<(EntityKind, String, String)>,
    remove: Vec<(EntityKind, String)>,
}

/// An edit that waited or waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEdit {
    /// Its id.
    pub id: String,
    /// The caller who made it.
    pub author: String,
    /// By whose authority it is applied; `None` for whoever runs the installation.
    pub authority: Option<UserId>,
    /// Where its author came from.
    pub address: Option<IpAddr>,
    /// Why.
    pub reason: String,
    /// The revision that it was made from.
    pub revision: u64,
    /// When it was made.
    pub at: Moment,
    /// The windows that held it when it was made.
    pub held_by: BTreeSet<OverlayId>,
    /// What it wants.
    pub edit: WaitingEdit,
    /// How far it is.
    pub state: EditState,
    /// Why it was not applied.
    pub findings: EditFindings,
    /// When its state was last changed.
    pub changed: Moment,
    /// By whom.
    pub changed_by: String,
    /// The revision that came of it.
    pub made: Option<u64>,
    /// Whether it is as it was made, by this installation and since the last restore.
    pub is_genuine: bool,
}

impl SealedEdit {
    fn edit(&self) -> WaitingEdit {
        let base = self.base.iter().map(|(kind, id, body)| ((*kind, id.clone()), body.clone()));
        let put = self.put.iter().map(|(kind, id, body)| Entity {
            kind: *kind,
            id: id.clone(),
            body: body.clone(),
        });
        WaitingEdit {
            base: base.collect::<Entities>(),
            put: put.collect(),
            remove: self.remove.clone(),
        }
    }
}

struct Raw {
    id: String,
    sealed: String,
    seal: Vec<u8>,
    state: String,
    found: String,
    changed: i64,
    changed_by: String,
    made: Option<u64>,
}

impl Raw {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            sealed: row.get(1)?,
            seal: row.get(2)?,
            state: row.get(3)?,
            found: row.get(4)?,
            changed: row.get(5)?,
            changed_by: row.get(6)?,
            made: row.get(7)?,
        })
    }

    fn kept(self, side: &Side, organization: &OrganizationId) -> Result<KeptEdit, StorageError> {
        let sealed: SealedEdit =
            serde_json::from_str(&self.sealed).map_err(StorageError::unreadable)?;
        let is_genuine = seal::holds(side, &self.sealed, &self.seal)
            && sealed.version == VERSION
            && sealed.instance == side.instance
            && sealed.incarnation == side.incarnation
            && sealed.id == self.id
            && sealed.organization == *organization;
        let findings = match self.found.as_str() {
            "" => EditFindings::default(),
            text => serde_json::from_str(text).map_err(StorageError::unreadable)?,
        };
        let state = EditState::parse(&self.state)
            .ok_or_else(|| StorageError::unreadable("state of a waiting edit"))?;
        let edit = sealed.edit();
        Ok(KeptEdit {
            id: self.id,
            author: sealed.author,
            authority: sealed.authority,
            address: sealed.address,
            reason: sealed.reason,
            revision: sealed.revision,
            at: sealed.at,
            held_by: sealed.held_by,
            edit,
            state,
            findings,
            changed: Moment(self.changed),
            changed_by: self.changed_by,
            made: self.made,
            is_genuine,
        })
    }
}

fn one(
    database: &Database,
    side: &Side,
    (organization, id): (&OrganizationId, &str),
) -> Result<Option<KeptEdit>, StorageError> {
    let key = values![organization.as_str(), id];
    let raw = database.one(sql::WAITING_EDIT, key, Raw::of)?;
    raw.map(|raw| raw.kept(side, organization)).transpose()
}

impl Store {
    /// The edits of an organization that wait or waited, in the order in which they were made.
    pub fn waiting_edits(&self, organization: &OrganizationId) -> Result<Vec<KeptEdit>, ReadError> {
        let side = self.side()?;
        let raws =
            self.database.rows(sql::WAITING_EDITS, values![organization.as_str()], Raw::of)?;
        let kept = raws.into_iter().map(|raw| raw.kept(&side, organization));
        Ok(kept.collect::<Result<_, _>>()?)
    }

    /// One of them.
    pub fn waiting_edit(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<KeptEdit>, ReadError> {
        Ok(one(&self.database, &self.side()?, (organization, id))?)
    }
}
