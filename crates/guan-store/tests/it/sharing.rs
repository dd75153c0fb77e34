//! Sharing by hand: nobody gives more than they hold, and for no longer.

use guan_engine::model::{Moment, Right, Rights, Share, Span, TeamMember};
use guan_store::RecordFault;

use crate::shop::{Shop, accounts, key, shop};

fn with_share() -> Rights {
    Rights::READ.with(Right::Share)
}

/// Until when somebody has a share of `a-2`, which is Bo's.
fn until(shop: &Shop, user: &str) -> Option<Moment> {
    let shares = shop.gate.record_shares(&shop.asking("bo"), &key("a-2")).unwrap();
    let to = format!("user:{user}").parse().unwrap();
    shares.iter().find(|share| share.to == to).unwrap().ends
}

#[test]
fn whoever_holds_a_share_with_an_end_gives_it_no_longer_to_others_or_themselves() {
    let shop = shop();
    let (bo, anna) = (shop.asking("bo"), shop.asking("anna"));
    let hour = bo.clock.wall.plus(Span::minutes(60));
    let to = |user: &str| Share::manual(format!("user:{user}").parse().unwrap(), with_share());
    let share = Share { ends: Some(hour), ..to("anna") };
    shop.gate.share_record(&bo, &key("a-2"), None, share).unwrap();
    let own = shop.gate.share_record(&anna, &key("a-2"), None, to("anna")).unwrap_err();
    assert!(matches!(own, RecordFault::Nothing), "{own}");
    assert_eq!(until(&shop, "anna"), Some(hour));
    shop.gate.share_record(&anna, &key("a-2"), None, to("mei")).unwrap();
    assert_eq!(until(&shop, "mei"), Some(hour));
    // Sooner is as asked, and an owner has no end.
    let sooner = Some(bo.clock.wall.plus(Span::minutes(5)));
    shop.gate.share_record(&anna, &key("a-2"), None, Share { ends: sooner, ..to("mei") }).unwrap();
    assert_eq!(until(&shop, "mei"), sooner);
    shop.gate.share_record(&bo, &key("a-2"), None, to("mei")).unwrap();
    assert_eq!(until(&shop, "mei"), None);
}

#[test]
fn a_place_in_the_team_ends_with_the_share_by_which_it_was_given() {
    let mut shop = shop();
    let (bo, anna) = (shop.asking("bo"), shop.asking("anna"));
    let ends = Some(bo.clock.wall.plus(Span::minutes(60)));
    let share = Share { ends, ..Share::manual("user:anna".parse().unwrap(), with_share()) };
    shop.gate.share_record(&bo, &key("a-2"), None, share).unwrap();
    let member = TeamMember {
        user: "anna".into(),
        role: "helper".into(),
        rights: Rights::READ,
        ends: None,
        by: None,
        child_levels: [].into(),
    };
    shop.gate.add_team_member(&anna, &key("a-2"), None, member).unwrap();
    let sees = |shop: &Shop| shop.all("anna", &accounts(3)).contains(&"a-2".to_owned());
    assert!(sees(&shop));
    shop.world.later(Span::minutes(61));
    assert!(!sees(&shop));
}
