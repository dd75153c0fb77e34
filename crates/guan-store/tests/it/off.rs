//! Everything that ends a window, and what is recorded of it.

use guan_engine::activity::Dormant;
use guan_engine::model::{Moment, RecordKey, Span, Value};
use guan_ledger::Kind;
use guan_store::{Change, End, OverlayRequest, StoredClosing, WriteError};

use crate::policy::rename;
use crate::world::{START, World, account, caller, org, request, world};

fn dormant(world: &mut World) -> Dormant {
    let clock = world.clock.clone();
    world.store().status(&org(), &clock).unwrap().overlays.remove(0).dormant.unwrap()
}

/// The next one who comes by writes the end; what it says.
fn swept(world: &mut World) -> String {
    let clock = world.clock.clone();
    let swept = world.store().sweep(&caller(), &clock).unwrap();
    assert_eq!(swept.len(), 1);
    assert!(world.store().sweep(&caller(), &clock).unwrap().is_empty());
    world.verify_all();
    swept[0].closing.why.clone()
}

fn closing(world: &mut World, overlay: &guan_engine::model::OverlayId) -> StoredClosing {
    let clock = world.clock.clone();
    match world.store().report(&org(), overlay, &clock).unwrap().end {
        End::Closed(closing) => closing,
        end => panic!("{end:?}"),
    }
}

#[test]
fn a_window_opens_after_a_verified_backup_and_ends_at_its_end() {
    let mut world = world();
    let opened = world.open_window();
    assert!(guan_store::verify_backup(&opened.backup.folder).is_ok());
    assert!(world.is_relaxed());
    world.later(Span::minutes(29));
    assert!(world.is_relaxed());
    world.later(Span::minutes(1));
    assert_eq!(dormant(&mut world), Dormant::Ended);
    assert_eq!(swept(&mut world), "deadline");
}

#[test]
fn an_end_that_nobody_saw_is_written_with_both_times() {
    let mut world = world();
    let opened = world.open_window();
    world.later(Span::minutes(90));
    world.restart();
    assert!(!world.is_relaxed());
    assert_eq!(swept(&mut world), "deadline");
    let closing = closing(&mut world, &opened.id);
    assert_eq!(closing.closing.at, START.plus(Span::minutes(30)));
    assert_eq!(closing.recorded, START.plus(Span::minutes(90)));
    let clock = world.clock.clone();
    let report = world.store().report(&org(), &opened.id, &clock).unwrap();
    let kinds: Vec<Kind> = report.timeline.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::OverlayOpened, Kind::OverlayClosed]);
    let (end, recorded) = (START.plus(Span::minutes(30)), START.plus(Span::minutes(90)));
    assert_eq!(report.timeline[1].effective_us, end.0 * 1_000);
    assert_eq!(report.timeline[1].recorded_us, Some(recorded.0 * 1_000));
    assert!(report.policy.unchanged && report.backup.holds && report.seal_holds);
}

#[test]
fn the_boot_clock_ends_a_window_when_the_wall_clock_was_stopped() {
    let mut world = world();
    world.open_window();
    world.clock.boot_clock = Some(Span::minutes(600 + 30));
    assert_eq!(dormant(&mut world), Dormant::LengthUsedUp);
    assert!(swept(&mut world).starts_with("deadline"));
}

#[test]
fn clocks_that_disagree_end_a_window_for_safety() {
    let mut world = world();
    world.open_window();
    world.clock.boot_clock = Some(Span(Span::minutes(600).0 + 2_001));
    assert_eq!(dormant(&mut world), Dormant::ClocksDisagree);
    assert_eq!(swept(&mut world), "safety: the clocks disagree");
    world.clock.boot_clock = Some(Span::minutes(600));
    assert!(!world.is_relaxed(), "it came back");
}

#[test]
fn a_clock_that_was_set_back_ends_a_window_and_is_recorded_once() {
    let mut world = world();
    let opened = world.open_window();
    world.clock.wall = START.plus(Span::seconds(-60));
    assert_eq!(dormant(&mut world), Dormant::ClockSetBack);
    assert_eq!(swept(&mut world), "safety: the wall clock was set back");
    let tip = world.store().ledger_tip("").unwrap().unwrap();
    let rows = world.store().ledger_rows("", 0..tip.size).unwrap();
    let kinds = rows.iter().map(|row| guan_ledger::Entry::from_bytes(&row.bytes).unwrap().kind);
    assert_eq!(kinds.filter(|kind| *kind == Kind::ClockAlarm).count(), 1);
    world.clock.wall = START;
    assert!(!world.is_relaxed(), "it came back when the clock was corrected");
    assert!(closing(&mut world, &opened.id).closing.why.starts_with("safety"));
}

#[test]
fn a_clock_behind_the_mark_ends_a_window() {
    let mut world = world();
    world.open_window();
    world.later(Span::minutes(10));
    world.write(&Change::PutRecords {
        organization: org(),
        records: vec![account("a-1")],
        under: None,
    });
    world.later(Span::minutes(-5));
    assert_eq!(dormant(&mut world), Dormant::ClockSetBack);
    assert_eq!(swept(&mut world), "safety: the wall clock was set back");
}

#[test]
fn a_clock_set_forward_ends_a_window_early_and_for_ever() {
    let mut world = world();
    world.open_window();
    world.clock.wall = START.plus(Span::minutes(31));
    assert_eq!(
        swept(&mut world),
        "safety: ended by a change of the clock, before its length was used up"
    );
    world.clock.wall = START.plus(Span::minutes(1));
    assert!(!world.is_relaxed());
}

#[test]
fn a_confirmed_clock_opens_the_way_again_but_no_old_window() {
    let mut world = world();
    world.open_window();
    let confirm = Change::ConfirmClock { reason: "radio clock".into() };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &confirm).unwrap_err();
    assert!(matches!(error, WriteError::WindowOpen { .. }));
    world.later(Span::minutes(600));
    swept(&mut world);
    world.clock.wall = START;
    assert!(world.store().open_overlay(&caller(), &clock, &request()).is_err());
    world.write(&confirm);
    assert_eq!(world.store().high_water().unwrap(), START);
    assert!(!world.is_relaxed());
    world.open_window();
    assert!(world.is_relaxed());
}

#[test]
fn a_reboot_ends_a_window_unless_it_was_to_survive_it() {
    let mut world = world();
    world.open_window();
    let survivor = OverlayRequest { survives_reboot: true, ..request() };
    let clock = world.clock.clone();
    let kept = world.store().open_overlay(&caller(), &clock, &survivor).unwrap();
    world.later(Span::minutes(3));
    world.clock.boot_id = Some("boot-2".into());
    world.clock.boot_clock = Some(Span::seconds(20));
    world.restart();
    let clock = world.clock.clone();
    let status = world.store().status(&org(), &clock).unwrap();
    let acting: Vec<_> = status.overlays.iter().filter(|overlay| overlay.acting).collect();
    assert_eq!(acting.len(), 1);
    assert_eq!(acting[0].id, kept.id);
    assert_eq!(swept(&mut world), "safety: the machine was started anew");
}

#[test]
fn a_restart_of_the_process_alone_ends_nothing() {
    let mut world = world();
    world.open_window();
    world.restart();
    assert!(world.is_relaxed());
}

#[test]
fn closing_by_hand_always_wins_and_only_once() {
    let mut world = world();
    let opened = world.open_window();
    world.later(Span::minutes(1));
    let clock = world.clock.clone();
    let closed = world.store().close_overlay(&caller(), &clock, &org(), &opened.id, "done");
    assert_eq!(closed.unwrap().why, "by_hand: done");
    assert!(!world.is_relaxed());
    let again = world.store().close_overlay(&caller(), &clock, &org(), &opened.id, "");
    assert!(again.unwrap_err().to_string().ends_with("is closed already"));
    let unknown = world.store().close_overlay(&caller(), &clock, &org(), &"w-0".into(), "");
    assert_eq!(unknown.unwrap_err().to_string(), "organization `acme` has no overlay `w-0`");
}

#[test]
fn a_row_that_was_edited_relaxes_nothing() {
    for edit in [
        "UPDATE overlay SET sealed = replace(sealed, '\"survives_reboot\":true', '\"survives_reboot\":false')",
        "UPDATE overlay SET sealed = replace(sealed, 'user:bo', 'user:anna')",
        "UPDATE overlay SET sealed = replace(sealed, '2026-01-31T08:30:00Z', '2026-01-31T09:30:00Z')",
        "UPDATE overlay SET seal = zeroblob(32)",
        "UPDATE overlay SET id = 'w-1'",
        "UPDATE overlay SET sealed = '{}'",
        "UPDATE overlay SET org = 'second'",
    ] {
        let mut world = world();
        let clock = world.clock.clone();
        let request = OverlayRequest { survives_reboot: true, ..request() };
        world.store().open_overlay(&caller(), &clock, &request).unwrap();
        assert!(world.is_relaxed());
        world.tamper(edit);
        assert!(!world.is_relaxed(), "{edit}");
        world.restart();
        assert!(!world.is_relaxed(), "{edit}");
    }
}

#[test]
fn a_row_copied_from_another_installation_relaxes_nothing() {
    let mut one = world();
    one.open_window();
    let two = world();
    // Two files are brought together here.
    if two.is_on_server() {
        return;
    }
    two.tamper(&format!(
        "ATTACH '{}' AS one; INSERT INTO main.overlay SELECT * FROM one.overlay;",
        one.path().join("guan.db").display()
    ));
    let mut two = two;
    assert_eq!(dormant(&mut two), Dormant::BrokenSeal);
}

#[test]
fn a_closing_that_was_taken_out_still_closes() {
    let mut world = world();
    let opened = world.open_window();
    let clock = world.clock.clone();
    world.store().close_overlay(&caller(), &clock, &org(), &opened.id, "").unwrap();
    world.tamper("DELETE FROM overlay_closing");
    assert!(!world.is_relaxed());
    assert_eq!(dormant(&mut world), Dormant::Closed);
}

#[test]
fn without_room_for_records_a_window_does_not_act() {
    let mut world = world();
    world.open_window();
    std::fs::remove_file(world.path().join("reserve")).unwrap();
    assert_eq!(dormant(&mut world), Dormant::NoJournal);
}

#[test]
fn an_edit_of_what_a_window_relaxes_is_refused_until_its_end() {
    let mut world = world();
    let opened = world.open_window();
    let clock = world.clock.clone();
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![crate::waiting::rename_object("Firm")],
        remove: vec![],
        reason: "tidying".into(),
    };
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "window `{}` is open until 2026-01-31T08:30:00Z: what it relaxes is not changed while it lasts; close it with `guan on` or wait",
            opened.id
        )
    );
    world.later(Span::minutes(30));
    world.write(&change);
}

#[test]
fn writes_under_a_window_are_journalled_and_end_with_it() {
    let mut world = world();
    let opened = world.open_window();
    let mut changed = account("a-1");
    changed.fields.insert("Name".into(), Value::from("new"));
    let put = |record| Change::PutRecords {
        organization: org(),
        records: vec![record],
        under: Some(opened.id.clone()),
    };
    world.write(&put(changed));
    world.write(&put(account("a-9")));
    let key = RecordKey::new("Account", "a-2");
    let delete = Change::DeleteRecord { organization: org(), key, under: Some(opened.id.clone()) };
    world.write(&delete);
    let clock = world.clock.clone();
    let report = world.store().report(&org(), &opened.id, &clock).unwrap();
    let writes: Vec<_> =
        report.writes.iter().map(|write| (write.record.as_str(), write.what.as_str())).collect();
    assert_eq!(writes, [("a-1", "changed"), ("a-9", "created"), ("a-2", "deleted")]);
    world.later(Span::minutes(30));
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &put(account("a-3"))).unwrap_err();
    assert!(matches!(error, WriteError::NotActing { why: Dormant::Ended, .. }));
}

#[test]
fn the_high_water_mark_is_kept_inside_and_beside_the_database() {
    let mut world = world();
    world.later(Span::minutes(5));
    world.write(&rename("x", 2));
    let mark = START.plus(Span::minutes(5));
    assert_eq!(world.store().high_water().unwrap(), mark);
    world.tamper("UPDATE installation SET high_water_ms = 0");
    assert_eq!(world.store().high_water().unwrap(), mark);
    world.write(&rename("y", 3));
    let side = world.path().join("installation.toml");
    let text = std::fs::read_to_string(&side).unwrap();
    let older = text.replace(&mark.to_string(), &Moment(0).to_string());
    assert_ne!(older, text);
    std::fs::write(&side, older).unwrap();
    assert_eq!(world.store().high_water().unwrap(), mark);
}
