//! The seam itself, the same on every database.

use std::ops::ControlFlow;

use guan_testkit::postgres::{Door, Server, fresh_database, server};

use super::{Database, Mode, PostgresDatabase, Row, SqliteDatabase, Statement, Target, values};
use crate::error::StorageError;
use crate::sqlite::Access;

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

fn postgres_at(address: &str) -> Database {
    PostgresDatabase::new(Target::new(address, Access::ReadWrite).unwrap()).into()
}

/// Where a server is installed, also on a fresh database there.
fn each_database(test: impl Fn(&Database)) {
    test(&sqlite());
    if let Some(address) = fresh_database() {
        let database = postgres_at(&address);
        prepare(&database, "BIGINT", "BYTEA");
        test(&database);
    }
}

/// Asks for nothing that is not there on a server that may be missing.
fn on_postgres(test: impl FnOnce(&'static Server, &str, &Database)) {
    let Some((server, address)) = server().zip(fresh_database()) else { return };
    let database = postgres_at(&address);
    prepare(&database, "BIGINT", "BYTEA");
    test(server, &address, &database);
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

#[test]
fn a_lost_connection_comes_back_at_the_next_use() {
    on_postgres(|server, address, database| {
        add(database, 1).unwrap();
        server.disconnect(address);
        // Reading leaves no trace and is repeated by itself.
        assert_eq!(count(database), 1);
        server.disconnect(address);
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 2).unwrap();
        tx.commit().unwrap();
        assert_eq!(count(database), 2);
    });
}

#[test]
fn a_transaction_never_goes_on_over_another_connection() {
    on_postgres(|server, address, database| {
        let tx = database.begin(Mode::Write).unwrap();
        add(&tx, 1).unwrap();
        server.disconnect(address);
        assert!(matches!(add(&tx, 2), Err(StorageError::Away(_))));
        assert!(matches!(add(&tx, 3), Err(StorageError::Away(_))));
        assert!(matches!(tx.commit(), Err(StorageError::Away(_))));
        assert_eq!(count(database), 0);
        let tx = database.begin(Mode::Write).unwrap();
        server.disconnect(address);
        let lost = tx.commit().unwrap_err();
        assert!(matches!(lost, StorageError::Unknown(_)), "{lost}");
    });
}

#[test]
fn while_the_server_is_away_it_is_said_so_and_afterwards_all_goes_on() {
    on_postgres(|server, address, database| {
        add(database, 1).unwrap();
        server.let_in(address, Door::Shut);
        server.disconnect(address);
        for _ in 0..3 {
            let away = database.rows(&COUNT, values![], |_| Ok(())).unwrap_err();
            assert!(matches!(away, StorageError::Away(_)), "{away}");
            assert!(away.to_string().starts_with("the database cannot be reached"), "{away}");
            assert!(matches!(database.begin(Mode::Write), Err(StorageError::Away(_))));
        }
        server.let_in(address, Door::Open);
        assert_eq!(count(database), 1);
    });
}

#[test]
fn writers_wait_for_one_another_and_readers_see_one_state() {
    on_postgres(|_, address, database| {
        add(database, 1).unwrap();
        let other = postgres_at(address);
        let reading = database.begin(Mode::Read).unwrap();
        assert_eq!(count(&reading), 1);
        let writing = other.begin(Mode::Write).unwrap();
        add(&writing, 2).unwrap();
        writing.commit().unwrap();
        assert_eq!(count(&reading), 1);
        drop(reading);
        assert_eq!(count(database), 2);
        std::thread::scope(|threads| {
            let first = database.begin(Mode::Write).unwrap();
            let second = threads.spawn(|| {
                let third = postgres_at(address);
                let writing = third.begin(Mode::Write).unwrap();
                count(&writing)
            });
            add(&first, 3).unwrap();
            first.commit().unwrap();
            assert_eq!(second.join().unwrap(), 3);
        });
    });
}

#[test]
fn an_answer_inside_an_answer_is_refused_and_not_waited_for() {
    on_postgres(|_, _, database| {
        add(database, 1).unwrap();
        let nested = database
            .rows(&ALL, values![], |_| database.rows(&COUNT, values![], |_| Ok(())).map(|_| ()));
        assert!(matches!(nested, Err(StorageError::Nested)));
    });
}
