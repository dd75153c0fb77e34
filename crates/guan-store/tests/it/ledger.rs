//! Rows that were edited, removed or cut off are found, by the log itself and by what is remembered beside it.

use guan_ledger::{ExportReader, verify_export};
use guan_store::VerifyError;

use crate::policy::rename;
use crate::world::{World, caller, org, world};

fn broken(world: &mut World) -> String {
    world.store().ledger_verify("acme").unwrap_err().to_string()
}

#[test]
fn an_edited_row_is_found() {
    let mut world = world();
    world.tamper(
        "UPDATE ledger SET bytes = CAST(replace(CAST(bytes AS TEXT), 'admin', 'nobody') AS BLOB) WHERE org = 'acme' AND sequence = 1",
    );
    assert_eq!(
        broken(&mut world),
        "record 1: the bytes do not give the leaf hash: the row was edited"
    );
}

#[test]
fn an_edited_column_beside_the_bytes_is_found() {
    let mut world = world();
    world.tamper("UPDATE ledger SET kind = 'would_deny' WHERE org = 'acme' AND sequence = 1");
    assert_eq!(broken(&mut world), "record 1: the columns beside the record were edited");
}

#[test]
fn a_cut_tail_is_found_while_open_and_at_the_next_opening() {
    let mut world = world();
    world.tamper("DELETE FROM ledger WHERE org = 'acme' AND sequence = 1");
    assert_eq!(
        broken(&mut world),
        "record 1: missing, the log once had 2 records: its tail was cut off"
    );
    world.restart();
    let why = world.store().safe_mode().unwrap().unwrap().why;
    assert!(why.starts_with("the log of organization `acme` once had 2 rows"), "{why}");
}

#[test]
fn sealed_rows_refuse_changes_through_sql() {
    let mut world = world();
    world.open_window();
    if world.is_on_server() {
        return;
    }
    let connection = rusqlite::Connection::open(world.path().join("guan.db")).unwrap();
    for table in ["revision", "ledger", "overlay", "entity"] {
        for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET org = 'x'")] {
            let error = connection.execute_batch(&sql).unwrap_err();
            assert!(error.to_string().starts_with("sealed: "), "{sql}: {error}");
        }
    }
}

#[test]
fn an_exported_log_is_verified_without_the_database() {
    let mut world = world();
    world.write(&rename("Bo Li", 2));
    let (file, tip) = world.store().ledger_export("acme", Vec::new()).unwrap();
    let verified = verify_export(ExportReader::new(&file[..]).unwrap(), Some(tip)).unwrap();
    assert_eq!(verified.rows, 3);
    assert_eq!(world.store().ledger_verify("acme").unwrap(), verified);
}

#[test]
fn a_row_names_caller_clock_and_digests() {
    let mut world = world();
    let rows = world.store().ledger_rows("acme", 1..2).unwrap();
    let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
    let change = entry.change.unwrap();
    assert_eq!(entry.who.caller, caller().id);
    assert_eq!(entry.envelope.boot, "boot-1");
    assert_eq!(change.revision, Some(2));
    let digest = world.store().digest(&org(), 2).unwrap();
    assert_eq!(change.after.map(|after| after.to_string()), Some(digest.to_string()));
    assert!(matches!(world.store().ledger_verify("nobody"), Ok(empty) if empty.rows == 0));
    assert!(!matches!(world.store().ledger_verify("acme"), Err(VerifyError::Read(_))));
}
