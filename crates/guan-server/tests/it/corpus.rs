//! The case corpus through HTTP: each organization in a gate behind the router, the same verdict, stage, reason and paths.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request as HttpRequest, header};
use guan_engine::Engine;
use guan_engine::activity::NodeFacts;
use guan_engine::answer::{Decision, Explanation};
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{
    Action, Assignment, FieldAccess, FieldId, ObjectId, OrganizationId, PermissionSet, Principal,
    RecordId, RecordKey, Span, User, UserId,
};
use guan_server::caller::{Identity, Proof};
use guan_server::identity::{Credential, Identities};
use guan_server::problem::Problem;
use guan_server::scope::Scopes;
use guan_server::settings::Settings;
use guan_server::state::{Clock, Parts, Server};
use guan_store::{Caller, Change, ClockReading, Gate, RecordsChange, Store};
use guan_testkit::case::{Answers, CaseFile, Mismatch, check, compare_grid, load_dir};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The application that asks; in every organization beside its users.
const ASKER: &str = "application-of-the-tests";

#[derive(Debug)]
struct HandClock(Mutex<ClockReading>);

impl Clock for HandClock {
    fn read(&self) -> ClockReading {
        self.0.lock().clone()
    }
}

/// Everybody is the application.
#[derive(Debug)]
struct OneCaller(OrganizationId);

impl Identities for OneCaller {
    fn forget_all(&self) {}

    fn identify(
        &self,
        _: &Credential,
        _: Option<std::net::IpAddr>,
        _: &ClockReading,
    ) -> Result<Arc<Identity>, Problem> {
        let scopes = Scopes::parse(["decide"]).unwrap();
        Ok(Arc::new(Identity {
            organization: self.0.clone(),
            user: ASKER.into(),
            proof: Proof::Token { id: "token-1".into(), scopes },
            must_change_password: false,
        }))
    }
}

/// The organization of one file behind a router, and its engine to compare with.
struct Asked {
    _folder: TempDir,
    engine: Engine,
    gate: Arc<Gate>,
    clock: Arc<HandClock>,
    router: Router,
    runtime: Runtime,
}

impl Asked {
    fn of(file: &CaseFile) -> Self {
        let folder = TempDir::new().unwrap();
        let organization = file.policy.organization.clone();
        let clock = reading(&file.node);
        let caller = Caller::local("installer");
        let mut store = Store::create_in(folder.path(), &crate::place(), &caller, &clock).unwrap();
        let reason = || "a case".to_owned();
        let change =
            Change::CreateOrganization { organization: organization.clone(), reason: reason() };
        store.write(&caller, &clock, &change).unwrap();
        let mut policy = file.policy.clone();
        policy.users.insert(ASKER.into(), User { active: true, ..User::default() });
        let system = vec!["guan.ask_about_others".to_owned()].into_iter().collect();
        policy.sets.insert(ASKER.into(), PermissionSet { system, ..PermissionSet::default() });
        let what = format!("set:{ASKER}").parse().unwrap();
        let asks = Assignment::new(what, Principal::User(ASKER.into()));
        policy.assignments.insert(ASKER.into(), asks);
        let change = Change::ReplacePolicy {
            policy: Box::new(policy),
            expected: 1,
            records: RecordsChange::Replace(file.records.clone()),
            reason: reason(),
        };
        store.write(&caller, &clock, &change).unwrap();
        let gate = Gate::over(store, &clock);
        let clock = Arc::new(HandClock(Mutex::new(clock)));
        let server = Server::new(Parts {
            gate: Arc::clone(&gate),
            clock: Arc::<HandClock>::clone(&clock),
            identities: Arc::new(OneCaller(organization.id)),
            settings: Settings { caller_rate: 1, ..Settings::default() },
        });
        Self {
            _folder: folder,
            engine: Engine::load(file.policy.clone(), file.records.iter().cloned()).unwrap(),
            gate,
            clock,
            router: guan_server::app::router(server),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    /// Asks in the situation of a session: its clocks, its overlays, its facts about the node.
    fn ask(&self, session: &Session<'_>, path: &str, mut body: Value) -> Value {
        let organization = &session.organization;
        if let Some(standing) = session.standing {
            *self.clock.0.lock() = reading(standing.node);
            self.gate.stand(organization, standing.rows.to_vec(), standing.node).unwrap();
        } else {
            let clock = ClockReading::new(session.at, Span(0), "boot-1");
            let facts = self.gate.view(organization).unwrap().facts(&clock);
            *self.clock.0.lock() = clock;
            self.gate.stand(organization, Vec::new(), &facts).unwrap();
        }
        if let Some(address) = session.address {
            body["session"]["from"] = json!(address);
        }
        self.post(path, &body)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let request = HttpRequest::post(format!("/api/v1/{path}"))
            .header(header::AUTHORIZATION, "Bearer x")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(serde_json::to_vec(body).unwrap()))
            .unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
            serde_json::from_slice(&bytes).unwrap()
        })
    }

    /// What HTTP answers must be what the engine answers, and that is held against the case.
    ///
    /// The overlays here are in memory alone. What they relax cannot be recorded, so HTTP must answer the refusal.
    fn same(&self, request: &Request<'_>, path: &str, mut expected: Value, decision: &Decision) {
        if let Some(refusal) = decision.refusal() {
            expected["stage"] = json!(refusal.stage());
        }
        let mut found = self.ask(&request.session, path, body(request));
        if let Some(found) = found.as_object_mut() {
            found.remove("reference");
        }
        assert_eq!(found, expected, "{path} {request:?}");
    }
}

fn reading(node: &NodeFacts) -> ClockReading {
    let mut clock = ClockReading::new(node.wall, Span(0), "");
    clock.boot_clock = node.boot_clock;
    clock.boot_id.clone_from(&node.boot_id);
    clock
}

fn unrecorded(decision: &Decision) -> Decision {
    match decision {
        Decision::Relaxed { refusal, .. } => Decision::Deny { refusal: refusal.clone() },
        other => other.clone(),
    }
}

fn target(on: &Target) -> Value {
    match on {
        Target::Object(object) => json!({ "object": object }),
        Target::Record(key) => json!({ "object": key.object, "record": key.id }),
        Target::New { object, owners, unit } => {
            json!({ "object": object, "new": { "owners": owners, "unit": unit } })
        }
    }
}

fn body(request: &Request<'_>) -> Value {
    let mut body = target(&request.on);
    body["session"] = json!({ "subject": request.session.subject });
    body["action"] = json!(request.action);
    body["fields"] = json!(request.fields);
    body["bulk"] = json!(request.extent == Extent::Bulk);
    body
}

impl Answers for Asked {
    fn decide(&self, request: &Request<'_>) -> Decision {
        let decision = self.engine.check(request);
        let told = unrecorded(&decision);
        self.same(request, "check", serde_json::to_value(&told).unwrap(), &told);
        decision
    }

    fn explain(&self, request: &Request<'_>) -> Explanation {
        let explanation = self.engine.explain(request);
        let decision = unrecorded(&explanation.decision);
        let told = Explanation { decision, ..explanation.clone() };
        self.same(request, "explain", serde_json::to_value(&told).unwrap(), &told.decision);
        explanation
    }

    fn fields(&self, session: &Session<'_>, on: &Target) -> BTreeMap<FieldId, FieldAccess> {
        let mut body = target(on);
        body["session"] = json!({ "subject": session.subject });
        let mut found = self.ask(session, "field-access", body);
        serde_json::from_value(found["fields"].take()).unwrap_or_default()
    }

    /// All pages of two records each.
    fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId> {
        let mut records = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let mut page = self.ask(
                session,
                "list",
                json!({
                    "session": { "subject": session.subject }, "action": action,
                    "object": object, "limit": 2, "cursor": cursor,
                }),
            );
            let of_page: Vec<RecordId> =
                serde_json::from_value(page["records"].take()).unwrap_or_default();
            records.extend(of_page);
            cursor = page["next"].take();
            if cursor.is_null() {
                return records;
            }
        }
    }

    fn count(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> usize {
        let body = json!({
            "session": { "subject": session.subject }, "action": action, "object": object,
        });
        let found = self.ask(session, "count", body);
        usize::try_from(found["count"].as_u64().unwrap_or_default()).unwrap()
    }

    fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId> {
        let body = json!({
            "action": action, "object": record.object, "record": record.id, "limit": 200,
        });
        let mut session = session.clone();
        let address = session.address.take();
        let mut body = body;
        body["from"] = json!(address);
        let found = self.ask(&session, "who", body);
        let users = found["items"].as_array().cloned().unwrap_or_default();
        let users = users.iter().filter_map(|one| one["user"].as_str());
        users.filter(|user| *user != ASKER).map(UserId::from).collect()
    }
}

fn corpus() -> Vec<CaseFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    load_dir(&folder).unwrap_or_else(|error| panic!("{error}"))
}

/// Cases about a session of another organization, which nobody can ask about over HTTP, and cases under overlays that no
/// store ever held, whose relaxed answers could not be recorded; the grids ask those too. The number may only shrink.
const LEFT_OUT_MAX: usize = 160;

#[test]
fn every_case_is_answered_through_http_as_it_expects() {
    let mut mismatches: Vec<Mismatch> = Vec::new();
    let (mut asked, mut left_out) = (0, 0);
    for mut file in corpus() {
        let own = file.policy.organization.id.clone();
        let before = file.cases.len();
        file.cases.retain(|case| case.organization == own && case.overlays.is_none());
        left_out += before - file.cases.len();
        asked += file.cases.len();
        mismatches.extend(check(&Asked::of(&file), &file));
    }
    let told: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
    assert!(told.is_empty(), "{} mismatches\n{}", told.len(), told.join("\n"));
    assert!(asked > 380 && left_out <= LEFT_OUT_MAX, "{asked} {left_out}");
}

#[test]
fn the_grids_of_the_corpus_are_those_of_http_too() {
    for file in corpus().iter().filter(|file| file.has_grid) {
        let difference = compare_grid(&Asked::of(file), file).unwrap();
        assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}
