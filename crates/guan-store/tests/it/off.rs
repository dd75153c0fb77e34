//! The off switch: what opens it, and everything that ends it.

use guan_engine::model::Span;

use crate::world::{caller, org, world};

#[test]
fn a_window_opens_after_a_verified_backup_and_ends_at_its_end() {
    let mut world = world();
    let opened = world.open_window();
    assert!(guan_store::verify_backup(&opened.backup.folder).is_ok());
    assert!(world.is_relaxed());
    world.later(Span::minutes(29));
    assert!(world.is_relaxed());
    world.later(Span::minutes(1));
    assert!(!world.is_relaxed());
    let clock = world.clock.clone();
    let swept = world.store().sweep(&caller(), &clock).unwrap();
    assert_eq!(swept.len(), 1);
    assert_eq!(swept[0].closing.why, "deadline");
    let report = world.store().report(&org(), &opened.id, &clock).unwrap();
    assert!(report.policy.unchanged && report.backup.holds && report.seal_holds);
    world.verify_all();
}
