//! How differences are told: gains and losses of records, and cells of a matrix.

use crate::arguments::Format;
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::model::{Action, ObjectId, UserId};
use guan_engine::question::{Cell, Comparison, Extract};
use std::collections::BTreeSet;

/// The actions that are compared.
const ACTIONS: [Action; 3] = [Action::Read, Action::Edit, Action::Delete];
/// So many records are named for each gain and loss.
const SAMPLES: usize = 3;
/// So many rows are told to people; programs get all.
const SHOWN: usize = 40;

/// What is to be compared.
pub(crate) fn extract(call: &Call<'_>, users: BTreeSet<UserId>, objects: Vec<ObjectId>) -> Extract {
    Extract {
        users,
        objects: objects.into_iter().collect(),
        actions: ACTIONS.to_vec(),
        at: call.moment(),
        samples: SAMPLES,
    }
}

/// Tells a comparison.
pub(crate) fn tell(
    call: &mut Call<'_>,
    names: &Names<'_>,
    comparison: &Comparison,
) -> anyhow::Result<()> {
    match call.format {
        Format::Json => call.printer().json(comparison),
        Format::Csv => {
            let head = ["kind", "user", "object", "action", "gained", "lost"];
            let head = head.map(str::to_owned).to_vec();
            let rows = comparison.gains.iter().map(|gain| {
                vec![
                    "records".to_owned(),
                    gain.user.to_string(),
                    gain.object.to_string(),
                    gain.action.to_string(),
                    gain.gained.to_string(),
                    gain.lost.to_string(),
                ]
            });
            let cells = comparison.cells.iter().filter_map(|(before, after)| {
                let cell = after.as_ref().or(before.as_ref())?;
                let what =
                    if cell.field.is_empty() { cell.action.clone() } else { cell.field.clone() };
                Some(vec![
                    "cell".to_owned(),
                    cell.subject.clone(),
                    cell.object.clone(),
                    what,
                    value(after.as_ref()).to_owned(),
                    value(before.as_ref()).to_owned(),
                ])
            });
            let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).chain(cells).collect();
            call.printer().csv(rows)
        }
        Format::Text => text(call, names, comparison),
    }
}

fn value(cell: Option<&Cell>) -> &str {
    cell.map_or("", |cell| &cell.value)
}

fn text(call: &mut Call<'_>, names: &Names<'_>, comparison: &Comparison) -> anyhow::Result<()> {
    if comparison.gains.is_empty() && comparison.cells.is_empty() {
        let text = call.say("no difference", "没有差异");
        return Ok(call.printer().line(text)?);
    }
    if !comparison.gains.is_empty() {
        let mut table = Table::new([
            call.say("user", "用户"),
            call.say("object", "对象"),
            call.say("action", "操作"),
            call.say("gains", "增加"),
            call.say("loses", "减少"),
            call.say("for instance", "例如"),
        ]);
        for gain in comparison.gains.iter().take(SHOWN) {
            let samples = gain.gained_samples.iter().chain(&gain.lost_samples).take(SAMPLES);
            let samples: Vec<&str> = samples.map(guan_engine::model::RecordId::as_str).collect();
            table.row([
                names.user(&gain.user),
                gain.object.to_string(),
                call.language.action(&gain.action),
                gain.gained.to_string(),
                gain.lost.to_string(),
                samples.join(" "),
            ]);
        }
        call.printer().lines(table.lines())?;
        more(call, comparison.gains.len())?;
    }
    if !comparison.cells.is_empty() {
        let mut table = Table::new([
            call.say("object", "对象"),
            call.say("field or action", "字段或操作"),
            call.say("first", "前者"),
            call.say("second", "后者"),
        ]);
        for (before, after) in comparison.cells.iter().take(SHOWN) {
            let Some(cell) = after.as_ref().or(before.as_ref()) else { continue };
            let what = if cell.field.is_empty() { &cell.action } else { &cell.field };
            table.row([&cell.object, what, value(before.as_ref()), value(after.as_ref())]);
        }
        call.printer().line("")?;
        call.printer().lines(table.lines())?;
        more(call, comparison.cells.len())?;
    }
    let text = match call.language {
        Language::English => {
            format!("{} decisions gained, {} lost", comparison.gained, comparison.lost)
        }
        Language::Chinese => {
            format!("共增加 {} 个允许的判定，减少 {} 个", comparison.gained, comparison.lost)
        }
    };
    Ok(call.printer().line(text)?)
}

fn more(call: &mut Call<'_>, rows: usize) -> anyhow::Result<()> {
    if rows <= SHOWN {
        return Ok(());
    }
    let more = rows - SHOWN;
    let text = match call.language {
        Language::English => format!("… and {more} more: --format csv has them all"),
        Language::Chinese => format!("…… 另有 {more} 行：--format csv 列出全部"),
    };
    Ok(call.printer().line(text)?)
}
