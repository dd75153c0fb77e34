//! What a window needs before it opens; without any of it nothing is relaxed and nothing is recorded as open.

use guan_engine::model::{
    AddressRange, Audience, FieldClass, Others, OverlayEffect, Span, SuspensionScope,
};
use guan_store::{OffError, OverlayRequest};

use crate::world::{World, caller, request, world};

fn refusal(world: &mut World, request: &OverlayRequest) -> String {
    let clock = world.clock.clone();
    let error = world.store().open_overlay(&caller(), &clock, request).unwrap_err();
    assert!(!world.is_relaxed());
    error.to_string()
}

#[test]
fn an_audience_a_reason_and_known_names_are_needed() {
    let mut world = world();
    let nobody = OverlayRequest { audience: Audience::default(), ..request() };
    assert!(refusal(&mut world, &nobody).contains("would open the door to everybody"));
    let silent = OverlayRequest { reason: "  ".into(), ..request() };
    assert!(refusal(&mut world, &silent).contains("no reason is stated"));
    let users = ["user:nobody".parse().unwrap()].into();
    let unknown = OverlayRequest { audience: Audience { users, networks: vec![] }, ..request() };
    assert!(refusal(&mut world, &unknown).contains("`nobody`"));
    let elsewhere = OverlayRequest { organization: "other".into(), ..request() };
    assert!(refusal(&mut world, &elsewhere).contains("`other`"));
}

#[test]
fn a_network_alone_is_an_audience() {
    let mut world = world();
    let networks: Vec<AddressRange> = vec!["192.0.2.0/24".parse().unwrap()];
    let audience = Audience { users: [].into(), networks };
    let clock = world.clock.clone();
    let request = OverlayRequest { audience, ..request() };
    world.store().open_overlay(&caller(), &clock, &request).unwrap();
}

#[test]
fn a_window_lasts_at_most_four_hours() {
    let mut world = world();
    let long = OverlayRequest { length: Some(Span::minutes(241)), ..request() };
    assert_eq!(refusal(&mut world, &long), "a window lasts from 1 second to 4 hours, not 14460 s");
    let none = OverlayRequest { length: Some(Span(0)), ..request() };
    assert!(refusal(&mut world, &none).contains("not 0 s"));
    let clock = world.clock.clone();
    let cap = OverlayRequest { length: Some(Span::minutes(240)), ..request() };
    world.store().open_overlay(&caller(), &clock, &cap).unwrap();
}

#[test]
fn protected_fields_and_bulk_need_two_approvers() {
    let mut world = world();
    let with = |scope| OverlayRequest {
        effect: OverlayEffect::Suspension { scope, others: Others::Enforced },
        ..request()
    };
    let classes = [FieldClass::Sensitive].into();
    let protected =
        with(SuspensionScope { protected_classes: classes, ..SuspensionScope::default() });
    assert!(refusal(&mut world, &protected).starts_with("protected fields stay closed"));
    let bulk = with(SuspensionScope { bulk: true, ..SuspensionScope::default() });
    assert!(refusal(&mut world, &bulk).starts_with("bulk actions stay closed"));
}

#[test]
fn a_clock_that_was_set_back_or_cannot_be_read_opens_nothing() {
    let mut world = world();
    world.later(Span::seconds(-3));
    assert!(
        refusal(&mut world, &request()).starts_with("the wall clock says 2026-01-31T07:59:57Z")
    );
    world.later(Span::seconds(3));
    world.clock.boot_clock = None;
    assert!(refusal(&mut world, &request()).starts_with("the boot clock of this machine"));
}

#[test]
fn without_a_backup_there_is_no_window() {
    let mut world = world();
    let backups = world.path().join("backups");
    std::fs::remove_dir_all(&backups).unwrap();
    std::fs::write(&backups, "in the way").unwrap();
    let clock = world.clock.clone();
    let error = world.store().open_overlay(&caller(), &clock, &request()).unwrap_err();
    assert!(matches!(error, OffError::Backup(_)), "{error}");
    assert_eq!(error.to_string(), "no window opens without a verified backup");
    assert!(!world.is_relaxed());
}

#[test]
fn a_window_beside_another_is_opened_and_told() {
    let mut world = world();
    let first = world.open_window();
    assert!(first.overlapping.is_empty());
    world.later(Span::minutes(10));
    let short = OverlayRequest { length: Some(Span::minutes(5)), ..request() };
    let clock = world.clock.clone();
    let second = world.store().open_overlay(&caller(), &clock, &short).unwrap();
    assert_eq!(second.overlapping.len(), 1);
    assert_eq!(second.overlapping[0].id, first.id);
    assert_eq!(second.effective_end, first.sealed.overlay.ends);
}
