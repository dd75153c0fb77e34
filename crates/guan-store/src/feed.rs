//! What each change means for those who follow: written in its transaction, read by every other process and node.

use std::collections::BTreeSet;

use guan_engine::model::{OrganizationId, RecordKey, UserId};

use crate::access::AccessChange;
use crate::change::{Change, RecordsChange, Written};
use crate::database::{Database, Value, values};
use crate::entity::EntityKind;
use crate::error::StorageError;
use crate::waiting::WaitingChange;
use crate::{log, sql};

/// So many records of one change are named; a larger change says to load everything anew.
pub(crate) const NAMED_MAX: usize = 10_000;
/// So many ledger rows back the feed reaches.
const KEPT: u64 = 10_000;

const RECORD: &str = "record";
const USER: &str = "user";
const POLICY: &str = "policy";
const LOAD: &str = "load";
const NOTHING: &str = "nothing";

/// What a change means for an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// It is not concerned, whatever the ledger row is called.
    Nothing,
    /// These are another now, or gone.
    Changed {
        /// Records.
        records: BTreeSet<RecordKey>,
        /// Users.
        users: BTreeSet<UserId>,
        /// Whether more of the policy than users is another.
        policy: bool,
    },
    /// Everything may be another.
    Load,
}

impl News {
    /// What a change means; `None` for one that leaves no row in the feed.
    pub(crate) fn of(change: &Change) -> Option<Self> {
        let records = |records: BTreeSet<RecordKey>| {
            let (users, is_small) = (BTreeSet::new(), records.len() <= NAMED_MAX);
            if is_small { Self::Changed { records, users, policy: false } } else { Self::Load }
        };
        let policy =
            || Self::Changed { records: BTreeSet::new(), users: BTreeSet::new(), policy: true };
        Some(match change {
            Change::PutRecords { records: put, .. } => {
                records(put.iter().map(guan_engine::model::Record::key).collect())
            }
            Change::WriteRecords(write)
            | Change::ChangeAccess { change: AccessChange::Share { write, .. }, .. } => {
                records(write.records.iter().map(guan_engine::model::Record::key).collect())
            }
            Change::DeleteRecord { key, .. } => records([key.clone()].into()),
            Change::DeleteRecords { keys, .. } => records(keys.iter().cloned().collect()),
            Change::UndoWrites(batch) => {
                records(batch.writes().map(|write| write.key.clone()).collect())
            }
            Change::PurgeRecords { .. }
            | Change::ChangeWaiting {
                change: WaitingChange::Keep(_) | WaitingChange::Withdraw { .. },
                ..
            } => Self::Nothing,
            Change::EditPolicy { put, remove, .. } => {
                if remove.is_empty() && put.iter().all(|entity| entity.kind == EntityKind::User) {
                    let users = put.iter().map(|entity| UserId::from(entity.id.as_str())).collect();
                    Self::Changed { records: BTreeSet::new(), users, policy: false }
                } else {
                    policy()
                }
            }
            // Also where nothing came of it: then the policy is found to be as it was.
            Change::ChangeWaiting {
                change: WaitingChange::Apply { .. } | WaitingChange::Resolve { .. },
                ..
            }
            | Change::ChangeAccess { change: AccessChange::Assign { .. }, .. }
            | Change::MakeCurrent { .. }
            | Change::ReplacePolicy { records: RecordsChange::Keep, .. } => policy(),
            Change::CreateOrganization { .. }
            | Change::ReplacePolicy { .. }
            | Change::ApplyImport(_)
            | Change::Restore(_) => Self::Load,
            // Every change is named here, so that a new one is not forgotten.
            Change::StepWindow(_)
            | Change::ChangeSwitch(_)
            | Change::OpenOverlay(_)
            | Change::CloseOverlay { .. }
            | Change::RecordWouldDenies { .. }
            | Change::ChangeCredentials { .. }
            | Change::ChangeJob { .. }
            | Change::ChangeShadow { .. }
            | Change::ChangeSeeing { .. }
            | Change::ChangeAccess {
                change:
                    AccessChange::Ask { .. }
                    | AccessChange::Refuse { .. }
                    | AccessChange::Withdraw { .. },
                ..
            }
            | Change::RecordDenial { .. }
            | Change::RecordRelaxedLists { .. }
            | Change::RecordExport(_)
            | Change::RecordReveal(_)
            | Change::RefuseReveal(_)
            | Change::BackupTaken(_)
            | Change::FoundOtherDatabase { .. }
            | Change::ClockAlarm { .. }
            | Change::ConfirmClock { .. }
            | Change::AcknowledgeSafeMode { .. }
            | Change::ForgetReceivers { .. } => return None,
        })
    }

    fn rows(&self) -> Vec<(&'static str, &str, &str)> {
        match self {
            Self::Nothing => vec![(NOTHING, "", "")],
            Self::Load => vec![(LOAD, "", "")],
            Self::Changed { records, users, policy } => {
                let records =
                    records.iter().map(|key| (RECORD, key.object.as_str(), key.id.as_str()));
                let users = users.iter().map(|user| (USER, "", user.as_str()));
                let policy = policy.then_some((POLICY, "", ""));
                records.chain(users).chain(policy).collect()
            }
        }
    }
}

/// Writes what a change means, inside its transaction, and takes out what is too old.
pub(crate) fn append(
    database: &Database,
    written: &Written,
    change: &Change,
) -> Result<(), StorageError> {
    match News::of(change) {
        Some(news) => put(database, (written.organization.as_str(), written.sequence), &news),
        None => Ok(()),
    }
}

/// Writes what a closing means, before its ledger row: records of which somebody lost a right with it.
pub(crate) fn append_ended(
    database: &Database,
    organization: &OrganizationId,
    records: BTreeSet<RecordKey>,
) -> Result<(), StorageError> {
    let org = organization.as_str();
    let sequence = log::tip(database, org)?.map_or(0, |tip| tip.size);
    let news = match records.len() {
        0 => News::Nothing,
        1..=NAMED_MAX => News::Changed { records, users: BTreeSet::new(), policy: false },
        _ => News::Load,
    };
    put(database, (org, sequence), &news)
}

fn put(database: &Database, (org, sequence): (&str, u64), news: &News) -> Result<(), StorageError> {
    let columns = ["org", "sequence", "number", "kind", "object", "id"];
    let rows = news.rows();
    let mut rows = (0u64..).zip(&rows).map(|(number, (kind, object, id))| {
        Ok(vec![
            Value::from(org),
            Value::from(sequence),
            Value::from(number),
            Value::from(*kind),
            Value::from(*object),
            Value::from(*id),
        ])
    });
    database.load(("feed", &columns), &mut rows)?;
    database.run(sql::FEED_PRUNE, values![org, sequence.saturating_sub(KEPT)])?;
    Ok(())
}

/// What happened from ledger row `seen` up to, not including, `rows`.
pub(crate) fn since(
    database: &Database,
    organization: &OrganizationId,
    (seen, rows): (u64, u64),
) -> Result<News, StorageError> {
    // Further back the feed may have been pruned.
    if rows.saturating_sub(seen) > KEPT {
        return Ok(News::Load);
    }
    let found: Vec<(String, String, String)> = database.rows(
        sql::FEED_SINCE,
        values![organization.as_str(), seen, NAMED_MAX as u64 + 1],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if found.len() > NAMED_MAX {
        return Ok(News::Load);
    }
    let (mut records, mut users, mut policy) = (BTreeSet::new(), BTreeSet::new(), false);
    let is_empty = found.is_empty();
    for (kind, object, id) in found {
        match kind.as_str() {
            RECORD => {
                records.insert(RecordKey { object: object.into(), id: id.into() });
            }
            USER => {
                users.insert(UserId::from(id));
            }
            POLICY => policy = true,
            NOTHING => {}
            // Also what a newer program means by another word.
            _ => return Ok(News::Load),
        }
    }
    // A change without a word of it was written by a program without a feed.
    Ok(if is_empty { News::Load } else { News::Changed { records, users, policy } })
}
