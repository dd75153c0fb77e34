//! Lives of windows at random against a simple model: every act, crashes, clocks both ways, reboots, older databases, two gates.
//!
//! `GUAN_LIVES` says how many lives there are, `GUAN_LIVES_SEED` with which one they begin.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::lifecycle::{
    ApprovalPolicy, Event, RequestId, State, SwitchSettings, Verdict, Wanted, WindowRequest,
};
use guan_engine::model::{Action, OverlayEffect, Principal, RecordKey, Span, User, Value};
use guan_ledger::{Entry, Kind};
use guan_store::{
    Asking, Caller, Change, EditToKeep, EntityKind, Faults, Gate, Happening, POINTS, RecordPatch,
    Recording, Selection, SwitchChange, UndoOrder, UndoPlace, WaitingChange, WindowFault,
};
use tempfile::TempDir;

use crate::life::{Life, wanted};
use crate::lives_model::{Act, Asked, Clocks, Model, Stage};
use crate::world::{START, caller, check, org};

const LIVES: u64 = 24;
const HAPPENINGS: u64 = 90;
const ACCOUNTS: [&str; 6] = ["ann", "ann2", "bob", "cai", "dan", "bo"];
const USERS: [&str; 2] = ["bo", "zoe"];

/// Numbers that look random, the same ones for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// How often what happened, over all lives: a walk that does nothing proves nothing.
type Counts = BTreeMap<&'static str, u64>;

struct Walk<'a> {
    life: Life,
    other: Arc<Gate>,
    model: Model,
    ids: Vec<RequestId>,
    random: Random,
    copy: Option<(TempDir, usize)>,
    edits: u32,
    counts: &'a mut Counts,
    told: Vec<String>,
    /// Both gates have seen all that was written.
    has_heard: bool,
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
    if lives >= LIVES {
        for what in
            ["open", "relaxed", "close", "crash", "restore", "undo", "extend", "deadline", "safety"]
        {
            assert!(counts.get(what).is_some_and(|count| *count > 0), "no {what}: {counts:?}");
        }
    }
}

impl<'a> Walk<'a> {
    fn new(seed: u64, counts: &'a mut Counts) -> Self {
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
            revision: 4,
            epoch: 0,
            is_safe: false,
            needed: 1,
            gone: [].into(),
            asked: vec![],
            written: BTreeMap::new(),
        };
        let (ids, told) = (vec![], vec![]);
        let random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        Self {
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
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// The clocks of the model, in the world.
    fn set_clocks(&mut self) {
        let Clocks { wall, boot, boots } = self.model.clocks;
        let clock = &mut self.life.world.clock;
        clock.wall = START.plus(Span::seconds(wall));
        clock.boot_clock = Some(Span(Span::minutes(600).0 + boot * 1_000));
        clock.boot_id = Some(format!("boot-{boots}"));
        self.model.look();
    }

    fn happen(&mut self) {
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

    fn tip(&self) -> u64 {
        self.life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size
    }

    fn entries(&self, from: u64) -> Vec<Entry> {
        let rows = self.life.gate.read(|reader| reader.ledger_rows("acme", from..self.tip()));
        rows.unwrap().iter().map(|row| Entry::from_bytes(&row.bytes).unwrap()).collect()
    }

    /// One act, which leaves exactly one row of its name when it succeeds and none otherwise.
    fn once<T, E: std::fmt::Display>(
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

    fn wanted(&mut self) -> (Wanted, Asked) {
        let user = self.random.of(&USERS);
        let may_edit = self.random.below(3) == 0;
        let minutes = self.random.of(&[5, 30, 60]);
        let open: Vec<usize> = self.model.open().collect();
        let extends =
            (!open.is_empty() && self.random.below(3) == 0).then(|| self.random.of(&open));
        let (user, may_edit) = extends.map_or((user, may_edit), |number| {
            (self.model.asked[number].user, self.model.asked[number].may_edit)
        });
        let mut wanted = wanted();
        let OverlayEffect::Suspension { scope, .. } = &mut wanted.effect else { panic!() };
        if may_edit {
            scope.actions.insert(Action::Edit);
        }
        wanted.audience.users = [Principal::User(user.into())].into();
        wanted.length = Some(Span::minutes(minutes));
        wanted.extends = extends.map(|number| self.ids[number].as_str().into());
        let asked = Asked {
            authors: [].into(),
            stage: Stage::Draft,
            user,
            may_edit,
            minutes,
            extends,
            yes: [].into(),
            shown: None,
            approved: 0,
            epoch: self.model.epoch,
            window: None,
        };
        (wanted, asked)
    }

    fn draft(&mut self) {
        let by = self.random.of(&ACCOUNTS);
        let (wanted, mut asked) = self.wanted();
        let drafted = self.once("draft_window", |walk| walk.life.draft(by, wanted));
        let Some(drafted) = drafted else { return };
        assert!(by != "bo" && !self.model.gone.contains(by), "{by} may not ask");
        asked.authors.insert(by);
        if asked.extends.is_some() {
            self.count("extend");
        }
        self.model.asked.push(asked);
        self.ids.push(drafted.id);
    }

    /// A request, most often the latest.
    fn pick(&mut self) -> Option<usize> {
        let count = self.ids.len() as u64;
        let back = self.random.of(&[1, 1, 1, 2, 3]);
        (count >= back).then(|| usize::try_from(count - back).unwrap())
    }

    fn forward(&mut self) {
        let Some(number) = self.pick() else { return };
        let authors = self.model.asked[number].authors.clone();
        let others: Vec<&'static str> =
            ACCOUNTS.into_iter().filter(|by| !authors.contains(by) && *by != "bo").collect();
        let author = *authors.first().unwrap();
        let (by, act) = match self.model.asked[number].stage {
            Stage::Draft => (author, Act::Preview),
            Stage::Previewed => (author, Act::BackUp),
            Stage::BackedUp => (self.random.of(&others), Act::Approve),
            Stage::Approved => (author, Act::Open),
            // It is used for a while.
            Stage::Open if self.random.below(3) > 0 => return self.move_on(5),
            Stage::Open => (author, Act::Close),
            Stage::Closed => return self.settle(),
            Stage::Reported => (self.random.of(&others), Act::Review),
            Stage::Over => return self.draft(),
        };
        self.act(by, number, act);
    }

    fn anything(&mut self) {
        let Some(number) = self.pick() else { return };
        let by = self.random.of(&ACCOUNTS);
        let act = self.random.of(&[
            Act::Edit,
            Act::Preview,
            Act::BackUp,
            Act::Approve,
            Act::TakeBack,
            Act::Refuse,
            Act::Withdraw,
            Act::Open,
            Act::Close,
            Act::Review,
        ]);
        self.act(by, number, act);
    }

    fn attempt(&mut self, by: &str, number: usize, act: Act) -> Result<(), WindowFault> {
        let request = &mut self
            .life
            .gate
            .read(|reader| reader.window_request(&org(), &self.ids[number]))?
            .request;
        let (words, edition) = (String::from("so"), request.edition);
        let life = &mut self.life;
        match act {
            Act::Edit => {
                let mut wanted = request.wanted.clone();
                wanted.reason.push('!');
                life.step(by, request, Event::Edit(Box::new(wanted)))
            }
            Act::Preview => life.preview(by, request),
            Act::BackUp => life.back_up(by, request),
            Act::Approve => {
                self.edits += 1;
                let key = format!("key-{}", self.edits);
                life.step(by, request, Event::Approve { edition, key })
            }
            Act::TakeBack => life.step(by, request, Event::TakeBack),
            Act::Refuse => life.step(by, request, Event::Refuse { words }),
            Act::Withdraw => life.step(by, request, Event::Withdraw { words }),
            Act::Open => life.open(by, request),
            Act::Close => life.close(by, request),
            Act::Review => {
                life.step(by, request, Event::Review { verdict: Verdict::InOrder, words })
            }
        }
    }

    fn act(&mut self, by: &'static str, number: usize, act: Act) {
        let may = self.model.may(by, number, act);
        let before = self.tip();
        let done = self.attempt(by, number, act);
        let outcome = done.as_ref().map_or_else(ToString::to_string, |()| "done".to_owned());
        self.told
            .push(format!("{act:?} of {number} by {by}: {outcome} at {:?}", self.model.clocks));
        assert!(may || done.is_err(), "{act:?} by {by} succeeded: {:?}", self.model.asked[number]);
        if act == Act::Close && may {
            assert!(done.is_ok(), "closing is never refused: {outcome}");
        }
        let rows = self.entries(before);
        let (kind, operation) = row_of(act);
        let count = rows.iter().filter(|row| row.kind == kind && row.what.operation == operation);
        match (act, done.is_ok()) {
            // With what extends it.
            (Act::Close, true) => assert!(count.count() >= 1),
            (Act::Close, false) => {}
            (_, is_done) => assert_eq!(count.count(), usize::from(is_done), "{act:?}: {outcome}"),
        }
        if !rows.is_empty() {
            self.model.note();
        }
        if done.is_ok() {
            let name = self.name();
            self.model.did(by, number, act, &name);
            match act {
                Act::Open => self.count("open"),
                Act::Close => self.count("close"),
                _ => {}
            }
        }
    }

    /// The name of the object in the scope of every window.
    fn name(&self) -> String {
        let (_, policy) = self.life.gate.read(|reader| reader.policy(&org())).unwrap();
        policy.objects["Account"].name.clone()
    }

    fn settle(&mut self) {
        let settled =
            self.life.gate.settle_windows(&Caller::system(), &self.life.world.clock, &org());
        self.told.push(format!("settle: {settled:?}"));
    }

    fn sweep(&mut self) {
        let swept = self.life.gate.sweep(&Caller::system(), &self.life.world.clock);
        self.told.push(format!("sweep: {} {:?}", swept.is_ok(), self.model.clocks));
        self.settle();
    }

    fn refresh(&mut self) {
        self.move_on(1);
    }

    fn move_on(&mut self, minutes: i64) {
        self.model.clocks.wall += minutes * 60;
        self.model.clocks.boot += minutes * 60;
        self.set_clocks();
        self.told.push(format!("{minutes} minutes later"));
    }

    fn move_clocks(&mut self) {
        let minutes = self.random.of(&[1, 4, 11, 31, 70]) * 60;
        let clocks = &mut self.model.clocks;
        match self.random.below(8) {
            0 => clocks.wall -= minutes,
            1 => clocks.wall += minutes,
            2 => clocks.boot += minutes,
            3 => {
                *clocks =
                    Clocks { wall: clocks.wall + 60, boot: 20 - 36_000, boots: clocks.boots + 1 };
            }
            // Right again, or the mark is passed.
            4 | 5 => clocks.wall = clocks.wall.max(self.model.mark),
            _ => return self.move_on(minutes / 60),
        }
        self.set_clocks();
        self.told.push(format!("clocks: {:?}", self.model.clocks));
        if self.random.below(3) == 0 {
            let change = Change::ConfirmClock { reason: "radio clock".into() };
            let done = self.life.gate.write(&caller(), &self.life.world.clock, change);
            self.told.push(format!("confirm: {}", done.is_ok()));
            if done.is_ok() {
                assert_eq!(self.model.open().count(), 0, "confirmed under an open window");
                self.model.mark = self.model.clocks.wall;
            }
        }
    }

    fn edit_policy(&mut self) {
        let expected = self.life.gate.read(|reader| reader.current_revision(&org())).unwrap();
        self.edits += 1;
        let firm = crate::waiting::rename_object(&format!("Firm {}", self.edits));
        let (remove, reason) = (vec![], "tidying".to_owned());
        match self.random.below(4) {
            0 => {
                let open: Vec<usize> = self.model.open().collect();
                let (put, operation) = (vec![firm], "edit_policy");
                let change =
                    Change::EditPolicy { organization: org(), expected, put, remove, reason };
                let done = self.once(operation, |walk| {
                    walk.life.gate.write(&caller(), &walk.life.world.clock, change)
                });
                assert!(done.is_none() || open.is_empty(), "edited under {open:?}");
            }
            1 => {
                let id = format!("e-{}", self.edits);
                let keep =
                    EditToKeep { id, expected, put: vec![firm], remove, reason, authority: None };
                let change = WaitingChange::Keep(Box::new(keep));
                let change = Change::ChangeWaiting { organization: org(), change };
                let done = self.life.gate.write(&caller(), &self.life.world.clock, change);
                self.told.push(format!("keep: {}", done.is_ok()));
                if done.is_ok() {
                    self.model.note();
                }
            }
            choice => {
                // Outside of every scope: somebody leaves or comes back.
                let who = if choice == 2 { "out" } else { self.random.of(&["bob", "cai"]) };
                let leaves = !self.model.gone.contains(who);
                let mut user = User { name: who.into(), active: !leaves, ..User::default() };
                if who != "out" {
                    user.attributes
                        .insert("Email".into(), format!("{who}@acme.example").as_str().into());
                }
                let put = vec![guan_store::Entity::new(EntityKind::User, who, &user).unwrap()];
                let change =
                    Change::EditPolicy { organization: org(), expected, put, remove, reason };
                let done = self.once("edit_policy", |walk| {
                    walk.life.gate.write(&caller(), &walk.life.world.clock, change)
                });
                if done.is_some() {
                    if leaves {
                        self.model.gone.insert(who)
                    } else {
                        self.model.gone.remove(who)
                    };
                }
            }
        }
    }

    fn change_settings(&mut self) {
        let needed = self.random.of(&[0, 1, 1, 2]);
        let mut settings = SwitchSettings::default();
        settings.approvals.usual = match needed {
            0 => ApprovalPolicy::None,
            1 => ApprovalPolicy::OneOther,
            count => ApprovalPolicy::SomeOf { count, among: [].into() },
        };
        let now = self.life.world.clock.wall;
        let known = self.life.gate.read(|reader| reader.switch_settings(&org(), now)).unwrap();
        let change = SwitchChange {
            organization: org(),
            settings,
            expected: known.version,
            at_once: true,
            reason: "as agreed".into(),
        };
        let done = self.life.change_switch(change);
        self.told.push(format!("settings for {needed}: {}", done.is_ok()));
        if done.is_ok() {
            self.model.needed = needed;
            self.model.note();
        }
    }

    fn asking(&self, subject: &str) -> Asking {
        Asking {
            caller: caller(),
            organization: org(),
            subject: subject.into(),
            address: None,
            clock: self.life.world.clock.clone(),
        }
    }

    fn write(&mut self) {
        self.edits += 1;
        let subject = self.random.of(&["bo", "zoe", "out", "anna"]);
        let id = format!("a-{}", self.random.below(3) + 1);
        let value = Value::from(format!("{id} {}", self.edits).as_str());
        let patch =
            RecordPatch { fields: [("Name".into(), Some(value))].into(), ..RecordPatch::default() };
        let open: Vec<usize> =
            self.model.open().filter(|open| self.relaxes(*open, subject, true)).collect();
        let asking = self.asking(subject);
        let before = self.tip();
        let done =
            self.life.gate.edit_record(&asking, &RecordKey::new("Account", &*id), None, patch);
        self.told.push(format!("{subject} writes {id}: {}", done.is_ok()));
        let rows = self.entries(before);
        if done.is_ok() {
            assert!(!open.is_empty(), "{subject} wrote {id}");
            let written: Vec<&Entry> =
                rows.iter().filter(|row| row.kind == Kind::RecordWritten).collect();
            assert_eq!(written.len(), 1);
            let under = written[0].suspension.as_ref().unwrap().overlay.clone();
            let under = self.ids.iter().position(|id| id.as_str() == under).unwrap();
            assert!(open.contains(&under));
            self.model.written.entry(id).or_default().push(under);
            self.used(under);
        }
        if !rows.is_empty() {
            self.model.note();
        }
    }

    fn relaxes(&self, number: usize, user: &str, is_edit: bool) -> bool {
        let asked = &self.model.asked[number];
        asked.user == user && (asked.may_edit || !is_edit)
    }

    fn used(&mut self, number: usize) {
        let now = self.model.clocks.wall;
        if let Some(window) = &mut self.model.asked[number].window {
            window.used = now;
        }
    }

    fn undo(&mut self) {
        let Some((id, number)) =
            self.model.written.iter().find_map(|(id, by)| Some((id.clone(), *by.last()?)))
        else {
            return;
        };
        let is_closed =
            self.model.asked[number].window.as_ref().is_some_and(|window| window.is_closed);
        let place =
            UndoPlace { organization: org(), overlay: self.ids[number].as_str().into(), run: None };
        let order = UndoOrder { selection: Selection::Window, choices: vec![] };
        let who = (&Caller::local("ann"), &self.life.world.clock);
        let done = self.life.gate.undo(who, &place, &order, "a mistake");
        self.told.push(format!("undo {number}: {done:?}"));
        let Ok(outcome) = done else {
            assert!(!is_closed || self.model.asked[number].epoch != self.model.epoch);
            return;
        };
        assert!(self.model.open().all(|open| open != number), "undone under the open window");
        self.model.note();
        self.count("undo");
        for by in self.model.written.values_mut() {
            while by.last() == Some(&number) {
                by.pop();
            }
        }
        if outcome.waiting == 0 && self.model.written[&id].is_empty() {
            let record = self
                .life
                .gate
                .read(|reader| reader.record(&org(), &RecordKey::new("Account", &*id)));
            assert_eq!(record.unwrap().unwrap().fields["Name"], Value::from(id.as_str()));
        }
    }

    /// The process dies at some point of some act; what is found afterwards is before it or after it.
    fn crash(&mut self) {
        let point = self.random.of(POINTS);
        let number = self.pick();
        self.count("crash");
        self.told.push(format!("crash at {point}"));
        if let Some(number) =
            number.filter(|_| !point.starts_with("restore.") && !self.model.is_safe)
        {
            self.life.restart_with(Faults::at(point, Happening::Stop));
            let stage = self.model.asked[number].stage;
            let (by, act) = match stage {
                Stage::Draft => ("ann", Act::Preview),
                Stage::Previewed => ("ann", Act::BackUp),
                Stage::BackedUp => ("dan", Act::Approve),
                Stage::Approved => ("ann", Act::Open),
                _ => ("dan", Act::Close),
            };
            let version = |walk: &Self| walk.life.kept(&walk.ids[number]).request.version;
            let before = version(self);
            let may = self.model.may(by, number, act);
            let done = self.attempt(by, number, act);
            self.told.push(format!(
                "{act:?} of {number}: {:?}",
                done.as_ref().err().map(ToString::to_string)
            ));
            self.life.restart();
            let after = version(self);
            let request = self.life.kept(&self.ids[number]).request;
            let is_done = match act {
                Act::Approve => request.approvals.iter().any(|one| one.by.as_str() == by),
                _ => request.state == state_after(act),
            };
            if after > before && is_done {
                assert!(may || act == Act::Close, "{act:?} succeeded");
                let name = self.name();
                // Somebody may have found that it was over.
                if may {
                    self.model.did(by, number, act, &name);
                }
            } else {
                assert!(done.is_err(), "{act:?} was told to be done and is not");
            }
            // What was written may be more than is known.
            self.model.note();
        } else {
            self.life.restart();
        }
        self.life.gate.view(&org()).unwrap();
        self.verified();
    }

    fn verified(&self) {
        self.life.gate.read(|reader| reader.ledger_verify("acme").map(drop)).unwrap();
    }

    fn copy(&mut self) {
        let folder = TempDir::new().unwrap();
        copy_database(&self.life.world.path(), folder.path());
        self.copy = Some((folder, self.ids.len()));
    }

    /// An older database is put in place behind everybody's back.
    fn restore(&mut self) {
        let Some((folder, known)) = self.copy.take() else { return };
        self.told.push("an older database".into());
        let before = self.tip();
        for gate in [&mut self.life.gate, &mut self.other] {
            drop(std::mem::replace(gate, crate::world::empty().gate()));
        }
        copy_database(folder.path(), &self.life.world.path());
        self.life.world.restart();
        self.life.gate = self.life.world.gate();
        self.other = self.life.world.another_gate();
        for gate in [&self.life.gate, &self.other] {
            gate.view(&org()).unwrap();
        }
        self.ids.truncate(known);
        self.model.asked.truncate(known);
        let mode = self.life.gate.read(|reader| reader.safe_mode()).unwrap();
        // A copy of what is there now is no older one.
        if self.tip() < before {
            assert!(mode.is_some(), "an older database was not found");
        }
        if mode.is_none() {
            return;
        }
        self.count("restore");
        self.model.restored();
        self.model.written.clear();
        for asked in &mut self.model.asked {
            asked.stage = Stage::Over;
        }
        let (_, policy) = self.life.gate.read(|reader| reader.policy(&org())).unwrap();
        let gone = ["bob", "cai", "out"].into_iter().filter(|who| !policy.users[*who].active);
        self.model.gone = gone.collect();
        let now = self.life.world.clock.wall;
        let known = self.life.gate.read(|reader| reader.switch_settings(&org(), now)).unwrap();
        self.model.needed = known.settings.approvals.usual.needed();
        self.model.note();
        self.verified();
    }

    fn acknowledge(&mut self) {
        let change = Change::AcknowledgeSafeMode { reason: "looked into it".into() };
        let done = self.life.gate.write(&caller(), &self.life.world.clock, change);
        self.told.push(format!("acknowledge: {}", done.is_ok()));
        self.model.is_safe &= done.is_err();
    }

    /// Takes over what others wrote: ends that somebody found, reports, timers. An end has to have a reason.
    fn follow(&mut self) {
        self.model.revision =
            self.life.gate.read(|reader| reader.current_revision(&org())).unwrap();
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
    fn holds(&mut self) {
        let mut seen = Vec::new();
        for gate in [Arc::clone(&self.life.gate), Arc::clone(&self.other)] {
            for user in ["bo", "zoe", "out"] {
                for action in [Action::Read, Action::Edit] {
                    seen.push(self.is_sound(&gate, user, &action));
                }
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

    fn is_sound(&mut self, gate: &Gate, user: &str, action: &Action) -> bool {
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

fn copy_database(from: &Path, to: &Path) {
    for name in ["guan.db", "guan.db-wal", "guan.db-shm"] {
        let _gone = std::fs::remove_file(to.join(name));
        if name != "guan.db-shm" && from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

/// The row that an act leaves.
fn row_of(act: Act) -> (Kind, &'static str) {
    match act {
        Act::Edit => (Kind::OverlayRequested, "edit_window"),
        Act::Preview => (Kind::OverlayRequested, "preview_window"),
        Act::BackUp => (Kind::OverlayRequested, "back_up_window"),
        Act::Approve => (Kind::OverlayApproved, "approve_window"),
        Act::TakeBack => (Kind::OverlayRequested, "take_back_approval"),
        Act::Refuse => (Kind::OverlayRefused, "refuse_window"),
        Act::Withdraw => (Kind::OverlayRefused, "withdraw_window"),
        Act::Open => (Kind::OverlayOpened, "open_overlay"),
        Act::Close => (Kind::OverlayClosed, "close_overlay"),
        Act::Review => (Kind::OverlayReviewed, "review_window"),
    }
}

const fn state_after(act: Act) -> State {
    match act {
        Act::Preview => State::Previewed,
        Act::BackUp => State::BackedUp,
        Act::Open => State::Open,
        _ => State::Closed,
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
