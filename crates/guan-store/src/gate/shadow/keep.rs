//! Differing decisions in the database, added up. They are no change of anything, so they leave no row in the ledger.

use std::collections::BTreeMap;

use guan_engine::model::{Moment, OrganizationId};

use super::evaluate::Found;
use crate::database::{Database, Mode, values};
use crate::error::{ReadError, StorageError};
use crate::gate::{Gate, GateError};
use crate::shadow::DIFFERENCES_MAX;
use crate::sql;

/// How often what another transaction was before is begun again.
const TRIES: u32 = 5;

/// What is alike in differing decisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) subject: String,
    pub(super) object: String,
    pub(super) action: String,
    pub(super) live: String,
    pub(super) draft: String,
    pub(super) rule: String,
}

/// How often and when.
#[derive(Debug, Clone)]
pub(super) struct Count {
    pub(super) times: u64,
    pub(super) first: Moment,
    pub(super) last: Moment,
    /// The id of one of the records; empty for the object as such.
    pub(super) sample: String,
}

/// Differing decisions, added up.
#[derive(Debug, Default)]
pub(super) struct Kept(pub(super) BTreeMap<Key, Count>);

impl Gate {
    /// Adds what one round found of a shadow to what is kept.
    pub(super) fn keep_differences(
        &self,
        organization: &OrganizationId,
        shadow: &str,
        (found, dropped): (&Found, u64),
    ) -> Result<(), GateError> {
        if found.evaluated == 0 && dropped == 0 {
            return Ok(());
        }
        let org = organization.as_str();
        let mut tries = TRIES;
        loop {
            let store = self.writer.lock();
            let kept = keep(&store.database, (org, shadow), found, dropped);
            drop(store);
            match kept {
                Err(StorageError::Again) if tries > 0 => tries -= 1,
                other => return Ok(other.map_err(ReadError::from)?),
            }
        }
    }
}

fn keep(
    database: &Database,
    (org, shadow): (&str, &str),
    found: &Found,
    dropped: u64,
) -> Result<(), StorageError> {
    let tx = database.begin(Mode::Write)?;
    let mut rows: u64 =
        tx.only(sql::SHADOW_DIFFERENCES_COUNT, values![org, shadow], |row| row.get(0))?;
    let mut left_off = 0;
    for (key, count) in &found.kept.0 {
        let Key { subject, object, action, live, draft, rule } = key;
        let again = values![
            org,
            shadow,
            subject,
            object,
            action,
            live,
            draft,
            rule,
            count.times,
            count.last.0,
        ];
        if tx.run(sql::SHADOW_DIFFERENCE, again)? > 0 {
            continue;
        }
        if rows >= DIFFERENCES_MAX {
            left_off += count.times;
            continue;
        }
        let first = values![
            org,
            shadow,
            subject,
            object,
            action,
            live,
            draft,
            rule,
            count.times,
            count.first.0,
            count.last.0,
            &count.sample,
        ];
        tx.run(sql::SHADOW_DIFFERENCE_CREATE, first)?;
        rows += 1;
    }
    let tally = values![org, shadow, found.evaluated, found.differing, dropped, left_off];
    tx.run(sql::SHADOW_TALLY_ADD, tally)?;
    tx.commit()?;
    Ok(())
}
