//! `guan backup`: taken, read again, recorded.

use crate::arguments::{BackupArguments, Format};
use crate::exit::Exit;
use crate::installation::caller;
use crate::shell::Call;

pub(crate) fn run(call: &mut Call<'_>, arguments: &BackupArguments) -> anyhow::Result<Exit> {
    let mut store = call.open_store()?;
    let (caller, clock) = (caller(), call.shell.clock.read());
    let words = call.say("taking and checking a backup", "正在备份并验证");
    let bar = call.shell.printer.working(words);
    let taken = store.backup(&caller, &clock, &arguments.reason);
    bar.finish_and_clear();
    let (backup, written) = taken?;
    match call.format {
        Format::Json => call.printer().json(&backup)?,
        Format::Csv => call.printer().csv([
            vec!["folder".to_owned(), "digest".to_owned()],
            vec![backup.folder.display().to_string(), backup.digest.to_string()],
        ])?,
        Format::Text => {
            let bytes: u64 = backup.manifest.files.iter().map(|file| file.bytes).sum();
            let lines = [
                format!(
                    "{}: {}",
                    call.say("backup taken and verified", "备份完成并已验证"),
                    backup.folder.display()
                ),
                format!(
                    "{} {} KiB · {} {} · {}",
                    call.say("size", "大小"),
                    bytes / 1024,
                    call.say("ledger row", "账本行"),
                    written.sequence,
                    backup.digest
                ),
            ];
            call.printer().lines(lines)?;
        }
    }
    Ok(Exit::Done)
}
