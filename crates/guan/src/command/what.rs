//! `guan what`: every action and field of a record or an object, for one user.

use crate::arguments::{Format, TargetArguments};
use crate::exit::Exit;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::answer::Decision;
use guan_engine::ask::Target;
use guan_engine::model::{FieldAccess, RecordKey};
use guan_engine::question::Abilities;
use guan_store::refusal_code;

pub(crate) fn run(call: &mut Call<'_>, arguments: &TargetArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let object = names.find_object(&arguments.object)?;
    let on = match &arguments.record {
        Some(record) => {
            Target::Record(RecordKey { object: object.clone(), id: record.as_str().into() })
        }
        None => Target::Object(object.clone()),
    };
    let overlays = call.overlays(&installation)?;
    let mut session = call.session(&installation, call.subject(engine.policy())?);
    if let Some(overlays) = &overlays {
        session = session.under(overlays.standing());
    }
    let abilities = match engine.what(&session, &on) {
        Ok(abilities) => abilities,
        Err(refusal) => {
            let words = names.refusal(&refusal, &object);
            let verdict = call.language.verdict(&Decision::Deny { refusal });
            call.printer().warn(format!("{verdict}  {words}"))?;
            return Ok(Exit::Denied);
        }
    };
    match call.format {
        Format::Json => call.printer().json(&abilities)?,
        Format::Csv => {
            let head = ["kind", "name", "value", "why"].map(str::to_owned).to_vec();
            let rows = rows(&abilities);
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => text(call, &names, (&object, &abilities))?,
    }
    Ok(Exit::Done)
}

fn rows(abilities: &Abilities) -> Vec<Vec<String>> {
    let actions = abilities.actions.iter().map(|(action, decision)| {
        let value = if decision.is_allowed() { "allow" } else { "deny" };
        let why = decision.refusal().map_or("", refusal_code);
        ["action", action.name(), value, why].map(str::to_owned).to_vec()
    });
    let fields = abilities.fields.iter().map(|(field, access)| {
        let access = access.to_string();
        vec!["field".to_owned(), field.to_string(), access, String::new()]
    });
    let system = abilities.system.iter().map(|permission| {
        vec!["system".to_owned(), permission.clone(), "granted".to_owned(), String::new()]
    });
    actions.chain(fields).chain(system).collect()
}

fn text(
    call: &mut Call<'_>,
    names: &Names<'_>,
    (object, abilities): (&guan_engine::model::ObjectId, &Abilities),
) -> anyhow::Result<()> {
    let mut actions = Table::new([
        call.say("action", "操作"),
        call.say("answer", "结论"),
        call.say("because", "原因"),
    ]);
    for (action, decision) in &abilities.actions {
        let because = match decision {
            Decision::Allow { evidence: Some(evidence) } => names.evidence(evidence),
            Decision::Allow { evidence: None } => String::new(),
            Decision::Relaxed { refusal, .. } | Decision::Deny { refusal } => {
                names.refusal(refusal, object)
            }
        };
        actions.row([
            call.language.action(action),
            call.language.verdict(decision).to_owned(),
            because,
        ]);
    }
    call.printer().lines(actions.lines())?;
    let mut fields = Table::new([call.say("field", "字段"), call.say("access", "访问级别")]);
    for (field, access) in &abilities.fields {
        fields.row([names.field(object, field), access_words(call, *access).to_owned()]);
    }
    call.printer().line("")?;
    call.printer().lines(fields.lines())?;
    Ok(())
}

/// The level of a field, as the console names it.
pub(crate) fn access_words(call: &Call<'_>, access: FieldAccess) -> &'static str {
    match (access.is_readable(), access.is_visible(), access.is_editable()) {
        (true, _, true) => call.language.pick("edit", "可编辑"),
        (true, _, false) => call.language.pick("read", "只读"),
        (false, true, true) => call.language.pick("masked, edit", "脱敏，可编辑"),
        (false, true, false) => call.language.pick("masked", "脱敏"),
        (false, false, true) => call.language.pick("write only", "仅可写入"),
        (false, false, false) => call.language.pick("hidden", "隐藏"),
    }
}
