//! `guan switch`: who approves windows and how long everything may take, shown and changed.

use crate::arguments::{Format, SwitchArguments};
use crate::exit::Exit;
use crate::instant::local_and_utc;
use crate::shell::Call;
use guan_engine::lifecycle::{ApprovalPolicy, SwitchSettings};
use guan_store::{Change, SettingsInForce, SwitchChange};

pub(crate) fn run(call: &mut Call<'_>, arguments: &SwitchArguments) -> anyhow::Result<Exit> {
    let mut installation = call.open()?;
    let clock = call.shell.clock.read();
    let organization = installation.organization.clone();
    let before = installation.store.switch_settings(&organization, clock.wall)?;
    let settings = changed(&before, arguments);
    if settings != before.settings {
        let change = SwitchChange {
            organization: organization.clone(),
            settings,
            expected: before.version,
            // Who runs the machine holds the key of the installation anyway.
            at_once: true,
            reason: arguments.reason.clone(),
        };
        let change = Change::ChangeSwitch(Box::new(change));
        installation.store.write(&installation.caller, &clock, &change)?;
    }
    let now = installation.store.switch_settings(&organization, clock.wall)?;
    if call.format != Format::Text {
        call.printer().json(&now)?;
        return Ok(Exit::Done);
    }
    tell(call, &now)
}

fn changed(before: &SettingsInForce, arguments: &SwitchArguments) -> SwitchSettings {
    let mut settings = before.settings.clone();
    let policy = |needed: usize| match needed {
        0 => ApprovalPolicy::None,
        1 => ApprovalPolicy::OneOther,
        count => ApprovalPolicy::SomeOf { count, among: [].into() },
    };
    let approvals = &mut settings.approvals;
    for (wanted, kept) in [
        (arguments.usual, &mut approvals.usual),
        (arguments.for_everything, &mut approvals.everything),
        (arguments.protected, &mut approvals.protected),
    ] {
        if let Some(needed) = wanted
            && kept.needed() != needed
        {
            *kept = policy(needed);
        }
    }
    settings.length_default = arguments.length.unwrap_or(settings.length_default);
    settings.length_max = arguments.longest.unwrap_or(settings.length_max);
    settings.daily_max = arguments.daily.unwrap_or(settings.daily_max);
    settings.idle = arguments.idle.or(settings.idle);
    settings
}

fn tell(call: &mut Call<'_>, now: &SettingsInForce) -> anyhow::Result<Exit> {
    let settings = &now.settings;
    let approvals = &settings.approvals;
    let needed = |policy: &ApprovalPolicy| policy.needed().to_string();
    let length = |span| call.language.length(span);
    let idle = settings.idle.map(length);
    let lines = [
        (call.say("approvals, usual", "批准人数（一般）"), needed(&approvals.usual)),
        (call.say("approvals, everything", "批准人数（全部）"), needed(&approvals.everything)),
        (
            call.say("approvals, protected and bulk", "批准人数（受保护与批量）"),
            needed(&approvals.protected),
        ),
        (call.say("usual length", "默认时长"), length(settings.length_default)),
        (call.say("longest", "最长"), length(settings.length_max)),
        (call.say("in 24 hours at most", "24 小时内合计上限"), length(settings.daily_max)),
        (
            call.say("closed when not used for", "闲置多久关闭"),
            idle.unwrap_or_else(|| call.say("never", "从不").to_owned()),
        ),
    ];
    call.printer().lines(lines.map(|(word, value)| format!("{word}: {value}")))?;
    if let Some((from, _)) = &now.coming {
        let text = call.say("others hold from", "新设置生效于");
        let text = format!("{text} {}", local_and_utc(*from));
        call.printer().line(text)?;
    }
    Ok(Exit::Done)
}
