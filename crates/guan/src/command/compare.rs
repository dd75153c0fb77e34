//! `guan compare`: two users, or two revisions of the policy.

use super::difference::{extract, tell};
use crate::arguments::{CompareArguments, Format};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::Engine;
use guan_engine::model::{Policy, Problem, Record};
use guan_engine::question::Side;
use guan_store::ReadError;
use std::collections::BTreeSet;

pub(crate) fn run(call: &mut Call<'_>, arguments: &CompareArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    if let [from, to] = arguments.revisions.as_slice() {
        return revisions(call, &installation, arguments, (*from, *to));
    }
    let (Some(left), Some(right)) = (&arguments.left, &arguments.right) else {
        return Err(usage("name two users, or two revisions with --revisions"));
    };
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let objects = names.find_objects(&arguments.objects)?;
    let (left, right) = (names.find_user(left)?, names.find_user(right)?);
    let first = call.session(&installation, left.clone());
    let second = call.session(&installation, right.clone());
    let extract = extract(call, BTreeSet::from([left, right]), objects);
    match engine.compare_subjects(&first, &second, &extract) {
        Ok(mut comparison) => {
            comparison.cells.retain(|(before, after)| {
                let cell = after.as_ref().or(before.as_ref());
                extract.objects.is_empty()
                    || cell.is_some_and(|cell| extract.objects.contains(cell.object.as_str()))
            });
            tell(call, &names, &comparison)?;
            Ok(Exit::Done)
        }
        Err(refusal) => Err(usage(names.refusal(&refusal, &"".into()))),
    }
}

fn revisions(
    call: &mut Call<'_>,
    installation: &Installation,
    arguments: &CompareArguments,
    (from, to): (u64, u64),
) -> anyhow::Result<Exit> {
    let organization = &installation.organization;
    let old = installation.store.policy_at(organization, from)?;
    let new = installation.store.policy_at(organization, to)?;
    let differences = installation.store.differences(organization, from, to)?;
    let objects = Names::new(&new, call.language).find_objects(&arguments.objects)?;
    let records = records(installation)?;
    let old = load(old, &records)?;
    let new = load(new, &records)?;
    let extract = extract(call, BTreeSet::new(), objects);
    let side = |engine| Side { engine, standing: None };
    let comparison = Engine::compare(side(&old), side(&new), &extract);
    if call.format == Format::Text {
        for difference in &differences {
            let sign = match (&difference.before, &difference.after) {
                (None, _) => "+",
                (_, None) => "-",
                (Some(_), Some(_)) => "~",
            };
            call.printer().line(format!("{sign} {} {}", difference.kind, difference.id))?;
        }
    }
    tell(call, &Names::new(new.policy(), call.language), &comparison)?;
    Ok(Exit::Done)
}

/// All records of the organization.
pub(crate) fn records(installation: &Installation) -> anyhow::Result<Vec<Record>> {
    let records = installation.store.load_records(&installation.organization, |records| {
        records.collect::<Result<Vec<Record>, ReadError>>()
    })?;
    Ok(records?)
}

/// An engine with those of the records that fit the policy: an older one may lack their object.
fn load(policy: Policy, records: &[Record]) -> anyhow::Result<Engine> {
    let fitting: Vec<Record> = records
        .iter()
        .filter(|record| policy.validate_record(record).is_empty())
        .cloned()
        .collect();
    Engine::load(policy, fitting).map_err(|problems| usage(first(&problems)))
}

/// The first problem, and how many there are.
pub(crate) fn first(problems: &[Problem]) -> String {
    match problems {
        [] => "nothing is wrong".to_owned(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first}; and {} more", rest.len()),
    }
}
