//! `guan undo`: takes back what was written under a closed window, planned first.

use crate::arguments::{Format, UndoArguments};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::language::Language;
use crate::shell::Call;
use guan_engine::model::{OverlayId, RecordKey};
use guan_store::{Gate, Selection, UndoChoice, UndoOrder, UndoPlace, UndoPlan, UndoViewer, Which};
use std::collections::BTreeSet;

/// So many groups are told to people; programs get all.
const SHOWN: usize = 50;

pub(crate) fn run(call: &mut Call<'_>, arguments: &UndoArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let gate = call.gate(&installation)?;
    let place = UndoPlace {
        organization: installation.organization.clone(),
        overlay: overlay(call, &gate, &installation, arguments)?,
        run: arguments.run.clone(),
    };
    let mut order = UndoOrder { selection: selection(arguments)?, choices: Vec::new() };
    let clock = call.shell.clock.read();
    let who = (&installation.caller, &clock);
    let plan = gate.undo_plan(who, &place, &order, UndoViewer::Names)?;
    order.choices = choices(&plan, arguments);
    let plan = gate.undo_plan(who, &place, &order, UndoViewer::Names)?;
    if call.format == Format::Text {
        tell(call, &plan)?;
    }
    if arguments.dry_run {
        if call.format != Format::Text {
            call.printer().json(&plan)?;
        }
        return Ok(Exit::Done);
    }
    if !arguments.yes {
        let question = call.say("take these writes back?", "撤销这些写入？");
        if !call.shell.printer.confirm(question)? {
            return Err(usage(call.say(
                "nothing was undone; say --yes where nobody can be asked",
                "未撤销；在无人可确认时使用 --yes",
            )));
        }
    }
    let clock = call.shell.clock.read();
    let done = gate.undo((&installation.caller, &clock), &place, &order, &arguments.reason)?;
    if call.format == Format::Text {
        let (writes, groups, waiting) = (done.writes, done.groups, done.waiting);
        let text = match call.language {
            Language::English => {
                format!(
                    "{writes} records written back in {groups} groups; {waiting} groups wait for a decision"
                )
            }
            Language::Chinese => {
                format!("已恢复 {writes} 条记录（{groups} 组）；{waiting} 组等待决定")
            }
        };
        call.printer().line(text)?;
        if let Some(run) = &done.run {
            let word = call.say("undo it in turn with", "如需再撤回");
            call.printer()
                .line(format!("{word}: guan undo {} --run {run} --reason …", place.overlay))?;
        }
    } else {
        call.printer().json(&done)?;
    }
    let left = done.waiting + done.unfit + done.moved;
    Ok(if left == 0 { Exit::Done } else { Exit::Losses })
}

/// The window that is named, or the latest there was.
fn overlay(
    call: &Call<'_>,
    gate: &Gate,
    installation: &Installation,
    arguments: &UndoArguments,
) -> anyhow::Result<OverlayId> {
    if let Some(id) = &arguments.id {
        return Ok(OverlayId::new(id.as_str()));
    }
    let all = gate.read(|reader| reader.overlays(&installation.organization, Which::All))?;
    let latest = all.into_iter().max_by_key(|stored| stored.sealed.overlay.opened.wall);
    let none = call.say("there has been no window yet", "尚未有过任何窗口");
    Ok(latest.ok_or_else(|| usage(none))?.id)
}

fn selection(arguments: &UndoArguments) -> anyhow::Result<Selection> {
    let record = match &arguments.record {
        None => None,
        Some(text) => {
            let Some((object, id)) = text.split_once('/') else {
                return Err(usage(format!("`{text}` is not a record; write OBJECT/ID")));
            };
            Some(RecordKey::new(object, id))
        }
    };
    Ok(match (&arguments.user, record, &arguments.field) {
        (Some(user), None, None) => Selection::User(user.as_str().into()),
        (None, Some(record), None) => Selection::Record(record),
        (None, Some(record), Some(field)) => {
            Selection::Field { record, field: field.as_str().into() }
        }
        (None, None, None) => Selection::Window,
        _ => return Err(usage("name a user, a record, or a record with a field")),
    })
}

/// One decision for every conflict, where one was made.
fn choices(plan: &UndoPlan, arguments: &UndoArguments) -> Vec<UndoChoice> {
    let Some(conflicts) = arguments.conflicts else { return Vec::new() };
    let choice = conflicts.into();
    let all = plan.groups.iter().flat_map(|group| &group.conflicts);
    let all = all.map(|conflict| UndoChoice {
        entry: conflict.entry,
        part: conflict.part.clone(),
        choice,
    });
    all.collect()
}

fn tell(call: &mut Call<'_>, plan: &UndoPlan) -> anyhow::Result<()> {
    for group in plan.groups.iter().take(SHOWN) {
        let (writes, conflicts) = (group.writes.len(), group.conflicts.len());
        let records: BTreeSet<String> =
            group.entries.iter().map(|entry| entry.record.to_string()).collect();
        let records = records.into_iter().collect::<Vec<_>>().join(", ");
        let text = match call.language {
            Language::English => format!("  {records}: {writes} writes, {conflicts} conflicts"),
            Language::Chinese => format!("  {records}：{writes} 处写入，{conflicts} 处冲突"),
        };
        call.printer().line(text)?;
    }
    if plan.groups.is_empty() {
        let none = call.say("there is nothing to undo", "没有可撤销的写入");
        call.printer().line(none)?;
    }
    Ok(())
}
