//! `guan doctor`: looks whether everything is in order, and says what to do.

use crate::arguments::{DoctorArguments, Format};
use crate::exit::Exit;
use crate::installation::caller;
use crate::shell::Call;
use guan_store::{Change, Store, TOLERANCE, verify_backup};
use serde::Serialize;

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    what: String,
    fine: bool,
    words: String,
}

pub(crate) fn run(call: &mut Call<'_>, arguments: &DoctorArguments) -> anyhow::Result<Exit> {
    let mut store = call.open_store()?;
    confirm(call, &mut store, arguments)?;
    let mut findings = Vec::new();
    logs(call, &store, &mut findings)?;
    organizations(call, &store, &mut findings)?;
    backups(call, &store, &mut findings)?;
    clocks(call, &store, &mut findings)?;
    let is_fine = findings.iter().all(|finding| finding.fine);
    match call.format {
        Format::Json => call.printer().json(&findings)?,
        Format::Csv => {
            let head = ["what", "fine", "words"].map(str::to_owned).to_vec();
            let rows = findings
                .into_iter()
                .map(|finding| vec![finding.what, finding.fine.to_string(), finding.words]);
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => {
            for Finding { what, fine, words } in findings {
                let mark = if fine { "✓" } else { "✗" };
                call.printer().line(format!("{mark} {what}: {words}"))?;
            }
        }
    }
    Ok(if is_fine { Exit::Done } else { Exit::Failed })
}

fn confirm(
    call: &mut Call<'_>,
    store: &mut Store,
    arguments: &DoctorArguments,
) -> anyhow::Result<()> {
    let (caller, clock) = (caller(), call.shell.clock.read());
    if let Some(reason) = arguments.acknowledge.clone() {
        store.write(&caller, &clock, &Change::AcknowledgeSafeMode { reason })?;
        let text = call.say("safe mode is over", "安全模式已解除");
        call.printer().note(text)?;
    }
    if let Some(reason) = arguments.confirm_clock.clone() {
        store.write(&caller, &clock, &Change::ConfirmClock { reason })?;
        let text = call.say("the clock is taken as right", "已确认时钟正确");
        call.printer().note(text)?;
    }
    Ok(())
}

fn logs(call: &Call<'_>, store: &Store, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    for log in store.logs()? {
        let name = if log.is_empty() { call.say("installation", "安装") } else { &log };
        let what = format!("{} {name}", call.say("ledger of", "账本"));
        findings.push(match store.ledger_verify(&log) {
            Ok(verified) => {
                let words = format!("{} {}", verified.rows, call.say("rows hold", "行有效"));
                Finding { what, fine: true, words }
            }
            Err(error) => Finding { what, fine: false, words: chain(&error.into()) },
        });
    }
    Ok(())
}

fn organizations(
    call: &mut Call<'_>,
    store: &Store,
    findings: &mut Vec<Finding>,
) -> anyhow::Result<()> {
    for organization in store.organizations()? {
        let what = format!("{} {organization}", call.say("organization", "组织"));
        let revision = store.current_revision(&organization)?;
        findings.push(match store.engine(&organization) {
            Ok(engine) => {
                let stored = store.revision(&organization, revision)?.after;
                let fine = stored == store.digest(&organization, revision)?;
                let digest = if fine {
                    call.say("digest holds", "摘要有效")
                } else {
                    call.say(
                        "the digest of the revision does not hold: restore a backup",
                        "修订版摘要无效：请恢复备份",
                    )
                };
                let (records, users) = (engine.record_count(), engine.policy().users.len());
                let words = format!(
                    "{} {revision}, {users} {}, {records} {}, {digest}",
                    call.say("revision", "修订版"),
                    call.say("users", "用户"),
                    call.say("records", "记录")
                );
                Finding { what, fine, words }
            }
            Err(error) => Finding { what, fine: false, words: chain(&error.into()) },
        });
        let clock = call.shell.clock.read();
        for overlay in store.status(&organization, &clock)?.overlays {
            let state = match overlay.dormant {
                None => call.say("open", "打开中").to_owned(),
                Some(dormant) => call.language.dormant(dormant),
            };
            let what = format!("{} {}", call.say("window", "窗口"), overlay.id);
            findings.push(Finding { what, fine: true, words: state });
        }
    }
    Ok(())
}

fn backups(call: &Call<'_>, store: &Store, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let what = call.say("backups", "备份").to_owned();
    let folders = store.backups()?;
    let broken: Vec<String> = folders
        .iter()
        .filter_map(|folder| verify_backup(folder).err().map(|error| error.to_string()))
        .collect();
    let words = if broken.is_empty() {
        format!("{} {}", folders.len(), call.say("hold", "个有效"))
    } else {
        broken.join("; ")
    };
    findings.push(Finding { what, fine: broken.is_empty(), words });
    Ok(())
}

fn clocks(call: &Call<'_>, store: &Store, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let clock = call.shell.clock.read();
    let behind = store.high_water()?.since(clock.wall);
    let is_behind = behind > TOLERANCE;
    let words = if is_behind {
        let words = call.say(
            "the wall clock is behind what was recorded: set it right, or `guan doctor --confirm-clock REASON`; behind by",
            "系统时钟落后于已记录的时间：请校正，或 `guan doctor --confirm-clock 原因`；落后",
        );
        format!("{words} {}", call.language.length(behind))
    } else if clock.boot_clock.is_none() || clock.boot_id.is_none() {
        call.say(
            "the boot clock cannot be read: no window can be opened",
            "无法读取启动时钟：不能打开窗口",
        )
        .to_owned()
    } else {
        call.say("in order", "正常").to_owned()
    };
    let fine = !is_behind && clock.boot_clock.is_some() && clock.boot_id.is_some();
    findings.push(Finding { what: call.say("clocks", "时钟").to_owned(), fine, words });
    let (fine, words) = match store.safe_mode()? {
        None => (true, call.say("no", "否").to_owned()),
        Some(safe_mode) => {
            let next = call.say(
                "no window can be opened; look into it, then `guan doctor --acknowledge REASON`",
                "不能打开窗口；检查之后 `guan doctor --acknowledge 原因`",
            );
            (false, format!("{}: {next}", safe_mode.why))
        }
    };
    findings.push(Finding { what: call.say("safe mode", "安全模式").to_owned(), fine, words });
    Ok(())
}

/// An error with everything that led to it.
fn chain(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.dedup();
    causes.join(": ")
}
