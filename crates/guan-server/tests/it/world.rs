//! Two small organizations behind a router, a clock that is moved by hand, and a caller of each kind.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use guan_engine::administration::{Post, Power};
use guan_engine::model::{
    Action, Assignment, Audience, Field, Grant, Moment, Object, ObjectPermission, Organization,
    OrganizationId, Others, OverlayEffect, PermissionSet, Policy, Principal, Record, Span,
    SuspensionScope, User, Value as Content,
};
use guan_server::caller::{Identity, Proof};
use guan_server::identity::{Credential, Identities};
use guan_server::problem::{Code, Problem};
use guan_server::scope::Scopes;
use guan_server::settings::Settings;
use guan_server::state::{Clock, Parts, Server};
use guan_store::{
    Caller, Change, ClockReading, DatabasePlace, Gate, Options, OverlayRequest, RecordsChange,
    Store,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// 2026-01-31T08:00:00Z.
pub(crate) const START: Moment = Moment(1_769_846_400_000);
/// The CSRF token of every session of the tests.
pub(crate) const CSRF: &str = "csrf-of-the-tests";

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Every kind of caller that an operation is tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Nobody,
    Expired,
    Inactive,
    NoPermission,
    OtherOrganization,
    Reader,
    Administrator,
    Delegated,
    System,
    Security,
    Audit,
    TokenWithoutScope,
    /// A token for questions of somebody who may ask about themself.
    TokenThatAsks,
}

impl Kind {
    pub(crate) const ALL: &[Self] = &[
        Self::Nobody,
        Self::Expired,
        Self::Inactive,
        Self::NoPermission,
        Self::OtherOrganization,
        Self::Reader,
        Self::Administrator,
        Self::Delegated,
        Self::System,
        Self::Security,
        Self::Audit,
        Self::TokenWithoutScope,
        Self::TokenThatAsks,
    ];

    /// Organization and user behind it.
    fn user(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Nobody | Self::Expired => None,
            Self::Inactive => Some(("acme", "ina")),
            Self::NoPermission => Some(("acme", "bo")),
            Self::OtherOrganization => Some(("other", "ada")),
            Self::Reader | Self::TokenThatAsks => Some(("acme", "anna")),
            Self::Delegated => Some(("acme", "dan")),
            Self::System => Some(("acme", "sys")),
            Self::Security => Some(("acme", "sec")),
            Self::Audit => Some(("acme", "aud")),
            Self::Administrator | Self::TokenWithoutScope => Some(("acme", "ada")),
        }
    }

    fn scopes(self) -> Scopes {
        match self {
            Self::TokenWithoutScope => Scopes::default(),
            Self::TokenThatAsks => Scopes::parse(["decide"]).unwrap(),
            _ => Scopes::parse(["all"]).unwrap(),
        }
    }

    /// What it sends as `Authorization`.
    pub(crate) fn token(self) -> Option<String> {
        (self != Self::Nobody).then(|| format!("{self:?}"))
    }
}

/// A clock that is moved by hand.
#[derive(Debug)]
pub(crate) struct HandClock(Mutex<ClockReading>);

impl HandClock {
    /// Both clocks go on alike.
    pub(crate) fn later(&self, span: Span) {
        let mut reading = self.0.lock();
        reading.wall = reading.wall.plus(span);
        reading.boot_clock = reading.boot_clock.map(|clock| Span(clock.0 + span.0));
    }
}

impl Clock for HandClock {
    fn read(&self) -> ClockReading {
        self.0.lock().clone()
    }
}

/// Knows the callers of the tests by the names of their kinds.
#[derive(Debug)]
struct Known;

impl Identities for Known {
    fn forget_all(&self) {}

    fn identify(
        &self,
        credential: &Credential,
        _: Option<std::net::IpAddr>,
        _: &ClockReading,
    ) -> Result<Arc<Identity>, Problem> {
        let (Credential::Token(secret) | Credential::Session(secret)) = credential;
        let kind = Kind::ALL.iter().find(|kind| format!("{kind:?}") == *secret);
        let (organization, user) =
            kind.and_then(|kind| kind.user()).ok_or_else(|| Problem::new(Code::TokenRefused))?;
        let proof = match credential {
            Credential::Token(_) => {
                Proof::Token { id: "token-1".into(), scopes: kind.unwrap().scopes() }
            }
            Credential::Session(_) => Proof::Session {
                id: "session-1".into(),
                csrf: CSRF.into(),
                ends: START.plus(Span::minutes(60)),
            },
        };
        Ok(Arc::new(Identity {
            organization: organization.into(),
            user: user.into(),
            proof,
            must_change_password: false,
        }))
    }
}

/// An installation behind a router.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    place: DatabasePlace,
    gate: Arc<Gate>,
    pub(crate) clock: ClockReading,
    pub(crate) hand: Arc<HandClock>,
    pub(crate) server: Server,
    pub(crate) router: Router,
}

pub(crate) fn org() -> OrganizationId {
    OrganizationId::new("acme")
}

pub(crate) fn world() -> World {
    world_at(crate::place())
}

/// `acme` with an administrator, a reader of accounts, somebody without permissions and somebody inactive; `other` beside it.
pub(crate) fn world_with(settings: Settings) -> World {
    build(settings, |_| {}, |_| Arc::new(Known))
}

/// As [`world`], with a delegated administrator and one for each post.
pub(crate) fn world_of_posts() -> World {
    build(Settings::default(), posts, |_| Arc::new(Known))
}

/// Dan administers the users of a node; sys, sec and aud hold all powers of a post each.
fn posts(policy: &mut Policy) {
    let read = |content: Value| serde_json::from_value(content).unwrap();
    policy.trees.insert("units".into(), serde_json::from_value(json!({ "kind": "unit" })).unwrap());
    policy
        .nodes
        .insert("north".into(), serde_json::from_value(json!({ "tree": "units" })).unwrap());
    let powers: Vec<&str> = Power::ALL.iter().map(|power| power.name()).collect();
    let powers: Vec<&str> = powers.into_iter().filter(|name| DELEGATED.contains(name)).collect();
    let delegation =
        json!({ "to": "user:dan", "node": "north", "sets": ["set:reader"], "powers": powers });
    policy.delegations.insert("d".into(), read(delegation));
    for (id, post) in [
        ("sys", Some(Post::System)),
        ("sec", Some(Post::Security)),
        ("aud", Some(Post::Audit)),
        ("dan", None),
    ] {
        let user = User { name: id.to_owned(), active: true, ..User::default() };
        policy.users.insert(id.into(), user);
        let Some(post) = post else { continue };
        let held = Power::ALL.iter().filter(|power| power.post() == Some(post));
        let system = held.map(|power| power.name().to_owned()).collect();
        policy.sets.insert(id.into(), PermissionSet { system, ..PermissionSet::default() });
        let what = format!("set:{id}").parse().unwrap();
        policy.assignments.insert(id.into(), Assignment::new(what, Principal::User(id.into())));
    }
}

/// What Dan may do.
const DELEGATED: &[&str] = &[
    "guan.manage_users",
    "guan.manage_structure",
    "guan.manage_assignments",
    "guan.manage_credentials",
    "guan.ask_about_others",
];

/// As [`world`], with the sessions and tokens of the store; Ada and Anna have the password [`PASSWORD`].
pub(crate) fn world_of_passwords() -> World {
    let idle = Settings::default().session_idle;
    let world = build(
        Settings::default(),
        |_| {},
        |gate| Arc::new(guan_server::stored::StoredIdentities::new(gate, idle)),
    );
    let hash = guan_server::password::hash(PASSWORD).unwrap();
    for (organization, user) in [("acme", "ada"), ("acme", "anna"), ("other", "ada")] {
        let change = guan_store::CredentialChange::SetPassword {
            user: user.into(),
            hash: hash.clone(),
            must_change: user == "anna",
            keep: None,
        };
        let change = Change::ChangeCredentials { organization: organization.into(), change };
        let caller = Caller::local("installer");
        world.gate(|gate| gate.write(&caller, &world.server.now(), change)).unwrap();
    }
    world
}

/// Calls the store on a thread of its own: where futures run nothing may wait for a database server.
pub(crate) fn outside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let ended = std::thread::scope(|scope| scope.spawn(work).join());
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// As [`world`], with the database at a place.
pub(crate) fn world_at(place: DatabasePlace) -> World {
    outside(|| build_here(place, Settings::default(), |_| {}, |_| Arc::new(Known)))
}

fn build(
    settings: Settings,
    people: impl Fn(&mut Policy) + Send,
    identities: impl FnOnce(Arc<Gate>) -> Arc<dyn Identities> + Send,
) -> World {
    outside(|| build_here(crate::place(), settings, people, identities))
}

fn build_here(
    place: DatabasePlace,
    settings: Settings,
    people: impl Fn(&mut Policy),
    identities: impl FnOnce(Arc<Gate>) -> Arc<dyn Identities>,
) -> World {
    let folder = TempDir::new().unwrap();
    let clock = ClockReading::new(START, Span::minutes(600), "boot-1");
    let caller = Caller::local("installer");
    let mut store = Store::create_in(folder.path(), &place, &caller, &clock).unwrap();
    for id in ["acme", "other"] {
        let organization = Organization { id: id.into(), ..Organization::default() };
        let change = Change::CreateOrganization { organization, reason: "start".into() };
        store.write(&caller, &clock, &change).unwrap();
        let records = ["a-1", "a-2", "a-3"].map(|number| account(&format!("{id}-{number}")));
        let mut policy = policy(id);
        people(&mut policy);
        let change = Change::ReplacePolicy {
            policy: Box::new(policy),
            expected: 1,
            records: RecordsChange::Replace(records.into()),
            reason: "start".into(),
        };
        store.write(&caller, &clock, &change).unwrap();
    }
    let gate = Gate::over(store, &clock);
    let hand = Arc::new(HandClock(Mutex::new(clock.clone())));
    let server = Server::new(Parts {
        gate: Arc::clone(&gate),
        clock: Arc::clone(&hand) as Arc<dyn Clock>,
        identities: identities(Arc::clone(&gate)),
        settings,
    });
    let router = guan_server::app::router(server.clone());
    World { folder, place, gate, clock, hand, server, router }
}

fn account(id: &str) -> Record {
    let mut record = Record::new("Account", id);
    record.owners = ["user:anna".parse().unwrap()].into();
    record.fields.insert("Name".into(), Content::from(id));
    record
}

fn policy(organization: &str) -> Policy {
    let mut policy = Policy::default();
    policy.organization.id = organization.into();
    for id in ["ada", "anna", "bo", "ina"] {
        let user = User { name: id.to_owned(), active: id != "ina", ..User::default() };
        policy.users.insert(id.into(), user);
    }
    let mut object = Object::default();
    object.fields.insert("Name".into(), Field::default());
    policy.objects.insert("Account".into(), object);
    let pool = json!({ "object": "Account", "members": ["user:ada"], "members_view": true, "members_claim": true });
    policy.pools.insert("waters".into(), serde_json::from_value(pool).unwrap());
    let mut permission = ObjectPermission::default();
    permission.actions.insert(Action::Read, Grant::ALL);
    let mut reader = PermissionSet::default();
    reader.objects.insert("Account".into(), permission);
    policy.sets.insert("reader".into(), reader);
    let system = Power::ALL.iter().map(|power| power.name().to_owned()).collect();
    let administrator = PermissionSet { system, ..PermissionSet::default() };
    policy.sets.insert("administrator".into(), administrator);
    for (id, set, user) in [("as-1", "reader", "anna"), ("as-2", "administrator", "ada")] {
        let what = format!("set:{set}").parse().unwrap();
        policy.assignments.insert(id.into(), Assignment::new(what, Principal::User(user.into())));
    }
    policy
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The code of a problem, or the empty text.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl World {
    /// Asks the gate, past the server.
    pub(crate) fn gate<T: Send>(&self, ask: impl FnOnce(&Arc<Gate>) -> T + Send) -> T {
        outside(|| ask(&self.gate))
    }

    /// Runs SQL behind the store's back.
    pub(crate) fn tamper(&self, sql: &str) {
        if let Some(address) = self.place.address() {
            guan_testkit::postgres::server().unwrap().run(address, sql);
        } else {
            let path = self.folder.path().join("guan.db");
            rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
        }
    }

    /// An open window for Bo on accounts, ten minutes long, that nobody had to ask for; its id.
    pub(crate) fn open_overlay(&self) -> String {
        let objects = ["Account".into()].into();
        self.open_overlay_of(SuspensionScope { objects, ..SuspensionScope::default() })
    }

    /// The same with another scope.
    pub(crate) fn open_overlay_of(&self, scope: SuspensionScope) -> String {
        let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
        let users = [Principal::User("bo".into())].into();
        let audience = Audience { users, networks: vec![] };
        let mut asked = OverlayRequest::new("acme", effect, audience, "the sync is stuck");
        asked.length = Some(Span::minutes(10));
        let clock = self.hand.read();
        let opened =
            self.gate(|gate| gate.open_overlay(&Caller::local("ada"), &clock, &asked)).unwrap();
        opened.id.to_string()
    }

    /// How many rows the logs of the organization and of the installation have.
    pub(crate) fn rows(&self) -> u64 {
        let size = |log: &str| {
            self.gate(|gate| gate.read(|reader| reader.ledger_tip(log)))
                .unwrap()
                .map_or(0, |tip| tip.size)
        };
        size("acme") + size("")
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        ask(&self.router, request).await
    }

    /// Sends any request, and hands over the answer with its body unread.
    pub(crate) async fn raw(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Another process on the same installation.
    pub(crate) fn second_node(&self) -> Router {
        let caller = Caller::local("installer");
        let open =
            || Gate::open(self.folder.path(), Options::default(), &caller, &self.clock).unwrap();
        let gate = outside(open);
        let server = Server::new(Parts {
            gate,
            clock: Arc::clone(&self.hand) as Arc<dyn Clock>,
            identities: Arc::new(Known),
            settings: Settings::default(),
        });
        guan_server::app::router(server)
    }

    /// Asks as a caller of a kind, with a token.
    pub(crate) async fn get(&self, kind: Kind, path: &str) -> Answer {
        self.call(kind, (Method::GET, path), None).await
    }

    /// Calls as a caller of a kind, with a token and perhaps a body.
    pub(crate) async fn call(
        &self,
        kind: Kind,
        (method, path): (Method, &str),
        body: Option<&Value>,
    ) -> Answer {
        self.send(request(kind, (method, path), body)).await
    }
}

/// Sends any request to a node.
pub(crate) async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A request of a caller of a kind, to which headers can be added.
pub(crate) fn request(
    kind: Kind,
    (method, path): (Method, &str),
    body: Option<&Value>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    // A person approves and signs off.
    let is_persons = path.ends_with("/approval") || path.ends_with("/review");
    let is_program = matches!(kind, Kind::TokenWithoutScope | Kind::TokenThatAsks);
    if let Some(token) = kind.token() {
        request = if is_persons && !is_program {
            request.header(header::COOKIE, format!("guan={token}")).header("x-csrf-token", CSRF)
        } else {
            request.header(header::AUTHORIZATION, format!("Bearer {token}"))
        };
    }
    match body {
        Some(body) => request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(serde_json::to_vec(body).unwrap()))
            .unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}
