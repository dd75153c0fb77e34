//! What goes wrong in lives at random: clocks, crashes, older databases.

use std::path::Path;

use guan_engine::lifecycle::State;
use guan_store::{Change, Faults, Happening, POINTS};
use tempfile::TempDir;

use crate::lives_model::{Act, Clocks, Stage};
use crate::world::{caller, org};

use crate::lives::Walk;

impl Walk<'_> {
    pub(crate) fn refresh(&mut self) {
        self.move_on(1);
    }

    pub(crate) fn move_on(&mut self, minutes: i64) {
        self.model.clocks.wall += minutes * 60;
        self.model.clocks.boot += minutes * 60;
        self.set_clocks();
        self.told.push(format!("{minutes} minutes later"));
    }

    pub(crate) fn move_clocks(&mut self) {
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

    /// The process dies at some point of some act; what is found afterwards is before it or after it.
    pub(crate) fn crash(&mut self) {
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

    pub(crate) fn copy(&mut self) {
        let folder = TempDir::new().unwrap();
        copy_database(&self.life.world.path(), folder.path());
        self.copy = Some((folder, self.ids.len()));
    }

    /// An older database is put in place behind everybody's back.
    pub(crate) fn restore(&mut self) {
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

    pub(crate) fn acknowledge(&mut self) {
        let change = Change::AcknowledgeSafeMode { reason: "looked into it".into() };
        let done = self.life.gate.write(&caller(), &self.life.world.clock, change);
        self.told.push(format!("acknowledge: {}", done.is_ok()));
        self.model.is_safe &= done.is_err();
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

const fn state_after(act: Act) -> State {
    match act {
        Act::Preview => State::Previewed,
        Act::BackUp => State::BackedUp,
        Act::Open => State::Open,
        _ => State::Closed,
    }
}
