//! What a run has reached: a counter for every refusal, stage, path, roll-up, overlay and access.

use crate::world::World;
use guan_engine::activity::{OverlayRow, is_acting};
use guan_engine::answer::{Decision, Evidence, Explanation, Refusal, Source, Stage};
use guan_engine::ask::Request;
use guan_engine::model::{FieldAccess, OverlayEffect};
use std::collections::BTreeMap;

/// Counts what decisions reach.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    counts: BTreeMap<String, u64>,
}

const REFUSALS: [&str; 18] = [
    "wrong_organization",
    "unknown_subject",
    "inactive",
    "access_disabled",
    "network",
    "hours",
    "locked_out",
    "unknown_object",
    "unknown_action",
    "no_grant",
    "unknown_record",
    "out_of_reach",
    "locked",
    "claim_first",
    "restricted",
    "unknown_field",
    "field_hidden",
    "field_read_only",
];
const PATHS: [&str; 13] = [
    "scope",
    "unassigned",
    "owner",
    "baseline",
    "parent",
    "roll_up",
    "rule",
    "share",
    "team",
    "dimension",
    "implicit_parent",
    "implicit_child",
    "pool",
];
const STAGES: [&str; 5] = ["session", "verb", "reach", "restriction", "field"];
const SOURCES: [&str; 6] =
    ["owned user", "owned group", "shared share", "team team", "ruled rule", "unit unit"];
const CHILD_SOURCES: [&str; 5] = ["owner", "share", "team", "rule", "dimension"];
const EFFECTS: [&str; 3] = ["suspension", "elevation", "disablement"];
const ACCESSES: [FieldAccess; 6] = [
    FieldAccess::HIDDEN,
    FieldAccess::MASKED,
    FieldAccess::READ,
    FieldAccess::EDIT,
    FieldAccess::MASKED_EDIT,
    FieldAccess::ONLY_EDIT,
];

impl Coverage {
    /// Counts one decision with its explanation.
    pub fn count(&mut self, request: &Request<'_>, explanation: &Explanation) {
        match &explanation.decision {
            Decision::Allow { .. } => self.hit("decision: allow".to_owned()),
            Decision::Relaxed { refusal, .. } => {
                self.hit(format!("relaxed: {}", stage(refusal.stage())));
            }
            Decision::Deny { refusal } => {
                self.hit(format!("refusal: {}", name(refusal)));
                self.hit(format!("stage: {}", stage(refusal.stage())));
            }
        }
        let is_allowed = explanation.decision.is_allowed();
        for evidence in &explanation.evidence {
            let side = if is_allowed { "allow" } else { "refused later" };
            self.hit(format!("path: {}: {side}", path(evidence)));
            if let [only] = explanation.evidence.as_slice() {
                self.hit(format!("path: {}: decides alone", path(only)));
            }
            match evidence {
                Evidence::RollUp { cover, source, .. } => {
                    let cover = format!("{cover:?}").to_lowercase();
                    self.hit(format!("roll-up: {cover} {}", source_name(source)));
                }
                Evidence::ImplicitChild { source, .. } => {
                    let source = match source {
                        Source::Owner(_) => "owner",
                        other => source_name(other),
                    };
                    self.hit(format!("implicit child: {source}"));
                }
                _ => {}
            }
        }
        if matches!(explanation.decision, Decision::Deny { refusal: Refusal::OutOfReach }) {
            for path in PATHS {
                self.hit(format!("path: {path}: absent and denied"));
            }
        }
        if let Some(standing) = request.session.standing {
            for row in standing.rows {
                let acts = is_acting(row, standing.node);
                let state = acts.map_or_else(|why| format!("{why:?}"), |()| "acting".to_owned());
                self.hit(format!("overlay: {}: {state}", effect(row)));
            }
        }
    }

    /// Counts one access to a field.
    pub fn count_access(&mut self, access: FieldAccess) {
        self.hit(format!("access: {access}"));
    }

    /// Counts what overlays change: the explanation under them and by the policy alone.
    pub fn count_effect(
        &mut self,
        request: &Request<'_>,
        under: &Explanation,
        alone: &Explanation,
    ) {
        let Some(standing) = request.session.standing else { return };
        for row in standing.rows {
            if is_acting(row, standing.node).is_ok() {
                let changes = if under == alone { "changes nothing" } else { "changes something" };
                self.hit(format!("effect: {}: {changes}", effect(row)));
            }
        }
    }

    /// How often something was hit.
    pub fn times(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }

    /// Everything that a run must hit and did not.
    pub fn missing(&self) -> Vec<String> {
        wanted().into_iter().filter(|what| self.times(what) == 0).collect()
    }

    /// Everything with its count.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(what, count)| (what.as_str(), *count))
    }

    fn hit(&mut self, what: String) {
        *self.counts.entry(what).or_default() += 1;
    }
}

/// Everything that a run must hit.
fn wanted() -> Vec<String> {
    let mut wanted = vec!["decision: allow".to_owned()];
    wanted.extend(REFUSALS.map(|refusal| format!("refusal: {refusal}")));
    wanted.extend(STAGES.map(|stage| format!("stage: {stage}")));
    wanted.extend(["verb", "reach", "restriction", "field"].map(|at| format!("relaxed: {at}")));
    for path in PATHS {
        for side in ["allow", "refused later", "decides alone", "absent and denied"] {
            wanted.push(format!("path: {path}: {side}"));
        }
    }
    wanted.extend(SOURCES.map(|source| format!("roll-up: {source}")));
    wanted.extend(CHILD_SOURCES.map(|source| format!("implicit child: {source}")));
    for effect in EFFECTS {
        for state in [
            "acting",
            "BrokenSeal",
            "OtherOrganization",
            "OtherIncarnation",
            "Closed",
            "Superseded",
            "NotStarted",
            "Ended",
            "NoBootClock",
            "Rebooted",
            "LengthUsedUp",
            "ClockSetBack",
            "ClocksDisagree",
            "StaleView",
            "NoJournal",
        ] {
            wanted.push(format!("overlay: {effect}: {state}"));
        }
        wanted.push(format!("effect: {effect}: changes something"));
        wanted.push(format!("effect: {effect}: changes nothing"));
    }
    wanted.extend(ACCESSES.map(|access| format!("access: {access}")));
    wanted
}

/// Asks `questions` questions of each world of the seeds and counts what the reference reaches.
pub fn of_reference(seeds: impl Iterator<Item = u64>, questions: usize) -> Coverage {
    let mut coverage = Coverage::default();
    for seed in seeds {
        let world = World::random(seed);
        let reference = world.reference();
        for request in world.requests(seed, questions) {
            let explanation = reference.explain(&request);
            coverage.count(&request, &explanation);
            if request.session.standing.is_some() {
                let mut alone = request.clone();
                alone.session.standing = None;
                coverage.count_effect(&request, &explanation, &reference.explain(&alone));
            }
        }
        for (session, record) in world.sessions(seed, 3).iter().zip(&world.records) {
            let on = guan_engine::ask::Target::Record(record.key());
            for access in reference.fields(session, &on).unwrap_or_default().values() {
                coverage.count_access(*access);
            }
        }
    }
    coverage
}

const fn name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::WrongOrganization => "wrong_organization",
        Refusal::UnknownSubject => "unknown_subject",
        Refusal::Inactive => "inactive",
        Refusal::AccessDisabled { .. } => "access_disabled",
        Refusal::Network { .. } => "network",
        Refusal::Hours { .. } => "hours",
        Refusal::LockedOut { .. } => "locked_out",
        Refusal::UnknownObject => "unknown_object",
        Refusal::UnknownAction => "unknown_action",
        Refusal::NoGrant => "no_grant",
        Refusal::UnknownRecord => "unknown_record",
        Refusal::OutOfReach => "out_of_reach",
        Refusal::Locked => "locked",
        Refusal::ClaimFirst { .. } => "claim_first",
        Refusal::Restricted { .. } => "restricted",
        Refusal::UnknownField { .. } => "unknown_field",
        Refusal::FieldHidden { .. } => "field_hidden",
        Refusal::FieldReadOnly { .. } => "field_read_only",
    }
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Session => "session",
        Stage::Verb => "verb",
        Stage::Reach => "reach",
        Stage::Restriction => "restriction",
        Stage::Field => "field",
    }
}

const fn path(evidence: &Evidence) -> &'static str {
    match evidence {
        Evidence::Scope { .. } => "scope",
        Evidence::Unassigned => "unassigned",
        Evidence::Owner { .. } => "owner",
        Evidence::Baseline { .. } => "baseline",
        Evidence::Parent { .. } => "parent",
        Evidence::RollUp { .. } => "roll_up",
        Evidence::Rule { .. } => "rule",
        Evidence::Share { .. } => "share",
        Evidence::Team { .. } => "team",
        Evidence::Dimension { .. } => "dimension",
        Evidence::ImplicitParent { .. } => "implicit_parent",
        Evidence::ImplicitChild { .. } => "implicit_child",
        Evidence::Pool { .. } => "pool",
    }
}

const fn source_name(source: &Source) -> &'static str {
    match source {
        Source::Owner(guan_engine::model::Owner::User(_)) => "user",
        Source::Owner(guan_engine::model::Owner::Group(_)) => "group",
        Source::Share(_) => "share",
        Source::Team(_) => "team",
        Source::Rule(_) => "rule",
        Source::Unit(_) => "unit",
        Source::Dimension(_) => "dimension",
    }
}

const fn effect(row: &OverlayRow) -> &'static str {
    match row.overlay.effect {
        OverlayEffect::Suspension { .. } => "suspension",
        OverlayEffect::Elevation { .. } => "elevation",
        OverlayEffect::Disablement { .. } => "disablement",
    }
}
