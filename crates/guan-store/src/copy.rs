//! All rows of one database into another one, whatever each of them is; the form of a backup is always a file of `SQLite`.

use std::ops::ControlFlow;
use std::path::Path;

use crate::database::{Database, Dialect, Mode, Row, Value, values};
use crate::error::StorageError;
use crate::migration::MigrationError;
use crate::place::{self, Holds};
use crate::store::OpenError;
use crate::{log, migration, sql, sqlite};

/// How many rows are written at once.
const PIECE: usize = 2_000;

/// The tables with their columns, from a file of `SQLite`. What is for searching alone fills itself, and steps of the schema
/// are of one database; `place` is chosen by each database itself.
// Organizations first: other tables point to them.
const TABLES: &str = "SELECT t.name, group_concat(c.name, ',' ORDER BY c.cid) FROM sqlite_schema t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name <> 'migration' AND t.name NOT LIKE 'record_search%' AND t.name NOT LIKE 'sqlite%' \
    AND c.name <> 'place' GROUP BY t.name ORDER BY t.name <> 'organization', t.name";

/// Writes everything that `source` holds into a new file, in one read transaction that the caller has begun.
pub(crate) fn to_file(source: &Database, path: &Path) -> Result<(), MigrationError> {
    let file = sqlite::create(path)?;
    migration::apply(&file, guan_engine::model::Moment(0))?;
    let tx = file.begin(Mode::Write)?;
    all_rows(source, &tx, &tables(&file)?)?;
    tx.commit()?;
    Ok(sqlite::leave_alone(&file)?)
}

/// Puts everything that a file holds into the database on a server, in one transaction. Tables that are there already
/// are kept in the schema of the given name, and it is said whether there were any.
///
/// Errors: the server holds another installation.
pub(crate) fn to_server(file: &Database, server: &Database, kept: &str) -> Result<bool, OpenError> {
    let tables = tables(file)?;
    let ours: String = file.only(sql::INSTALLATION, values![], |row| row.get(0))?;
    let is_there = match place::holds(server)? {
        Holds::Nothing | Holds::Installation(None) => false,
        Holds::Installation(Some(theirs)) if theirs == ours => true,
        Holds::Installation(Some(_)) => return Err(OpenError::DatabaseTaken),
    };
    if !is_there {
        migration::apply(server, guan_engine::model::Moment(i64::MAX))?;
    }
    let tx = server.begin(Mode::Schema)?;
    if is_there {
        move_away(&tx, &tables, kept)?;
        migration::make(&tx)?;
    }
    let reading = file.begin(Mode::Read)?;
    all_rows(&reading, &tx, &tables)?;
    tx.commit()?;
    Ok(is_there)
}

struct Table {
    name: String,
    columns: Vec<String>,
}

fn tables(file: &Database) -> Result<Vec<Table>, StorageError> {
    file.rows_of_text(TABLES, values![], |row| {
        let columns: String = row.get(1)?;
        Ok(Table { name: row.get(0)?, columns: columns.split(',').map(str::to_owned).collect() })
    })
}

/// Gives the tables and what belongs to them another schema, where they stay as they are.
fn move_away(server: &Database, tables: &[Table], kept: &str) -> Result<(), StorageError> {
    server.script(&format!("CREATE SCHEMA {kept}"))?;
    let names = |text: &str| -> Result<Vec<String>, StorageError> {
        server.rows_of_text(text, values![], |row| row.get(0))
    };
    let there = names("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")?;
    let ours = tables.iter().map(|table| table.name.as_str()).chain(["migration"]);
    for name in ours.filter(|name| there.iter().any(|found| found == name)) {
        server.script(&format!("ALTER TABLE {name} SET SCHEMA {kept}"))?;
    }
    let functions = names(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'guan%'",
    )?;
    for function in functions {
        server.script(&format!("ALTER FUNCTION {function} SET SCHEMA {kept}"))?;
    }
    Ok(())
}

fn all_rows(from: &Database, to: &Database, tables: &[Table]) -> Result<(), StorageError> {
    for table in tables {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let text = format!("SELECT {} FROM {}", columns.join(", "), table.name);
        let mut piece = Vec::with_capacity(PIECE);
        let load = |piece: &mut Vec<Vec<Value<'static>>>| {
            to.load((&table.name, &columns), &mut piece.drain(..).map(Ok)).map(|_| ())
        };
        from.each_of_text(&text, values![], |row| {
            piece.push(row_of(row, columns.len())?);
            if piece.len() == PIECE {
                load(&mut piece)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        load(&mut piece)?;
    }
    Ok(())
}

fn row_of(row: &Row<'_>, columns: usize) -> Result<Vec<Value<'static>>, StorageError> {
    (0..columns).map(|index| row.cell(index).map(Value::from)).collect()
}

/// Takes over the rows of all logs and the closings that `from` has beyond `to`, which is a file; says how many rows of logs.
pub(crate) fn later_rows(from: &Database, to: &Database) -> Result<u64, StorageError> {
    debug_assert_eq!(to.dialect(), Dialect::Sqlite);
    let (reading, tx) = (from.begin(Mode::Read)?, to.begin(Mode::Write)?);
    let mut taken = 0;
    for organization in log::logs(&reading)? {
        let first = log::tip(&tx, &organization)?.map_or(0, |tip| tip.size);
        reading.each(sql::LEDGER_ROWS_FROM, values![&organization, first], |row| {
            taken += tx.run(sql::LEDGER_APPEND, &row_of(row, 9)?)?;
            Ok(ControlFlow::Continue(()))
        })?;
    }
    // What was closed after the backup stays closed as it was.
    reading.each(sql::CLOSINGS, values![], |row| {
        tx.run(sql::CLOSING_TAKE_OVER, &row_of(row, 3)?)?;
        Ok(ControlFlow::Continue(()))
    })?;
    tx.commit()?;
    Ok(taken)
}
