//! Questions about many users at once: who may, and what differs between two users or two revisions.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::extract::State;
use guan_engine::Engine;
use guan_engine::ask::Target;
use guan_engine::model::{Action, Moment, ObjectId, Policy, Record, RecordId, RecordKey, UserId};
use guan_engine::question::{Accessor, Comparison, Extract, Side};
use guan_store::{Gate, ReadError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::{Asker, Situation};
use crate::caller::Caller;
use crate::extract::Json;
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// So many users are compared when nobody says which.
pub(super) const USERS_MAX: usize = 200;
/// So many records are named for each gain and loss at most.
const SAMPLES_MAX: usize = 100;
const SAMPLES_DEFAULT: usize = 5;

/// Who may do this to a record?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhoBody {
    /// What is to be done.
    action: Action,
    /// The object.
    object: ObjectId,
    /// The record.
    record: RecordId,
    /// The address that the sessions come from; absent an unknown one.
    #[schema(value_type = Option<String>)]
    from: Option<IpAddr>,
    /// The instant; absent now. At another time the policy answers alone.
    at: Option<Moment>,
    /// Users on the page, 1 to 200; absent 50.
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

/// What is compared.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct What {
    /// These users; absent the first 200.
    #[serde(default)]
    pub(super) users: BTreeSet<UserId>,
    /// These objects; absent all.
    #[serde(default)]
    objects: BTreeSet<ObjectId>,
    /// These actions; absent `read`, `edit` and `delete`.
    #[serde(default)]
    actions: Vec<Action>,
    /// So many records are named for each gain and each loss, up to 100; absent 5.
    #[schema(maximum = 100)]
    samples: Option<usize>,
}

/// Two users.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareSubjectsBody {
    /// The first.
    first: UserId,
    /// The second; what they have more is a gain.
    second: UserId,
    /// What is compared; its users do not count.
    #[serde(default)]
    what: What,
}

/// Two revisions of the policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareRevisionsBody {
    /// The first.
    from: u64,
    /// The second; what it gives more is a gain.
    to: u64,
    /// What is compared.
    #[serde(default)]
    what: What,
}

/// What differs between two policies.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Compared {
    /// What users gain and lose on the records that are there now.
    pub(super) comparison: Comparison,
    /// How many users were looked at.
    pub(super) users: usize,
    /// How many there are.
    pub(super) users_all: usize,
    /// Entities that differ.
    pub(super) differences: Vec<Differing>,
}

/// An entity of the policy that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Differing {
    /// What it is: `set`, `rule`, `user`.
    kind: &'static str,
    /// Its id; empty for the organization.
    id: String,
    /// `added`, `removed` or `changed`.
    change: &'static str,
}

impl What {
    /// What is to be compared, and how many users there are.
    ///
    /// Errors: too many samples.
    pub(super) fn extract(
        self,
        policies: &[&Policy],
        at: Moment,
    ) -> Result<(Extract, usize), Problem> {
        let samples = self.samples.unwrap_or(SAMPLES_DEFAULT);
        if samples > SAMPLES_MAX {
            let detail = format!("samples may be {SAMPLES_MAX} at most");
            return Err(Problem::new(Code::WrongShape).detail(detail));
        }
        let all: BTreeSet<&UserId> =
            policies.iter().flat_map(|policy| policy.users.keys()).collect();
        let users_all = all.len();
        let users = if self.users.is_empty() {
            all.into_iter().take(USERS_MAX).cloned().collect()
        } else {
            self.users
        };
        let usual = || vec![Action::Read, Action::Edit, Action::Delete];
        let actions = if self.actions.is_empty() { usual() } else { self.actions };
        Ok((Extract { users, objects: self.objects, actions, at, samples }, users_all))
    }
}

/// What differs, told without content.
pub(super) fn differing(differences: Vec<guan_store::Difference>) -> Vec<Differing> {
    let told = differences.into_iter().map(|difference| Differing {
        kind: difference.kind.name(),
        id: difference.id,
        change: match (&difference.before, &difference.after) {
            (None, _) => "added",
            (_, None) => "removed",
            (Some(_), Some(_)) => "changed",
        },
    });
    told.collect()
}

/// Everybody who may do something with a record, with the path by which they may.
#[utoipa::path(post, path = "/api/v1/who", tag = "questions", request_body = WhoBody, responses((status = 200, body = Page<Accessor>)))]
pub(super) async fn find_who(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<WhoBody>,
) -> Result<Json<Page<Accessor>>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let asker = Asker::of(gate, &caller, clock)?;
            asker.must_know()?;
            let mut posed =
                asker.pose(Some(Situation { subject: None, from: body.from, at: body.at }))?;
            posed.session.address = body.from;
            let record = RecordKey { object: body.object, id: body.record };
            let found = posed
                .look(gate, |view, session| view.engine().who(session, &body.action, &record))?;
            let found = found.map_err(|refusal| {
                posed.refuse(gate, (&body.action, &Target::Record(record)), &refusal)
            })?;
            let query = PageQuery { limit: body.limit, cursor: body.cursor };
            let page = Page::cut(&found, &query, |one| one.user.as_str(), Clone::clone)?;
            Ok::<_, Problem>(Json(page))
        })
        .await
}

/// What differs between two users: the cells of their matrices, and the records that only one of them reaches.
#[utoipa::path(post, path = "/api/v1/compare/subjects", tag = "questions", request_body = CompareSubjectsBody, responses((status = 200, body = Comparison)))]
pub(super) async fn compare_subjects(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<CompareSubjectsBody>,
) -> Result<Json<Comparison>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let asker = Asker::of(gate, &caller, clock.clone())?;
            asker.must_know()?;
            let pose = |subject: &UserId| {
                asker.pose(Some(Situation {
                    subject: Some(subject.clone()),
                    ..Situation::default()
                }))
            };
            let (first, second) = (pose(&body.first)?, pose(&body.second)?);
            let view = gate.view(caller.organization())?;
            let (extract, _) = body.what.extract(&[], clock.wall)?;
            let compared =
                view.engine().compare_subjects(&first.session, &second.session, &extract);
            let refused = |refusal: guan_engine::answer::Refusal| {
                Problem::new(Code::Invalid)
                    .detail("one of the two users has no session now")
                    .member("refusal", guan_store::refusal_code(&refusal))
            };
            let mut comparison = compared.map_err(refused)?;
            comparison.cells.retain(|(before, after)| {
                let cell = after.as_ref().or(before.as_ref());
                extract.objects.is_empty()
                    || cell.is_some_and(|cell| extract.objects.contains(cell.object.as_str()))
            });
            Ok::<_, Problem>(Json(comparison))
        })
        .await
}

/// What two revisions of the policy decide differently on the records that are there now.
#[utoipa::path(post, path = "/api/v1/compare/revisions", tag = "questions", request_body = CompareRevisionsBody, responses((status = 200, body = Compared)))]
pub(super) async fn compare_revision_decisions(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<CompareRevisionsBody>,
) -> Result<Json<Compared>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            Asker::of(gate, &caller, clock.clone())?.must_know()?;
            let organization = caller.organization();
            let (old, new, differences) = gate.read(|reader| {
                Ok::<_, ReadError>((
                    reader.policy_at(organization, body.from)?,
                    reader.policy_at(organization, body.to)?,
                    reader.differences(organization, body.from, body.to)?,
                ))
            })?;
            let records = records(gate, &caller)?;
            let (old, new) = (load(old, &records)?, load(new, &records)?);
            let (extract, users_all) =
                body.what.extract(&[old.policy(), new.policy()], clock.wall)?;
            let side = |engine| Side { engine, standing: None };
            let comparison = Engine::compare(side(&old), side(&new), &extract);
            Ok::<_, Problem>(Json(Compared {
                comparison,
                users: extract.users.len(),
                users_all,
                differences: differing(differences),
            }))
        })
        .await
}

/// All records of the caller's organization.
pub(super) fn records(gate: &Gate, caller: &Caller) -> Result<Vec<Record>, Problem> {
    gate.read(|reader| {
        reader.load_records(caller.organization(), |records| {
            records.collect::<Result<Vec<Record>, ReadError>>()
        })?
    })
    .map_err(Problem::from)
}

/// An engine with those of the records that fit the policy: another one may lack their object.
pub(super) fn load(policy: Policy, records: &[Record]) -> Result<Engine, Problem> {
    let fitting = records.iter().filter(|record| policy.validate_record(record).is_empty());
    let fitting: Vec<Record> = fitting.cloned().collect();
    Engine::load(policy, fitting).map_err(|places| Problem::invalid(&places))
}
