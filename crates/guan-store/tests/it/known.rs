//! What is told of a record that somebody may not do something to: only to those who may know that it is there.

use guan_engine::answer::Refusal;
use guan_engine::condition::Condition;
use guan_engine::model::{Action, Grant, OverlayEffect, Principal, Restriction};
use guan_store::{RecordFault, RecordPatch};

use crate::shop::{key, policy, shop, shop_with};
use crate::world::caller;

fn renamed() -> RecordPatch {
    let fields = [("Name".into(), Some("x".into()))].into();
    RecordPatch { fields, ..RecordPatch::default() }
}

#[test]
fn that_a_window_alone_shows_a_record_is_recorded_before_a_refusal_tells_of_it() {
    let shop = shop();
    let mut request = crate::world::request();
    let OverlayEffect::Suspension { scope, .. } = &mut request.effect else { panic!() };
    scope.actions.insert(Action::Read);
    let opened = shop.gate.open_overlay(&caller(), &shop.world.clock, &request).unwrap();
    let (bo, before) = (shop.asking("bo"), shop.rows());
    let refused = shop.gate.edit_record(&bo, &key("a-1"), None, renamed()).unwrap_err();
    let RecordFault::Refused { refusal: Refusal::OutOfReach, reference } = refused else {
        panic!("{refused}")
    };
    assert!(reference.is_some());
    // That it was seen, and that it was not changed.
    assert_eq!(shop.rows(), before + 2);
    let report = shop.world.report(&shop.gate, &opened);
    assert!(format!("{report:?}").contains("a-1"), "{report:?}");
    let absent = shop.gate.edit_record(&bo, &key("none"), None, renamed()).unwrap_err();
    assert!(matches!(absent, RecordFault::NotFound { .. }), "{absent}");
    assert_eq!(shop.rows(), before + 3);
}

#[test]
fn a_locked_record_that_a_restriction_hides_is_not_there() {
    let mut policy = policy();
    let sales = policy.sets.get_mut("sales").unwrap().objects.get_mut("Account").unwrap();
    for action in [Action::Read, Action::Edit] {
        sales.actions.insert(action, Grant::ALL);
    }
    let restriction = Restriction {
        object: "Account".into(),
        name: "not theirs".to_owned(),
        active: true,
        who: [Principal::User("bo".into())].into(),
        whose: None,
        actions: [].into(),
        only: Condition::parse("Industry = \"Retail\"").unwrap(),
        fields: [].into(),
        exempt_all: false,
    };
    policy.restrictions.insert("r-1".into(), restriction);
    let shop = shop_with(&policy, 8);
    for id in ["a-1", "a-3"] {
        shop.gate.lock_record(&shop.asking("mei"), &key(id), None).unwrap();
    }
    let edited = |id: &str| shop.gate.edit_record(&shop.asking("bo"), &key(id), None, renamed());
    for unseen in ["a-1", "none"] {
        let fault = edited(unseen).unwrap_err();
        assert!(matches!(fault, RecordFault::NotFound { .. }), "{unseen}: {fault}");
    }
    let seen = edited("a-3").unwrap_err();
    assert!(matches!(seen, RecordFault::Refused { refusal: Refusal::Locked, .. }), "{seen}");
}
