//! The acts of people in lives at random.

use guan_engine::lifecycle::{ApprovalPolicy, Event, SwitchSettings, Verdict, Wanted};
use guan_engine::model::{Action, OverlayEffect, Principal, RecordKey, Span, User, Value};
use guan_ledger::{Entry, Kind};
use guan_store::{
    Caller, Change, EditToKeep, EntityKind, RecordPatch, Selection, SwitchChange, UndoOrder,
    UndoPlace, WaitingChange, WindowFault,
};

use crate::life::wanted;
use crate::lives_model::{Act, Asked, Stage};
use crate::world::{caller, org};

use crate::lives::{ACCOUNTS, USERS, Walk};

impl Walk<'_> {
    pub(crate) fn wanted(&mut self) -> (Wanted, Asked) {
        let user = self.random.of(&USERS);
        let may_edit = self.random.below(2) == 0;
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

    pub(crate) fn draft(&mut self) {
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
    pub(crate) fn pick(&mut self) -> Option<usize> {
        let count = self.ids.len() as u64;
        let back = self.random.of(&[1, 1, 1, 2, 3]);
        (count >= back).then(|| usize::try_from(count - back).unwrap())
    }

    pub(crate) fn forward(&mut self) {
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

    pub(crate) fn anything(&mut self) {
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

    pub(crate) fn attempt(&mut self, by: &str, number: usize, act: Act) -> Result<(), WindowFault> {
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

    pub(crate) fn act(&mut self, by: &'static str, number: usize, act: Act) {
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

    pub(crate) fn settle(&mut self) {
        let settled =
            self.life.gate.settle_windows(&Caller::system(), &self.life.world.clock, &org());
        self.told.push(format!("settle: {settled:?}"));
    }

    pub(crate) fn sweep(&mut self) {
        let swept = self.life.gate.sweep(&Caller::system(), &self.life.world.clock);
        self.told.push(format!("sweep: {} {:?}", swept.is_ok(), self.model.clocks));
        self.settle();
    }

    pub(crate) fn edit_policy(&mut self) {
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

    pub(crate) fn change_settings(&mut self) {
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

    pub(crate) fn write(&mut self) {
        self.edits += 1;
        let mut subject = self.random.of(&["bo", "zoe", "out", "anna"]);
        let first = self.model.open().find(|open| self.model.asked[*open].may_edit);
        if let Some(open) = first.filter(|_| self.random.below(4) > 0) {
            subject = self.model.asked[open].user;
        }
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

    pub(crate) fn undo(&mut self) {
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
