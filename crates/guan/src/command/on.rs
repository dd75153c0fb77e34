//! `guan on`: closing always wins and needs no question.

use crate::arguments::{Format, OnArguments};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::language::Language;
use crate::shell::Call;
use guan_engine::model::{Closing, OverlayId};
use guan_store::Which;

pub(crate) fn run(call: &mut Call<'_>, arguments: &OnArguments) -> anyhow::Result<Exit> {
    let mut installation = call.open()?;
    let unclosed = installation.store.overlays(&installation.organization, Which::Unclosed)?;
    let open: Vec<OverlayId> = unclosed.into_iter().map(|stored| stored.sealed.id).collect();
    let chosen: Vec<OverlayId> = match (&arguments.id, open.as_slice()) {
        (Some(id), _) => vec![OverlayId::new(id.as_str())],
        (None, [_]) => open,
        (None, []) => Vec::new(),
        (None, _) if arguments.all => open,
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(OverlayId::as_str).collect();
            let text = call.say(
                "several windows are open: name one, or say --all",
                "有多个窗口打开：请指明一个，或用 --all",
            );
            return Err(usage(format!("{text}: {}", ids.join(", "))));
        }
    };
    let mut closed: Vec<(OverlayId, Closing)> = Vec::new();
    for id in chosen {
        let clock = call.shell.clock.read();
        let closing = installation.store.close_overlay(
            &installation.caller,
            &clock,
            &installation.organization,
            &id,
            &arguments.reason,
        )?;
        closed.push((id, closing));
    }
    settle(call, &installation)?;
    match call.format {
        Format::Json => {
            let closed = closed.iter().map(|(id, closing)| {
                serde_json::json!({ "id": id, "at": closing.at, "why": closing.why })
            });
            let closed: Vec<serde_json::Value> = closed.collect();
            call.printer().json(&closed)?;
        }
        Format::Csv => {
            let head = ["id", "at", "why"].map(str::to_owned).to_vec();
            let rows = closed.iter().map(|(id, closing)| {
                vec![id.to_string(), closing.at.to_string(), closing.why.clone()]
            });
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => {
            for (id, closing) in &closed {
                let text = match call.language {
                    Language::English => {
                        format!("window {id} closed {}", call.language.ended(&closing.why))
                    }
                    Language::Chinese => {
                        format!("窗口 {id} 已关闭：{}", call.language.ended(&closing.why))
                    }
                };
                call.printer().line(text)?;
            }
            let text = if closed.is_empty() {
                call.say(
                    "no window is open: enforced for everybody",
                    "没有打开的窗口：对所有人管控中",
                )
            } else {
                call.say("enforced for everybody in its scope", "范围内对所有人恢复管控")
            };
            call.printer().line(text)?;
        }
    }
    Ok(Exit::Done)
}

/// Asks again what was relaxed, and makes the reports. It is closed already; what cannot be done now is done by who comes next.
fn settle(call: &mut Call<'_>, installation: &Installation) -> anyhow::Result<()> {
    let gate = call.gate(installation)?;
    let clock = call.shell.clock.read();
    if let Err(error) =
        gate.settle_windows(&installation.caller, &clock, &installation.organization)
    {
        let text = call.say(
            "the report could not be made now; it is made later",
            "暂时无法生成报告；稍后生成",
        );
        call.printer().warn(format!("{text}: {error}"))?;
    }
    Ok(())
}
