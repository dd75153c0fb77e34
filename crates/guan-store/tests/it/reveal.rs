//! What is told beyond a record itself: who else reads it, and the value behind a mask.

use guan_engine::answer::{Evidence, Refusal};
use guan_engine::model::{
    Action, CustomAction, FieldAccess, FieldId, Grant, Policy, RevealLimits, Right, RightName,
    Span, Value,
};
use guan_store::{ImportBatch, ImportRow, REVEAL, RecordFault, WriteError};

use crate::shop::{Shop, key, patch, policy, shop, shop_with};

#[test]
fn who_may_share_a_record_learns_who_reads_it_and_nothing_of_other_records() {
    let mut policy = policy();
    let contact = policy.objects.get_mut("Contact").unwrap();
    contact.relations.get_mut("account").unwrap().implicit_parent = true;
    let shop = shop_with(&policy, 4);
    let readers = |who: &str, id: &str| shop.gate.record_readers(&shop.asking(who), &key(id));
    // Bo owns a contact of Anna's account; that there is such a contact she may not know.
    let found = readers("anna", "a-1").unwrap();
    let of = |user: &str| found.iter().find(|one| one.user == user.into()).unwrap();
    assert!(matches!(of("anna").path, Some(Evidence::Owner { .. })), "{found:?}");
    assert_eq!((&of("bo").path, &of("bo").overlay), (&None, &None));
    let seen = readers("mei", "a-1").unwrap();
    let bo = seen.iter().find(|one| one.user == "bo".into()).unwrap();
    assert!(matches!(bo.path, Some(Evidence::ImplicitParent { .. })), "{seen:?}");
    // Who reads it and may not share it does not learn who else does; nor who does not read it.
    let before = shop.rows();
    assert!(matches!(readers("bo", "a-1"), Err(RecordFault::Refused { reference: Some(_), .. })));
    assert!(matches!(readers("bo", "a-3"), Err(RecordFault::NotFound { .. })));
    assert_eq!(shop.rows(), before + 2);
}

#[test]
fn a_masked_value_is_revealed_to_whom_it_is_granted_with_a_reason_that_stands_in_the_ledger() {
    let plain = shop();
    let phone = FieldId::from("Phone");
    let ask = |shop: &Shop, who: &str, id: &str, field: &FieldId, reason: &str| {
        shop.gate.reveal_value(&shop.asking(who), &key(id), field, reason)
    };
    // Nobody may where the organization does not define the action.
    assert!(matches!(
        ask(&plain, "anna", "a-1", &phone, "call back"),
        Err(RecordFault::Refused { refusal: Refusal::UnknownAction, reference: Some(_) })
    ));
    let shop = shop_with(&revealing(), 4);
    let before = shop.rows();
    let value = ask(&shop, "anna", "a-1", &phone, "call back").unwrap();
    assert_eq!((value, shop.rows()), (Value::from("13800000001"), before + 1));
    let rows = shop.gate.read(|reader| reader.ledger_rows("acme", before..before + 1)).unwrap();
    let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
    assert_eq!(entry.kind, guan_ledger::Kind::ProtectedRead);
    assert_eq!(entry.what.purpose.as_deref(), Some("call back"));
    assert_eq!(entry.what.record.as_deref(), Some("a-1"));
    assert!(!String::from_utf8_lossy(&rows[0].bytes).contains("13800000001"), "no value in it");
    // Not without a reason, not what is hidden or in clear, and not what is out of reach.
    for (id, field, reason) in
        [("a-1", "Phone", " "), ("a-1", "Secret", "x"), ("a-1", "Name", "x"), ("a-1", "Nix", "x")]
    {
        ask(&shop, "anna", id, &field.into(), reason).unwrap_err();
    }
    assert!(matches!(ask(&shop, "anna", "a-2", &phone, "x"), Err(RecordFault::NotFound { .. })));
    assert!(matches!(ask(&shop, "mei", "a-1", &phone, "x"), Err(RecordFault::Refused { .. })));
}

/// A shop where sales people may have phone numbers revealed.
fn revealing() -> Policy {
    let mut policy = policy();
    let reveal = CustomAction { needs: RightName(Right::Read), changes: false, implies: [].into() };
    policy.actions.insert(REVEAL.into(), reveal);
    let sales = policy.sets.get_mut("sales").unwrap().objects.get_mut("Account").unwrap();
    sales.actions.insert(Action::Custom(REVEAL.into()), Grant::REACHABLE);
    policy
}

#[test]
fn nobody_has_more_values_revealed_than_the_organization_lets_within_an_hour_and_a_day() {
    let mut policy = revealing();
    policy.organization.reveals = RevealLimits { an_hour_max: 2, a_day_max: 3 };
    let mut shop = shop_with(&policy, 4);
    let reveal = |shop: &Shop, who: &str, id: &str| {
        shop.gate.reveal_value(&shop.asking(who), &key(id), &"Phone".into(), "call back")
    };
    let used = |shop: &Shop, who: &str| {
        let so_far = shop.gate.reveals_so_far(&shop.asking(who)).unwrap();
        (so_far.in_hour, so_far.in_day)
    };
    let limit = |shop: &Shop, who: &str, id: &str| match reveal(shop, who, id) {
        Err(RecordFault::Reveals {
            limit: WriteError::RevealLimit { most, hours, from },
            reference,
        }) => (most, hours, from.unwrap().0 - shop.world.clock.wall.0, reference),
        other => panic!("{other:?}"),
    };
    reveal(&shop, "anna", "a-1").unwrap();
    shop.world.later(Span::minutes(10));
    reveal(&shop, "anna", "a-3").unwrap();
    assert_eq!(used(&shop, "anna"), (2, 2));
    let before = shop.rows();
    let (most, hours, wait_ms, reference) = limit(&shop, "anna", "a-1");
    assert_eq!((most, hours, wait_ms), (2, 1, 50 * 60_000));
    // What is refused is found among the refusals, and is not counted.
    assert_eq!((reference, shop.rows()), (Some(before), before + 1));
    let rows = shop.gate.read(|reader| reader.ledger_rows("acme", before..before + 1)).unwrap();
    let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
    assert_eq!(entry.kind, guan_ledger::Kind::DecisionDenied);
    assert_eq!(entry.result.unwrap().error_class.as_deref(), Some("reveal_limit"));
    assert_eq!(used(&shop, "anna"), (2, 2));
    // It is one person's limit.
    reveal(&shop, "bo", "a-2").unwrap();
    shop.world.later(Span::minutes(50));
    reveal(&shop, "anna", "a-1").unwrap();
    shop.world.later(Span::minutes(61));
    assert_eq!(used(&shop, "anna"), (0, 3));
    let (most, hours, wait_ms, _) = limit(&shop, "anna", "a-1");
    assert_eq!((most, hours, wait_ms), (3, 24, (24 * 60 - 121) * 60_000));
    shop.world.later(Span::minutes(24 * 60 - 121));
    reveal(&shop, "anna", "a-1").unwrap();
    assert_eq!(used(&shop, "anna"), (1, 3));
}

#[test]
fn where_the_organization_lets_none_no_value_is_revealed() {
    let mut policy = revealing();
    policy.organization.reveals = RevealLimits { an_hour_max: 0, a_day_max: 100 };
    let shop = shop_with(&policy, 4);
    let answer =
        shop.gate.reveal_value(&shop.asking("anna"), &key("a-1"), &"Phone".into(), "call back");
    assert!(matches!(
        answer,
        Err(RecordFault::Reveals {
            limit: WriteError::RevealLimit { most: 0, from: None, .. },
            ..
        })
    ));
}

#[test]
fn whether_a_guess_of_what_is_not_seen_in_clear_is_right_is_never_told() {
    let mut policy = policy();
    let sales = policy.sets.get_mut("sales").unwrap();
    let account = sales.objects.get_mut("Account").unwrap();
    account.actions.insert(Action::Import, Grant::REACHABLE);
    let fields = sales.fields.get_mut("Account").unwrap();
    fields.insert("Phone".into(), FieldAccess::MASKED_EDIT);
    fields.insert("Secret".into(), FieldAccess::ONLY_EDIT);
    let shop = shop_with(&policy, 4);
    let anna = shop.asking("anna");
    for (field, value) in [("Phone", "13800000001"), ("Secret", "takeover1")] {
        let told = [value, "19999999999"].map(|guess| {
            let row = ImportRow {
                id: Some("a-1".into()),
                fields: [(field.into(), Value::from(guess))].into(),
                ..ImportRow::at(2)
            };
            let batch = ImportBatch { object: "Account".into(), rows: vec![row], dry_run: true };
            let file = shop.gate.import_records(&anna, &batch).map(|told| format!("{told:?}"));
            file.map_err(|fault| fault.to_string())
        });
        assert_eq!(told[0], told[1], "{field}");
        // The right value is a change like any other, with its row and its version.
        let before = shop.rows();
        let changed = shop.gate.edit_record(&anna, &key("a-1"), None, patch(field, value.into()));
        assert!(changed.is_ok(), "{field}");
        let (object, ids) = ("Account".into(), ["a-1".into()]);
        let same = patch(field, value.into());
        assert_eq!(shop.gate.edit_records(&anna, &object, &ids, &same).unwrap().done, 1);
        assert_eq!(shop.rows(), before + 2);
    }
    // What is seen is told.
    let same = patch("Name", "蓝海科技 1".into());
    let told = shop.gate.edit_record(&anna, &key("a-1"), None, same).unwrap_err();
    assert!(matches!(told, RecordFault::Nothing), "{told}");
}
