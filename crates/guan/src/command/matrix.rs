//! `guan matrix`: every object × action with its scope and every field with its access.

use crate::arguments::{Format, MatrixArguments};
use crate::exit::{Exit, usage};
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::Engine;
use guan_engine::model::{Assigned, ObjectId, STANDARD_ACTIONS};
use guan_engine::question::{Cell, CellKind};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn run(call: &mut Call<'_>, arguments: &MatrixArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let objects: BTreeSet<ObjectId> = names.find_objects(&arguments.objects)?.into_iter().collect();
    let mut cells = Vec::new();
    if let Some(text) = &arguments.subject {
        let overlays = call.overlays(&installation)?;
        let subject = names.find_user(text)?;
        let mut session = call.session(&installation, subject);
        if let Some(overlays) = &overlays {
            session = session.under(overlays.standing());
        }
        match engine.matrix_of_subject(&session) {
            Ok(found) => cells = found,
            Err(refusal) => {
                let words = names.refusal(&refusal, &"".into());
                call.printer().warn(words)?;
                return Ok(Exit::Denied);
            }
        }
    } else {
        for set in sets(&engine, &names, arguments.set.as_deref())? {
            let found = engine.matrix_of_set(&set).map_err(|_| usage("there is no such set"))?;
            cells.extend(found);
        }
    }
    cells.retain(|cell| objects.is_empty() || objects.contains(cell.object.as_str()));
    match call.format {
        Format::Json => call.printer().json(&cells)?,
        Format::Csv => csv(call, &cells)?,
        Format::Text => grid(call, &names, &cells)?,
    }
    Ok(Exit::Done)
}

fn sets(engine: &Engine, names: &Names<'_>, set: Option<&str>) -> anyhow::Result<Vec<Assigned>> {
    if let Some(text) = set {
        return Ok(vec![names.find_assigned(text)?]);
    }
    let policy = engine.policy();
    let sets = policy.sets.keys().cloned().map(Assigned::Set);
    Ok(sets.chain(policy.set_groups.keys().cloned().map(Assigned::SetGroup)).collect())
}

fn csv(call: &mut Call<'_>, cells: &[Cell]) -> anyhow::Result<()> {
    let head = vec!["kind", "subject", "object", "field", "action", "value"];
    let rows = cells.iter().map(|cell| {
        vec![kind(cell.kind), &cell.subject, &cell.object, &cell.field, &cell.action, &cell.value]
    });
    call.printer().csv(std::iter::once(head).chain(rows))
}

const fn kind(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Object => "object",
        CellKind::Field => "field",
        CellKind::System => "system",
    }
}

/// Objects down, actions across; below, the fields of each object by what may be done with them.
fn grid(call: &mut Call<'_>, names: &Names<'_>, cells: &[Cell]) -> anyhow::Result<()> {
    let mut subjects: Vec<&str> = Vec::new();
    for cell in cells {
        if subjects.last() != Some(&cell.subject.as_str()) {
            subjects.push(&cell.subject);
        }
    }
    for subject in subjects {
        let own: Vec<&Cell> = cells.iter().filter(|cell| cell.subject == subject).collect();
        let title = title(names, subject);
        call.printer().line(format!("■ {title}"))?;
        actions(call, names, &own)?;
        fields(call, names, &own)?;
        let system: Vec<&str> = own
            .iter()
            .filter(|cell| cell.kind == CellKind::System)
            .map(|cell| cell.action.as_str())
            .collect();
        if !system.is_empty() {
            let word = call.say("system permissions", "系统权限");
            call.printer().line(format!("  {word}: {}", system.join(", ")))?;
        }
        call.printer().line("")?;
    }
    Ok(())
}

/// The name of a user, set or group of sets.
fn title(names: &Names<'_>, subject: &str) -> String {
    let policy = names.policy;
    if policy.users.contains_key(subject) {
        names.user(&subject.into())
    } else if policy.sets.contains_key(subject) {
        names.set(&subject.into())
    } else {
        names.assigned(&Assigned::SetGroup(subject.into()))
    }
}

fn actions(call: &mut Call<'_>, names: &Names<'_>, cells: &[&Cell]) -> anyhow::Result<()> {
    let cells: Vec<&&Cell> = cells.iter().filter(|cell| cell.kind == CellKind::Object).collect();
    let given: BTreeSet<&str> =
        cells.iter().filter(|cell| cell.value != "none").map(|cell| cell.action.as_str()).collect();
    let standard = STANDARD_ACTIONS.iter().map(|action| action.name().to_owned());
    let own = names.policy.actions.keys().map(ToString::to_string);
    let columns: Vec<String> =
        standard.chain(own).filter(|name| given.contains(name.as_str())).collect();
    if columns.is_empty() {
        let text = call.say("  nothing on any object", "  对任何对象都没有权限");
        return Ok(call.printer().line(text)?);
    }
    let head = columns.iter().map(|name| call.language.action(&name.clone().into()));
    let object = call.say("object", "对象").to_owned();
    let mut table = Table::new(std::iter::once(object).chain(head));
    let mut rows: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for cell in &cells {
        rows.entry(&cell.object).or_default().insert(&cell.action, &cell.value);
    }
    for (object, row) in rows {
        let values = columns.iter().map(|column| value(call, row.get(column.as_str()).copied()));
        let name = names.object(&ObjectId::new(object));
        table.row(std::iter::once(name).chain(values).collect::<Vec<_>>());
    }
    Ok(call.printer().lines(table.lines())?)
}

fn value(call: &Call<'_>, value: Option<&str>) -> String {
    let Some(grant) = value.and_then(|value| value.parse::<guan_engine::model::Grant>().ok())
    else {
        return "·".to_owned();
    };
    if grant.is_none() {
        return "·".to_owned();
    }
    let scope = call.language.scope(grant.scope);
    if grant.unassigned {
        format!("{scope}+{}", call.say("unassigned", "无负责人"))
    } else {
        scope.to_owned()
    }
}

fn fields(call: &mut Call<'_>, names: &Names<'_>, cells: &[&Cell]) -> anyhow::Result<()> {
    let mut levels: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.kind == CellKind::Field) {
        let of_object = levels.entry(&cell.object).or_default();
        of_object.entry(&cell.value).or_default().push(&cell.field);
    }
    for (object, levels) in levels {
        let head = call.say("fields of", "字段");
        let name = names.object(&ObjectId::new(object));
        call.printer().line(format!("  {head} {name}"))?;
        for (level, fields) in levels {
            let level = match level.parse() {
                Ok(access) => super::what::access_words(call, access),
                Err(_) => level,
            };
            call.printer().line(format!("    {level}: {}", fields.join(", ")))?;
        }
    }
    Ok(())
}
