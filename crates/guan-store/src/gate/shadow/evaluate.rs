//! One decision on both sides, and what is told of it when they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use guan_engine::Engine;
use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Seal, Standing};
use guan_engine::answer::{Decision, Evidence};
use guan_engine::ask::{Extent, Request, Target};
use guan_engine::model::{FieldId, Moment, Opening, OverlayId, RecordKey, Span};

use super::keep::{Count, Kept, Key};
use super::{Asked, Observed, keys};
use crate::caller::ClockReading;
use crate::decision::{refusal_code, rule};
use crate::gate::{Gate, GateError, View};
use crate::shadow::{Shadow, ShadowDraft};

/// The differing decisions of one shadow in one round.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) kept: Kept,
    pub(super) evaluated: u64,
    pub(super) differing: u64,
}

impl Gate {
    /// Evaluates what waits, organization by organization.
    pub(super) fn evaluate_waiting(&self, clock: &ClockReading) -> Result<u64, GateError> {
        let mut waiting: BTreeMap<_, Vec<Observed>> = BTreeMap::new();
        for observed in self.shadows.receiver.lock().try_iter().take(super::WAITING_MAX) {
            waiting.entry(observed.organization.clone()).or_default().push(observed);
        }
        let watched: Vec<_> = self
            .shadows
            .watched
            .read()
            .iter()
            .map(|(organization, dropped)| {
                (organization.clone(), dropped.swap(0, Ordering::Relaxed))
            })
            .collect();
        let organizations: Vec<_> =
            watched.iter().map(|(organization, _)| organization.clone()).collect();
        self.shadows.engines.lock().keep_organizations(&organizations);
        let mut evaluated = 0;
        for (organization, dropped) in watched {
            let observed = waiting.remove(&organization).unwrap_or_default();
            let shadows = self.read(|reader| reader.shadows_running(&organization, clock.wall))?;
            let running: Vec<_> = shadows.iter().map(|shadow| shadow.id.clone()).collect();
            self.shadows.engines.lock().keep(&organization, &running);
            for shadow in &shadows {
                let found = self.evaluate_one(shadow, &observed)?;
                evaluated += found.evaluated;
                self.keep_differences(&organization, &shadow.id, (&found, dropped))?;
            }
        }
        Ok(evaluated)
    }

    fn evaluate_one(&self, shadow: &Shadow, observed: &[Observed]) -> Result<Found, GateError> {
        let mut found = Found::default();
        let Some(first) = observed.first() else { return Ok(found) };
        let organization = &first.organization;
        match &shadow.draft {
            ShadowDraft::Window { .. } => {
                let view = self.view(organization)?;
                for one in observed.iter().filter(|one| shadow.runs(one.clock.wall)) {
                    let facts = well(&view, &one.clock);
                    let mut rows = view.overlays().to_vec();
                    rows.extend(row(shadow, &facts));
                    let live = Standing::of(view.overlays(), &facts);
                    let draft = Standing::of(&rows, &facts);
                    let engine = view.engine();
                    found.take(one, (engine, live), (engine, draft));
                }
            }
            ShadowDraft::Policy { revision, put, remove } => {
                let mut engines = self.shadows.engines.lock();
                let draft = self.readers.with_store(|store| {
                    engines.get(store, (organization, &shadow.id), (*revision, put, remove))
                })?;
                let view = self.view(organization)?;
                for one in observed.iter().filter(|one| shadow.runs(one.clock.wall)) {
                    let facts = well(&view, &one.clock);
                    let standing = Standing::of(view.overlays(), &facts);
                    found.take(one, (view.engine(), standing), (&draft.engine, standing));
                }
            }
        }
        Ok(found)
    }
}

/// The facts of the moment at which it was decided, as a node that is well knew them.
fn well(view: &View, clock: &ClockReading) -> NodeFacts {
    let facts = view.facts(clock);
    NodeFacts {
        high_water: facts.high_water.min(clock.wall),
        view_age: Span(0),
        journal: Journal::Durable,
        ..facts
    }
}

/// The overlay of a draft window, as if it had been opened when the shadow was started.
fn row(shadow: &Shadow, facts: &NodeFacts) -> Option<OverlayRow> {
    let opened = Opening {
        wall: shadow.started,
        boot_clock: Span(0),
        boot_id: String::new(),
        incarnation: facts.incarnation,
    };
    Some(OverlayRow {
        id: OverlayId::new(format!("shadow:{}", shadow.id)),
        overlay: shadow.overlay(&facts.organization, opened)?,
        seal: Seal::Verified,
        closing: None,
        superseded: false,
    })
}

type Side<'a> = (&'a Engine, Standing<'a>);

impl Found {
    fn take(&mut self, observed: &Observed, live: Side<'_>, draft: Side<'_>) {
        match &observed.asked {
            Asked::One { on, fields, extent } => {
                self.compare(observed, (on, fields, *extent), live, draft);
            }
            Asked::Page { object, records, query } => {
                let mut all: BTreeSet<RecordKey> = keys(object, records).collect();
                if let Some(query) = query {
                    let session = observed.session().under(draft.1);
                    // A draft that refuses the list as such adds nothing to it.
                    if let Ok(page) = draft.0.list(&session, &observed.action, query) {
                        all.extend(keys(object, &page.records));
                    }
                }
                for key in all {
                    let on = Target::Record(key);
                    self.compare(observed, (&on, &[], Extent::Single), live, draft);
                }
            }
        }
    }

    fn compare(
        &mut self,
        observed: &Observed,
        (on, fields, extent): (&Target, &[FieldId], Extent),
        live: Side<'_>,
        draft: Side<'_>,
    ) {
        let ask = |(engine, standing): Side<'_>| {
            let session = observed.session().under(standing);
            let mut request = Request::new(session, observed.action.clone(), on.clone());
            (request.fields, request.extent) = (fields.to_vec(), extent);
            engine.check(&request)
        };
        let (was, is) = (ask(live), ask(draft));
        self.evaluated += 1;
        if was.is_allowed() == is.is_allowed() {
            return;
        }
        self.differing += 1;
        let record = match on {
            Target::Record(key) => key.id.to_string(),
            Target::Object(_) | Target::New { .. } => String::new(),
        };
        let key = Key {
            subject: observed.subject.to_string(),
            object: on.object().to_string(),
            action: observed.action.to_string(),
            live: outcome(&was),
            draft: outcome(&is),
            rule: decisive(&was, &is),
        };
        let at = observed.clock.wall;
        let count = self.kept.0.entry(key).or_insert_with(|| Count::first(at, record));
        count.again(at);
    }
}

fn outcome(decision: &Decision) -> String {
    match decision {
        Decision::Allow { .. } => "allow".to_owned(),
        Decision::Relaxed { .. } => "relaxed".to_owned(),
        Decision::Deny { refusal } => refusal_code(refusal).to_owned(),
    }
}

/// What decided where the sides differ: what refuses by name, the overlay that relaxes, or by what it is allowed.
fn decisive(live: &Decision, draft: &Decision) -> String {
    let refused = [live, draft].into_iter().find_map(|decision| match decision {
        Decision::Deny { refusal } => rule(refusal),
        Decision::Allow { .. } | Decision::Relaxed { .. } => None,
    });
    let allowed = [live, draft].into_iter().find_map(|decision| match decision {
        Decision::Relaxed { overlay, .. } => Some(format!("overlay:{overlay}")),
        Decision::Allow { evidence: Some(evidence) } => Some(named(evidence)),
        Decision::Allow { evidence: None } => Some("grant".to_owned()),
        Decision::Deny { .. } => None,
    });
    refused.or(allowed).unwrap_or_default()
}

fn named(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Scope { .. } => "scope".to_owned(),
        Evidence::Unassigned => "unassigned".to_owned(),
        Evidence::Owner { .. } => "owner".to_owned(),
        Evidence::Baseline { .. } => "baseline".to_owned(),
        Evidence::Parent { relation, .. } => format!("parent:{relation}"),
        Evidence::RollUp { roll_up, .. } => format!("roll_up:{roll_up}"),
        Evidence::Rule { rule, .. } => format!("rule:{rule}"),
        Evidence::Share { .. } => "share".to_owned(),
        Evidence::Team { .. } => "team".to_owned(),
        Evidence::Dimension { node, .. } => format!("dimension:{node}"),
        Evidence::ImplicitParent { relation, .. } | Evidence::ImplicitChild { relation, .. } => {
            format!("implicit:{relation}")
        }
        Evidence::Pool { pool, .. } => format!("pool:{pool}"),
    }
}

impl Count {
    const fn first(at: Moment, sample: String) -> Self {
        Self { times: 0, first: at, last: at, sample }
    }
    fn again(&mut self, at: Moment) {
        self.times += 1;
        self.first = self.first.min(at);
        self.last = self.last.max(at);
    }
}
