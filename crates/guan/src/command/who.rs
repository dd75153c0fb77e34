//! `guan who`: everybody who may do something with a record, and by which path.

use crate::arguments::{Format, WhoArguments};
use crate::exit::Exit;
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::answer::Decision;
use guan_engine::model::RecordKey;

pub(crate) fn run(call: &mut Call<'_>, arguments: &WhoArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let action = names.find_action(&arguments.action)?;
    let object = names.find_object(&arguments.object)?;
    let key = RecordKey { object, id: arguments.record.as_str().into() };
    let overlays = call.overlays(&installation)?;
    let mut session = call.session(&installation, "".into());
    if let Some(overlays) = &overlays {
        session = session.under(overlays.standing());
    }
    let accessors = match engine.who(&session, &action, &key) {
        Ok(accessors) => accessors,
        Err(refusal) => {
            let text = names.refusal(&refusal, &key.object);
            return Err(crate::exit::usage(text));
        }
    };
    if call.format == Format::Json {
        call.printer().json(&accessors)?;
        return Ok(Exit::Done);
    }
    let rows = accessors.iter().map(|accessor| {
        let how = match &accessor.decision {
            Decision::Allow { evidence: Some(evidence) } => names.evidence(evidence),
            Decision::Relaxed { overlay, .. } => {
                format!("{} {overlay}", call.say("only by window", "仅因窗口"))
            }
            Decision::Allow { evidence: None } | Decision::Deny { .. } => String::new(),
        };
        let name = engine.policy().users.get(&accessor.user).map_or("", |user| &user.name);
        vec![accessor.user.to_string(), name.to_owned(), how]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if call.format == Format::Csv {
        let head = ["user", "name", "by"].map(str::to_owned).to_vec();
        call.printer().csv(std::iter::once(head).chain(rows))?;
        return Ok(Exit::Done);
    }
    let (count, title) = (rows.len(), installation.title(&key)?);
    let mut table =
        Table::new([call.say("user", "用户"), call.say("name", "姓名"), call.say("by", "依据")]);
    table.extend(rows);
    call.printer().lines(table.lines())?;
    let action = call.language.action(&action);
    let text = match call.language {
        Language::English => format!("{count} may {action} {} {title}", key.object),
        Language::Chinese => format!("{count} 人可{action} {} {title}", key.object),
    };
    call.printer().line(text)?;
    Ok(Exit::Done)
}
