//! Lives of windows at random against a simple model: every act, crashes, clocks both ways, reboots, older databases, two gates.
//!
//! `GUAN_LIVES` says how many lives there are, `GUAN_LIVES_SEED` with which one they begin.

use std::collections::BTreeMap;
use std::sync::Arc;

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::lifecycle::{RequestId, State, WindowRequest};
use guan_engine::model::{Action, RecordKey, Span, User};
use guan_ledger::{Entry, Kind};
use guan_store::{Asking, Change, EntityKind, Gate, Recording};
use tempfile::TempDir;

use crate::life::Life;
use crate::lives_model::{Clocks, Model, Stage};
use crate::world::{START, caller, check, org};

const LIVES: u64 = 10;
const HAPPENINGS: u64 = 90;
pub(crate) const ACCOUNTS: [&str; 6] = ["ann", "ann2", "bob", "cai", "dan", "bo"];
pub(crate) const USERS: [&str; 2] = ["bo", "zoe"];

/// Numbers that look random, the same ones for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// How often what happened, over all lives: a walk that does nothing proves nothing.
pub(crate) type Counts = BTreeMap<&'static str, u64>;

pub(crate) struct Walk<'a> {
    pub(crate) life: Life,
    pub(crate) other: Arc<Gate>,
    pub(crate) model: Model,
    pub(crate) ids: Vec<RequestId>,
    pub(crate) random: Random,
    pub(crate) copy: Option<(TempDir, usize)>,
    pub(crate) edits: u32,
    pub(crate) counts: &'a mut Counts,
    pub(crate) told: Vec<String>,
    /// Both gates have seen all that was written.
    pub(crate) has_heard: bool,
}

fn number(name: &'static str) -> u64 {
    let set = std::env::var_os(name);
    let set = set.map(|set| set.into_string().unwrap().parse().unwrap());
    set.unwrap_or(if name == "GUAN_LIVES" { LIVES } else { 1 })
}

#[test]
fn whatever_happens_nothing_is_relaxed_that_the_model_does_not_allow() {
    let mut counts = Counts::new();
    let first = number("GUAN_LIVES_SEED");
    let lives = number("GUAN_LIVES");
    for seed in first..first + lives {
        let mut walk = Walk::new(seed, &mut counts);
        let walked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..HAPPENINGS {
                walk.happen();
                walk.holds();
            }
            walk.verified();
        }));
        if let Err(why) = walked {
            println!("GUAN_LIVES_SEED={seed} GUAN_LIVES=1\n{}", walk.told.join("\n"));
            std::panic::resume_unwind(why);
        }
    }
    println!("{counts:?}");
    // A few lives need not have met everything.
    let rare: &[&str] =
        if lives < 5 * LIVES { &[] } else { &["undo", "extend", "deadline", "idle"] };
    let usual: &[&str] = if lives < LIVES {
        &[]
    } else {
        &["open", "relaxed", "close", "crash", "restore", "safety"]
    };
    for what in usual.iter().chain(rare) {
        assert!(counts.get(what).is_some_and(|count| *count > 0), "no {what}: {counts:?}");
    }
}

impl<'a> Walk<'a> {
    pub(crate) fn new(seed: u64, counts: &'a mut Counts) -> Self {
        let mut life = Life::new();
        let mut zoe = vec![];
        for id in ["zoe", "out"] {
            let user = User { name: id.into(), active: true, ..User::default() };
            zoe.push(guan_store::Entity::new(EntityKind::User, id, &user).unwrap());
        }
        let (remove, reason) = (vec![], "more people".to_owned());
        let change =
            Change::EditPolicy { organization: org(), expected: 3, put: zoe, remove, reason };
        life.gate.write(&caller(), &life.world.clock, change).unwrap();
        let other = life.world.another_gate();
        for gate in [&life.gate, &other] {
            gate.view(&org()).unwrap();
        }
        life.later(Span::seconds(1));
        let clocks = Clocks { wall: 1, boot: 1, boots: 1 };
        let model = Model {
            clocks,
            mark: 0,
            policy: String::new(),
            epoch: 0,
            is_safe: false,
            needed: 1,
            gone: [].into(),
            asked: vec![],
            written: BTreeMap::new(),
        };
        let (ids, told) = (vec![], vec![]);
        let random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let mut walk = Self {
            life,
            other,
            model,
            ids,
            random,
            copy: None,
            edits: 0,
            counts,
            told,
            has_heard: true,
        };
        walk.follow();
        walk
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// The clocks of the model, in the world.
    pub(crate) fn set_clocks(&mut self) {
        let Clocks { wall, boot, boots } = self.model.clocks;
        let clock = &mut self.life.world.clock;
        clock.wall = START.plus(Span::seconds(wall));
        clock.boot_clock = Some(Span(Span::minutes(600).0 + boot * 1_000));
        clock.boot_id = Some(format!("boot-{boots}"));
        self.model.look();
    }

    pub(crate) fn happen(&mut self) {
        std::mem::swap(&mut self.life.gate, &mut self.other);
        match self.random.below(100) {
            0..8 => self.draft(),
            8..55 => self.forward(),
            55..64 => self.anything(),
            64..70 => self.write(),
            70..78 => self.move_clocks(),
            78..82 => self.edit_policy(),
            82..84 => self.change_settings(),
            84..87 => self.undo(),
            87..90 => self.sweep(),
            90..94 => self.crash(),
            94..96 => self.copy(),
            96 => self.restore(),
            97 => self.acknowledge(),
            _ => self.refresh(),
        }
        let clock = self.life.world.clock.clone();
        self.has_heard = self.random.below(4) > 0;
        if self.has_heard {
            for gate in [&self.life.gate, &self.other] {
                gate.refresh(&clock).unwrap();
            }
        }
        self.follow();
    }

    pub(crate) fn tip(&self) -> u64 {
        self.life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size
    }

    pub(crate) fn entries(&self, from: u64) -> Vec<Entry> {
        let rows = self.life.gate.read(|reader| reader.ledger_rows("acme", from..self.tip()));
        rows.unwrap().iter().map(|row| Entry::from_bytes(&row.bytes).unwrap()).collect()
    }

    /// One act, which leaves exactly one row of its name when it succeeds and none otherwise.
    pub(crate) fn once<T, E: std::fmt::Display>(
        &mut self,
        operation: &str,
        act: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Option<T> {
        let before = self.tip();
        let done = act(self);
        let rows = self.entries(before);
        let count = rows.iter().filter(|row| row.what.operation == operation).count();
        let outcome = done.as_ref().map_or_else(ToString::to_string, |_| "done".into());
        self.told.push(format!("{operation}: {outcome} at {:?}", self.model.clocks));
        assert_eq!(count, usize::from(done.is_ok()), "{operation}: {outcome}");
        if !rows.is_empty() {
            self.model.note();
        }
        done.ok()
    }

    /// The name of the object in the scope of every window.
    pub(crate) fn name(&self) -> String {
        let (_, policy) = self.life.gate.read(|reader| reader.policy(&org())).unwrap();
        policy.objects["Account"].name.clone()
    }

    pub(crate) fn asking(&self, subject: &str) -> Asking {
        Asking {
            viewer: None,
            caller: caller(),
            organization: org(),
            subject: subject.into(),
            address: None,
            clock: self.life.world.clock.clone(),
        }
    }

    pub(crate) fn relaxes(&self, number: usize, user: &str, is_edit: bool) -> bool {
        let asked = &self.model.asked[number];
        asked.user == user && (asked.may_edit || !is_edit)
    }

    pub(crate) fn used(&mut self, number: usize) {
        let now = self.model.clocks.wall;
        if let Some(window) = &mut self.model.asked[number].window {
            window.used = now;
        }
    }

    pub(crate) fn verified(&self) {
        self.life.gate.read(|reader| reader.ledger_verify("acme").map(drop)).unwrap();
    }

    /// Takes over what others wrote: ends that somebody found, reports, timers. An end has to have a reason.
    pub(crate) fn follow(&mut self) {
        self.model.policy = self
            .life
            .gate
            .read(|reader| {
                let revision = reader.current_revision(&org())?;
                Ok::<_, guan_store::ReadError>(reader.revision(&org(), revision)?.after.to_string())
            })
            .unwrap();
        for number in 0..self.ids.len() {
            if self.model.asked[number].epoch != self.model.epoch {
                continue;
            }
            let request = self.life.kept(&self.ids[number]).request;
            let stage = stage_of(&request);
            if let Some(closed) = &request.closed {
                let cause = closed.cause.name();
                let is_known = self.model.asked[number].window.as_ref().unwrap().is_closed;
                if !is_known {
                    let reason = self.model.may_be_closed(number, cause);
                    assert!(reason, "{number} was closed: {closed:?} {:?}", self.model);
                    self.count(match cause {
                        "deadline" => "deadline",
                        "safety" => "safety",
                        "idle" => "idle",
                        _ => "by hand",
                    });
                    self.model.note();
                }
                self.model.asked[number].window.as_mut().unwrap().is_closed = true;
            }
            let known = self.model.asked[number].stage;
            let is_later = stage > known && (stage > Stage::Open);
            assert!(stage == known || is_later, "{number} is {stage:?} and was {known:?}");
            self.model.asked[number].stage = stage;
        }
    }

    /// What must always be so.
    pub(crate) fn holds(&mut self) {
        let mut seen = Vec::new();
        for gate in [Arc::clone(&self.life.gate), Arc::clone(&self.other)] {
            let more = (self.random.of(&["bo", "zoe", "out"]), Action::Edit);
            for (user, action) in [("bo", Action::Read), ("zoe", Action::Read), more] {
                seen.push(self.is_sound(&gate, user, &action));
            }
            drop(gate);
        }
        self.follow();
        let name = self.name();
        for number in self.model.open().collect::<Vec<_>>() {
            let window = self.model.asked[number].window.as_ref().unwrap();
            assert_eq!(window.name, name, "edited while {number} is open");
        }
        if seen.contains(&true) {
            self.count("relaxed");
        }
    }

    pub(crate) fn is_sound(&mut self, gate: &Gate, user: &str, action: &Action) -> bool {
        let clock = self.life.world.clock.clone();
        let session = Session::new("acme", user, clock.wall);
        let target = Target::Record(RecordKey::new("Account", "a-1"));
        let request = Request::new(session, action.clone(), target);
        let must = |walk: &Self| {
            let mut all = 0..walk.ids.len();
            all.any(|open| {
                walk.model.must_be_open(open) && walk.relaxes(open, user, *action == Action::Edit)
            })
        };
        let is_due = must(self);
        let is_fresh = self.has_heard && gate.view_age(&clock) < Span::seconds(10);
        let before = self.tip();
        let answer =
            gate.decide(&caller(), &clock, &request, Recording::WouldDenies, check).unwrap();
        let rows = self.entries(before);
        if !rows.is_empty() {
            self.model.note();
        }
        let recorded = rows.iter().filter(|row| row.kind == Kind::WouldDeny).count();
        let Decision::Relaxed { overlay, .. } = answer.decision else {
            assert_eq!(recorded, 0);
            self.follow();
            assert!(!(is_due && is_fresh && must(self)), "{user} is refused: {:?}", self.model);
            return false;
        };
        assert_eq!(recorded, 1, "one row for each relaxed answer");
        let number = self.ids.iter().position(|id| id.as_str() == overlay.as_str()).unwrap();
        assert!(self.model.is_open(number), "{user} is relaxed by {number}: {:?}", self.model);
        assert!(self.relaxes(number, user, *action == Action::Edit), "{user} by {number}");
        self.used(number);
        true
    }
}

fn stage_of(request: &WindowRequest) -> Stage {
    match request.state {
        State::Draft => Stage::Draft,
        State::Previewed => Stage::Previewed,
        State::BackedUp => Stage::BackedUp,
        State::Approved | State::Armed => Stage::Approved,
        State::Open => Stage::Open,
        State::Closed => Stage::Closed,
        State::Reported => Stage::Reported,
        State::Reviewed | State::Refused | State::Expired => Stage::Over,
    }
}
