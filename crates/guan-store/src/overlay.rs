//! Rows of overlays with their seals: a row that was not written by this installation, or was edited since, does not count.

use guan_engine::activity::{OverlayRow, Seal};
use guan_engine::model::{Closing, Moment, OrganizationId, Overlay, OverlayId};
use guan_ledger::Digest;
use serde::{Deserialize, Serialize};

use crate::caller::ClockReading;
use crate::database::{Database, Row, values};
use crate::error::{ReadError, StorageError};
use crate::side::Side;
use crate::window::WindowStep;
use crate::{seal, sql};

const VERSION: u32 = 1;

/// Everything that the seal of an overlay signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The form of this value.
    version: u32,
    /// The installation.
    instance: String,
    /// The overlay's id; never used again.
    pub id: OverlayId,
    /// What was opened.
    pub overlay: Overlay,
    /// The caller who opened it.
    pub requested_by: String,
    /// The name of the backup that was taken and verified for it.
    pub backup: String,
    /// The digest of that backup's manifest.
    pub manifest: Digest,
    /// The policy revision that it lies over.
    pub revision: u64,
    /// The digest of that revision.
    pub policy: Digest,
}

/// An overlay that has everything it needs to be opened: request, clocks and a verified backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedOpening {
    pub(crate) sealed: Sealed,
    /// The request that it comes from, as the opening leaves it.
    pub(crate) step: Option<WindowStep>,
}

impl Sealed {
    pub(crate) fn new(instance: String, opening: Opening) -> Self {
        let Opening { id, overlay, requested_by, backup, manifest, revision, policy } = opening;
        Self {
            version: VERSION,
            instance,
            id,
            overlay,
            requested_by,
            backup,
            manifest,
            revision,
            policy,
        }
    }
}

/// The parts of [`Sealed`] that are chosen for one overlay.
pub(crate) struct Opening {
    pub(crate) id: OverlayId,
    pub(crate) overlay: Overlay,
    pub(crate) requested_by: String,
    pub(crate) backup: String,
    pub(crate) manifest: Digest,
    pub(crate) revision: u64,
    pub(crate) policy: Digest,
}

/// How an overlay ended, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredClosing {
    /// From when it does not count, and why.
    #[serde(flatten)]
    pub closing: Closing,
    /// When this was written; later than `at` where nobody came by earlier.
    pub recorded: Moment,
    /// Who wrote it.
    pub by: String,
    /// What the clocks said then.
    pub clock: ClockReading,
}

/// An overlay as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOverlay {
    /// The id under which the row is kept; where it is not the sealed one, the seal counts as broken.
    pub id: OverlayId,
    /// What was sealed.
    pub sealed: Sealed,
    /// Whether the seal holds with this installation's key.
    pub seal: Seal,
    /// How it ended, once that is written.
    pub closing: Option<StoredClosing>,
}

impl StoredOverlay {
    /// As the engine takes it.
    pub fn row(&self) -> OverlayRow {
        OverlayRow {
            id: self.id.clone(),
            overlay: self.sealed.overlay.clone(),
            seal: self.seal,
            closing: self.closing.as_ref().map(|stored| stored.closing.clone()),
            superseded: false,
        }
    }
}

struct Raw {
    id: String,
    sealed: String,
    seal: Vec<u8>,
}

impl Raw {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self { id: row.get(0)?, sealed: row.get(1)?, seal: row.get(2)? })
    }

    /// `None` when not even the text can be read; such a row relaxes nothing.
    fn stored(
        self,
        database: &Database,
        organization: &OrganizationId,
        side: &Side,
    ) -> Result<Option<StoredOverlay>, ReadError> {
        let Ok(sealed) = serde_json::from_str::<Sealed>(&self.sealed) else { return Ok(None) };
        let signed = seal::holds(side, &self.sealed, &self.seal);
        let here = sealed.version == VERSION
            && sealed.instance == side.instance
            && sealed.id.as_str() == self.id
            && sealed.overlay.organization == *organization;
        let seal = if signed && here { Seal::Verified } else { Seal::Broken };
        let closing = closing(database, organization, &self.id)?;
        Ok(Some(StoredOverlay { id: OverlayId::from(self.id), sealed, seal, closing }))
    }
}

/// How an overlay ended. A closing that is in the ledger counts even when its row was taken out, one that cannot be read too.
fn closing(
    database: &Database,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<StoredClosing>, ReadError> {
    let key = values![organization.as_str(), id];
    let body: Option<String> = database.one(sql::CLOSING, key, |row| row.get(0))?;
    if let Some(body) = body {
        let read = serde_json::from_str(&body);
        return Ok(Some(read.unwrap_or_else(|_| lost("the row of its closing cannot be read"))));
    }
    let in_ledger: bool = database.only(sql::LEDGER_IS_CLOSED, key, |row| row.get(0))?;
    Ok(in_ledger.then(|| lost("the row of its closing was taken out of the database")))
}

/// A closing of which no more is known than that there is one.
fn lost(what: &str) -> StoredClosing {
    StoredClosing {
        closing: Closing { at: Moment(i64::MIN), why: format!("safety: {what}") },
        recorded: Moment(i64::MIN),
        by: String::new(),
        clock: ClockReading {
            wall: Moment(i64::MIN),
            boot_clock: None,
            boot_id: None,
            state: guan_ledger::ClockState::Unknown,
        },
    }
}

/// Which overlays are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All that ever were.
    All,
    /// Those whose end is not written yet.
    Unclosed,
}

/// The overlays that could have counted since a moment, in the order of their ids.
pub(crate) fn since(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    moment: Moment,
) -> Result<Vec<StoredOverlay>, ReadError> {
    let key = values![organization.as_str(), moment.0];
    let raws = database.rows(sql::OVERLAYS_SINCE, key, Raw::of)?;
    let stored = raws.into_iter().map(|raw| raw.stored(database, organization, side));
    stored.filter_map(Result::transpose).collect()
}

/// The overlays of an organization, in the order of their ids.
pub(crate) fn all(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    which: Which,
) -> Result<Vec<StoredOverlay>, ReadError> {
    let statement = match which {
        Which::All => sql::OVERLAYS,
        Which::Unclosed => sql::OVERLAYS_UNCLOSED,
    };
    let raws = database.rows(statement, values![organization.as_str()], Raw::of)?;
    let stored = raws.into_iter().map(|raw| raw.stored(database, organization, side));
    stored.filter_map(Result::transpose).collect()
}

/// One overlay.
pub(crate) fn one(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    id: &OverlayId,
) -> Result<StoredOverlay, ReadError> {
    let key = values![organization.as_str(), id.as_str()];
    let raw = database.one(sql::OVERLAY, key, Raw::of)?;
    let stored = match raw {
        Some(raw) => raw.stored(database, organization, side)?,
        None => None,
    };
    stored.ok_or_else(|| ReadError::UnknownOverlay {
        organization: organization.to_string(),
        overlay: id.to_string(),
    })
}
