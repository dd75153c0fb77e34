//! Records: kept whole, streamed in one order, counted.

use guan_engine::model::{Record, RecordKey, Rights, Share, Value};
use guan_store::{Change, WriteError};

use crate::world::{account, caller, org, world};

#[test]
fn records_come_back_whole_and_in_the_order_in_which_they_came() {
    let mut world = world();
    let mut rich = account("a-0");
    rich.locked = true;
    rich.shares.push(Share::manual("user:bo".parse().unwrap(), Rights::READ));
    rich.fields.insert("Name".into(), Value::from("富"));
    let written = world.write(&Change::PutRecords {
        organization: org(),
        records: vec![rich.clone()],
        under: None,
    });
    assert_eq!((written.rows, written.affected), (1, 1));
    assert_eq!(world.store().record(&org(), &rich.key()).unwrap(), Some(rich));
    let ids: Vec<String> = world
        .store()
        .load_records(&org(), |records| {
            records.map(|record| record.unwrap().id.to_string()).collect()
        })
        .unwrap();
    assert_eq!(ids, ["a-1", "a-2", "a-3", "a-0"]);
    assert_eq!(world.store().record_count(&org()).unwrap(), 4);
}

/// Everything that is kept of records: rows with their places, words, history, and the journal of a window.
const KEPT: &str = "SELECT concat((SELECT string_agg(concat_ws('|', r.number, r.id, r.body, r.access, r.version, \
    r.created_ms, r.created_by, r.changed_ms, r.changed_by, w.words), ';' ORDER BY r.number) FROM record r \
    LEFT JOIN record_words w ON w.org = r.org AND w.object = r.object AND w.number = r.number), ';', \
    (SELECT string_agg(concat_ws('|', h.id, h.number, h.field, h.before, h.after), ';' ORDER BY h.id, h.number) \
    FROM record_history h), ';', \
    (SELECT string_agg(concat_ws('|', j.id, j.number, j.before, j.after, j.version), ';' ORDER BY j.number) \
    FROM journal j))";

#[test]
fn records_that_are_written_together_are_as_those_written_one_by_one() {
    let kept = [1, 3, 30].map(|together| {
        let mut world = world();
        let key = RecordKey::new("Account", "a-2");
        world.write(&Change::DeleteRecord { organization: org(), key, under: None });
        let ids = (0..30).map(|number| match number {
            4 => "a-3".to_owned(),
            20 => "a-1".to_owned(),
            other => format!("n-{other}"),
        });
        let records: Vec<Record> = ids
            .map(|id| {
                let mut record = account(&id);
                record.fields.insert("Name".into(), Value::from(format!("鹭 {id}").as_str()));
                record
            })
            .collect();
        let under = Some(world.open_window().id);
        for records in records.chunks(together) {
            let (organization, records, under) = (org(), records.to_vec(), under.clone());
            world.write(&Change::PutRecords { organization, records, under });
        }
        let kept = world.asked(KEPT);
        assert!(kept.contains("n-29") && kept.matches(';').count() > 30, "{kept}");
        kept
    });
    assert_eq!(kept[0], kept[1]);
    assert_eq!(kept[0], kept[2]);
}

#[test]
fn a_deleted_record_is_gone_and_a_missing_one_is_named() {
    let mut world = world();
    let key = RecordKey::new("Account", "a-2");
    let change = Change::DeleteRecord { organization: org(), key: key.clone(), under: None };
    world.write(&change);
    assert_eq!(world.store().record(&org(), &key).unwrap(), None);
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert_eq!(error.to_string(), "there is no record `Account/a-2`");
}

#[test]
fn a_record_of_an_unknown_object_changes_nothing() {
    let mut world = world();
    let rows = world.row_count();
    let records = vec![account("a-9"), Record::new("Nothing", "n-1")];
    let change = Change::PutRecords { organization: org(), records, under: None };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert!(matches!(error, WriteError::Problems(_)), "{error}");
    assert_eq!(world.row_count(), rows);
    assert_eq!(world.store().record_count(&org()).unwrap(), 3);
}
