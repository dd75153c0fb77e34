//! What an object asks of its records: one truth for a relation, required fields and defaults; and files that repeat what is there.

use guan_engine::answer::Refusal;
use guan_engine::model::{
    Baseline, Field, FieldAccess, FieldType, Policy, RecordId, RecordKey, Value,
};
use guan_engine::visible::Shown;
use guan_store::{ImportBatch, ImportOutcome, ImportRow, NewRecord, RecordFault, RecordPatch};

use crate::shop::{Shop, field, key, policy, shop, shop_with, values};

fn of(id: &str) -> RecordKey {
    RecordKey::new("Contact", id)
}

/// Contacts whose relation to their account is a field too; who reads the account reads its contacts.
fn linked() -> Shop {
    let mut policy = policy();
    let contact = policy.objects.get_mut("Contact").unwrap();
    contact.fields.insert("account".into(), field(FieldType::Reference));
    contact.baseline.internal = Baseline::ControlledByParent("account".into());
    let sales = policy.sets.get_mut("sales").unwrap();
    sales.fields.get_mut("Contact").unwrap().insert("account".into(), FieldAccess::EDIT);
    shop_with(&policy, 8)
}

fn by_field(value: Option<&str>) -> RecordPatch {
    let fields = [("account".into(), value.map(Value::from))].into();
    RecordPatch { fields, ..RecordPatch::default() }
}

fn by_parent(value: Option<&str>) -> RecordPatch {
    let parents = [("account".into(), value.map(RecordId::from))].into();
    RecordPatch { parents, ..RecordPatch::default() }
}

/// What the boss reads of the relation: the field and the parent.
fn read(shop: &Shop, id: &RecordId) -> (Option<String>, Option<String>) {
    let key = RecordKey { object: "Contact".into(), id: id.clone() };
    let found = shop.gate.read_record(&shop.asking("mei"), &key).unwrap().record;
    let field = found.fields().get("account").map(|shown| match shown {
        Shown::Clear(value) => value.to_string(),
        Shown::Masked(text) => text.clone(),
    });
    (field, found.parents().get("account").map(ToString::to_string))
}

fn both(id: &str) -> (Option<String>, Option<String>) {
    (Some(id.to_owned()), Some(id.to_owned()))
}

fn import(shop: &Shop, subject: &str, object: &str, rows: Vec<ImportRow>) -> ImportOutcome {
    let batch = ImportBatch { object: object.into(), rows, dry_run: false };
    shop.gate.import_records(&shop.asking(subject), &batch).unwrap()
}

fn places(fault: RecordFault) -> Vec<String> {
    match fault {
        RecordFault::Problems(problems) => problems.into_iter().map(|one| one.place).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_relation_and_the_field_of_its_id_are_one_however_they_are_written() {
    let shop = linked();
    let mei = shop.asking("mei");
    let id = RecordId::from("c-2");
    let edit = |patch| shop.gate.edit_record(&mei, &of("c-2"), None, patch);
    edit(by_field(Some("a-3"))).unwrap();
    assert_eq!(read(&shop, &id), both("a-3"));
    edit(by_parent(Some("a-4"))).unwrap();
    assert_eq!(read(&shop, &id), both("a-4"));
    edit(by_field(None)).unwrap();
    assert_eq!(read(&shop, &id), (None, None));
    let bulk = |patch: &RecordPatch| {
        shop.gate.edit_records(&mei, &"Contact".into(), &["c-2".into()], patch).unwrap()
    };
    assert_eq!(bulk(&by_field(Some("a-5"))).done, 1);
    assert_eq!(read(&shop, &id), both("a-5"));
    assert_eq!(bulk(&by_parent(None)).done, 1);
    assert_eq!(read(&shop, &id), (None, None));
    let row = ImportRow {
        id: Some(id.clone()),
        fields: values(&[("account", "a-6".into())]),
        ..ImportRow::at(2)
    };
    assert_eq!(import(&shop, "mei", "Contact", vec![row]).updated, 1);
    assert_eq!(read(&shop, &id), both("a-6"));
    let new = NewRecord::new("Contact", values(&[("account", "a-7".into())]));
    let made = shop.gate.create_record(&mei, new).unwrap();
    assert_eq!(read(&shop, &made.key.id), both("a-7"));
    let new = NewRecord {
        parents: [("account".into(), "a-8".into())].into(),
        ..NewRecord::new("Contact", values(&[]))
    };
    let made = shop.gate.create_record(&mei, new).unwrap();
    assert_eq!(read(&shop, &made.key.id), both("a-8"));
}

#[test]
fn what_hangs_on_the_parent_follows_a_field_that_is_the_relation() {
    let shop = linked();
    let reads =
        |subject: &str, id: &str| shop.gate.read_record(&shop.asking(subject), &of(id)).is_ok();
    // The contact is Bo's; Anna reads the contacts of her accounts, the odd ones.
    assert!(!reads("anna", "c-2"));
    shop.gate.edit_record(&shop.asking("mei"), &of("c-2"), None, by_field(Some("a-3"))).unwrap();
    assert!(reads("anna", "c-2"));
    shop.gate.edit_record(&shop.asking("mei"), &of("c-2"), None, by_field(Some("a-4"))).unwrap();
    assert!(!reads("anna", "c-2"));
}

#[test]
fn a_relation_by_its_field_leads_nowhere_that_may_not_be_read_and_says_one_thing() {
    let shop = linked();
    let bo = shop.asking("bo");
    let edit = |patch| shop.gate.edit_record(&bo, &of("c-2"), None, patch).unwrap_err().to_string();
    // Anna's account, and one that is not there.
    let theirs = edit(by_field(Some("a-1")));
    assert_eq!(theirs, edit(by_field(Some("a-99"))).replace("a-99", "a-1"));
    assert_eq!(theirs, edit(by_parent(Some("a-1"))));
    let twice = RecordPatch { fields: by_field(Some("a-4")).fields, ..by_parent(Some("a-6")) };
    let fault = shop.gate.edit_record(&bo, &of("c-2"), None, twice).unwrap_err();
    assert_eq!(places(fault), ["fields.account"]);
    let list = Value::List(vec!["a-4".into()]);
    let patch = RecordPatch { fields: [("account".into(), Some(list))].into(), ..by_parent(None) };
    let patch = RecordPatch { parents: [].into(), ..patch };
    let fault = shop.gate.edit_record(&bo, &of("c-2"), None, patch).unwrap_err();
    assert_eq!(places(fault), ["fields.account"]);
}

#[test]
fn who_may_not_set_the_field_does_not_set_its_relation_either() {
    let mut policy = policy();
    let contact = policy.objects.get_mut("Contact").unwrap();
    contact.fields.insert("account".into(), field(FieldType::Reference));
    let sales = policy.sets.get_mut("sales").unwrap();
    sales.fields.get_mut("Contact").unwrap().insert("account".into(), FieldAccess::READ);
    let shop = shop_with(&policy, 8);
    let fault = shop.gate.edit_record(&shop.asking("bo"), &of("c-2"), None, by_parent(Some("a-4")));
    let RecordFault::Refused { refusal, .. } = fault.unwrap_err() else { panic!("is refused") };
    assert_eq!(refusal, Refusal::FieldReadOnly { field: "account".into() });
}

/// Accounts need a name, an industry and `needed`, which sales people have this access to.
fn demanding(needed: Field, access: FieldAccess) -> Policy {
    let mut policy = policy();
    let account = policy.objects.get_mut("Account").unwrap();
    for id in ["Name", "Industry"] {
        account.fields.get_mut(id).unwrap().required = true;
    }
    account.fields.insert("Needed".into(), Field { required: true, ..needed });
    let sales = policy.sets.get_mut("sales").unwrap();
    sales.fields.get_mut("Account").unwrap().insert("Needed".into(), access);
    policy
}

fn create(shop: &Shop, fields: &[(&str, Value)]) -> Result<RecordKey, RecordFault> {
    let new = NewRecord::new("Account", values(fields));
    shop.gate.create_record(&shop.asking("anna"), new).map(|made| made.key)
}

#[test]
fn no_record_is_made_without_its_required_fields_and_each_is_named() {
    let shop = shop_with(&demanding(Field::default(), FieldAccess::EDIT), 4);
    let rows = shop.rows();
    for (given, missing) in [
        (&[][..], &["fields.Industry", "fields.Name", "fields.Needed"][..]),
        (&[("Name", "x".into()), ("Industry", " ".into())], &["fields.Industry", "fields.Needed"]),
        (&[("Name", "x".into()), ("Industry", "Steel".into())], &["fields.Needed"]),
    ] {
        assert_eq!(places(create(&shop, given).unwrap_err()), missing);
    }
    assert_eq!(shop.rows(), rows, "nothing was written");
    let all = [("Name", "x".into()), ("Industry", "Steel".into()), ("Needed", "y".into())];
    create(&shop, &all).unwrap();
}

#[test]
fn no_change_takes_a_required_value_away_and_old_records_without_one_stay_editable() {
    let shop = shop_with(&demanding(Field::default(), FieldAccess::EDIT), 4);
    let anna = shop.asking("anna");
    let patch = |value: Option<&str>| RecordPatch {
        fields: [("Name".into(), value.map(Value::from))].into(),
        ..RecordPatch::default()
    };
    for value in [None, Some(""), Some(" ")] {
        let fault = shop.gate.edit_record(&anna, &key("a-1"), None, patch(value)).unwrap_err();
        assert_eq!(places(fault), ["fields.Name"]);
    }
    let ids = ["a-1".into(), "a-3".into()];
    let done = shop.gate.edit_records(&anna, &"Account".into(), &ids, &patch(None)).unwrap();
    assert_eq!((done.done, done.refused.len()), (0, 2));
    assert!(done.refused[0].why.contains("fields.Name"), "{}", done.refused[0].why);
    // `a-1` has nothing in `Needed`, which came later.
    shop.gate.edit_record(&anna, &key("a-1"), None, patch(Some("y"))).unwrap();
    let row = |line, id: Option<&str>, fields: &[(&str, Value)]| ImportRow {
        id: id.map(Into::into),
        fields: values(fields),
        ..ImportRow::at(line)
    };
    let outcome = import(
        &shop,
        "mei",
        "Account",
        vec![row(2, None, &[("Name", "x".into())]), row(3, Some("a-1"), &[("Name", "z".into())])],
    );
    assert_eq!((outcome.created, outcome.updated), (0, 1));
    assert!(outcome.errors[0].1.contains("fields.Industry"), "{:?}", outcome.errors);
}

#[test]
fn who_may_not_set_a_required_field_is_refused_by_its_gate_and_learns_no_hidden_name() {
    let given = [("Name", "x".into()), ("Industry", "Steel".into())];
    let shop = shop_with(&demanding(Field::default(), FieldAccess::READ), 4);
    let RecordFault::Refused { refusal, reference } = create(&shop, &given).unwrap_err() else {
        panic!("the field gate refuses")
    };
    assert_eq!(refusal, Refusal::FieldReadOnly { field: "Needed".into() });
    assert!(reference.is_some());

    let shop = shop_with(&demanding(Field::default(), FieldAccess::HIDDEN), 4);
    let before = shop.rows();
    let fault = create(&shop, &given).unwrap_err();
    let told = format!("{fault} {fault:?}");
    assert!(matches!(fault, RecordFault::NeedsMore { reference: Some(_) }), "{fault:?}");
    assert!(!told.contains("Needed"), "{told}");
    let rows = shop.gate.read(|reader| reader.ledger_rows("acme", before..shop.rows())).unwrap();
    assert_eq!(rows.len(), 1);
    assert!(
        !String::from_utf8_lossy(&rows[0].bytes).contains("Needed"),
        "its row may be explained"
    );
    // What may be set is asked for first.
    assert_eq!(places(create(&shop, &[("Name", "x".into())]).unwrap_err()), ["fields.Industry"]);
}

#[test]
fn a_default_stands_in_for_who_may_not_set_the_field() {
    let fresh = Field { default: Some("fresh".into()), ..Field::default() };
    let shop = shop_with(&demanding(fresh, FieldAccess::HIDDEN), 4);
    let given = [("Name", "x".into()), ("Industry", "Steel".into())];
    let key = create(&shop, &given).unwrap();
    let seen = |subject: &str| {
        let found = shop.gate.read_record(&shop.asking(subject), &key).unwrap();
        found.record.fields().get("Needed").cloned()
    };
    assert_eq!((seen("mei"), seen("anna")), (Some(Shown::Clear("fresh".into())), None));
    // Naming it is refused as ever.
    let named = [given[0].clone(), given[1].clone(), ("Needed", "mine".into())];
    assert!(matches!(create(&shop, &named).unwrap_err(), RecordFault::Field { .. }));
}

#[test]
fn a_file_that_repeats_what_its_reader_sees_changes_nothing_and_needs_no_right_to() {
    let mut policy = policy();
    let sales = policy.sets.get_mut("sales").unwrap();
    let account = sales.objects.get_mut("Account").unwrap();
    account.actions.insert(guan_engine::model::Action::Import, guan_engine::model::Grant::ALL);
    let shop = shop_with(&policy, 8);
    // As Anna's export of `a-1` has it: `Revenue` is for reading and `Phone` masked.
    let shown = ImportRow {
        id: Some("a-1".into()),
        owners: Some(["user:anna".parse().unwrap()].into()),
        fields: values(&[
            ("Name", "蓝海科技 1".into()),
            ("Revenue", "100".into()),
            ("Phone", "138****0001".into()),
        ]),
        masked: [("Phone".into(), "138****0001".to_owned())].into(),
        ..ImportRow::at(2)
    };
    let before = shop.rows();
    let outcome = import(&shop, "anna", "Account", vec![shown.clone()]);
    assert_eq!((outcome.unchanged, outcome.errors), (1, vec![]));
    assert_eq!(shop.rows(), before);
    let with = |field: &str, value: &str| {
        let mut row = shown.clone();
        row.fields.insert(field.into(), value.into());
        row.masked.insert(field.into(), value.to_owned());
        row
    };
    for row in [with("Revenue", "101"), with("Phone", "13800000001"), with("Secret", "takeover1")] {
        let outcome = import(&shop, "anna", "Account", vec![row]);
        assert_eq!((outcome.updated, outcome.unchanged, outcome.errors.len()), (0, 0, 1));
    }
    assert_eq!(import(&shop, "anna", "Account", vec![with("Name", "other")]).updated, 1);
    let phone = shop.gate.read_record(&shop.asking("mei"), &key("a-1")).unwrap().record;
    assert_eq!(phone.fields().get("Phone"), Some(&Shown::Clear("13800000001".into())));
    // Of a record that may not be seen nothing is said, however well it was guessed.
    let row = ImportRow {
        id: Some("a-2".into()),
        owners: Some(["user:bo".parse().unwrap()].into()),
        ..ImportRow::at(3)
    };
    let gone = ImportRow { id: Some("a-99".into()), ..row.clone() };
    let outcome = import(&shop, "anna", "Account", vec![row, gone]);
    assert_eq!((outcome.unchanged, outcome.errors.len()), (0, 2));
    assert_eq!(outcome.errors[0].1, outcome.errors[1].1);
}

#[test]
fn a_file_places_records_where_that_may_be_done_and_never_through_a_pool() {
    let shop = shop();
    let row = |id: &str, owner: &str| ImportRow {
        id: Some(id.into()),
        owners: Some([owner.parse().unwrap()].into()),
        ..ImportRow::at(2)
    };
    assert_eq!(import(&shop, "mei", "Account", vec![row("a-1", "user:bo")]).updated, 1);
    assert_eq!(shop.all("bo", &crate::shop::accounts(9)), ["a-1", "a-2", "a-4", "a-6", "a-8"]);
    let pooled = ImportRow { pool: Some("sea".into()), owners: None, ..row("a-2", "user:bo") };
    let outcome = import(&shop, "mei", "Account", vec![pooled]);
    assert!(outcome.errors[0].1.contains("pool"), "{:?}", outcome.errors);
    let new = ImportRow {
        fields: values(&[("Name", "waits".into())]),
        pool: Some("sea".into()),
        owners: Some([].into()),
        ..ImportRow::at(3)
    };
    assert_eq!(import(&shop, "mei", "Account", vec![new]).created, 1);
}
