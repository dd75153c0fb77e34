//! What wants attention, counted in one answer: each part for those who may see what it counts, and for nobody else.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use guan_engine::administration::{Act, Domain, Power};
use guan_engine::model::{
    Action, Moment, ObjectPermission, PermissionSet, Policy, Scope, SetId, SetKind, Span,
};
use guan_ledger::{Entry, Kind};
use guan_store::{ClockReading, Gate, View};
use serde::Serialize;
use utoipa::ToSchema;

use super::narrow::without_sets;
use super::resource::{Assignments, Resource, Users};
use crate::caller::Caller;
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const SHOW_OVERVIEW: Operation = Operation::oneself("show_overview");

/// Grants that end within so many days are told.
const ENDING_DAYS: i64 = 7;
const HOUR_MS: i64 = 3_600_000;
const HOURS: i64 = 24;
/// Rows of the ledger that are read at once.
const BLOCK: u64 = 256;
/// Rows of the ledger that are looked at for one answer.
const LOOKED_AT_MAX: u64 = 20_000;
/// Objects that are told by name.
const OBJECTS_MAX: usize = 20;

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(SHOW_OVERVIEW, show_overview))
}

/// What wants attention. A part is absent where the caller may not see what it counts.
#[derive(Debug, Default, Serialize, ToSchema)]
struct OverviewShown {
    /// Active users without any set, for who manages users and assignments; see `sets=none` of `list_users`.
    #[serde(skip_serializing_if = "Option::is_none")]
    users_without_sets: Option<CountedShown>,
    /// Sets, and groups of them, that reach every record of an object or of all objects, for who manages sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    sets_with_all_data: Option<CountedShown>,
    /// Assignments that end soon, for who manages assignments.
    #[serde(skip_serializing_if = "Option::is_none")]
    grants_ending: Option<EndingShown>,
    /// What was refused and relaxed in the last hours, for who reads the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<DecisionsShown>,
}

/// So many of so many.
#[derive(Debug, Serialize, ToSchema)]
struct CountedShown {
    /// How many.
    count: usize,
    /// Of how many.
    of: usize,
}

/// Assignments that end soon.
#[derive(Debug, Serialize, ToSchema)]
struct EndingShown {
    /// How many.
    count: usize,
    /// Of how many.
    of: usize,
    /// Within how many days.
    days: i64,
    /// When the first ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Moment>,
}

/// What was refused and relaxed.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionsShown {
    /// The last 24 hours of the clock, the first first; the last one is not over.
    hours: Vec<HourShown>,
    /// The objects with the most refusals, at most 20.
    objects: Vec<ObjectRefusals>,
    /// Whether every row of the hours was counted; else only the latest 20 000.
    is_whole: bool,
}

/// One hour.
#[derive(Debug, Serialize, ToSchema)]
struct HourShown {
    /// Its first instant.
    from: Moment,
    /// Requests that were refused.
    refused: u64,
    /// Requests that a window let through.
    let_through: u64,
    /// Lists in which a window showed more.
    lists: u64,
    /// Acts that changed, shared or deleted records under a window.
    written: u64,
}

/// Refusals about one object.
#[derive(Debug, Serialize, ToSchema)]
struct ObjectRefusals {
    /// The object.
    object: String,
    /// How many.
    refused: u64,
}

/// What wants attention, as far as the caller may see it.
#[utoipa::path(get, path = "/api/v1/overview", tag = "system", responses((status = 200, body = OverviewShown)))]
async fn show_overview(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<OverviewShown>, Problem> {
    let clock = server.now();
    server.blocking(move |gate| overview(gate, &caller, &clock)).await.map(Json)
}

fn overview(gate: &Gate, caller: &Caller, clock: &ClockReading) -> Result<OverviewShown, Problem> {
    let view = gate.view(caller.organization())?;
    let may = |power: Power| {
        let facts = view.facts(clock);
        let session = caller.session(clock.wall).under(view.standing(&facts));
        let engine = view.engine();
        engine.may_administer(&session, Act::Use(power)).ok()?;
        engine.domain(&session, power).ok()
    };
    let (users, assignments) = (may(Power::ManageUsers), may(Power::ManageAssignments));
    let mut shown = OverviewShown::default();
    if let (Some(users), Some(_)) = (&users, &assignments) {
        shown.users_without_sets = Some(users_without_sets((&view, caller, clock), users)?);
    }
    if may(Power::ManageSets) == Some(Domain::Everything) {
        shown.sets_with_all_data = Some(sets_with_all_data(view.engine().policy()));
    }
    shown.grants_ending = assignments.map(|domain| grants_ending(&view, &domain, clock.wall));
    if may(Power::ReadLedger).is_some() {
        drop(view);
        shown.decisions = Some(decisions(gate, caller.organization().as_str(), clock.wall)?);
    }
    Ok(shown)
}

fn users_without_sets(
    (view, caller, clock): (&View, &Caller, &ClockReading),
    domain: &Domain,
) -> Result<CountedShown, Problem> {
    let policy = view.engine().policy();
    let inside = policy.users.iter().filter(|(id, user)| {
        user.active && <Users as Resource>::is_inside(policy, domain, (id, user))
    });
    let without = without_sets((view, caller, clock))?;
    let (mut count, mut of) = (0, 0);
    for (id, _) in inside {
        of += 1;
        count += usize::from(without.contains(id));
    }
    Ok(CountedShown { count, of })
}

fn sets_with_all_data(policy: &Policy) -> CountedShown {
    let wide: BTreeSet<&SetId> =
        policy.sets.iter().filter(|(_, set)| has_all_data(set)).map(|(id, _)| id).collect();
    let groups = policy.set_groups.values();
    let groups = groups.filter(|group| group.sets.iter().any(|set| wide.contains(set))).count();
    let of = policy.sets.len() + policy.set_groups.len();
    CountedShown { count: wide.len() + groups, of }
}

/// Whether a set reaches all records of one object or of every object.
fn has_all_data(set: &PermissionSet) -> bool {
    let all = |permission: &ObjectPermission| {
        let read = permission.actions.get(&Action::Read);
        let reads_all = read.is_some_and(|grant| grant.scope == Scope::All);
        permission.view_all || permission.modify_all || reads_all
    };
    set.kind != SetKind::Muting
        && (set.any_object.as_ref().is_some_and(all) || set.objects.values().any(all))
}

fn grants_ending(view: &View, domain: &Domain, now: Moment) -> EndingShown {
    let policy = view.engine().policy();
    let until = now.plus(Span::minutes(ENDING_DAYS * 24 * 60));
    let mut shown = EndingShown { count: 0, of: 0, days: ENDING_DAYS, first: None };
    for (id, assignment) in &policy.assignments {
        if !Assignments::is_inside(policy, domain, (id, assignment)) {
            continue;
        }
        shown.of += 1;
        if let Some(ends) = assignment.ends.filter(|ends| now < *ends && *ends <= until) {
            shown.count += 1;
            shown.first = Some(shown.first.map_or(ends, |first| first.min(ends)));
        }
    }
    shown
}

/// Counts backwards from the end of the log until the hours are over.
fn decisions(gate: &Gate, log: &str, now: Moment) -> Result<DecisionsShown, Problem> {
    let first = (now.0.div_euclid(HOUR_MS) - HOURS + 1) * HOUR_MS;
    let mut hours: Vec<HourShown> = (0..HOURS)
        .map(|hour| {
            let from = Moment(first + hour * HOUR_MS);
            HourShown { from, refused: 0, let_through: 0, lists: 0, written: 0 }
        })
        .collect();
    let mut objects: BTreeMap<String, u64> = BTreeMap::new();
    let size = gate.read(|reader| reader.ledger_tip(log))?.map_or(0, |tip| tip.size);
    let (mut end, mut is_over) = (size, size == 0);
    while !is_over && size - end < LOOKED_AT_MAX {
        let start = end.saturating_sub(BLOCK);
        let rows = gate.read(|reader| reader.ledger_rows(log, start..end))?;
        end = start;
        is_over = start == 0;
        for (place, row) in rows.iter().enumerate() {
            let entry = Entry::from_bytes(&row.bytes).map_err(|error| Problem::fault(&error))?;
            // Rows stand in the order in which they were recorded.
            let recorded = entry.time.recorded_at_us.unwrap_or(entry.time.wall_us);
            is_over |= place == 0 && recorded.div_euclid(1_000) < first;
            let hour = (entry.time.wall_us.div_euclid(1_000) - first).div_euclid(HOUR_MS);
            let hour = usize::try_from(hour).ok().and_then(|hour| hours.get_mut(hour));
            let Some(hour) = hour else { continue };
            match entry.kind {
                Kind::DecisionDenied => {
                    hour.refused += 1;
                    *objects.entry(entry.what.object.unwrap_or_default()).or_default() += 1;
                }
                Kind::WouldDeny => hour.let_through += 1,
                Kind::ListRelaxed => hour.lists += 1,
                Kind::RecordWritten | Kind::RecordDeleted | Kind::RecordShared
                    if entry.suspension.is_some() =>
                {
                    hour.written += 1;
                }
                _ => {}
            }
        }
    }
    let mut objects: Vec<ObjectRefusals> =
        objects.into_iter().map(|(object, refused)| ObjectRefusals { object, refused }).collect();
    objects.sort_by_key(|one| std::cmp::Reverse(one.refused));
    objects.truncate(OBJECTS_MAX);
    Ok(DecisionsShown { hours, objects, is_whole: is_over })
}
