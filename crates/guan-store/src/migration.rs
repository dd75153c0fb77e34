//! Brings a database to the schema of this program, step by step, and refuses one that was stepped otherwise.

use guan_engine::model::Moment;
use guan_ledger::Digest;
use thiserror::Error;

use crate::database::{Database, Dialect, Mode, Row, values};
use crate::error::StorageError;
use crate::sql;

/// A step of the schema: the same tables in both dialects.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal,)+) => {
        &[$(Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

/// The steps; a step that was shipped never changes.
const STEPS: &[Step] = steps! {
    1 "0001_initial",
    2 "0002_records",
    3 "0003_credentials",
    4 "0004_feed",
    5 "0005_jobs",
    6 "0006_answers",
    7 "0007_windows",
    8 "0008_undo",
    9 "0009_shadow",
    10 "0010_waiting",
    11 "0011_outbox",
    12 "0012_born",
    13 "0013_access",
    14 "0014_view",
    15 "0015_notices",
    16 "0016_reveals",
    17 "0017_signed_in",
    18 "0018_given",
};

impl Step {
    fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

const TABLE_SQLITE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, applied_ms INTEGER NOT NULL) STRICT";
/// Its row 0 is what those who apply steps lock.
const TABLE_POSTGRES: &str = "CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY, name TEXT COLLATE \"C\" NOT NULL, checksum BYTEA NOT NULL, applied_ms BIGINT NOT NULL);
    INSERT INTO migration (number, name, checksum, applied_ms) VALUES (0, 'lock', '', 0) ON CONFLICT (number) DO NOTHING";

/// Why the schema cannot be brought up to date.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// The database was written by a newer Guan.
    #[error("the database has schema {found}, this program knows up to {known}: use a newer one")]
    Newer {
        /// The database's.
        found: i64,
        /// The program's.
        known: i64,
    },
    /// A step was applied in another wording.
    #[error(
        "schema step `{name}` was applied in another wording: use the program that wrote this database"
    )]
    Changed {
        /// The step.
        name: &'static str,
    },
    /// A window is open.
    #[error(
        "a window is open: the schema is not changed while it lasts; close it with the program before this one"
    )]
    WindowOpen,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The number of the newest step.
pub(crate) fn newest() -> i64 {
    STEPS.iter().map(|step| step.number).max().unwrap_or(0)
}

/// Whether a newer program has changed the schema since.
pub(crate) fn is_newer(database: &Database) -> Result<bool, StorageError> {
    let last: i64 = database.only(sql::MIGRATION_LAST, values![], |row| row.get(0))?;
    Ok(last > newest())
}

fn table(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => TABLE_SQLITE,
        Dialect::Postgres => TABLE_POSTGRES,
    }
}

/// Applies the missing steps, each in a transaction of its own; whoever does it at the same time waits.
pub(crate) fn apply(database: &Database, now: Moment) -> Result<(), MigrationError> {
    let table = table(database.dialect());
    // Two that make the table at the same moment: one of them is refused, and finds it the next time.
    database.script(table).or_else(|_| database.script(table))?;
    check(database)?;
    for step in STEPS {
        if applied(database, step)?.is_some() {
            continue;
        }
        let tx = database.begin(Mode::Schema)?;
        if applied(&tx, step)?.is_some() {
            continue;
        }
        let is_open = |row: &Row<'_>| row.get::<u64>(0);
        if step.number > 1 && tx.only(sql::OVERLAYS_UNCLOSED_COUNT, values![now.0], is_open)? > 0 {
            return Err(MigrationError::WindowOpen);
        }
        step_inside(&tx, step, now)?;
        tx.commit()?;
    }
    Ok(())
}

/// Makes all tables anew inside an open transaction, in a schema that has none.
pub(crate) fn make(database: &Database) -> Result<(), StorageError> {
    database.script(table(database.dialect()))?;
    STEPS.iter().try_for_each(|step| step_inside(database, step, Moment(0)))
}

fn step_inside(database: &Database, step: &Step, now: Moment) -> Result<(), StorageError> {
    let text = step.text(database.dialect());
    database.script(text)?;
    let checksum = Digest::of(text.as_bytes());
    let row = values![step.number, step.name, checksum.as_bytes(), now.0];
    database.run(sql::MIGRATION_CREATE, row)?;
    Ok(())
}

/// Compares the steps that were applied with those of this program; missing ones are no error.
pub(crate) fn check(database: &Database) -> Result<(), MigrationError> {
    let found: i64 = database.only(sql::MIGRATION_LAST, values![], |row| row.get(0))?;
    if found > newest() {
        return Err(MigrationError::Newer { found, known: newest() });
    }
    for step in STEPS {
        let expected = Digest::of(step.text(database.dialect()).as_bytes());
        if applied(database, step)?.is_some_and(|checksum| checksum != expected.as_bytes()) {
            return Err(MigrationError::Changed { name: step.name });
        }
    }
    Ok(())
}

/// The checksum under which a step was applied.
fn applied(database: &Database, step: &Step) -> Result<Option<Vec<u8>>, StorageError> {
    database.one(sql::MIGRATION, values![step.number], |row| row.get(0))
}
