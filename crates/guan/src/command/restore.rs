//! `guan restore`: puts a backup back; every window ends with it, and no row of the ledger is lost.

use crate::arguments::{Format, RestoreArguments};
use crate::exit::{Exit, usage};
use crate::installation::caller;
use crate::language::Language;
use crate::shell::Call;
use crate::table::Table;
use guan_store::{BACKUPS_FOLDER, DatabasePlace, Restored, restore_in, verify_backup};
use std::path::{Path, PathBuf};

pub(crate) fn run(call: &mut Call<'_>, arguments: &RestoreArguments) -> anyhow::Result<Exit> {
    let Some(named) = &arguments.backup else { return list(call) };
    let backup = folder_of(call, named);
    let checked = verify_backup(&backup)?;
    if !arguments.yes {
        let at = checked.manifest.at;
        let question = match call.language {
            Language::English => {
                format!("put the state of {at} back? what was changed since is kept beside it")
            }
            Language::Chinese => format!("恢复到 {at} 的状态？此后的更改会另存一份"),
        };
        if !call.shell.printer.confirm(&question)? {
            return Err(usage(call.say(
                "nothing was restored; say --yes where nobody can be asked",
                "未恢复；在无人可确认时使用 --yes",
            )));
        }
    }
    let (caller, clock) = (caller(), call.shell.clock.read());
    let folder = call.folder();
    let place = DatabasePlace::from(arguments.database.clone());
    let restored = restore_in(
        &folder,
        &place,
        &backup,
        &caller,
        &clock,
        &arguments.reason,
        &call.shell.faults,
    )?;
    tell(call, &restored)?;
    Ok(Exit::Done)
}

/// A backup is named by its folder, or by its name in the installation.
fn folder_of(call: &Call<'_>, named: &Path) -> PathBuf {
    let inside = call.folder().join(BACKUPS_FOLDER).join(named);
    if !named.exists() && inside.exists() { inside } else { named.to_owned() }
}

fn tell(call: &mut Call<'_>, restored: &Restored) -> anyhow::Result<()> {
    if call.format != Format::Text {
        let value = serde_json::json!({
            "backup": restored.backup.manifest.name,
            "incarnation": restored.incarnation,
            "replaced": restored.replaced,
            "rows_kept": restored.rows_kept,
            "rows_lost": restored.rows_lost,
        });
        return call.printer().json(&value);
    }
    let name = &restored.backup.manifest.name;
    let mut lines = vec![match call.language {
        Language::English => format!(
            "restored {name}; incarnation {}: every window of before is void",
            restored.incarnation
        ),
        Language::Chinese => {
            format!("已恢复 {name}；第 {} 代：此前的窗口全部作废", restored.incarnation)
        }
    }];
    if let Some(replaced) = &restored.replaced {
        let words = call.say("what it replaced is kept in", "被替换的数据保存在");
        lines.push(format!("{words} {}", replaced.display()));
    }
    let rows = restored.rows_kept;
    lines.push(match (&restored.rows_lost, call.language) {
        (None, Language::English) => format!("{rows} later rows of the ledger were kept"),
        (None, Language::Chinese) => format!("保留了账本此后的 {rows} 行"),
        (Some(why), Language::English) => format!("later rows of the ledger were not kept: {why}"),
        (Some(why), Language::Chinese) => format!("账本此后的行未能保留：{why}"),
    });
    let next = call.say(
        "look into it, then: guan doctor --acknowledge REASON",
        "检查之后：guan doctor --acknowledge 原因",
    );
    lines.push(next.to_owned());
    Ok(call.printer().lines(lines)?)
}

fn list(call: &mut Call<'_>) -> anyhow::Result<Exit> {
    let store = call.open_store()?;
    let mut table = Table::new([
        call.say("backup", "备份"),
        call.say("reason", "原因"),
        call.say("state", "状态"),
    ]);
    let mut rows = Vec::new();
    let mut exit = Exit::Done;
    for folder in store.backups()? {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let (reason, state) = match verify_backup(&folder) {
            Ok(backup) => (backup.manifest.reason, call.say("holds", "有效").to_owned()),
            Err(error) => {
                exit = Exit::Failed;
                (String::new(), error.to_string())
            }
        };
        rows.push([name.unwrap_or_default(), reason, state]);
    }
    match call.format {
        Format::Json => call.printer().json(&rows)?,
        Format::Csv => {
            let head = ["backup", "reason", "state"].map(str::to_owned).to_vec();
            let rows = rows.into_iter().map(|row| row.to_vec());
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => {
            table.extend(rows);
            call.printer().lines(table.lines())?;
        }
    }
    Ok(exit)
}
