//! Backups: taken, listed, verified. Putting one back is left to the command line, on the machine itself.

use std::path::PathBuf;

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::model::{Moment, OrganizationId};
use guan_store::{Backup, BackupError, Reader, backup_manifest, verify_backup};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;
use guan_engine::administration::Power;

const LIST_BACKUPS: Operation = Operation::needs("list_backups", Power::ManageBackups);
const TAKE_BACKUP: Operation =
    Operation::needs("take_backup", Power::ManageBackups).changing().long();
const VERIFY_BACKUP: Operation = Operation::needs("verify_backup", Power::ManageBackups).long();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_BACKUPS, list_backups))
        .with(guarded!(TAKE_BACKUP, take_backup))
        .with(guarded!(VERIFY_BACKUP, verify))
}

/// A backup by its name.
#[derive(Debug, Serialize, ToSchema)]
struct BackupListed {
    /// Its name: the moment and some random digits. `guan restore` takes it.
    name: String,
}

/// A backup that was checked and holds.
#[derive(Debug, Serialize, ToSchema)]
struct BackupShown {
    /// Its name. `guan restore` takes it.
    name: String,
    /// When it was taken.
    at: Moment,
    /// Why; absent where the installation holds other organizations too.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Its length in bytes; absent where the installation holds other organizations too.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// The digest of its manifest, as the ledger has it.
    digest: String,
    /// What it holds of the caller's organization; nothing is told of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<BackupContent>,
}

/// What a backup holds of an organization.
#[derive(Debug, Serialize, ToSchema)]
struct BackupContent {
    /// The revision that was current.
    revision: u64,
    /// How many revisions.
    revisions: u64,
    /// How many records.
    records: u64,
    /// How many overlays ever.
    overlays: u64,
}

impl BackupShown {
    fn new(backup: Backup, organization: &OrganizationId) -> Self {
        let manifest = backup.manifest;
        // The reason may be that of a window elsewhere, and the length is that of everybody's records.
        let is_alone = manifest.content.organizations.len() == 1;
        let bytes = manifest.files.iter().map(|file| file.bytes).sum();
        let mut of = manifest.content.organizations.into_iter();
        let content = of.find(|content| content.id == *organization);
        Self {
            name: manifest.name,
            at: manifest.at,
            reason: is_alone.then_some(manifest.reason),
            bytes: is_alone.then_some(bytes),
            digest: backup.digest.to_string(),
            content: content.map(|content| BackupContent {
                revision: content.revision,
                revisions: content.revisions,
                records: content.records,
                overlays: content.overlays,
            }),
        }
    }
}

/// Why a backup is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BackupBody {
    /// For the manifest and the ledger.
    #[serde(default)]
    reason: String,
}

/// The backups that hold the organization, the oldest first; they are not checked.
#[utoipa::path(get, path = "/api/v1/backups", tag = "backups", params(PageQuery), responses((status = 200, body = Page<BackupListed>)))]
async fn list_backups(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<BackupListed>>, Problem> {
    let names = server
        .blocking(move |gate| {
            gate.read(|reader| Ok::<_, Problem>(named(reader, caller.organization())?))
        })
        .await?;
    let show = |(name, _): &(String, PathBuf)| BackupListed { name: name.clone() };
    Page::cut(&names, &query, |(name, _)| name.as_str(), show).map(Json)
}

/// Takes a backup of the whole installation, checks it and records it.
#[utoipa::path(post, path = "/api/v1/backups", tag = "backups", request_body = BackupBody, responses((status = 201, body = BackupShown)))]
async fn take_backup(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<BackupBody>,
) -> Result<(StatusCode, Json<BackupShown>), Problem> {
    let clock = server.now();
    let taken = server.blocking(move |gate| {
        let reason = if asked.reason.trim().is_empty() { "take_backup" } else { &asked.reason };
        let (backup, _) = gate.backup(&caller.who(), &clock, reason)?;
        Ok::<_, BackupError>(BackupShown::new(backup, caller.organization()))
    });
    taken.await.map(|taken| (StatusCode::CREATED, Json(taken)))
}

/// Checks that a backup holds what it says, and tells what that is.
#[utoipa::path(get, path = "/api/v1/backups/{backup}", tag = "backups", params(("backup" = String, Path)), responses((status = 200, body = BackupShown)))]
async fn verify(
    caller: Caller,
    State(server): State<Server>,
    Path(name): Path<String>,
) -> Result<Json<BackupShown>, Problem> {
    let checked = server.blocking(move |gate| {
        let organization = caller.organization();
        let all = gate.read(|reader| Ok::<_, Problem>(named(reader, organization)?))?;
        // Only what is listed is opened, whatever the name looks like.
        let found = all.into_iter().find(|(known, _)| *known == name);
        let (_, folder) = found.ok_or_else(Problem::not_found)?;
        match verify_backup(&folder) {
            Ok(backup) => Ok(BackupShown::new(backup, organization)),
            Err(BackupError::Damaged { what, .. }) => {
                Err(Problem::new(Code::Invalid).detail(format!("the backup is damaged: {what}")))
            }
            Err(error) => Err(error.into()),
        }
    });
    checked.await.map(Json)
}

/// The backups that say that they hold an organization.
fn named(
    reader: &Reader<'_>,
    organization: &OrganizationId,
) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let name = |folder: PathBuf| {
        let manifest = backup_manifest(&folder).ok()?;
        manifest.content.organizations.iter().find(|held| held.id == *organization)?;
        let name = folder.file_name()?.to_str()?.to_owned();
        Some((name, folder))
    };
    Ok(reader.backups()?.into_iter().filter_map(name).collect())
}
