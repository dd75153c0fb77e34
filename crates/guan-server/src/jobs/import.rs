//! What an import of another CRM's project does: read, rate, compare; the same again when it is applied.

use std::collections::BTreeMap;

use guan_engine::Engine;
use guan_engine::model::{Assigned, Policy, Power, Principal, Record};
use guan_import::salesforce::{self, Options as Told};
use guan_import::{Files, Limits};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Whose project it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// Salesforce: metadata in any of its layouts, data rows in a folder `rows`.
    Salesforce,
}

/// What an import is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Options {
    pub(crate) source: Source,
    /// Minutes east of UTC; the organization's own when absent.
    pub(crate) utc_offset_minutes: Option<i32>,
}

/// What an import found, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Why it cannot be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// What does not fit together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<Value>,
    /// How many of what.
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, u64>,
    /// Elements that bear permissions: understood, and all.
    #[serde(default)]
    pub(crate) understood: u64,
    #[serde(default)]
    pub(crate) bearing: u64,
    /// Whether something was lost or bent.
    #[serde(default)]
    pub(crate) has_losses: bool,
    /// The revision that it was compared with.
    #[serde(default)]
    pub(crate) compared_with: u64,
    /// How many places differ from it.
    #[serde(default)]
    pub(crate) differences: u64,
    /// The whole report.
    #[serde(default)]
    pub(crate) report: Value,
}

/// An import that can be applied.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) policy: Policy,
    /// Absent where no rows were brought.
    pub(crate) records: Option<Vec<Record>>,
    pub(crate) found: Found,
}

/// Bounds of a project that came over the network: tighter than those of the command line.
const LIMITS: Limits = Limits {
    total_bytes_max: 1 << 30,
    entries_max: 100_000,
    entry_bytes_max: 256 << 20,
    ratio_max: 200,
    depth_max: 40,
    nested_zips_max: 1,
};

/// Reads and rates a project and compares it with the policy there is.
///
/// Errors: what it found instead.
pub(crate) fn import(
    input: &[u8],
    options: &str,
    (current, revision): (&Policy, u64),
    step: impl Fn(u8, &'static str),
) -> Result<Imported, Box<Found>> {
    let failed = |error: String| Box::new(Found { error: Some(error), ..Found::default() });
    let options: Options =
        serde_json::from_str(options).map_err(|error| failed(error.to_string()))?;
    step(5, "unpacking");
    let files = Files::from_zip_within(input, LIMITS).map_err(|error| failed(error.to_string()))?;
    let rows = files.within("rows");
    let is_row = |path: &str| path.starts_with("rows/");
    let metadata: Files = files.iter().filter(|(path, _)| !is_row(path)).collect();
    step(25, "reading");
    let told = Told {
        organization: current.organization.id.to_string(),
        utc_offset_minutes: options
            .utc_offset_minutes
            .unwrap_or(current.organization.utc_offset_minutes),
        tokens: BTreeMap::new(),
    };
    let Source::Salesforce = options.source;
    let brought = (!rows.is_empty()).then_some(&rows);
    let imported = salesforce::import(&metadata, brought, &told);
    let mut imported = imported.map_err(|error| failed(error.to_string()))?;
    step(60, "checking");
    let (understood, bearing) = imported.report.coverage();
    if bearing == 0 {
        let error = "nothing that bears on permissions was found: bring the project's folder, the one with force-app or src";
        return Err(failed(error.to_owned()));
    }
    keep_administrators(current, &mut imported.policy);
    let mut found = Found {
        understood,
        bearing,
        has_losses: imported.report.has_losses(),
        compared_with: revision,
        report: imported.report.to_json(),
        counts: counts(&imported.policy, imported.records.len()),
        ..Found::default()
    };
    let loaded = Engine::load(imported.policy.clone(), imported.records.iter().cloned());
    if let Err(problems) = loaded {
        let told = problems.iter().take(100);
        found.problems = told.map(|one| json!({ "place": one.place, "what": one.what })).collect();
        found.error = Some("what was imported does not fit together".to_owned());
        return Err(Box::new(found));
    }
    step(85, "comparing");
    let differences = guan_import::diff(current, &imported.policy);
    found.differences = differences.map_err(|error| failed(error.to_string()))?.len() as u64;
    let records = (!rows.is_empty()).then_some(imported.records);
    Ok(Imported { policy: imported.policy, records, found })
}

fn counts(policy: &Policy, records: usize) -> BTreeMap<String, u64> {
    let counts = [
        ("users", policy.users.len()),
        ("sets", policy.sets.len() + policy.set_groups.len()),
        ("nodes", policy.nodes.len()),
        ("groups", policy.groups.len()),
        ("rules", policy.rules.len()),
        ("restrictions", policy.restrictions.len()),
        ("objects", policy.objects.len()),
        ("records", records),
    ];
    counts.into_iter().map(|(name, count)| (name.to_owned(), count as u64)).collect()
}

/// Whoever administers Guan goes on doing so: no project of another CRM knows of them.
///
/// *rule:* kept are the settings of the organization, sets that give powers, their assignments to users, and these users.
fn keep_administrators(current: &Policy, imported: &mut Policy) {
    imported.organization = current.organization.clone();
    let gives_power = |name: &String| name.parse::<Power>().is_ok();
    for (id, set) in &current.sets {
        if !set.system.iter().any(gives_power) || imported.sets.contains_key(id) {
            continue;
        }
        let mut kept = set.clone();
        kept.objects.retain(|object, _| imported.objects.contains_key(object));
        kept.fields.retain(|object, fields| {
            imported.objects.get(object).is_some_and(|known| {
                fields.retain(|field, _| known.fields.contains_key(field));
                true
            })
        });
        for permission in kept.objects.values_mut().chain(&mut kept.any_object) {
            permission.actions.retain(|action, _| {
                !matches!(action, guan_engine::model::Action::Custom(name) if !imported.actions.contains_key(name))
            });
        }
        imported.sets.insert(id.clone(), kept);
        for (assignment, given) in &current.assignments {
            let (Assigned::Set(set), Principal::User(user)) = (&given.what, &given.to) else {
                continue;
            };
            if set != id || imported.assignments.contains_key(assignment) {
                continue;
            }
            if let Some(person) = current.users.get(user) {
                let mut person = person.clone();
                person.placements.clear();
                imported.users.entry(user.clone()).or_insert(person);
                let mut given = given.clone();
                given.unit = None;
                imported.assignments.insert(assignment.clone(), given);
            }
        }
    }
}
