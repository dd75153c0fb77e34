//! An organization, its people and its clocks, for the tests of the life of a window.

use guan_engine::activity::{Journal, NodeFacts};
use guan_engine::lifecycle::{
    Account, Act, Actor, BackupEvidence, Duty, Event, Facts, Hindrance, Identity, Outcome,
    PreviewEvidence, ReportEvidence, RequestId, Rule, SelfTest, State, SwitchSettings, Verdict,
    Wanted, Window, WindowRequest, draft, step,
};
use guan_engine::model::{
    Audience, Moment, Object, OverlayEffect, Policy, Principal, Span, User, UserId, UserKind,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const NOW: Moment = Moment(1_800_000_000_000);

/// Everything that facts point to.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) node: NodeFacts,
    pub(crate) policy: Policy,
    pub(crate) digest: String,
    pub(crate) settings: SwitchSettings,
    pub(crate) accounts: BTreeMap<UserId, Account>,
    pub(crate) windows: Vec<Window>,
    pub(crate) emergency: Option<RequestId>,
    pub(crate) hindrances: BTreeSet<Hindrance>,
    keys: u32,
}

impl Scene {
    /// Ann asks; bob, cai and dan may do everything; eve may do nothing; `ann2` is ann again, by mail
    /// address; `robot` is a program.
    pub(crate) fn new() -> Self {
        let mut scene = Self {
            node: NodeFacts {
                organization: "main".into(),
                wall: NOW,
                boot_clock: Some(Span(1_000)),
                boot_id: Some("boot-1".to_owned()),
                high_water: NOW,
                view_age: Span(0),
                lease: Span::seconds(10),
                tolerance: Span::seconds(2),
                incarnation: 7,
                journal: Journal::Durable,
            },
            policy: Policy::default(),
            digest: "digest-1".to_owned(),
            settings: SwitchSettings::default(),
            accounts: BTreeMap::new(),
            windows: Vec::new(),
            emergency: None,
            hindrances: BTreeSet::new(),
            keys: 0,
        };
        for object in ["account", "contact"] {
            scene.policy.objects.insert(object.into(), Object::default());
        }
        let all = [Duty::Request, Duty::Approve, Duty::Close, Duty::Review];
        for (user, keys) in [
            ("ann", vec!["E-1", "Ann@example.test"]),
            ("ann2", vec!["E-9", " ann@EXAMPLE.test"]),
            ("bob", vec!["E-2"]),
            ("cai", vec!["E-3"]),
            ("dan", vec!["E-4"]),
        ] {
            scene.add(user, UserKind::Internal, &keys, &all);
        }
        scene.add("eve", UserKind::Internal, &["E-5"], &[]);
        scene.add("robot", UserKind::Integration, &[], &all);
        scene.account("robot").identity = Identity::Program;
        scene
    }
    pub(crate) fn add(&mut self, user: &str, kind: UserKind, keys: &[&str], duties: &[Duty]) {
        let entity = User { name: user.to_owned(), kind, active: true, ..User::default() };
        self.policy.users.insert(user.into(), entity);
        let account = Account {
            identity: Identity::Person(keys.iter().map(|key| (*key).to_owned()).collect()),
            active: true,
            duties: duties.iter().copied().collect(),
            principals: BTreeSet::new(),
            made_by: BTreeSet::new(),
            stepped_up: None,
        };
        self.accounts.insert(user.into(), account);
    }
    pub(crate) fn account(&mut self, user: &str) -> &mut Account {
        self.accounts.get_mut(user).unwrap()
    }
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            node: &self.node,
            policy: &self.policy,
            policy_digest: &self.digest,
            settings: &self.settings,
            accounts: &self.accounts,
            windows: &self.windows,
            unreviewed_emergency: self.emergency.as_ref(),
            hindrances: &self.hindrances,
        }
    }
    /// Both clocks go on.
    pub(crate) fn pass(&mut self, span: Span) {
        self.node.wall = self.node.wall.plus(span);
        self.node.boot_clock = self.node.boot_clock.map(|clock| Span(clock.0 + span.0));
        self.node.high_water = self.node.high_water.max(self.node.wall);
    }
    pub(crate) fn draft(&self, wanted: Wanted) -> Result<WindowRequest, Rule> {
        draft(RequestId::new("r-1"), &"ann".into(), wanted, &self.facts())
    }
    /// One act; what it gives takes the place of the request.
    pub(crate) fn act(
        &self,
        request: &mut WindowRequest,
        by: &str,
        event: Event,
    ) -> Result<Outcome, Rule> {
        let by = if by.is_empty() { Actor::System } else { Actor::User(by.into()) };
        let act = Act { by, expected: request.version, event };
        let outcome = step(request, &act, &self.facts())?;
        *request = outcome.request.clone();
        Ok(outcome)
    }
    pub(crate) fn preview(&self) -> Event {
        Event::Preview(PreviewEvidence {
            at: self.node.wall,
            revision: 3,
            policy: self.digest.clone(),
            document: "shown".to_owned(),
            overlapping: BTreeSet::new(),
        })
    }
    pub(crate) fn backup(&self) -> BackupEvidence {
        BackupEvidence {
            name: "backup-1".to_owned(),
            manifest: "manifest-1".to_owned(),
            policy: self.digest.clone(),
            verified: self.node.wall,
        }
    }
    pub(crate) fn approve(&mut self, request: &mut WindowRequest, by: &str) -> Result<(), Rule> {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let edition = request.edition;
        self.act(request, by, Event::Approve { edition, key }).map(drop)
    }
    /// A request that waits for approval, or is approved where nobody has to.
    pub(crate) fn backed_up(&self, wanted: Wanted) -> WindowRequest {
        let mut request = self.draft(wanted).unwrap();
        self.act(&mut request, "ann", self.preview()).unwrap();
        self.act(&mut request, "ann", Event::BackUp(self.backup())).unwrap();
        request
    }
    /// A request that everybody named has approved, armed.
    pub(crate) fn armed(&mut self, wanted: Wanted, approvers: &[&str]) -> WindowRequest {
        let mut request = self.backed_up(wanted);
        for approver in approvers {
            self.approve(&mut request, approver).unwrap();
        }
        self.act(&mut request, "ann", Event::Arm(self.backup())).unwrap();
        assert_eq!(request.state, State::Armed);
        request
    }
}

pub(crate) fn open() -> Event {
    Event::Open { overlay: "w-1".into() }
}
pub(crate) fn close() -> Event {
    Event::Close { words: String::new() }
}

#[expect(clippy::needless_pass_by_value, reason = "`json!` values read better in place")]
pub(crate) fn suspension(scope: Value) -> OverlayEffect {
    serde_json::from_value(json!({"kind": "suspension", "scope": scope, "others": "enforced"}))
        .unwrap()
}
pub(crate) fn elevation(set: &str) -> OverlayEffect {
    serde_json::from_value(json!({"kind": "elevation", "set": set})).unwrap()
}
pub(crate) fn audience(users: &[&str]) -> Audience {
    let users = users.iter().map(|user| Principal::User((*user).into())).collect();
    Audience { users, networks: Vec::new() }
}
/// Half an hour without rules on accounts, for eve.
pub(crate) fn usual() -> Wanted {
    Wanted::new(suspension(json!({"objects": ["account"]})), audience(&["eve"]), "repair")
}
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Rule>) -> &'static str {
    result.unwrap_err().code()
}
pub(crate) fn report(scene: &Scene) -> Event {
    Event::Report(ReportEvidence {
        at: scene.node.wall,
        document: "report".to_owned(),
        policy: scene.digest.clone(),
        self_test: SelfTest { asked: 3, refused: 3 },
    })
}
pub(crate) fn review() -> Event {
    Event::Review { verdict: Verdict::InOrder, words: String::new() }
}
