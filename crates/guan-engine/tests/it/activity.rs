//! The activity rule: everything must hold, and each bound is exact.

use guan_engine::activity::{Dormant, Journal, NodeFacts, OverlayRow, Seal, counts, is_acting};
use guan_engine::model::{
    Audience, Closing, Disabled, Floor, Moment, Opening, Others, Overlay, OverlayEffect, Span,
    SuspensionScope,
};
use proptest::prelude::*;

const START: i64 = 1_700_000_000_000;
const LENGTH: i64 = 1_800_000;
const TOLERANCE: i64 = 5_000;
const LEASE: i64 = 10_000;
const BOOT: i64 = 77_000;

fn row() -> OverlayRow {
    OverlayRow {
        id: "one".into(),
        overlay: Overlay {
            organization: "main".into(),
            effect: OverlayEffect::Suspension {
                scope: SuspensionScope::default(),
                others: Others::Enforced,
            },
            audience: Audience::default(),
            starts: Moment(START),
            ends: Moment(START + LENGTH),
            reason: "repair".to_owned(),
            ticket: None,
            legal_basis: None,
            survives_reboot: false,
            floor: Floor::default(),
            opened: Opening {
                wall: Moment(START),
                boot_clock: Span(BOOT),
                boot_id: "boot".to_owned(),
                incarnation: 3,
            },
        },
        seal: Seal::Verified,
        closing: None,
        superseded: false,
    }
}

/// The facts `later` milliseconds after the opening, every clock in step.
fn node(later: i64) -> NodeFacts {
    NodeFacts {
        organization: "main".into(),
        wall: Moment(START + later),
        boot_clock: Some(Span(BOOT + later)),
        boot_id: Some("boot".to_owned()),
        high_water: Moment(START + later),
        view_age: Span(0),
        lease: Span(LEASE),
        tolerance: Span(TOLERANCE),
        incarnation: 3,
        journal: Journal::Durable,
    }
}

type Spoil = fn(&mut OverlayRow, &mut NodeFacts);

/// One way to reach each reason, from a situation that acts, in the order of the reasons.
const SPOILED: [(Dormant, Spoil); 14] = [
    (Dormant::BrokenSeal, |row, _| row.seal = Seal::Broken),
    (Dormant::OtherOrganization, |_, node| node.organization = "other".into()),
    (Dormant::OtherIncarnation, |_, node| node.incarnation += 1),
    (Dormant::Closed, |row, node| {
        row.closing = Some(Closing { at: node.wall, why: "by_hand".to_owned() });
    }),
    (Dormant::Superseded, |row, _| row.superseded = true),
    (Dormant::ClockSetBack, |_, node| node.high_water = node.wall.plus(Span(TOLERANCE + 1))),
    (Dormant::NotStarted, |row, node| row.overlay.starts = node.wall.plus(Span(1))),
    (Dormant::Ended, |row, node| row.overlay.ends = node.wall),
    (Dormant::NoBootClock, |_, node| node.boot_clock = None),
    (Dormant::Rebooted, |_, node| node.boot_id = Some("another".to_owned())),
    (Dormant::LengthUsedUp, |_, node| {
        node.boot_clock = node.boot_clock.map(|_| Span(BOOT + LENGTH));
    }),
    (Dormant::ClocksDisagree, |_, node| {
        node.boot_clock = node.boot_clock.map(|clock| Span(clock.0 + TOLERANCE + 1));
    }),
    (Dormant::StaleView, |_, node| node.view_age = Span(LEASE)),
    (Dormant::NoJournal, |_, node| node.journal = Journal::Unavailable),
];

#[test]
fn a_disablement_counts_on_where_its_end_is_in_doubt_and_what_gives_does_not() {
    for (reason, spoil) in SPOILED {
        let (mut suspension, mut facts) = (row(), node(60_000));
        spoil(&mut suspension, &mut facts);
        assert!(!counts(&suspension, &facts), "{reason:?}");
        let mut disablement = suspension.clone();
        disablement.overlay.effect =
            OverlayEffect::Disablement { what: Disabled::User("anna".into()) };
        let in_doubt = matches!(
            reason,
            Dormant::ClockSetBack
                | Dormant::NoBootClock
                | Dormant::ClocksDisagree
                | Dormant::StaleView
                | Dormant::NoJournal
        );
        assert_eq!(counts(&disablement, &facts), in_doubt, "{reason:?}");
    }
}

#[test]
fn an_overlay_acts_when_everything_holds() {
    assert_eq!(is_acting(&row(), &node(60_000)), Ok(()));
}

#[test]
fn each_single_failure_is_told_by_its_own_reason() {
    for (reason, spoil) in SPOILED {
        let (mut row, mut node) = (row(), node(60_000));
        spoil(&mut row, &mut node);
        assert_eq!(is_acting(&row, &node), Err(reason));
    }
}

#[test]
fn of_two_failures_the_first_reason_is_told() {
    for (at, (first, spoil_first)) in SPOILED.iter().enumerate() {
        for (second, spoil_second) in &SPOILED[at + 1..] {
            let (mut row, mut node) = (row(), node(60_000));
            spoil_first(&mut row, &mut node);
            spoil_second(&mut row, &mut node);
            let told = is_acting(&row, &node).unwrap_err();
            assert!(told <= *first, "{first:?} and {second:?} told as {told:?}");
        }
    }
}

#[test]
fn the_start_is_inside_and_the_end_outside() {
    assert_eq!(is_acting(&row(), &node(0)), Ok(()));
    assert_eq!(is_acting(&row(), &node(LENGTH - 1)), Ok(()));
    assert_eq!(is_acting(&row(), &node(LENGTH)), Err(Dormant::Ended));
    assert_eq!(is_acting(&row(), &node(-1)), Err(Dormant::NotStarted));
}

#[test]
fn a_wall_clock_that_stands_still_does_not_lengthen_the_window() {
    let mut node = node(60_000);
    node.tolerance = Span(i64::MAX);
    node.boot_clock = Some(Span(BOOT + LENGTH - 1));
    assert_eq!(is_acting(&row(), &node), Ok(()));
    node.boot_clock = Some(Span(BOOT + LENGTH));
    assert_eq!(is_acting(&row(), &node), Err(Dormant::LengthUsedUp));
}

#[test]
fn clocks_may_differ_by_the_tolerance_and_not_more() {
    for (apart, expected) in [
        (TOLERANCE, Ok(())),
        (-TOLERANCE, Ok(())),
        (TOLERANCE + 1, Err(Dormant::ClocksDisagree)),
        (-TOLERANCE - 1, Err(Dormant::ClocksDisagree)),
    ] {
        let mut node = node(60_000);
        node.boot_clock = Some(Span(BOOT + 60_000 + apart));
        assert_eq!(is_acting(&row(), &node), expected, "{apart}");
    }
}

#[test]
fn the_wall_clock_may_fall_behind_its_high_water_mark_by_the_tolerance() {
    let mut node = node(60_000);
    node.high_water = node.wall.plus(Span(TOLERANCE));
    assert_eq!(is_acting(&row(), &node), Ok(()));
    node.high_water = node.wall.plus(Span(TOLERANCE + 1));
    assert_eq!(is_acting(&row(), &node), Err(Dormant::ClockSetBack));
}

#[test]
fn the_wall_clock_may_not_fall_behind_the_opening() {
    let mut row = row();
    row.overlay.opened.wall = Moment(START + 60_000 + TOLERANCE + 1);
    let mut node = node(60_000);
    node.boot_clock = Some(row.overlay.opened.boot_clock);
    assert_eq!(is_acting(&row, &node), Err(Dormant::ClockSetBack));
}

#[test]
fn a_view_must_be_younger_than_the_lease_and_from_the_past() {
    let acting = |age| {
        let mut node = node(60_000);
        node.view_age = Span(age);
        is_acting(&row(), &node)
    };
    assert_eq!(acting(LEASE - 1), Ok(()));
    assert_eq!(acting(LEASE), Err(Dormant::StaleView));
    assert_eq!(acting(-1), Err(Dormant::StaleView));
}

#[test]
fn a_reboot_ends_an_overlay_unless_it_says_otherwise() {
    let mut row = row();
    let mut node = node(60_000);
    node.boot_id = Some("another".to_owned());
    node.boot_clock = Some(Span(1_000));
    assert_eq!(is_acting(&row, &node), Err(Dormant::Rebooted));
    row.overlay.survives_reboot = true;
    assert_eq!(is_acting(&row, &node), Ok(()));
    node.high_water = node.wall.plus(Span(TOLERANCE + 1));
    assert_eq!(is_acting(&row, &node), Err(Dormant::ClockSetBack), "time is still watched");
    node.high_water = node.wall;
    node.wall = row.overlay.ends;
    assert_eq!(is_acting(&row, &node), Err(Dormant::Ended));
}

#[test]
fn surviving_a_reboot_loosens_nothing_in_the_same_boot() {
    let mut row = row();
    row.overlay.survives_reboot = true;
    let mut node = node(60_000);
    node.boot_clock = Some(Span(BOOT + LENGTH));
    assert_eq!(is_acting(&row, &node), Err(Dormant::LengthUsedUp));
}

#[test]
fn a_clock_or_boot_id_that_cannot_be_read_enforces() {
    for id in [None, Some(String::new())] {
        let mut row = row();
        row.overlay.survives_reboot = true;
        row.overlay.opened.boot_id = String::new();
        let mut node = node(60_000);
        node.boot_id = id;
        assert_eq!(is_acting(&row, &node), Err(Dormant::NoBootClock));
    }
}

#[test]
fn only_what_should_never_happen_is_an_alarm() {
    let alarms: Vec<Dormant> =
        SPOILED.iter().map(|(reason, _)| *reason).filter(|reason| reason.is_alarm()).collect();
    assert_eq!(
        alarms,
        [
            Dormant::BrokenSeal,
            Dormant::OtherIncarnation,
            Dormant::ClockSetBack,
            Dormant::Rebooted,
            Dormant::ClocksDisagree
        ]
    );
}

prop_compose! {
    fn any_situation()(
        later in -20_000_i64..LENGTH + 20_000,
        drift in -2 * TOLERANCE..2 * TOLERANCE,
        behind in -2 * TOLERANCE..2 * TOLERANCE,
        age in -10..2 * LEASE,
        rebooted in any::<bool>(),
        survives in any::<bool>(),
        spoiled in proptest::collection::vec(0_usize..SPOILED.len(), 0..3),
    ) -> (OverlayRow, NodeFacts) {
        let (mut row, mut node) = (row(), node(later));
        row.overlay.survives_reboot = survives;
        node.boot_clock = Some(Span(BOOT + later + drift));
        node.high_water = node.wall.plus(Span(behind));
        node.view_age = Span(age);
        if rebooted {
            node.boot_id = Some("another".to_owned());
        }
        for at in spoiled {
            SPOILED[at].1(&mut row, &mut node);
        }
        (row, node)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn making_one_fact_worse_never_wakes_an_overlay((row, node) in any_situation(), by in 1_i64..60_000) {
        if is_acting(&row, &node).is_err() {
            let worse: [Spoil; 9] = [
                |row, _| row.seal = Seal::Broken,
                |_, node| node.organization = "third".into(),
                |_, node| node.incarnation += 1,
                |row, _| row.closing = Some(Closing { at: Moment(0), why: "safety".to_owned() }),
                |row, _| row.superseded = true,
                |_, node| node.boot_clock = None,
                |_, node| node.boot_id = None,
                |_, node| node.journal = Journal::Unavailable,
                |row, _| row.overlay.survives_reboot = false,
            ];
            for spoil in worse {
                let (mut row, mut node) = (row.clone(), node.clone());
                spoil(&mut row, &mut node);
                prop_assert!(is_acting(&row, &node).is_err());
            }
            let stricter: [fn(&mut OverlayRow, &mut NodeFacts, i64); 6] = [
                |row, _, by| row.overlay.starts = row.overlay.starts.plus(Span(by)),
                |row, _, by| row.overlay.ends = row.overlay.ends.plus(Span(-by)),
                |_, node, by| node.high_water = node.high_water.plus(Span(by)),
                |_, node, by| node.lease = Span(node.lease.0 - by),
                |_, node, by| node.tolerance = Span(node.tolerance.0 - by),
                |_, node, by| if node.view_age.0 >= 0 { node.view_age = Span(node.view_age.0 + by) },
            ];
            for tighten in stricter {
                let (mut row, mut node) = (row.clone(), node.clone());
                tighten(&mut row, &mut node, by);
                prop_assert!(is_acting(&row, &node).is_err());
            }
        }
    }

    #[test]
    fn extreme_values_enforce_without_panic(values in proptest::array::uniform8(prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), any::<i64>()])) {
        let [wall, boot, high, age, lease, tolerance, opened, opened_boot] = values;
        let (mut row, mut node) = (row(), node(0));
        node.wall = Moment(wall);
        node.boot_clock = Some(Span(boot));
        node.high_water = Moment(high);
        node.view_age = Span(age);
        node.lease = Span(lease);
        node.tolerance = Span(tolerance);
        row.overlay.opened.wall = Moment(opened);
        row.overlay.opened.boot_clock = Span(opened_boot);
        let answer = is_acting(&row, &node);
        if !(START..START + LENGTH).contains(&wall) {
            prop_assert!(answer.is_err());
        }
    }
}
