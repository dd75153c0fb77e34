//! `guan status`: where the off switch stands.

use crate::arguments::Format;
use crate::exit::Exit;
use crate::instant::local_and_utc;
use crate::names::Names;
use crate::shell::Call;
use guan_store::{ClockReading, OverlayStatus, Status};

pub(crate) fn run(call: &mut Call<'_>) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let clock = call.shell.clock.read();
    let status = installation.store.status(&installation.organization, &clock)?;
    match call.format {
        Format::Json => call.printer().json(&status)?,
        Format::Csv => {
            let head = ["id", "acting", "dormant", "ends", "would_denies", "reason"];
            let head = head.map(str::to_owned).to_vec();
            let rows = status.overlays.iter().map(|overlay| {
                vec![
                    overlay.id.to_string(),
                    overlay.acting.to_string(),
                    overlay.dormant.map(|dormant| dormant.to_string()).unwrap_or_default(),
                    overlay.overlay.ends.to_string(),
                    overlay.would_denies.to_string(),
                    overlay.overlay.reason.clone(),
                ]
            });
            call.printer().csv(std::iter::once(head).chain(rows))?;
        }
        Format::Text => {
            let (_, policy) = installation.store.policy(&installation.organization)?;
            let names = Names::new(&policy, call.language);
            text(call, &names, &status, &clock)?;
        }
    }
    Ok(Exit::Done)
}

fn text(
    call: &mut Call<'_>,
    names: &Names<'_>,
    status: &Status,
    clock: &ClockReading,
) -> anyhow::Result<()> {
    let head = match status.effective_end {
        None => call
            .say("permission management is ON for everybody", "权限管控：对所有人开启")
            .to_owned(),
        Some(end) => {
            let words =
                call.say("a window is open; the last one ends", "有窗口打开；最后一个结束于");
            format!("{words} {}", local_and_utc(end))
        }
    };
    call.printer().line(head)?;
    if let Some(safe_mode) = &status.safe_mode {
        let words = call.say(
            "SAFE MODE: no window can be opened until `guan doctor --acknowledge REASON`",
            "安全模式：在 `guan doctor --acknowledge 原因` 之前不能打开窗口",
        );
        call.printer().line(format!("{words}: {} ({})", safe_mode.why, safe_mode.since))?;
    }
    for overlay in &status.overlays {
        window(call, names, overlay)?;
    }
    let lines = clocks(call, status, clock);
    call.printer().lines(lines)?;
    Ok(())
}

fn window(call: &mut Call<'_>, names: &Names<'_>, status: &OverlayStatus) -> anyhow::Result<()> {
    let state = match (status.left, status.dormant) {
        (Some(left), _) => {
            format!("{} {}", call.say("open, still", "打开中，剩余"), call.language.length(left))
        }
        (None, Some(dormant)) => {
            let words = call.say("not acting, enforced:", "不生效，照常管控");
            format!("{words} {}", call.language.dormant(dormant))
        }
        (None, None) => call.say("not acting", "不生效").to_owned(),
    };
    let overlay = &status.overlay;
    let lines = [
        format!("{}  {state}", status.id),
        format!("  {}", names.effect(&overlay.effect)),
        format!("  {} {}", call.say("for", "适用人群"), names.audience(&overlay.audience)),
        format!("  {} {}", call.say("ends", "结束于"), local_and_utc(overlay.ends)),
        format!(
            "  {} {} · {} {}",
            call.say("reason:", "原因"),
            overlay.reason,
            call.say("by", "打开者"),
            status.requested_by
        ),
        format!("  {} {}", call.say("would-denies so far:", "至今本应拒绝"), status.would_denies),
    ];
    Ok(call.printer().lines(lines)?)
}

/// What the clocks say, and whether they can be relied on.
fn clocks(call: &Call<'_>, status: &Status, clock: &ClockReading) -> Vec<String> {
    let behind = status.high_water.since(clock.wall);
    let state = if behind > guan_store::TOLERANCE {
        let words = call
            .say("the wall clock is behind what was recorded, by", "系统时钟落后于已记录的时间");
        format!("{words} {}", call.language.length(behind))
    } else if clock.boot_clock.is_none() || clock.boot_id.is_none() {
        call.say(
            "the boot clock cannot be read: no window can be opened",
            "无法读取启动时钟：不能打开窗口",
        )
        .to_owned()
    } else {
        call.say("clocks in order", "时钟正常").to_owned()
    };
    vec![format!("{} · {state}", local_and_utc(clock.wall))]
}
