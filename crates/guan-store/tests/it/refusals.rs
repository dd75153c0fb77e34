//! Every refusal leaves its row, whose number the refused can pass on.

use guan_engine::answer::Refusal;
use guan_engine::model::Rights;
use guan_ledger::{Entry, Kind};
use guan_store::{Aggregation, ImportBatch, Measure, RecordFault, RecordQuery};

use crate::shop::{Shop, accounts, key, shop};

/// A question that is refused.
type Ask<'a> = &'a dyn Fn() -> Result<(), RecordFault>;

/// The row that a refusal names says what was refused.
fn has_its_row(shop: &Shop, fault: &RecordFault, operation: &str, rows: u64) {
    let (RecordFault::Refused { reference, .. } | RecordFault::NotFound { reference }) = fault
    else {
        panic!("{operation}: {fault}")
    };
    assert_eq!(*reference, Some(rows), "{operation}");
    let read = shop.gate.read(|reader| reader.ledger_rows("acme", rows..rows + 2)).unwrap();
    assert_eq!(read.len(), 1, "{operation}: one row");
    let entry = Entry::from_bytes(&read[0].bytes).unwrap();
    assert_eq!((entry.kind, entry.what.operation.as_str()), (Kind::DecisionDenied, operation));
}

#[test]
fn a_refused_list_count_sum_choice_export_and_import_has_one() {
    let shop = shop();
    let (anna, payroll) = (shop.asking("anna"), RecordQuery::first("Payroll", 3));
    let sum = Aggregation {
        object: "Payroll".into(),
        filter: None,
        search: None,
        group_by: vec![],
        measures: vec![Measure::Count],
    };
    let batch = ImportBatch { object: "Account".into(), rows: vec![], dry_run: true };
    let gate = &shop.gate;
    let choice = (&"Account".into(), &"payroll".into());
    let asked: [(&str, Ask<'_>); 6] = [
        ("read", &|| gate.list_records(&anna, &payroll).map(|_| ())),
        ("read", &|| gate.count_records(&anna, &payroll).map(|_| ())),
        ("read", &|| gate.aggregate_records(&anna, &sum).map(|_| ())),
        ("read", &|| gate.pick_records(&anna, choice, None, 3).map(|_| ())),
        ("export", &|| gate.export_records(&anna, &accounts(3)).map(|_| ())),
        ("import", &|| gate.import_records(&anna, &batch).map(|_| ())),
    ];
    for (operation, ask) in asked {
        let rows = shop.rows();
        has_its_row(&shop, &ask().unwrap_err(), operation, rows);
    }
}

#[test]
fn what_is_not_in_the_bin_has_one_too() {
    let shop = shop();
    for (subject, operation) in [("anna", "create"), ("mei", "create"), ("mei", "delete")] {
        let (asking, rows) = (shop.asking(subject), shop.rows());
        let done = match operation {
            "create" => shop.gate.restore_record(&asking, &key("none")),
            _ => shop.gate.purge_record(&asking, &key("none"), "no use"),
        };
        has_its_row(&shop, &done.unwrap_err(), operation, rows);
    }
}

#[test]
fn who_may_not_share_a_record_is_told_why_it_shows_no_shares() {
    let shop = shop();
    let share = guan_engine::model::Share::manual("user:anna".parse().unwrap(), Rights::READ);
    shop.gate.share_record(&shop.asking("bo"), &key("a-2"), None, share).unwrap();
    let rows = shop.rows();
    let fault = shop.gate.record_shares(&shop.asking("anna"), &key("a-2")).unwrap_err();
    assert!(matches!(&fault, RecordFault::Refused { refusal: Refusal::OutOfReach, .. }), "{fault}");
    has_its_row(&shop, &fault, "share", rows);
}
