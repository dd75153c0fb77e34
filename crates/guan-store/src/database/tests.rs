//! The seam itself, the same on every database.

use std::ops::ControlFlow;

use super::{Database, Mode, Row, SqliteDatabase, Statement, values};
use crate::error::StorageError;

const fn statement(name: &'static str, sqlite: &'static str) -> Statement {
    Statement { name, sqlite, postgres: None }
}

const ADD: Statement = statement(
    "ADD",
    "INSERT INTO installation (one, high_water_ms, note, seal) VALUES (?1, ?2, ?3, ?4)",
);
const ALL: Statement =
    statement("ALL", "SELECT one, high_water_ms, note, seal FROM installation ORDER BY one");
const COUNT: Statement = statement("COUNT", "SELECT count(*) FROM installation");

/// A table under the name of the one whose row all writers lock.
fn prepare(database: &Database, number: &str, bytes: &str) {
    let table = format!(
        "CREATE TABLE installation (one {number} NOT NULL PRIMARY KEY, high_water_ms {number}, note TEXT, seal {bytes})"
    );
    database.script(&table).unwrap();
}

fn sqlite() -> Database {
    let database = SqliteDatabase::new(rusqlite::Connection::open_in_memory().unwrap()).into();
    prepare(&database, "INTEGER", "BLOB");
    database
}

fn each_database(test: impl Fn(&Database)) {
    test(&sqlite());
}

fn add(database: &Database, one: i64) -> Result<u64, StorageError> {
    database.run(&ADD, values![one, None::<i64>, "", b"x"])
}

fn count(database: &Database) -> u64 {
    database.only(&COUNT, values![], |row| row.get(0)).unwrap()
}

#[test]
fn values_come_back_as_they_went_in() {
    each_database(|database| {
        database.run(&ADD, values![1_u64, i64::MIN, "关 'x' ?1", &[0_u8, 255]]).unwrap();
        database.run(&ADD, values![u64::MAX, None::<i64>, None::<&str>, None::<&[u8]>]).unwrap();
        let read = |row: &Row<'_>| {
            Ok((row.get::<u64>(0)?, row.get::<Option<i64>>(1)?, row.get::<Option<String>>(2)?))
        };
        let rows = database.rows(&ALL, values![], read).unwrap();
        let last = i64::MAX.unsigned_abs();
        let text = Some("关 'x' ?1".to_owned());
        assert_eq!(rows, [(1, Some(i64::MIN), text), (last, None, None)]);
        let seals: Vec<Option<Vec<u8>>> = database.rows(&ALL, values![], |row| row.get(3)).unwrap();
        assert_eq!(seals, [Some(vec![0, 255]), None]);
    });
}

#[test]
fn a_column_of_another_kind_is_refused() {
    each_database(|database| {
        add(database, 1).unwrap();
        let text = database.one(&ALL, values![], |row| row.get::<String>(0)).unwrap_err();
        assert!(text.to_string().contains("column 1 is a number"), "{text}");
        let missing = database.one(&ALL, values![], |row| row.get::<i64>(9));
        assert!(missing.is_err());
        let empty = database.one(&ALL, values![], |row| row.get::<i64>(1)).unwrap_err();
        assert!(empty.to_string().contains("column 2 is empty"), "{empty}");
    });
}

#[test]
fn a_text_with_a_zero_character_is_kept_nowhere() {
    each_database(|database| {
        let refused = database.run(&ADD, values![1_i64, None::<i64>, "a\0b", b"x"]).unwrap_err();
        assert!(matches!(refused, StorageError::ZeroCharacter));
        assert_eq!(count(database), 0);
    });
}

#[test]
fn a_dropped_transaction_leaves_nothing_and_a_committed_one_everything() {
    each_database(|database| {
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 1).unwrap();
        drop(tx);
        assert_eq!(count(database), 0);
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 1).unwrap();
        tx.commit().unwrap();
        assert_eq!(count(database), 1);
        assert!(!database.is_open());
    });
}

#[test]
fn reading_inside_a_transaction_is_part_of_it_and_writing_is_not_nested() {
    each_database(|database| {
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 1).unwrap();
        let inner = database.begin(Mode::Read).unwrap();
        assert_eq!(count(&inner), 1);
        inner.commit().unwrap();
        assert!(matches!(database.begin(Mode::Write), Err(StorageError::Nested)));
        drop(tx);
        assert_eq!(count(database), 0);
    });
}

#[test]
fn what_failed_after_a_savepoint_is_undone_and_the_rest_stays() {
    each_database(|database| {
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 1).unwrap();
        tx.savepoint("one").unwrap();
        add(&tx, 1).unwrap_err();
        tx.rollback_to("one").unwrap();
        add(&tx, 2).unwrap();
        tx.release("one").unwrap();
        tx.commit().unwrap();
        assert_eq!(count(database), 2);
    });
}

#[test]
fn an_answer_is_read_as_far_as_it_is_wanted() {
    each_database(|database| {
        let mut rows = (1..=1_000_i64).map(|one| Ok(values![one, one].to_vec()));
        let tx = database.begin(Mode::Write).unwrap();
        let loaded = tx.load(("installation", &["one", "high_water_ms"]), &mut rows).unwrap();
        tx.commit().unwrap();
        assert_eq!(loaded, 1_000);
        let mut last = 0;
        database
            .each(&ALL, values![], |row| {
                last = row.get::<i64>(1)?;
                Ok(if last == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })
            .unwrap();
        assert_eq!(last, 10);
        let texts = "SELECT high_water_ms FROM installation WHERE one > ?1 ORDER BY one";
        let some: Vec<i64> =
            database.rows_of_text(texts, values![997_i64], |row| row.get(0)).unwrap();
        assert_eq!(some, [998, 999, 1_000]);
    });
}

#[test]
fn a_row_of_another_length_is_not_loaded() {
    each_database(|database| {
        let tx = database.begin(Mode::Write).unwrap();
        let mut rows = [Ok(values![1_i64].to_vec())].into_iter();
        let refused = tx.load(("installation", &["one", "note"]), &mut rows).unwrap_err();
        assert!(refused.to_string().contains("another length"), "{refused}");
        drop(tx);
        assert_eq!(count(database), 0);
    });
}
