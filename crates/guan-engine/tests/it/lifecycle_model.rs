//! The life of a window against a simple model: random acts by random people at random times.

use crate::lifecycle_scene::{Scene, audience, suspension};
use guan_engine::lifecycle::{
    ApprovalPolicy, ClosedBy, End, Event, ReportEvidence, SelfTest, Standing, State, Verdict,
    Wanted, Window, WindowRequest, off_time,
};
use guan_engine::model::{Moment, Span};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happening {
    Act { by: usize, what: usize },
    Forward { by: usize },
    Wait { minutes: i64 },
    ClockBack { minutes: i64 },
    PolicyChanges,
    Leaves { who: usize },
    Returns { who: usize },
}

const PEOPLE: [&str; 6] = ["ann", "ann2", "bob", "cai", "eve", "robot"];

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => (0..PEOPLE.len(), 0_usize..11).prop_map(|(by, what)| Happening::Act { by, what }),
        12 => (0_usize..4).prop_map(|by| Happening::Forward { by }),
        2 => (0_i64..90).prop_map(|minutes| Happening::Wait { minutes }),
        1 => (1_i64..90).prop_map(|minutes| Happening::ClockBack { minutes }),
        1 => Just(Happening::PolicyChanges),
        1 => (2_usize..4).prop_map(|who| Happening::Leaves { who }),
        1 => (2_usize..4).prop_map(|who| Happening::Returns { who }),
    ]
}

fn event(what: usize, scene: &Scene, request: &WindowRequest, key: usize) -> Event {
    let words = String::new;
    match what {
        0 => Event::Edit(Box::new(wanted(key))),
        1 => scene.preview(),
        2 => Event::BackUp(scene.backup()),
        3 => Event::Approve { edition: request.edition, key: format!("key-{key}") },
        4 => Event::TakeBack,
        5 => Event::Arm(scene.backup()),
        6 => Event::Open { overlay: format!("w-{key}").into() },
        7 => Event::Close { words: words() },
        8 => Event::Report(ReportEvidence {
            at: scene.node.wall,
            document: words(),
            policy: words(),
            self_test: SelfTest::default(),
        }),
        9 => Event::Review { verdict: Verdict::InOrder, words: words() },
        _ => Event::Expire,
    }
}

/// The act that brings a request on.
fn forward(state: State) -> usize {
    match state {
        State::Draft => 1,
        State::Previewed => 2,
        State::BackedUp => 3,
        State::Approved => 5,
        State::Armed => 6,
        State::Open => 7,
        State::Closed => 8,
        _ => 9,
    }
}

fn wanted(length: usize) -> Wanted {
    let effect = suspension(json!({"objects": ["account"]}));
    let length = Span::minutes(10 + i64::try_from(length % 30).unwrap());
    Wanted { length: Some(length), ..Wanted::new(effect, audience(&["eve"]), "repair") }
}

/// What the model remembers: who said yes to what is wanted now, and whether that is still what was shown.
#[derive(Default)]
struct Model {
    yes: BTreeSet<&'static str>,
    shown: Option<(String, Moment)>,
    backed_up: bool,
    approved: Option<Moment>,
    authors: BTreeSet<&'static str>,
}

impl Model {
    fn enough(&self, scene: &Scene, needed: usize) -> bool {
        let counts = |who: &&&str| {
            let account = &scene.accounts[**who];
            account.active && !self.authors.contains(**who) && ["bob", "cai"].contains(*who)
        };
        self.yes.iter().filter(counts).count() >= needed
    }
    fn note(&mut self, by: &'static str, what: usize, scene: &Scene, needed: usize) {
        let before = self.enough(scene, needed);
        match what {
            0 | 1 => {
                self.yes.clear();
                (self.backed_up, self.approved) = (false, None);
                self.shown = (what == 1).then(|| (scene.digest.clone(), scene.node.wall));
                if what == 0 {
                    self.authors.insert(by);
                }
            }
            2 => self.backed_up = true,
            3 => drop(self.yes.insert(by)),
            4 => drop(self.yes.remove(by)),
            _ => {}
        }
        if what == 4 && !self.enough(scene, needed) {
            self.approved = None;
        }
        let first = what == 2 || what == 3 && (self.approved.is_none() || !before);
        if first && self.enough(scene, needed) {
            self.approved = Some(scene.node.wall);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_opens_unless_the_model_allows_it_and_what_ended_stays_ended(
        happenings in prop::collection::vec(happening(), 1..80),
        needed in 0_usize..3,
    ) {
        let mut scene = Scene::new();
        scene.settings.approvals.usual = match needed {
            0 => ApprovalPolicy::None,
            count => ApprovalPolicy::SomeOf { count, among: BTreeSet::new() },
        };
        let mut request = scene.draft(wanted(0)).unwrap();
        let mut model = Model { authors: BTreeSet::from(["ann"]), ..Model::default() };
        for (number, happening) in happenings.into_iter().enumerate() {
            let (by, what) = match happening {
                Happening::Act { by, what } => (PEOPLE[by], what),
                Happening::Forward { by } => (PEOPLE[by], forward(request.state)),
                Happening::Wait { minutes } => {
                    scene.pass(Span::minutes(minutes));
                    continue;
                }
                Happening::ClockBack { minutes } => {
                    // Set right again before the next act: the step in between must open nothing.
                    let good = scene.node.clone();
                    scene.node.wall = scene.node.wall.plus(Span::minutes(-minutes));
                    let open = Event::Open { overlay: "back".into() };
                    prop_assert!(scene.act(&mut request.clone(), "ann", open).is_err());
                    scene.node = good;
                    continue;
                }
                Happening::PolicyChanges => {
                    scene.digest = format!("digest-{number}");
                    continue;
                }
                Happening::Leaves { who } => {
                    scene.account(PEOPLE[who]).active = false;
                    continue;
                }
                Happening::Returns { who } => {
                    scene.account(PEOPLE[who]).active = true;
                    continue;
                }
            };
            let before = request.clone();
            let event = event(what, &scene, &request, number);
            let Ok(outcome) = scene.act(&mut request, by, event) else {
                prop_assert_eq!(&request, &before);
                continue;
            };
            prop_assert_eq!(request.version, before.version + 1);
            prop_assert!(!before.state.is_final(), "{} is final", before.state);
            // Anybody may write that a timer ran out; a program with the duty may close.
            let may = match request.state {
                State::Expired => true,
                State::Closed => by != "eve",
                _ => by != "eve" && by != "robot",
            };
            prop_assert!(may, "{} made it {}", by, request.state);
            if before.state >= State::Open {
                prop_assert!(request.state > before.state, "a life goes forward");
            }
            if let Some(overlay) = outcome.overlay {
                let (shown, at) = model.shown.clone().unwrap();
                let approved = model.approved.unwrap();
                prop_assert_eq!(before.state, State::Armed);
                prop_assert!(model.enough(&scene, needed));
                prop_assert!(model.backed_up && shown == scene.digest);
                prop_assert!(scene.node.wall.since(at) < Span::minutes(25 * 60));
                prop_assert!(scene.node.wall.since(approved) < Span::minutes(60));
                prop_assert_eq!(overlay.starts, scene.node.wall);
                prop_assert_eq!(Some(overlay.ends.since(overlay.starts)), request.wanted.length);
            }
            model.note(by, what, &scene, needed);
            let text = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(&serde_json::from_str::<WindowRequest>(&text).unwrap(), &request);
        }
    }

    #[test]
    fn an_open_window_can_always_be_closed(
        wall in any::<i64>(),
        boot_clock in any::<Option<i64>>(),
        high_water in any::<i64>(),
        incarnation in any::<u64>(),
        expected in any::<u64>(),
    ) {
        let mut scene = Scene::new();
        let mut request = scene.armed(wanted(0), &["bob"]);
        scene.act(&mut request, "ann", Event::Open { overlay: "w".into() }).unwrap();
        request.version = expected;
        scene.node.wall = Moment(wall);
        scene.node.boot_clock = boot_clock.map(Span);
        scene.node.high_water = Moment(high_water);
        scene.node.incarnation = incarnation;
        let end = End { at: Moment(wall), cause: ClosedBy::Safety, words: String::new() };
        let mut by_hand = request.clone();
        let close = Event::Close { words: String::new() };
        prop_assert!(scene.act(&mut by_hand, "cai", close).is_ok());
        prop_assert!(scene.act(&mut request, "", Event::End(end)).is_ok());
        prop_assert_eq!((by_hand.state, request.state), (State::Closed, State::Closed));
    }

    #[test]
    fn the_time_off_is_what_minute_by_minute_counting_gives(
        spells in prop::collection::vec((0_i64..3_000, 1_i64..240), 0..8),
        starts in 1_400_i64..2_900,
        length in 1_i64..240,
    ) {
        let what = wanted(0);
        let minute = |minute: i64| Moment(minute * 60_000);
        let windows: Vec<Window> = spells.iter().map(|(starts, length)| Window {
            overlay: "w".into(),
            effect: what.effect.clone(),
            audience: what.audience.clone(),
            starts: minute(*starts),
            ends: minute(starts + length),
            standing: Standing::Over(ClosedBy::Deadline),
        }).collect();
        let off: Vec<i64> = (0..3_300)
            .map(|at| spells.iter().chain([&(starts, length)]).any(|(from, length)| (*from..from + length).contains(&at)))
            .map(i64::from)
            .collect();
        let most = (0..off.len()).map(|from| off[from..].iter().take(1_440).sum::<i64>()).max();
        let found = off_time((&what.effect, &what.audience), (minute(starts), minute(starts + length)), &windows);
        prop_assert_eq!(Some(found), most.map(Span::minutes));
    }
}
