//! `guan report`: everything about one window, with the proof.

use crate::arguments::{Format, ReportArguments};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::instant::{local_and_utc, of_microseconds};
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::lifecycle::RequestId;
use guan_engine::model::OverlayId;
use guan_ledger::Kind;
use guan_store::{End, Report, Which, WindowReport, WriteUnder};

/// So many would-denies are told to people; programs get all.
const SHOWN: usize = 20;

pub(crate) fn run(call: &mut Call<'_>, arguments: &ReportArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let id = if let Some(id) = &arguments.id {
        OverlayId::new(id.as_str())
    } else {
        let all = installation.store.overlays(&installation.organization, Which::All)?;
        let latest = all.into_iter().max_by_key(|stored| stored.sealed.overlay.opened.wall);
        let none = call.say("there has been no window yet", "尚未有过任何窗口");
        latest.ok_or_else(|| usage(none))?.sealed.id
    };
    let clock = call.shell.clock.read();
    let report = installation.store.report(&installation.organization, &id, &clock)?;
    let whole = whole(call, &installation, &id)?;
    match call.format {
        Format::Json => call.printer().json(&joined(&report, whole.as_ref())?)?,
        Format::Csv => csv(call, &report)?,
        Format::Text => {
            let (_, policy) = installation.store.policy(&installation.organization)?;
            let names = Names::new(&policy, call.language);
            text(call, &names, &report)?;
            if let Some(whole) = &whole {
                super::sections::tell(call, &names, whole)?;
            }
        }
    }
    let holds = report.seal_holds && report.backup.holds && report.policy.unchanged;
    Ok(if holds { Exit::Done } else { Exit::Failed })
}

/// What is known beside the overlay itself: request, approvals, self-test, floor, what could be narrower.
fn whole(
    call: &mut Call<'_>,
    installation: &Installation,
    id: &OverlayId,
) -> anyhow::Result<Option<WindowReport>> {
    let gate = call.gate(installation)?;
    if gate.request_of(&installation.organization, id)?.is_none() {
        return Ok(None);
    }
    let clock = call.shell.clock.read();
    gate.settle_windows(&installation.caller, &clock, &installation.organization)?;
    let id = RequestId::new(id.as_str());
    Ok(Some(gate.window_report(&installation.organization, &clock, &id)?))
}

/// One value: the report of the overlay, and beside it what is known of its request.
fn joined(report: &Report, whole: Option<&WindowReport>) -> anyhow::Result<serde_json::Value> {
    let mut value = serde_json::to_value(report)?;
    let Some(whole) = whole else { return Ok(value) };
    let (Some(members), serde_json::Value::Object(more)) =
        (value.as_object_mut(), serde_json::to_value(whole)?)
    else {
        return Ok(value);
    };
    members.extend(more.into_iter().filter(|(name, _)| name != "window"));
    Ok(value)
}

fn csv(call: &mut Call<'_>, report: &Report) -> anyhow::Result<()> {
    let head = ["row", "at", "user", "action", "object", "record", "refusal"];
    let head = head.map(str::to_owned).to_vec();
    let rows = report.would_denies.rows.iter().map(|row| {
        vec![
            row.sequence.to_string(),
            of_microseconds(row.at_us),
            row.user.clone(),
            row.action.clone(),
            row.object.clone(),
            row.record.clone().unwrap_or_default(),
            row.refusal.clone(),
        ]
    });
    call.printer().csv(std::iter::once(head).chain(rows))
}

fn text(call: &mut Call<'_>, names: &Names<'_>, report: &Report) -> anyhow::Result<()> {
    let overlay = &report.overlay;
    let say = |english, chinese| names.say(english, chinese);
    let end = match &report.end {
        End::Acting => say("open at this moment", "仍在生效").to_owned(),
        End::Dormant { why } => {
            format!("{} {}", say("not acting:", "不生效"), call.language.dormant(*why))
        }
        End::Closed(closed) => {
            let at = local_and_utc(closed.closing.at);
            format!("{} {at} {}", say("closed", "关闭于"), call.language.ended(&closed.closing.why))
        }
    };
    let unit = say("by", "打开者");
    let lines = [
        format!("{} {}", say("report on window", "窗口报告"), report.id),
        format!("  {}", names.effect(&overlay.effect)),
        format!("  {} {}", say("for", "适用人群"), names.audience(&overlay.audience)),
        format!("  {} {} · {unit} {}", say("reason:", "原因"), overlay.reason, report.requested_by),
        format!("  {} {}", say("opened", "打开于"), local_and_utc(overlay.starts)),
        format!("  {end}"),
    ];
    call.printer().lines(lines)?;
    timeline(call, report)?;
    would_denies(call, names, report)?;
    lists(call, names, report)?;
    writes(call, names, report)?;
    proof(call, report)
}

fn timeline(call: &mut Call<'_>, report: &Report) -> anyhow::Result<()> {
    let head = call.say("timeline", "时间线");
    call.printer().line(head)?;
    for event in &report.timeline {
        let row = call.say("row", "行");
        let boot = event.since_boot_us / 1_000_000;
        let clock = call.say("s since boot", "秒（自启动）");
        let words = event.words.as_deref().unwrap_or_default();
        let words = match event.kind {
            Kind::OverlayClosed => call.language.ended(words),
            _ => words.to_owned(),
        };
        let text = format!(
            "  {row} {}  {}  {} {}  · {boot} {clock}",
            event.sequence,
            of_microseconds(event.effective_us),
            call.language.kind(event.kind),
            words
        );
        call.printer().line(text)?;
    }
    Ok(())
}

fn would_denies(call: &mut Call<'_>, names: &Names<'_>, report: &Report) -> anyhow::Result<()> {
    let total = report.would_denies.total;
    let head = match call.language {
        Language::English => format!(
            "what the policy alone would have refused: {total} questions, {} records and lists, {} writes",
            report.lists.len(),
            report.writes.len()
        ),
        Language::Chinese => format!(
            "按策略本应拒绝：提问 {total} 次，记录与列表 {} 次，写入 {} 次",
            report.lists.len(),
            report.writes.len()
        ),
    };
    call.printer().line(head)?;
    if total == 0 {
        return Ok(());
    }
    let mut table = Table::new([
        call.say("row", "行"),
        call.say("when", "时间"),
        call.say("user", "用户"),
        call.say("action", "操作"),
        call.say("record", "记录"),
        call.say("policy says", "策略结论"),
    ]);
    for row in report.would_denies.rows.iter().take(SHOWN) {
        let record = row.record.as_deref().unwrap_or("*");
        table.row([
            row.sequence.to_string(),
            of_microseconds(row.at_us),
            names.user(&row.user.as_str().into()),
            call.language.action_named(&row.action),
            format!("{}/{record}", row.object),
            call.language.refused(&row.refusal),
        ]);
    }
    let lines: Vec<String> = table.lines().iter().map(|line| format!("  {line}")).collect();
    call.printer().lines(lines)?;
    if report.would_denies.rows.len() > SHOWN {
        let more = report.would_denies.rows.len() - SHOWN;
        call.printer().line(format!("  … {more}"))?;
    }
    Ok(())
}

/// Lists and counts that held more because of the window.
fn lists(call: &mut Call<'_>, names: &Names<'_>, report: &Report) -> anyhow::Result<()> {
    if report.lists.is_empty() {
        return Ok(());
    }
    let head = call.say(
        "records that were read, lists and counts that held more",
        "因此读到的记录、多列出或多计数的列表",
    );
    call.printer().line(head)?;
    for list in report.lists.iter().take(SHOWN) {
        let text = format!(
            "  {}  {}  {}  {} {}  +{}",
            list.sequence,
            of_microseconds(list.at_us),
            names.user(&list.user.as_str().into()),
            call.language.action_named(&list.action),
            list.record.as_ref().map_or_else(
                || names.object(&list.object.as_str().into()),
                |record| format!("{}/{record}", list.object),
            ),
            list.rows
        );
        call.printer().line(text)?;
    }
    Ok(())
}

/// What was written and would have been refused.
fn writes(call: &mut Call<'_>, names: &Names<'_>, report: &Report) -> anyhow::Result<()> {
    if report.writes.is_empty() {
        return Ok(());
    }
    let head = call.say("what was written", "写入的内容");
    call.printer().line(head)?;
    for write in report.writes.iter().take(SHOWN) {
        let WriteUnder { sequence, object, record, by, what, .. } = write;
        let what = match what.as_str() {
            "created" => call.say("created", "新建"),
            "changed" => call.say("changed", "修改"),
            "deleted" => call.say("deleted", "删除"),
            other => other,
        };
        let undone = match (&write.undone_by, write.erased) {
            (Some(_), _) => call.say("undone", "已撤销"),
            (None, true) => call.say("erased, cannot be undone", "已清除，无法撤销"),
            (None, false) => call.say("stands", "保留"),
        };
        let by = names.user(&by.as_str().into());
        let text = format!("  {sequence}  {by}  {what} {object}/{record}  {undone}");
        call.printer().line(text)?;
    }
    let more = report.writes.len().saturating_sub(SHOWN);
    if more > 0 {
        call.printer().line(format!("  … {more}"))?;
    }
    Ok(())
}

fn proof(call: &mut Call<'_>, report: &Report) -> anyhow::Result<()> {
    let say = |english, chinese| call.language.pick(english, chinese);
    let policy = &report.policy;
    let equal = if policy.unchanged {
        say("equal: nothing of the policy was touched", "一致：策略未被改动")
    } else {
        say("NOT EQUAL: look into it", "不一致：请立即调查")
    };
    let backup = match &report.backup.problem {
        None => say("holds, checked now", "有效，刚刚重新验证").to_owned(),
        Some(problem) => problem.clone(),
    };
    let seal = if report.seal_holds { say("holds", "有效") } else { say("BROKEN", "已破坏") };
    let lines = [
        say("proof", "证明").to_owned(),
        format!(
            "  {} {} → {}",
            say("revision at opening and end", "开启与结束时的版本"),
            policy.revision,
            policy.end_revision
        ),
        format!("  {} {}", say("digest before", "之前摘要"), policy.before),
        format!("  {} {}", say("digest after ", "之后摘要"), policy.after),
        format!("  {equal}"),
        format!("  {} {}: {backup}", say("backup", "备份"), report.backup.name),
        format!("  {}: {seal}", say("seal of the window", "窗口封印")),
    ];
    Ok(call.printer().lines(lines)?)
}
