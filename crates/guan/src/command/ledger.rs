//! `guan ledger`: verify and export the append-only log.

use crate::arguments::{ExportArguments, Format, VerifyArguments};
use crate::exit::{Exit, usage};
use crate::instant::of_microseconds;
use crate::language::Language;
use crate::shell::Call;
use anyhow::Context as _;
use guan_ledger::{ExportReader, Verified, verify_export};
use guan_store::INSTALLATION_LOG;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;

pub(crate) fn verify(call: &mut Call<'_>, arguments: &VerifyArguments) -> anyhow::Result<Exit> {
    if let Some(path) = &arguments.file {
        let (origin, verified) = verify_file(path)?;
        tell(call, &[(origin, verified)])?;
        return Ok(Exit::Done);
    }
    let store = call.open_store()?;
    let mut all = Vec::new();
    for log in store.logs()? {
        let verified = store.ledger_verify(&log).with_context(|| match log.as_str() {
            INSTALLATION_LOG => "the log of the installation does not hold".to_owned(),
            log => format!("the log of `{log}` does not hold"),
        })?;
        all.push((log, verified));
    }
    tell(call, &all)?;
    Ok(Exit::Done)
}

fn verify_file(path: &Path) -> anyhow::Result<(String, Verified)> {
    let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let place = || format!("`{}` does not hold", path.display());
    let reader = ExportReader::new(BufReader::new(file)).with_context(place)?;
    let organization = reader.origin().organization.clone();
    Ok((organization, verify_export(reader, None).with_context(place)?))
}

fn tell(call: &mut Call<'_>, logs: &[(String, Verified)]) -> anyhow::Result<()> {
    if call.format == Format::Json {
        let logs = logs.iter().map(|(log, verified)| {
            serde_json::json!({
                "log": log, "holds": true, "rows": verified.rows, "tip": verified.tip,
                "first_us": verified.first_us, "last_us": verified.last_us,
                "kinds": verified.kinds,
            })
        });
        let logs: Vec<serde_json::Value> = logs.collect();
        return call.printer().json(&logs);
    }
    if call.format == Format::Csv {
        let head = ["log", "rows", "tip"].map(str::to_owned).to_vec();
        let rows = logs.iter().map(|(log, verified)| {
            vec![log.clone(), verified.rows.to_string(), verified.tip.to_string()]
        });
        return call.printer().csv(std::iter::once(head).chain(rows));
    }
    for (log, verified) in logs {
        let name = if log.is_empty() { call.say("(installation)", "（安装）") } else { log };
        let last = verified.last_us.map(of_microseconds).unwrap_or_default();
        let text = match call.language {
            Language::English => format!(
                "{name}: holds, {} rows, last at {last}, end {}",
                verified.rows, verified.tip
            ),
            Language::Chinese => {
                format!("{name}：有效，{} 行，最后于 {last}，末端 {}", verified.rows, verified.tip)
            }
        };
        call.printer().line(text)?;
        let kinds: Vec<String> = verified
            .kinds
            .iter()
            .map(|(kind, count)| format!("{} ×{count}", call.language.kind(*kind)))
            .collect();
        call.printer().line(format!("  {}", kinds.join(" · ")))?;
    }
    Ok(())
}

pub(crate) fn export(call: &mut Call<'_>, arguments: &ExportArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let log =
        if arguments.installation { INSTALLATION_LOG } else { installation.organization.as_str() };
    let Some(path) = &arguments.to else {
        let (bytes, _) = installation.store.ledger_export(log, Vec::new())?;
        call.printer().bytes(&bytes)?;
        return Ok(Exit::Done);
    };
    let file = File::create_new(path)
        .map_err(|error| usage(format!("`{}` cannot be written: {error}", path.display())))?;
    let (mut file, tip) = installation.store.ledger_export(log, file)?;
    file.flush()?;
    file.sync_all().with_context(|| format!("`{}` cannot be written", path.display()))?;
    let text = match call.language {
        Language::English => format!("{} rows written to {}; end {tip}", tip.size, path.display()),
        Language::Chinese => format!("已将 {} 行写入 {}；末端 {tip}", tip.size, path.display()),
    };
    call.printer().note(text)?;
    Ok(Exit::Done)
}
