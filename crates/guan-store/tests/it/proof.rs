//! What a report proves of the policy: which revision was in force at the opening and which at the end.

use guan_engine::model::{Audience, Disabled, OverlayEffect, Span};
use guan_store::{OverlayRequest, PolicyProof};

use crate::policy::rename;
use crate::world::{World, caller, org, world};

fn proof(world: &mut World, overlay: &guan_engine::model::OverlayId) -> PolicyProof {
    let clock = world.clock.clone();
    world.store().report(&org(), overlay, &clock).unwrap().policy
}

#[test]
fn an_edit_while_an_overlay_lasts_is_told_in_its_report() {
    let mut world = world();
    let effect = OverlayEffect::Disablement { what: Disabled::Set("reader".into()) };
    let request = OverlayRequest::new("acme", effect, Audience::default(), "trying");
    let clock = world.clock.clone();
    let opened = world.store().open_overlay(&caller(), &clock, &request).unwrap();
    let before = proof(&mut world, &opened.id);
    assert_eq!((before.revision, before.end_revision, before.unchanged), (2, 2, true));
    world.write(&rename("Bo Li", 2));
    let during = proof(&mut world, &opened.id);
    assert_eq!((during.revision, during.end_revision, during.unchanged), (2, 3, false));
    assert_ne!(during.before, during.after);
    world.store().close_overlay(&caller(), &clock, &org(), &opened.id, "").unwrap();
    world.write(&rename("Bo Wang", 3));
    let after = proof(&mut world, &opened.id);
    assert_eq!((after.revision, after.end_revision, after.current_revision), (2, 3, 4));
    assert!(!after.unchanged);
}

#[test]
fn an_edit_after_the_end_is_none_of_the_window() {
    let mut world = world();
    let opened = world.open_window();
    world.later(Span::minutes(30));
    world.write(&rename("Bo Li", 2));
    let unwritten = proof(&mut world, &opened.id);
    assert_eq!((unwritten.end_revision, unwritten.unchanged), (2, true));
    world.later(Span::minutes(1));
    let clock = world.clock.clone();
    world.store().sweep(&caller(), &clock).unwrap();
    let written = proof(&mut world, &opened.id);
    assert_eq!((written.end_revision, written.current_revision), (2, 3));
    assert!(written.unchanged);
}
