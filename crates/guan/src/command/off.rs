//! `guan off`: asked for, previewed, backed up, and opened where nobody has to agree.

use super::{preview, scope, window};
use crate::arguments::{Format, OffArguments};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::instant::local_and_utc;
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::administration::Power;
use guan_engine::lifecycle::{Actor, Event, State, Urgency, WindowRequest};
use guan_engine::model::Span;
use guan_store::{Gate, PreviewMode, TOLERANCE, WindowCall, WindowDocument, WindowPreview};
use serde::Serialize;

/// A window that was asked for, as programs get it.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    state: State,
    starts: Option<guan_engine::model::Moment>,
    ends: Option<guan_engine::model::Moment>,
    backup: Option<&'a str>,
    revision: Option<u64>,
    digest: Option<&'a str>,
    overlapping: Vec<&'a str>,
    concerned: u64,
    gaining: Option<u64>,
    losing: Option<u64>,
}

pub(crate) fn run(call: &mut Call<'_>, arguments: &OffArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let gate = call.gate(&installation)?;
    let view = call.view(&gate, &installation)?;
    let names = Names::new(view.engine().policy(), call.language);
    let wanted = scope::wanted(&names, arguments)?;
    let asks = (arguments.by.as_deref(), Power::ManageOverlays);
    let mut step = window::on_behalf(call, &installation, view.engine(), asks)?;
    if wanted.urgency == Urgency::Emergency
        && let Actor::User(user) = step.by.clone()
    {
        window::prove(call, &installation, &user)?;
        step.stepped_up = Some(step.clock.wall);
    }
    if call.format == Format::Text {
        let length = call.language.length(arguments.length);
        let lines = [
            names.effect(&wanted.effect),
            format!("{} {}", call.say("for", "适用人群"), names.audience(&wanted.audience)),
            format!("{} {length} · {}", call.say("length", "时长"), wanted.reason),
        ];
        call.printer().lines(lines)?;
    }
    let drafted = gate.draft_window(&step, wanted)?;
    let bar = call.shell.printer.working(call.say("working out what would change", "正在计算变化"));
    let seen = (&drafted.id, drafted.version);
    let previewed = gate.preview_request(&step, seen, PreviewMode::Exact, &|_| {});
    bar.finish_and_clear();
    let previewed = previewed?;
    let preview = shown(&gate, &installation, &previewed)?;
    if call.format == Format::Text {
        preview::tell(call, &names, &preview)?;
    }
    if !arguments.yes && !ask(call)? {
        let words = "nobody agreed at the command line".to_owned();
        gate.step_window(&step, (&previewed.id, previewed.version), Event::Withdraw { words })?;
        return Err(usage(call.say(
            "nothing was opened; say --yes where nobody can be asked",
            "未打开；在无人可确认时使用 --yes",
        )));
    }
    let request = bring_forward(call, &gate, &step, &previewed)?;
    tell(call, &request, &preview)?;
    Ok(Exit::Done)
}

fn ask(call: &mut Call<'_>) -> anyhow::Result<bool> {
    let question = call.say("ask for this window?", "申请该窗口？");
    Ok(call.shell.printer.confirm(question)?)
}

/// Backs up, and opens where everything needed is there.
fn bring_forward(
    call: &mut Call<'_>,
    gate: &Gate,
    step: &WindowCall,
    previewed: &WindowRequest,
) -> anyhow::Result<WindowRequest> {
    let bar =
        call.shell.printer.working(call.say("taking and checking a backup", "正在备份并验证"));
    let backed_up = gate.back_up_window(step, (&previewed.id, previewed.version));
    bar.finish_and_clear();
    let backed_up = backed_up?;
    let may_open = backed_up.state == State::Approved && backed_up.wanted.starts.is_none();
    if !may_open {
        return Ok(backed_up);
    }
    Ok(gate.open_window(step, (&backed_up.id, backed_up.version))?)
}

fn shown(
    gate: &Gate,
    installation: &Installation,
    request: &WindowRequest,
) -> anyhow::Result<WindowPreview> {
    let text = gate.read(|reader| {
        let place = (&installation.organization, &request.id);
        reader.window_document(place.0, place.1, WindowDocument::Preview)
    })?;
    Ok(serde_json::from_str(&text.unwrap_or_default())?)
}

fn tell(
    call: &mut Call<'_>,
    request: &WindowRequest,
    preview: &WindowPreview,
) -> anyhow::Result<()> {
    let told = Told {
        id: request.id.as_str(),
        state: request.state,
        starts: request.opened.as_ref().map(|opened| opened.starts),
        ends: request.opened.as_ref().map(|opened| opened.ends),
        backup: request.backup.as_ref().map(|backup| backup.name.as_str()),
        revision: request.preview.as_ref().map(|shown| shown.revision),
        digest: request.preview.as_ref().map(|shown| shown.policy.as_str()),
        overlapping: preview.overlapping.iter().map(|window| window.id.as_str()).collect(),
        concerned: preview.concerned,
        gaining: preview.gaining,
        losing: preview.losing,
    };
    match call.format {
        Format::Json => return call.printer().json(&told),
        Format::Csv => {
            let head = ["id", "state", "ends", "backup", "digest"].map(str::to_owned).to_vec();
            let row = vec![
                told.id.to_owned(),
                told.state.to_string(),
                told.ends.map(|ends| ends.to_string()).unwrap_or_default(),
                told.backup.unwrap_or_default().to_owned(),
                told.digest.unwrap_or_default().to_owned(),
            ];
            return call.printer().csv([head, row]);
        }
        Format::Text => {}
    }
    let digest = format!(
        "{} ({} {})",
        told.digest.unwrap_or_default(),
        call.say("revision", "修订版"),
        told.revision.unwrap_or_default()
    );
    let mut lines = vec![
        (call.say("backup verified", "备份已验证"), told.backup.unwrap_or_default().to_owned()),
        (call.say("policy digest", "策略摘要"), digest),
    ];
    if let Some(ends) = told.ends {
        lines.insert(0, (call.say("window open", "窗口已打开"), told.id.to_owned()));
        lines.insert(1, (call.say("ends", "结束于"), local_and_utc(ends)));
    } else {
        lines.insert(0, (call.say("asked for", "已申请"), told.id.to_owned()));
    }
    call.printer().lines(lines.into_iter().map(|(word, value)| format!("{word}: {value}")))?;
    if let Some(opened) = &request.opened {
        return tell_open(call, told.id, opened.ends.since(opened.starts));
    }
    let text = match (request.state, call.language) {
        (State::Approved, Language::English) => format!("open it with: guan open {}", told.id),
        (State::Approved, Language::Chinese) => format!("打开：guan open {}", told.id),
        (_, Language::English) => {
            format!("not open yet: somebody else has to agree with: guan approve {}", told.id)
        }
        (_, Language::Chinese) => format!("尚未打开：须由他人同意：guan approve {}", told.id),
    };
    Ok(call.printer().line(text)?)
}

/// What ends an open window.
pub(crate) fn tell_open(call: &mut Call<'_>, id: &str, length: Span) -> anyhow::Result<()> {
    let (length, tolerance) = (call.language.length(length), call.language.length(TOLERANCE));
    let (text, clocks) = match call.language {
        Language::English => (
            format!("enforced again by itself after {length}; sooner with: guan on {id}"),
            format!(
                "a restart of the machine, or a clock moved by more than {tolerance}, ends it for safety"
            ),
        ),
        Language::Chinese => (
            format!("{length}后自动恢复管控；提前恢复：guan on {id}"),
            format!("机器重启或时钟变动超过 {tolerance}，窗口即安全关闭"),
        ),
    };
    call.printer().line(text)?;
    Ok(call.printer().note(clocks)?)
}
