//! `guan off`: preview, question, backup, and only then a window.

use super::{preview, scope};
use crate::arguments::{Format, OffArguments};
use crate::exit::{Exit, usage};
use crate::instant::local_and_utc;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::model::Span;
use guan_store::{Opened, TOLERANCE};
use serde::Serialize;

/// An opened window as programs get it.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    starts: guan_engine::model::Moment,
    ends: guan_engine::model::Moment,
    effective_end: guan_engine::model::Moment,
    backup: String,
    revision: u64,
    digest: guan_ledger::Digest,
    ledger_row: u64,
    overlapping: &'a [guan_store::Overlapping],
    gained: u64,
    lost: u64,
}

pub(crate) fn run(call: &mut Call<'_>, arguments: &OffArguments) -> anyhow::Result<Exit> {
    let mut installation = call.open()?;
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let request = scope::request(&names, &installation.organization, arguments)?;
    let preview = preview::of(call, &installation, &engine, &request)?;
    if call.format == Format::Text {
        let what = names.effect(&request.effect);
        let audience = names.audience(&request.audience);
        let length = call.language.length(arguments.length);
        let lines = [
            what,
            format!("{} {audience}", call.say("for", "适用人群")),
            format!("{} {length} · {}", call.say("length", "时长"), request.reason),
        ];
        call.printer().lines(lines)?;
        preview::tell(call, &names, &preview)?;
    }
    if !arguments.yes {
        let question = call.say("open this window?", "打开该窗口？");
        if !call.shell.printer.confirm(question)? {
            return Err(usage(call.say(
                "nothing was opened; say --yes where nobody can be asked",
                "未打开；在无人可确认时使用 --yes",
            )));
        }
    }
    let words = call.say("taking and checking a backup", "正在备份并验证");
    let bar = call.shell.printer.working(words);
    let clock = call.shell.clock.read();
    let opened = installation.store.open_overlay(&installation.caller, &clock, &request);
    bar.finish_and_clear();
    let opened = opened?;
    tell(call, &opened, &preview)?;
    Ok(Exit::Done)
}

fn tell(call: &mut Call<'_>, opened: &Opened, preview: &preview::Preview) -> anyhow::Result<()> {
    let sealed = &opened.sealed;
    let told = Told {
        id: opened.id.as_str(),
        starts: sealed.overlay.starts,
        ends: sealed.overlay.ends,
        effective_end: opened.effective_end,
        backup: opened.backup.folder.display().to_string(),
        revision: sealed.revision,
        digest: sealed.policy,
        ledger_row: opened.written.sequence,
        overlapping: &opened.overlapping,
        gained: preview.comparison.gained,
        lost: preview.comparison.lost,
    };
    match call.format {
        Format::Json => return call.printer().json(&told),
        Format::Csv => {
            let head = ["id", "ends", "backup", "digest"].map(str::to_owned).to_vec();
            let row = vec![
                told.id.to_owned(),
                told.ends.to_string(),
                told.backup.clone(),
                told.digest.to_string(),
            ];
            return call.printer().csv([head, row]);
        }
        Format::Text => {}
    }
    let lines = [
        (call.say("window open", "窗口已打开"), told.id.to_owned()),
        (call.say("ends", "结束于"), local_and_utc(told.ends)),
        (call.say("backup verified", "备份已验证"), told.backup.clone()),
        (
            call.say("policy digest", "策略摘要"),
            format!("{} ({} {})", told.digest, call.say("revision", "修订版"), told.revision),
        ),
        (call.say("ledger row", "账本行"), told.ledger_row.to_string()),
    ];
    call.printer().lines(lines.map(|(word, value)| format!("{word}: {value}")))?;
    for other in told.overlapping {
        let word = call.say("overlaps with", "与之重叠");
        let until = local_and_utc(other.ends);
        call.printer().line(format!("{word} {} — {} — {until}", other.id, other.reason))?;
    }
    let length = sealed.overlay.ends.since(sealed.overlay.starts);
    let text = match call.language {
        crate::language::Language::English => format!(
            "enforced again by itself after {}; sooner with: guan on {}",
            call.language.length(length),
            told.id
        ),
        crate::language::Language::Chinese => {
            format!("{}后自动恢复管控；提前恢复：guan on {}", call.language.length(length), told.id)
        }
    };
    call.printer().line(text)?;
    let clocks = clock_note(call);
    call.printer().note(clocks)?;
    Ok(())
}

/// What the end relies on.
fn clock_note(call: &Call<'_>) -> String {
    let tolerance = call.language.length(Span(TOLERANCE.0));
    match call.language {
        crate::language::Language::English => format!(
            "a restart of the machine, or a clock moved by more than {tolerance}, ends it for safety"
        ),
        crate::language::Language::Chinese => {
            format!("机器重启或时钟变动超过 {tolerance}，窗口即安全关闭")
        }
    }
}
