//! What is told beyond a record itself: who else reads it, and the value behind a mask.

use guan_engine::answer::{Evidence, Refusal};
use guan_engine::model::{Action, CustomAction, FieldId, Grant, Right, RightName, Value};
use guan_store::{REVEAL, RecordFault};

use crate::shop::{Shop, key, policy, shop, shop_with};

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
    let mut policy = policy();
    let reveal = CustomAction { needs: RightName(Right::Read), changes: false, implies: [].into() };
    policy.actions.insert(REVEAL.into(), reveal);
    let sales = policy.sets.get_mut("sales").unwrap().objects.get_mut("Account").unwrap();
    sales.actions.insert(Action::Custom(REVEAL.into()), Grant::REACHABLE);
    let shop = shop_with(&policy, 4);
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
