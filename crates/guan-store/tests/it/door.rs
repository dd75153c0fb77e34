//! Records through the gate: what is made, changed, found, summed up and brought back.

use guan_engine::answer::Refusal;
use guan_engine::model::{Number, Principal, RecordId, Rights, Share, Span, TeamMember, Value};
use guan_engine::visible::Shown;
use guan_ledger::Entry;
use guan_store::{
    Aggregation, BulkAssignment, BulkOutcome, Doing, Entity, EntityKind, ImportBatch, ImportRow,
    Measure, NewRecord, Placing, RecordFault, RecordPatch,
};

use crate::shop::{
    Shop, account_of, accounts, after, filtered, key, patch, policy, searched, shop, shop_with,
    sorted, values,
};
use crate::world::{caller, org};

#[test]
fn each_sees_their_own_records_and_the_boss_all() {
    let shop = shop();
    assert_eq!(shop.all("anna", &accounts(3)), ["a-1", "a-3", "a-5", "a-7"]);
    assert_eq!(shop.all("bo", &accounts(1)), ["a-2", "a-4", "a-6", "a-8"]);
    assert_eq!(shop.all("mei", &accounts(3)).len(), 8);
}

#[test]
fn a_list_is_the_records_that_check_allows_in_every_way_of_asking() {
    let shop = shop_with(&policy(), 60);
    for (query, wanted) in [
        (filtered("Revenue > 1000"), (11..=60).collect::<Vec<i64>>()),
        (
            filtered("Industry = \"Retail\" and not Revenue >= 3000"),
            (1..30).filter(|at| at % 3 == 0).collect(),
        ),
        (filtered("$record.owner = $user.id"), (1..=60).collect()),
        (filtered("Opened < today() - 20d"), (1..=60).filter(|at| at % 28 + 1 < 11).collect()),
        (searched("蓝海"), (1..=60).collect()),
        (searched("科技 7"), (1..=60).filter(|at| *at == 7).collect()),
        (sorted("Revenue", true), (1..=60).rev().collect()),
        (sorted("Name", false), {
            let mut all: Vec<i64> = (1..=60).collect();
            all.sort_by_key(ToString::to_string);
            all
        }),
    ] {
        for (subject, rest) in [("anna", Some(1)), ("bo", Some(0)), ("mei", None)] {
            let is_seen = |at: &&i64| rest.is_none_or(|rest| **at % 2 == rest);
            if query.filter.as_ref().is_some_and(|f| f.as_str().contains("owner"))
                && subject == "mei"
            {
                continue;
            }
            let wanted: Vec<String> =
                wanted.iter().filter(is_seen).map(|at| format!("a-{at}")).collect();
            assert_eq!(shop.all(subject, &query), wanted, "{subject} {query:?}");
            let count = shop.gate.count_records(&shop.asking(subject), &query).unwrap();
            assert_eq!(count, wanted.len() as u64, "{subject} {query:?}");
        }
    }
}

#[test]
fn sums_are_folds_over_the_list() {
    let shop = shop_with(&policy(), 30);
    for subject in ["anna", "mei"] {
        let aggregation = Aggregation {
            object: "Account".into(),
            filter: filtered("Revenue > 500").filter,
            search: None,
            group_by: vec!["Industry".into()],
            measures: vec![
                Measure::Count,
                Measure::Sum("Revenue".into()),
                Measure::Average("Revenue".into()),
                Measure::Smallest("Opened".into()),
                Measure::Largest("Revenue".into()),
            ],
        };
        let rows = shop.gate.aggregate_records(&shop.asking(subject), &aggregation).unwrap();
        let ids = shop.all(subject, &filtered("Revenue > 500"));
        for row in &rows {
            let group = row.group[0].clone().unwrap();
            let members: Vec<_> = ids
                .iter()
                .map(|id| account_of(id))
                .filter(|record| record.fields["Industry"] == group)
                .collect();
            let count = i64::try_from(members.len()).unwrap();
            let revenue = |record: &guan_engine::model::Record| match record.fields["Revenue"] {
                Value::Number(number) => number.0,
                _ => panic!(),
            };
            let sum: i64 = members.iter().map(revenue).sum();
            let number = |units: i64| Some(Value::Number(Number(units)));
            assert_eq!(row.values[0], number(count * 10_000));
            assert_eq!(row.values[1], number(sum));
            assert_eq!(row.values[2], number((sum + count / 2) / count));
            assert_eq!(
                row.values[3],
                members.iter().map(|record| record.fields["Opened"].clone()).min()
            );
            assert_eq!(row.values[4], number(members.iter().map(revenue).max().unwrap()));
        }
        assert_eq!(rows.len(), 2);
    }
}

#[test]
fn a_cursor_stays_good_while_records_come_and_go() {
    let shop = shop();
    let (anna, query) = (shop.asking("anna"), accounts(2));
    let first = shop.list("anna", &query);
    // The record that the page ended with goes, another comes, and the engine is loaded anew.
    shop.gate.delete_record(&anna, &key("a-3"), None).unwrap();
    shop.gate
        .create_record(&anna, NewRecord::new("Account", values(&[("Name", "new".into())])))
        .unwrap();
    let next = after(&query, first.next);
    let ids = |page: &guan_store::RecordPage| -> Vec<String> {
        page.records.iter().map(|found| found.record.id().to_string()).collect()
    };
    assert_eq!(ids(&shop.list("anna", &next)), ["a-5", "a-7"]);
    let other = Shop { gate: shop.world.another_gate(), world: shop.world };
    assert_eq!(ids(&other.list("anna", &next)), ["a-5", "a-7"]);
    let error = other.gate.list_records(&other.asking("bo"), &next).unwrap_err();
    assert!(matches!(error, RecordFault::Cursor));
}

#[test]
fn a_new_record_is_found_read_and_changed_with_one_row_each() {
    let shop = shop();
    let anna = shop.asking("anna");
    let before = shop.rows();
    let new = NewRecord::new(
        "Account",
        values(&[("Name", "东方 Ltd".into()), ("Industry", "Steel".into())]),
    );
    let made = shop.gate.create_record(&anna, new).unwrap();
    assert_eq!(shop.rows(), before + 1);
    let found = shop.gate.read_record(&anna, &made.key).unwrap();
    assert_eq!((found.stamp.version, found.stamp.created_by.as_str()), (1, "anna"));
    assert_eq!(shop.all("anna", &searched("东方")), [made.key.id.to_string()]);
    shop.gate.edit_record(&anna, &made.key, Some(1), patch("Name", "西方 GmbH".into())).unwrap();
    assert_eq!(shop.rows(), before + 2);
    assert!(shop.all("anna", &searched("东方")).is_empty());
    assert_eq!(shop.all("anna", &searched("gmb")), [made.key.id.to_string()]);
    let error =
        shop.gate.edit_record(&anna, &made.key, Some(1), patch("Name", "x".into())).unwrap_err();
    assert!(matches!(error, RecordFault::Conflict { found: 2 }), "{error}");
    let error = shop
        .gate
        .edit_record(&anna, &made.key, Some(2), patch("Name", "西方 GmbH".into()))
        .unwrap_err();
    assert!(matches!(error, RecordFault::Nothing), "{error}");
    let error =
        shop.gate.edit_record(&anna, &made.key, None, patch("Opened", "soon".into())).unwrap_err();
    assert!(matches!(error, RecordFault::Problems(_)), "{error}");
    assert_eq!(shop.rows(), before + 2);
    let page = shop.gate.record_history(&anna, &made.key, None, 10).unwrap();
    assert_eq!(page.entries.len(), 1);
    assert_eq!(page.entries[0].before, Some(Shown::Clear("东方 Ltd".into())));
    assert_eq!(
        (page.entries[0].cause.as_str(), page.entries[0].author.as_str()),
        ("edit_record", "anna")
    );
}

#[test]
fn a_deleted_record_comes_back_to_its_place_or_goes_for_good() {
    let shop = shop();
    let (anna, bo, mei) = (shop.asking("anna"), shop.asking("bo"), shop.asking("mei"));
    shop.gate.delete_record(&anna, &key("a-3"), None).unwrap();
    shop.gate.delete_record(&anna, &key("a-5"), None).unwrap();
    assert_eq!(shop.all("anna", &accounts(3)), ["a-1", "a-7"]);
    assert!(shop.all("anna", &searched("科技 3")).is_empty());
    assert_eq!(shop.gate.bin(&anna, &"Account".into(), None, 10).unwrap().entries.len(), 2);
    assert_eq!(shop.gate.bin(&mei, &"Account".into(), None, 10).unwrap().entries.len(), 2);
    assert!(shop.gate.bin(&bo, &"Account".into(), None, 10).unwrap().entries.is_empty());
    let error = shop.gate.restore_record(&bo, &key("a-3")).unwrap_err();
    assert!(matches!(error, RecordFault::NotFound { .. }), "{error}");
    shop.gate.restore_record(&anna, &key("a-3")).unwrap();
    assert_eq!(shop.all("anna", &accounts(3)), ["a-1", "a-3", "a-7"]);
    assert_eq!(shop.all("anna", &searched("科技 3")), ["a-3"]);
    assert!(shop.gate.purge_record(&anna, &key("a-5"), "x").is_err());
    shop.gate.purge_record(&mei, &key("a-5"), "asked for").unwrap();
    assert!(shop.gate.restore_record(&mei, &key("a-5")).is_err());
    let other = Shop { gate: shop.world.another_gate(), world: shop.world };
    assert_eq!(other.all("anna", &accounts(3)), ["a-1", "a-3", "a-7"]);
}

#[test]
fn what_is_kept_long_enough_goes_by_itself() {
    let mut shop = shop();
    shop.gate.delete_record(&shop.asking("anna"), &key("a-3"), None).unwrap();
    let purge = |shop: &Shop| shop.gate.purge_due(&caller(), &shop.world.clock, &org()).unwrap();
    assert_eq!(purge(&shop), 0);
    shop.world.later(Span::minutes(31 * 24 * 60));
    assert_eq!((purge(&shop), purge(&shop)), (1, 0));
}

#[test]
fn nobody_gives_more_than_they_hold() {
    let shop = shop();
    let (anna, bo) = (shop.asking("anna"), shop.asking("bo"));
    let to_bo = |rights| Share::manual("user:bo".parse().unwrap(), rights);
    shop.gate.share_record(&anna, &key("a-1"), None, to_bo(Rights::READ)).unwrap();
    assert_eq!(shop.all("bo", &accounts(3)).len(), 5);
    let error =
        shop.gate.edit_record(&bo, &key("a-1"), None, patch("Name", "x".into())).unwrap_err();
    assert!(matches!(
        error,
        RecordFault::Refused { refusal: Refusal::OutOfReach, reference: Some(_) }
    ));
    let error = shop.gate.share_record(&bo, &key("a-1"), None, to_bo(Rights::FULL)).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { .. }), "{error}");
    let read_share: Rights = "read+share".parse().unwrap();
    shop.gate.share_record(&anna, &key("a-1"), None, to_bo(read_share)).unwrap();
    let error = shop.gate.share_record(&bo, &key("a-1"), None, to_bo(Rights::EDIT)).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { .. }), "{error}");
    let member = TeamMember {
        user: "bo".into(),
        role: String::new(),
        rights: Rights::FULL,
        ends: None,
        by: None,
        child_levels: [].into(),
    };
    let error = shop.gate.add_team_member(&bo, &key("a-1"), None, member).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { .. }), "{error}");
    shop.gate.unshare_record(&anna, &key("a-1"), None, &"user:bo".parse().unwrap()).unwrap();
    assert_eq!(shop.all("bo", &accounts(3)).len(), 4);
}

#[test]
fn a_record_changes_hands_and_is_locked() {
    let shop = shop();
    let (anna, mei) = (shop.asking("anna"), shop.asking("mei"));
    shop.gate.lock_record(&anna, &key("a-1"), None).unwrap();
    let error =
        shop.gate.edit_record(&anna, &key("a-1"), None, patch("Name", "x".into())).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { refusal: Refusal::Locked, .. }));
    assert!(shop.gate.unlock_record(&anna, &key("a-1"), None).is_err());
    let placing =
        Placing { owners: Some(["user:bo".parse().unwrap()].into()), ..Placing::default() };
    shop.gate.assign_record(&mei, &key("a-3"), None, placing.clone()).unwrap();
    assert_eq!(shop.all("anna", &accounts(3)), ["a-1", "a-5", "a-7"]);
    let error = shop.gate.assign_record(&anna, &key("a-3"), None, placing).unwrap_err();
    assert!(matches!(error, RecordFault::NotFound { .. }));
    shop.gate.unlock_record(&mei, &key("a-1"), None).unwrap();
    shop.gate.edit_record(&anna, &key("a-1"), None, patch("Name", "x".into())).unwrap();
    let history = shop.gate.record_history(&mei, &key("a-3"), None, 5).unwrap();
    assert_eq!(history.entries[0].field, "$owners");
}

#[test]
fn many_at_once_are_decided_one_by_one_and_leave_one_row_of_the_act() {
    let shop = shop();
    let anna = shop.asking("anna");
    let ids: Vec<_> = ["a-1", "a-2", "a-3", "none"].map(Into::into).to_vec();
    let before = shop.rows();
    let outcome = shop
        .gate
        .edit_records(&anna, &"Account".into(), &ids, &patch("Industry", "Mining".into()))
        .unwrap();
    // One row of the act, one of each refusal.
    assert_eq!((outcome.done, shop.rows()), (2, before + 3));
    let refused: Vec<_> =
        outcome.refused.iter().map(|refused| (refused.id.as_str(), refused.why.as_str())).collect();
    // One out of sight and one that is not there are told alike.
    assert_eq!(refused, [("a-2", "there is no such record"), ("none", "there is no such record")]);
    let outcome = shop.gate.delete_records(&anna, &"Account".into(), &ids).unwrap();
    assert_eq!((outcome.done, shop.rows()), (2, before + 6));
    let references: Vec<_> = outcome.refused.iter().map(|refused| refused.reference).collect();
    assert_eq!(references, [Some(before + 4), Some(before + 5)]);
}

#[test]
fn many_refusals_of_one_act_have_few_rows_and_tell_nothing_of_what_is_there() {
    let shop = shop();
    let anna = shop.asking("anna");
    // Those of Bo, which she does not see, and some that are not there.
    let ids = (1..=110).map(|at| format!("none-{at:03}")).chain(["a-2".into(), "a-4".into()]);
    let ids: Vec<RecordId> = ids.map(Into::into).collect();
    let before = shop.rows();
    let patch = patch("Industry", "Mining".into());
    let outcome = shop.gate.edit_records(&anna, &"Account".into(), &ids, &patch).unwrap();
    assert_eq!((outcome.done, outcome.refused.len()), (0, 112));
    assert_eq!(shop.rows(), before + 101);
    let mut last = outcome.refused.iter().skip(100).map(|refused| refused.reference.unwrap());
    let shared = last.next().unwrap();
    assert!(last.all(|reference| reference == shared));
    let rows = shop.gate.read(|reader| reader.ledger_rows("acme", shared..shared + 1)).unwrap();
    let entry = Entry::from_bytes(&rows[0].bytes).unwrap();
    let result = entry.result.unwrap();
    assert_eq!((result.rows, result.error_class.as_deref()), (Some(12), Some("out_of_reach")));
    assert!(result.ids.is_some() && entry.what.record.is_none());
}

#[test]
fn one_owner_takes_the_place_of_another_and_co_owners_stay() {
    let shop = shop();
    let mei = shop.asking("mei");
    let owners = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
    let both = Placing { owners: Some(owners(&["user:anna", "user:mei"])), ..Placing::default() };
    shop.gate.assign_record(&mei, &key("a-1"), None, both).unwrap();
    let assignment = BulkAssignment {
        object: "Account".into(),
        ids: ["a-1", "a-2", "a-3"].map(Into::into).to_vec(),
        owners: owners(&["user:bo"]),
        instead_of: Some("user:anna".parse().unwrap()),
        doing: Doing::Act,
    };
    let outcome = shop.gate.assign_records(&mei, &assignment).unwrap();
    assert_eq!(outcome.done, 2);
    // a-2 was never Anna's.
    let [left] = outcome.refused.as_slice() else { panic!("{outcome:?}") };
    assert_eq!((left.id.as_str(), left.why.contains("any more")), ("a-2", true));
    let held = |id: &str| shop.gate.read_record(&mei, &key(id)).unwrap().record.owners().clone();
    assert_eq!(held("a-1"), owners(&["user:bo", "user:mei"]));
    assert_eq!(held("a-3"), owners(&["user:bo"]));
}

#[test]
fn another_owner_for_many_is_tried_first_and_each_refusal_can_be_explained() {
    let shop = shop_with(&policy(), 4);
    // Anna may see it and not give it away.
    let seen = Share::manual(Principal::User("anna".into()), Rights::READ);
    shop.gate.share_record(&shop.asking("bo"), &key("a-2"), None, seen).unwrap();
    let anna = shop.asking("anna");
    let assign = |doing| {
        let assignment = BulkAssignment {
            object: "Account".into(),
            ids: ["a-1", "a-2", "a-3", "a-4"].map(Into::into).to_vec(),
            owners: ["user:bo".parse().unwrap()].into(),
            instead_of: None,
            doing,
        };
        shop.gate.assign_records(&anna, &assignment).unwrap()
    };
    let before = shop.rows();
    let tried = assign(Doing::Trial);
    assert_eq!((tried.done, &tried.changed, shop.rows()), (2, &None, before));
    let told = |outcome: &BulkOutcome| -> Vec<(String, Option<Refusal>, bool)> {
        let refused = outcome.refused.iter();
        refused
            .map(|one| (one.id.to_string(), one.refusal.clone(), one.reference.is_some()))
            .collect()
    };
    // Of what is out of sight nothing is told, not even why.
    let out_of_reach = Some(Refusal::OutOfReach);
    let expected =
        [("a-2".to_owned(), out_of_reach.clone(), false), ("a-4".to_owned(), None, false)];
    assert_eq!(told(&tried), expected);
    let done = assign(Doing::Act);
    assert_eq!((done.done, shop.rows()), (2, before + 3));
    assert_eq!(
        told(&done),
        [("a-2".to_owned(), out_of_reach, true), ("a-4".to_owned(), None, true)]
    );
    assert!(shop.gate.read_record(&anna, &key("a-1")).is_err(), "it is bo's now");
    shop.gate.read_record(&shop.asking("bo"), &key("a-1")).unwrap();
}

#[test]
fn rows_of_a_file_are_tried_and_then_brought_in() {
    let shop = shop();
    let row = |line, id: Option<&str>, fields: &[(&str, Value)]| ImportRow {
        id: id.map(Into::into),
        fields: values(fields),
        ..ImportRow::at(line)
    };
    let mut batch = ImportBatch {
        object: "Account".into(),
        rows: vec![
            row(2, None, &[("Name", "first".into())]),
            row(3, Some("a-1"), &[("Name", "second".into())]),
            row(4, Some("nowhere"), &[("Name", "third".into())]),
            row(5, None, &[("Opened", "never".into())]),
            row(6, Some("a-2"), &[("Name", "蓝海科技 2".into())]),
        ],
        dry_run: true,
    };
    let mei = shop.asking("mei");
    let before = shop.rows();
    let trial = shop.gate.import_records(&mei, &batch).unwrap();
    assert_eq!((trial.created, trial.updated, trial.unchanged, shop.rows()), (1, 1, 1, before));
    assert_eq!(trial.errors.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
    batch.dry_run = false;
    let done = shop.gate.import_records(&mei, &batch).unwrap();
    assert_eq!((done.created, done.updated, shop.rows()), (1, 1, before + 1));
    assert_eq!(shop.all("mei", &searched("first")).len(), 1);
    let error = shop.gate.import_records(&shop.asking("anna"), &batch).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { refusal: Refusal::NoGrant, .. }), "{error}");
}

#[test]
fn a_policy_change_changes_what_leaves_at_once() {
    let shop = shop();
    let mut user = policy().users["anna"].clone();
    user.active = false;
    let body = serde_json::to_string(&user).unwrap();
    let entity = Entity { kind: EntityKind::User, id: "anna".into(), body };
    let change = guan_store::Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![entity],
        remove: vec![],
        reason: "left".into(),
    };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
    let error = shop.gate.list_records(&shop.asking("anna"), &accounts(3)).unwrap_err();
    assert!(matches!(error, RecordFault::Refused { refusal: Refusal::Inactive, .. }), "{error}");
}

#[test]
fn what_only_a_window_shows_or_changes_is_recorded_and_ends_with_it() {
    let mut shop = shop();
    let clock = shop.world.clock.clone();
    let opened = shop.gate.open_overlay(&caller(), &clock, &crate::world::request()).unwrap();
    let bo = shop.asking("bo");
    let before = shop.rows();
    shop.gate.read_record(&bo, &key("a-1")).unwrap();
    assert_eq!(shop.rows(), before + 1);
    assert_eq!(shop.gate.count_records(&bo, &filtered("Revenue > 0")).unwrap(), 8);
    assert_eq!(shop.rows(), before + 2);
    shop.gate.edit_record(&bo, &key("a-1"), None, patch("Name", "x".into())).unwrap();
    assert_eq!(shop.rows(), before + 3);
    let report = shop.world.report(&shop.gate, &opened);
    assert_eq!(report.writes.len(), 1);
    let share = Share::manual("user:bo".parse().unwrap(), Rights::READ);
    shop.gate.share_record(&bo, &key("a-3"), None, share).unwrap();
    let shares = shop.gate.record_shares(&shop.asking("anna"), &key("a-3")).unwrap();
    assert!(shares[0].ends.is_some());
    shop.world.later(Span::minutes(31));
    assert_eq!(shop.all("bo", &accounts(3)), ["a-2", "a-4", "a-6", "a-8"]);
}

#[test]
fn children_are_listed_counted_and_grouped_by_a_parent_that_is_seen() {
    let shop = shop();
    let contacts = |text: &str| guan_store::RecordQuery {
        filter: Some(guan_store::Filter::parse(text).unwrap()),
        ..guan_store::RecordQuery::first("Contact", 3)
    };
    // Bo reads both contacts, and of their accounts only `a-2`.
    for (subject, text, wanted) in [
        ("bo", "account = \"a-2\"", vec!["c-2"]),
        ("bo", "account = \"a-1\"", vec![]),
        ("bo", "account = \"none\"", vec![]),
        ("bo", "not (account = \"a-2\")", vec![]),
        ("bo", "account is null", vec!["c-1"]),
        ("bo", "account in (\"a-1\", \"a-2\") and Name = \"c-2\"", vec!["c-2"]),
        ("mei", "account = \"a-1\" and Name = \"c-1\"", vec!["c-1"]),
        ("mei", "account = \"a-1\" and Name = \"c-2\"", vec![]),
        ("anna", "account = \"a-1\"", vec![]),
    ] {
        let query = contacts(text);
        assert_eq!(shop.all(subject, &query), wanted, "{subject} {text}");
        let count = shop.gate.count_records(&shop.asking(subject), &query).unwrap();
        assert_eq!(count, wanted.len() as u64, "{subject} {text}");
    }
    let by_account = Aggregation {
        object: "Contact".into(),
        filter: None,
        search: None,
        group_by: vec!["account".into()],
        measures: vec![Measure::Count],
    };
    let groups = |subject: &str| {
        let rows = shop.gate.aggregate_records(&shop.asking(subject), &by_account).unwrap();
        rows.into_iter().map(|row| row.group[0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(groups("bo"), [None, Some("a-2".into())]);
    assert_eq!(groups("mei"), [Some("a-1".into()), Some("a-2".into())]);
}

#[test]
fn a_relation_to_what_may_not_be_read_at_all_is_none() {
    let mut policy = policy();
    policy.sets.get_mut("sales").unwrap().objects.remove("Account");
    let shop = shop_with(&policy, 2);
    let refused = |text: &str| {
        let query = guan_store::RecordQuery {
            filter: Some(guan_store::Filter::parse(text).unwrap()),
            ..guan_store::RecordQuery::first("Contact", 3)
        };
        shop.gate.list_records(&shop.asking("bo"), &query).unwrap_err().to_string()
    };
    let unknown = refused("nothing = \"a-1\"").replace("nothing", "account");
    assert_eq!(refused("account = \"a-1\""), unknown);
    let sorted = guan_store::RecordQuery {
        sort: guan_engine::question::Sort { by: Some("account".into()), descending: false },
        ..guan_store::RecordQuery::first("Contact", 3)
    };
    assert!(shop.gate.list_records(&shop.asking("mei"), &sorted).is_err());
}

#[test]
fn a_change_of_parent_stands_in_the_history_for_who_reads_the_parent() {
    let shop = shop();
    let (mei, bo) = (shop.asking("mei"), shop.asking("bo"));
    let child = guan_engine::model::RecordKey::new("Contact", "c-2");
    let move_to = |parent: Option<&str>| {
        let parents = [("account".into(), parent.map(Into::into))].into();
        let patch = RecordPatch { parents, ..RecordPatch::default() };
        shop.gate.edit_record(&mei, &child, None, patch).unwrap()
    };
    let first = move_to(Some("a-1"));
    let second = move_to(Some("a-3"));
    assert_eq!(second.version, first.version.map(|version| version + 1));
    let history = |asking| shop.gate.record_history(asking, &child, None, 9).unwrap().entries;
    let seen = history(&mei);
    assert_eq!((seen.len(), seen[0].field.as_str()), (2, "$parent.account"));
    assert_eq!(seen[0].before, Some(Shown::Clear("a-1".into())));
    assert_eq!(seen[0].after, Some(Shown::Clear("a-3".into())));
    // Bo reads `a-2` alone.
    let seen = history(&bo);
    assert_eq!(seen.len(), 1);
    assert_eq!((&seen[0].before, &seen[0].after), (&Some(Shown::Clear("a-2".into())), &None));
}

#[test]
fn a_number_is_a_number_however_it_was_written() {
    let shop = shop();
    let mei = shop.asking("mei");
    for revenue in [Value::Number(Number::whole(12)), "12".into(), " 12 ".into()] {
        let new = NewRecord::new("Account", values(&[("Revenue", revenue)]));
        shop.gate.create_record(&mei, new).unwrap();
    }
    assert_eq!(shop.gate.count_records(&mei, &filtered("Revenue = 12")).unwrap(), 3);
    let new = NewRecord::new("Account", values(&[("Revenue", "twelve".into())]));
    let fault = shop.gate.create_record(&mei, new).unwrap_err();
    assert!(fault.to_string().contains("fields.Revenue"), "{fault}");
    shop.gate.edit_record(&mei, &key("a-1"), None, patch("Revenue", "12".into())).unwrap();
    assert_eq!(shop.gate.count_records(&mei, &filtered("Revenue = 12")).unwrap(), 4);
}

#[test]
fn a_share_whose_end_has_passed_is_refused_and_the_one_before_stays() {
    let shop = shop();
    let bo = shop.asking("bo");
    let share = Share::manual("user:anna".parse().unwrap(), Rights::READ);
    shop.gate.share_record(&bo, &key("a-2"), None, share.clone()).unwrap();
    let over = Share { ends: Some(bo.clock.wall), ..share };
    let fault = shop.gate.share_record(&bo, &key("a-2"), None, over).unwrap_err();
    assert!(matches!(fault, RecordFault::Problems(_)), "{fault}");
    assert!(shop.all("anna", &accounts(3)).contains(&"a-2".to_owned()));
}

#[test]
fn a_search_for_spaces_is_none() {
    let shop = shop();
    assert_eq!(shop.all("bo", &searched("  ")).len(), 4);
}
