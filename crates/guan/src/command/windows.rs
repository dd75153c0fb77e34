//! `guan windows`: the requests there were, newest first.

use super::window;
use crate::arguments::{Format, WindowsArguments};
use crate::exit::Exit;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::lifecycle::{Urgency, WindowRequest};
use guan_engine::model::UserId;
use guan_store::ShownRequest;

pub(crate) fn run(call: &mut Call<'_>, arguments: &WindowsArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let gate = call.gate(&installation)?;
    let view = call.view(&gate, &installation)?;
    let names = Names::new(view.engine().policy(), call.language);
    let by = match &call.global.subject {
        Some(text) => names.find_user(text)?,
        None => UserId::new(installation.caller.id.as_str()),
    };
    let clock = call.shell.clock.read();
    gate.settle_windows(&installation.caller, &clock, &installation.organization)?;
    let limit = if arguments.all { 200 } else { 20 };
    let step = window::of(call, &installation, by);
    let shown = gate.list_windows(&step, None, limit)?;
    match call.format {
        Format::Json => call.printer().json(&shown)?,
        Format::Csv => {
            let head = ["id", "state", "urgency", "asked_by", "asked_at", "ends", "reason"];
            let head = head.map(str::to_owned).to_vec();
            let rows = shown.iter().map(|one| {
                let request = &one.request;
                vec![
                    request.id.to_string(),
                    request.state.to_string(),
                    request.wanted.urgency.name().to_owned(),
                    request.requested_by.to_string(),
                    request.drafted.to_string(),
                    end_of(request).unwrap_or_default(),
                    request.wanted.reason.clone(),
                ]
            });
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => text(call, &names, &shown)?,
    }
    Ok(Exit::Done)
}

fn end_of(request: &WindowRequest) -> Option<String> {
    let closed = request.closed.as_ref().map(|closed| closed.at);
    let end = closed.or_else(|| request.opened.as_ref().map(|opened| opened.ends));
    end.map(|end| end.to_string())
}

/// The state, and that it is an emergency, which is the thing to look at first.
fn state(call: &Call<'_>, request: &WindowRequest) -> String {
    let state = call.language.state(request.state);
    match request.wanted.urgency {
        Urgency::Usual => state.to_owned(),
        Urgency::Emergency => format!("{state} · {}", call.say("emergency", "紧急")),
    }
}

fn text(call: &mut Call<'_>, names: &Names<'_>, shown: &[ShownRequest]) -> anyhow::Result<()> {
    if shown.is_empty() {
        let none = call.say("nobody has asked for a window yet", "尚无人申请过窗口");
        return Ok(call.printer().line(none)?);
    }
    let mut table = Table::new([
        "id",
        call.say("state", "状态"),
        call.say("asked by", "申请人"),
        call.say("what", "内容"),
        call.say("missing", "尚缺批准"),
        call.say("ends", "结束于"),
        call.say("why", "原因"),
    ]);
    table.extend(shown.iter().map(|one| {
        let request = &one.request;
        let missing = one.tally.demands.iter();
        let missing =
            missing.map(|demand| demand.needed.saturating_sub(demand.counted.len())).max();
        let missing = missing.filter(|_| request.state.may_still_open()).unwrap_or(0);
        vec![
            request.id.to_string(),
            state(call, request),
            names.user(&request.requested_by),
            names.effect(&request.wanted.effect),
            if missing == 0 { String::new() } else { missing.to_string() },
            end_of(request).unwrap_or_default(),
            request.wanted.reason.clone(),
        ]
    }));
    Ok(call.printer().lines(table.lines())?)
}
