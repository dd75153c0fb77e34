//! `guan import`: read, rate, compare, and only then replace the policy.

mod administrators;

use crate::arguments::{Format, SalesforceArguments};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::instant::local_and_utc;
use crate::language::Language;
use crate::shell::Call;
use crate::starter;
use crate::table::Table;
use guan_engine::Engine;
use guan_engine::model::{Policy, Problem};
use guan_import::salesforce::{Imported, Options, import};
use guan_import::{Change as Difference, ChangeKind, Files, LossReport, Tally, diff};
use guan_store::{
    Change, ClockReading, Difference as Changed, EditToKeep, Entity, RecordsChange, SIDE_FILE,
    WaitingChange, WriteError, differences, entities,
};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr as _;

/// How many differences and losses are shown of each kind.
const SHOWN: usize = 5;
/// Columns of a paragraph.
const WIDTH: usize = 96;

pub(crate) fn run(call: &mut Call<'_>, arguments: &SalesforceArguments) -> anyhow::Result<Exit> {
    let files = Files::open(&arguments.path)?;
    let rows = arguments.rows.as_deref().map(Files::open).transpose()?;
    let source = arguments.path.display().to_string();
    from_files(call, arguments, (&files, rows.as_ref()), &source)
}

/// Imports files that were read already.
pub(crate) fn from_files(
    call: &mut Call<'_>,
    arguments: &SalesforceArguments,
    (files, rows): (&Files, Option<&Files>),
    source: &str,
) -> anyhow::Result<Exit> {
    let mut target = target(call, arguments)?;
    let current = &target.current;
    let options = options(arguments, current)?;
    let working = call.say("reading the files", "正在读取文件");
    let bar = call.shell.printer.working(working);
    let imported = import(files, rows, &options);
    bar.finish_and_clear();
    let Imported { mut policy, records, report } = imported?;
    policy.organization.name.clone_from(&current.organization.name);
    let (_, bearing) = report.coverage();
    if bearing == 0 {
        return Err(usage(call.say(
            "nothing that bears on permissions was found there; name the project's folder, the one with force-app or src",
            "未找到与权限有关的内容；请指定项目文件夹（含 force-app 或 src 的那一级）",
        )));
    }
    let counts = (policy.clone(), records.len());
    administrators::keep(current, &mut policy);
    if let Err(problems) = Engine::load(policy.clone(), records.iter().cloned()) {
        return refuse(call, &problems);
    }
    let differences = diff(current, &policy)?;
    let is_first = starter::is_untouched(current);
    tell(call, arguments, &counts, &report)?;
    if !is_first {
        tell_differences(call, &differences)?;
    }
    let exit = if report.has_losses() { Exit::Losses } else { Exit::Done };
    let Some(installation) = &mut target.installation else {
        let text = call.say("dry run: nothing was changed", "试运行：未做任何更改");
        call.printer().note(text)?;
        return Ok(exit);
    };
    if !is_first && !differences.is_empty() && !arguments.import.yes {
        let question = call.say("replace the policy?", "替换当前策略？");
        if !call.shell.printer.confirm(question)? {
            return Err(usage(call.say(
                "nothing was changed; say --yes to replace the policy",
                "未做任何更改；用 --yes 确认替换",
            )));
        }
    }
    let change = Change::ReplacePolicy {
        policy: Box::new(policy),
        expected: target.revision,
        records: if rows.is_some() { RecordsChange::Replace(records) } else { RecordsChange::Keep },
        reason: format!("import salesforce {source}"),
    };
    apply(call, installation, &change)?;
    Ok(exit)
}

/// Where an import goes, and what it is compared with.
struct Target {
    /// Absent in a dry run.
    installation: Option<Installation>,
    current: Policy,
    revision: u64,
}

/// A dry run needs no installation; where there is one, the import is compared with it.
fn target(call: &mut Call<'_>, arguments: &SalesforceArguments) -> anyhow::Result<Target> {
    let is_dry = arguments.import.dry_run;
    if is_dry && !call.folder().join(SIDE_FILE).exists() {
        return Ok(Target { installation: None, current: Policy::default(), revision: 0 });
    }
    let installation = call.open()?;
    let (revision, current) = installation.store.policy(&installation.organization)?;
    let installation = (!is_dry).then_some(installation);
    Ok(Target { installation, current, revision: revision.number })
}

fn options(arguments: &SalesforceArguments, current: &Policy) -> anyhow::Result<Options> {
    let tokens = arguments.import.token.iter().map(|token| match token.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(usage(format!("`{token}` is not a token; write NAME=VALUE"))),
    });
    let utc_offset_minutes = match &arguments.import.utc_offset {
        Some(text) => utc_offset(text)?,
        None => current.organization.utc_offset_minutes,
    };
    Ok(Options {
        organization: current.organization.id.to_string(),
        utc_offset_minutes,
        tokens: tokens.collect::<anyhow::Result<BTreeMap<_, _>>>()?,
    })
}

/// Minutes east of UTC of `+08:00`.
fn utc_offset(text: &str) -> anyhow::Result<i32> {
    let wrong = || usage(format!("`{text}` is not an offset from UTC; write +08:00"));
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(wrong()),
    };
    let (hours, minutes) = rest.split_once(':').ok_or_else(wrong)?;
    let hours: i32 = hours.parse().map_err(|_| wrong())?;
    let minutes: i32 = minutes.parse().map_err(|_| wrong())?;
    if !(0..=18).contains(&hours) || !(0..60).contains(&minutes) {
        return Err(wrong());
    }
    Ok(sign * (hours * 60 + minutes))
}

fn refuse(call: &mut Call<'_>, problems: &[Problem]) -> anyhow::Result<Exit> {
    let text = call.say(
        "what was imported does not fit together, so nothing was changed",
        "导入的内容自相矛盾，未做任何更改",
    );
    call.printer().warn(text)?;
    for problem in problems {
        call.printer().warn(format!("  {problem}"))?;
    }
    Ok(Exit::Failed)
}

fn apply(
    call: &mut Call<'_>,
    installation: &mut Installation,
    change: &Change,
) -> anyhow::Result<()> {
    let clock = call.shell.clock.read();
    match installation.store.write(&installation.caller, &clock, change) {
        Ok(written) => {
            let organization = &installation.organization;
            let revision = installation.store.current_revision(organization)?;
            let digest = installation.store.digest(organization, revision)?;
            let text = match call.language {
                Language::English => format!(
                    "revision {revision} is current, ledger row {}, digest {digest}",
                    written.sequence
                ),
                Language::Chinese => {
                    format!(
                        "修订版 {revision} 已生效，账本第 {} 行，摘要 {digest}",
                        written.sequence
                    )
                }
            };
            say(call, text)?;
            Ok(())
        }
        Err(WriteError::Nothing) => {
            let text = call.say("nothing would change: left as it is", "没有变化：保持原样");
            Ok(call.printer().note(text)?)
        }
        Err(WriteError::WindowOpen { overlay, ends }) => {
            match keep(installation, &clock, change)? {
                Some((id, row)) => {
                    let ends = local_and_utc(ends);
                    let text = match call.language {
                        Language::English => format!(
                            "window {overlay} holds this until {ends}: it waits as {id} and is applied then, ledger row {row}"
                        ),
                        Language::Chinese => format!(
                            "窗口 {overlay} 在 {ends} 之前暂缓此更改：已作为 {id} 等待，届时生效，账本第 {row} 行"
                        ),
                    };
                    say(call, text)?;
                    Ok(())
                }
                // Records go with it, and those do not wait.
                None => Err(WriteError::WindowOpen { overlay, ends }.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps an import until the windows end that hold it; `None` where records go with it, which do not wait.
fn keep(
    installation: &mut Installation,
    clock: &ClockReading,
    change: &Change,
) -> anyhow::Result<Option<(String, u64)>> {
    let Change::ReplacePolicy { policy, expected, records: RecordsChange::Keep, reason } = change
    else {
        return Ok(None);
    };
    let organization = installation.organization.clone();
    let before = installation.store.entities(&organization, *expected)?;
    let (mut put, mut remove) = (Vec::new(), Vec::new());
    for Changed { kind, id, after, .. } in differences(&before, &entities(policy)?) {
        match after {
            Some(body) => put.push(Entity { kind, id, body }),
            None => remove.push((kind, id)),
        }
    }
    let (id, expected, reason) = (EditToKeep::new_id()?, *expected, reason.clone());
    let edit = EditToKeep { id: id.clone(), expected, put, remove, reason, authority: None };
    let change = WaitingChange::Keep(Box::new(edit));
    let change = Change::ChangeWaiting { organization, change };
    let written = installation.store.write(&installation.caller, clock, &change)?;
    Ok(Some((id, written.sequence)))
}

fn tell(
    call: &mut Call<'_>,
    arguments: &SalesforceArguments,
    (policy, records): &(Policy, usize),
    report: &LossReport,
) -> anyhow::Result<()> {
    match call.format {
        Format::Json => return call.printer().json(&report.to_json()),
        Format::Csv => return Ok(call.printer().bytes(report.to_csv().as_bytes())?),
        Format::Text => {}
    }
    let counts = [
        (policy.users.len(), call.say("users", "用户")),
        (policy.sets.len() + policy.set_groups.len(), call.say("permission sets", "权限集")),
        (policy.nodes.len(), call.say("roles and other nodes", "角色等节点")),
        (policy.groups.len(), call.say("groups", "小组")),
        (policy.rules.len(), call.say("sharing rules", "共享规则")),
        (policy.restrictions.len(), call.say("restrictions", "限制规则")),
        (policy.objects.len(), call.say("objects", "对象")),
        (*records, call.say("records", "记录")),
    ];
    let counts: Vec<String> =
        counts.iter().map(|(count, word)| format!("{count} {word}")).collect();
    call.printer().line(counts.join(" · "))?;
    let (understood, bearing) = report.coverage();
    let share = (understood * 1000).checked_div(bearing).unwrap_or(1000);
    let coverage = match call.language {
        Language::English => format!(
            "coverage: {understood} of {bearing} permission-bearing elements understood ({}.{} %)",
            share / 10,
            share % 10
        ),
        Language::Chinese => format!(
            "覆盖率：{bearing} 个与权限有关的元素中理解了 {understood} 个（{}.{} %）",
            share / 10,
            share % 10
        ),
    };
    call.printer().line(coverage)?;
    tell_elements(call, report)?;
    tell_losses(call, arguments, report)
}

/// Elements with losses as a table, those without in one paragraph.
fn tell_elements(call: &mut Call<'_>, report: &LossReport) -> anyhow::Result<()> {
    let is_lossy = |tally: &Tally| tally.approximated + tally.not_supported > 0;
    let named = |count: fn(&Tally) -> u64| {
        let counted =
            report.counts.iter().filter(|(_, tally)| !is_lossy(tally) && count(tally) > 0);
        counted.map(|(element, tally)| format!("{element} {}", count(tally))).collect::<Vec<_>>()
    };
    let paragraphs = [
        (call.say("taken exactly", "精确导入"), named(|tally| tally.exact)),
        (call.say("bear no permission, ignored", "与权限无关，忽略"), named(|tally| tally.ignored)),
    ];
    for (head, elements) in paragraphs {
        call.printer().lines(wrapped(head, &elements))?;
    }
    if !report.counts.values().any(is_lossy) {
        return Ok(());
    }
    let mut table = Table::new([
        call.say("element", "元素"),
        call.say("exact", "精确"),
        call.say("approximated", "近似"),
        call.say("not supported", "不支持"),
    ]);
    for (element, tally) in report.counts.iter().filter(|(_, tally)| is_lossy(tally)) {
        let numbers = [tally.exact, tally.approximated, tally.not_supported];
        let numbers = numbers
            .iter()
            .map(|count| if *count == 0 { "·".to_owned() } else { count.to_string() });
        table.row(std::iter::once(element.clone()).chain(numbers));
    }
    Ok(call.printer().lines(table.lines())?)
}

/// Words behind a head, on lines of bearable length.
fn wrapped(head: &str, words: &[String]) -> Vec<String> {
    if words.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("{head}:")];
    for (number, word) in words.iter().enumerate() {
        let separator = if number == 0 { " " } else { " · " };
        match lines.last_mut() {
            Some(line) if line.width() + word.width() < WIDTH => {
                line.push_str(separator);
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    lines
}

fn tell_losses(
    call: &mut Call<'_>,
    arguments: &SalesforceArguments,
    report: &LossReport,
) -> anyhow::Result<()> {
    let losses = report.losses();
    let shown = if arguments.import.all_losses { losses.len() } else { SHOWN };
    for loss in losses.iter().take(shown) {
        let rating = match loss.rating {
            guan_import::Rating::Approximated { .. } => call.say("approximated", "近似"),
            _ => call.say("not supported", "不支持"),
        };
        let widens = if loss.widens {
            call.say(" (may widen access)", "（可能放宽访问）")
        } else {
            ""
        };
        let text = format!(
            "{rating}{widens}: {} `{}`: {} ({}:{})",
            loss.element,
            loss.name,
            loss.rating.reason(),
            loss.file,
            loss.line
        );
        call.printer().line(text)?;
    }
    if losses.len() > shown {
        let more = losses.len() - shown;
        let text = match call.language {
            Language::English => format!("… and {more} more: --all-losses lists them"),
            Language::Chinese => format!("…… 另有 {more} 项：用 --all-losses 列出"),
        };
        call.printer().line(text)?;
    }
    for assumption in &report.assumptions {
        let word = call.say("assumed", "假设");
        call.printer().note(format!("{word}: {assumption}"))?;
    }
    Ok(())
}

fn tell_differences(call: &mut Call<'_>, differences: &[Difference]) -> anyhow::Result<()> {
    let count = |kind| differences.iter().filter(|difference| difference.kind == kind).count();
    let (added, removed, changed) =
        (count(ChangeKind::Added), count(ChangeKind::Removed), count(ChangeKind::Changed));
    let text = match call.language {
        Language::English => format!(
            "against the current policy: {added} added, {removed} removed, {changed} changed"
        ),
        Language::Chinese => {
            format!("与当前策略相比：新增 {added}，移除 {removed}，更改 {changed}")
        }
    };
    let mut lines = vec![text];
    lines.extend(differences.iter().take(SHOWN * 4).map(|difference| format!("  {difference}")));
    if differences.len() > SHOWN * 4 {
        lines.push(format!("  … {}", differences.len() - SHOWN * 4));
    }
    for line in lines {
        say(call, line)?;
    }
    Ok(())
}

/// To people as the answer, to programs as a remark beside it.
fn say(call: &mut Call<'_>, text: String) -> std::io::Result<()> {
    match call.format {
        Format::Text => call.printer().line(text),
        Format::Json | Format::Csv => call.printer().note(text),
    }
}

#[cfg(test)]
mod tests {
    use super::utc_offset;

    #[test]
    fn an_offset_has_a_sign_hours_and_minutes() {
        assert_eq!(utc_offset("+08:00").unwrap(), 480);
        assert_eq!(utc_offset("-03:30").unwrap(), -210);
        for wrong in ["", "8", "08:00", "+8", "+99:00", "+08:61", "时区"] {
            assert!(utc_offset(wrong).is_err(), "{wrong}");
        }
    }
}
