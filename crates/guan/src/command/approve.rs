//! `guan approve`, `guan open`, `guan review`: the steps of a window that others take.

use super::{off, window};
use crate::arguments::{ApproveArguments, Format, OpenArguments, ReviewArguments};
use crate::exit::Exit;
use crate::installation::Installation;
use crate::instant::local_and_utc;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::administration::Power;
use guan_engine::lifecycle::{Actor, Event, State, Urgency, Verdict, WindowRequest};
use guan_store::{Gate, WindowCall};
use std::sync::Arc;

/// An installation, its gate, and a step on behalf of somebody.
struct Stepping {
    installation: Installation,
    gate: Arc<Gate>,
    step: WindowCall,
}

fn begin(call: &mut Call<'_>, by: Option<&str>, power: Power) -> anyhow::Result<Stepping> {
    let installation = call.open()?;
    let gate = call.gate(&installation)?;
    let view = call.view(&gate, &installation)?;
    let step = window::on_behalf(call, &installation, view.engine(), (by, power))?;
    Ok(Stepping { installation, gate, step })
}

pub(crate) fn approve(call: &mut Call<'_>, arguments: &ApproveArguments) -> anyhow::Result<Exit> {
    let Stepping { installation, gate, step } =
        begin(call, arguments.by.as_deref(), Power::ApproveOverlays)?;
    let waits = |request: &WindowRequest| request.state == State::BackedUp;
    let named = (arguments.id.as_deref(), waits as fn(&WindowRequest) -> bool);
    let request = window::find(call, &gate, &installation, named)?;
    if let Actor::User(user) = &step.by {
        window::prove(call, &installation, user)?;
    }
    let event = if let Some(words) = &arguments.refuse {
        Event::Refuse { words: words.clone() }
    } else if arguments.take_back {
        Event::TakeBack
    } else {
        // Used once: this very approval cannot be sent again.
        let key = format!("{}.{}", request.version, step.clock.wall.0);
        Event::Approve { edition: request.edition, key }
    };
    let request = gate.step_window(&step, (&request.id, request.version), event)?;
    tell(call, &gate, &installation, &request)
}

pub(crate) fn open(call: &mut Call<'_>, arguments: &OpenArguments) -> anyhow::Result<Exit> {
    let Stepping { installation, gate, mut step } =
        begin(call, arguments.by.as_deref(), Power::ManageOverlays)?;
    let may_open =
        |request: &WindowRequest| matches!(request.state, State::Approved | State::Armed);
    let named = (arguments.id.as_deref(), may_open as fn(&WindowRequest) -> bool);
    let request = window::find(call, &gate, &installation, named)?;
    if request.wanted.urgency == Urgency::Emergency
        && let Actor::User(user) = &step.by
    {
        window::prove(call, &installation, user)?;
        step.stepped_up = Some(step.clock.wall);
    }
    let request = gate.open_window(&step, (&request.id, request.version))?;
    tell(call, &gate, &installation, &request)
}

pub(crate) fn review(call: &mut Call<'_>, arguments: &ReviewArguments) -> anyhow::Result<Exit> {
    let Stepping { installation, gate, step } =
        begin(call, arguments.by.as_deref(), Power::ReviewOverlays)?;
    gate.settle_windows(&installation.caller, &step.clock, &installation.organization)?;
    let waits = |request: &WindowRequest| request.state == State::Reported;
    let named = (arguments.id.as_deref(), waits as fn(&WindowRequest) -> bool);
    let request = window::find(call, &gate, &installation, named)?;
    if let Actor::User(user) = &step.by {
        window::prove(call, &installation, user)?;
    }
    let (verdict, words) = match &arguments.findings {
        Some(words) => (Verdict::Findings, words.clone()),
        None => (Verdict::InOrder, arguments.reason.clone()),
    };
    let event = Event::Review { verdict, words };
    let request = gate.step_window(&step, (&request.id, request.version), event)?;
    tell(call, &gate, &installation, &request)
}

/// Where the request is now, and what is to be done next.
fn tell(
    call: &mut Call<'_>,
    gate: &Gate,
    installation: &Installation,
    request: &WindowRequest,
) -> anyhow::Result<Exit> {
    if call.format != Format::Text {
        call.printer().json(request)?;
        return Ok(Exit::Done);
    }
    let view = gate.view(&installation.organization)?;
    let names = Names::new(view.engine().policy(), call.language);
    let (id, state) = (request.id.as_str(), request.state);
    let what = names.effect(&request.wanted.effect);
    let text = format!("{id} · {} · {what}", call.language.state(state));
    call.printer().line(text)?;
    if let Some(opened) = request.opened.as_ref().filter(|_| state == State::Open) {
        let word = call.say("ends", "结束于");
        let text = format!("{word}: {}", local_and_utc(opened.ends));
        call.printer().line(text)?;
        off::tell_open(call, id, opened.ends.since(opened.starts))?;
    }
    if state == State::Approved {
        let word = call.say("open it with", "打开");
        call.printer().line(format!("{word}: guan open {id}"))?;
    }
    Ok(Exit::Done)
}
