//! An organization with people who ask for windows, approve and review them, and the steps of a window's life in short.

use std::sync::Arc;

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::lifecycle::{Actor, Event, RequestId, Verdict, Wanted, WindowRequest};
use guan_engine::model::{
    Action, Assignment, Audience, Moment, OverlayEffect, PermissionSet, Power, Principal,
    RecordKey, Span, SuspensionScope, User,
};
use guan_store::{
    Caller, Change, Entity, EntityKind, Gate, PreviewMode, Recording, SwitchChange, WindowCall,
    WindowFault,
};

use crate::world::{World, caller, check, org, world};

/// The world of the tests with `ann`, `bob`, `cai` and `dan`, who may everything; `ann2` is `ann` again by mail address.
pub(crate) struct Life {
    pub(crate) world: World,
    pub(crate) gate: Arc<Gate>,
    keys: u32,
}

pub(crate) fn entity<T: serde::Serialize>(kind: EntityKind, id: &str, value: &T) -> Entity {
    Entity { kind, id: id.to_owned(), body: serde_json::to_string(value).unwrap() }
}

/// What makes people of the small organization administrators.
pub(crate) fn govern(expected: u64) -> Change {
    let system = Power::ALL.iter().map(|power| power.name().to_owned()).collect();
    let set = PermissionSet { system, ..PermissionSet::default() };
    let mut put = vec![entity(EntityKind::Set, "guan", &set)];
    for (id, mail) in [
        ("ann", "ann@acme.example"),
        ("ann2", " ANN@acme.example"),
        ("bob", "bob@acme.example"),
        ("cai", "cai@acme.example"),
        ("dan", "dan@acme.example"),
    ] {
        let mut user = User { name: id.to_owned(), active: true, ..User::default() };
        user.attributes.insert("Email".to_owned(), mail.into());
        put.push(entity(EntityKind::User, id, &user));
        let given = Assignment::new("set:guan".parse().unwrap(), Principal::User(id.into()));
        put.push(entity(EntityKind::Assignment, &format!("guan-{id}"), &given));
    }
    let (remove, reason) = (vec![], "administrators".to_owned());
    Change::EditPolicy { organization: org(), expected, put, remove, reason }
}

/// Off for Bo's reading of accounts, for half an hour.
pub(crate) fn wanted() -> Wanted {
    // For reading alone: off for everything that there is would be heavier.
    let scope = SuspensionScope {
        objects: ["Account".into()].into(),
        actions: [Action::Read].into(),
        ..SuspensionScope::default()
    };
    let effect = OverlayEffect::Suspension { scope, others: guan_engine::model::Others::Enforced };
    let users = [Principal::User("bo".into())].into();
    Wanted::new(effect, Audience { users, networks: vec![] }, "cleaning up")
}

impl Life {
    pub(crate) fn new() -> Self {
        let mut world = world();
        world.write(&govern(2));
        let gate = world.gate();
        Self { world, gate, keys: 0 }
    }

    /// Behind a gate that stands somewhere else.
    pub(crate) fn over(gate: Arc<Gate>, clock: guan_store::ClockReading) -> Self {
        let (folder, place) = (tempfile::TempDir::new().unwrap(), guan_store::DatabasePlace::File);
        Self { world: World { folder, store: None, clock, place }, gate, keys: 0 }
    }

    /// The process ends and another one starts.
    pub(crate) fn restart(&mut self) {
        self.restart_with(guan_store::Faults::default());
    }

    pub(crate) fn restart_with(&mut self, faults: guan_store::Faults) {
        // Nobody else holds it, so the store is closed with it.
        let (world, keys) = (&mut self.world, self.keys);
        let empty = crate::world::empty().gate();
        drop(std::mem::replace(&mut self.gate, empty));
        world.restart_with(faults);
        self.gate = world.gate();
        self.keys = keys;
    }

    pub(crate) fn call(&self, by: &str) -> WindowCall {
        let (caller, actor) = match by {
            "" => (Caller::system(), Actor::System),
            user => (Caller { id: user.to_owned(), ..caller() }, Actor::User(user.into())),
        };
        WindowCall {
            caller,
            clock: self.world.clock.clone(),
            organization: org(),
            by: actor,
            stepped_up: None,
        }
    }

    pub(crate) fn draft(&self, by: &str, wanted: Wanted) -> Result<WindowRequest, WindowFault> {
        self.gate.draft_window(&self.call(by), wanted)
    }

    pub(crate) fn step(
        &self,
        by: &str,
        request: &mut WindowRequest,
        event: Event,
    ) -> Result<(), WindowFault> {
        let seen = (&request.id, request.version);
        *request = self.gate.step_window(&self.call(by), seen, event)?;
        Ok(())
    }

    pub(crate) fn preview(&self, by: &str, request: &mut WindowRequest) -> Result<(), WindowFault> {
        let (call, seen) = (self.call(by), (&request.id, request.version));
        *request = self.gate.preview_request(&call, seen, PreviewMode::Exact, &|_| {})?;
        Ok(())
    }

    pub(crate) fn back_up(&self, by: &str, request: &mut WindowRequest) -> Result<(), WindowFault> {
        let seen = (&request.id, request.version);
        *request = self.gate.back_up_window(&self.call(by), seen)?;
        Ok(())
    }

    pub(crate) fn approve(
        &mut self,
        by: &str,
        request: &mut WindowRequest,
    ) -> Result<(), WindowFault> {
        self.keys += 1;
        let (edition, key) = (request.edition, format!("key-{}", self.keys));
        self.step(by, request, Event::Approve { edition, key })
    }

    pub(crate) fn open(&self, by: &str, request: &mut WindowRequest) -> Result<(), WindowFault> {
        let seen = (&request.id, request.version);
        *request = self.gate.open_window(&self.call(by), seen)?;
        Ok(())
    }

    pub(crate) fn close(&self, by: &str, request: &WindowRequest) -> Result<(), WindowFault> {
        self.gate.close_window(&self.call(by), &request.id, "done").map(drop)
    }

    /// A request of `ann` that waits for approval.
    pub(crate) fn backed_up(&self, wanted: Wanted) -> WindowRequest {
        let mut request = self.draft("ann", wanted).unwrap();
        self.preview("ann", &mut request).unwrap();
        self.back_up("ann", &mut request).unwrap();
        request
    }

    /// A window that `ann` asked for, `bob` approved and `ann` opened.
    pub(crate) fn opened(&mut self, wanted: Wanted) -> WindowRequest {
        let mut request = self.backed_up(wanted);
        self.approve("bob", &mut request).unwrap();
        self.open("ann", &mut request).unwrap();
        request
    }

    pub(crate) fn settle(&self) -> u64 {
        self.gate.settle_windows(&Caller::system(), &self.world.clock, &org()).unwrap()
    }

    pub(crate) fn sweep(&self) {
        self.gate.sweep(&Caller::system(), &self.world.clock).unwrap();
    }

    pub(crate) fn later(&mut self, span: Span) {
        self.world.later(span);
        self.gate.refresh(&self.world.clock).unwrap();
    }

    /// What Bo gets on the first account; would-denies are recorded.
    pub(crate) fn bo(&self) -> Decision {
        let session = Session::new("acme", "bo", self.world.clock.wall);
        let target = Target::Record(RecordKey::new("Account", "a-1"));
        let request = Request::new(session, Action::Read, target);
        let decided =
            self.gate.decide(&caller(), &self.world.clock, &request, Recording::WouldDenies, check);
        decided.unwrap().decision
    }

    pub(crate) fn is_relaxed(&self) -> bool {
        matches!(self.bo(), Decision::Relaxed { .. })
    }

    pub(crate) fn kept(&self, id: &RequestId) -> guan_store::StoredRequest {
        self.gate.read(|reader| reader.window_request(&org(), id)).unwrap()
    }

    pub(crate) fn review(&self, by: &str, request: &mut WindowRequest) -> Result<(), WindowFault> {
        let event = Event::Review { verdict: Verdict::InOrder, words: String::new() };
        self.step(by, request, event)
    }

    pub(crate) fn change_switch(&self, change: SwitchChange) -> Result<(), guan_store::WriteError> {
        let change = Change::ChangeSwitch(Box::new(change));
        self.gate.write(&caller(), &self.world.clock, change).map(drop)
    }

    pub(crate) fn now(&self) -> Moment {
        self.world.clock.wall
    }
}

/// The code of the rule that refused.
#[track_caller]
pub(crate) fn rule<T: std::fmt::Debug>(refused: Result<T, WindowFault>) -> &'static str {
    let fault = refused.unwrap_err();
    fault.rule().unwrap_or_else(|| panic!("{fault:?}"))
}
