//! Who takes a step of a window at the command line: on whose behalf, and how they prove it.

use crate::exit::usage;
use crate::installation::Installation;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::Engine;
use guan_engine::administration::{Act, Power};
use guan_engine::ask::Session;
use guan_engine::lifecycle::{Actor, RequestId, WindowRequest};
use guan_engine::model::UserId;
use guan_server::password;
use guan_store::{Gate, WindowCall};

/// A step on behalf of a user: the one that is named, or the only one who may.
///
/// The ledger names both whoever runs the program and the user.
pub(crate) fn on_behalf(
    call: &Call<'_>,
    installation: &Installation,
    engine: &Engine,
    (by, power): (Option<&str>, Power),
) -> anyhow::Result<WindowCall> {
    let names = Names::new(engine.policy(), call.language);
    let user = match by {
        Some(text) => names.find_user(text)?,
        None => only_holder(call, installation, engine, power)?,
    };
    Ok(of(call, installation, user))
}

/// A step of this user.
pub(crate) fn of(call: &Call<'_>, installation: &Installation, user: UserId) -> WindowCall {
    WindowCall {
        caller: installation.caller.clone(),
        clock: call.shell.clock.read(),
        organization: installation.organization.clone(),
        by: Actor::User(user),
        stepped_up: None,
    }
}

fn only_holder(
    call: &Call<'_>,
    installation: &Installation,
    engine: &Engine,
    power: Power,
) -> anyhow::Result<UserId> {
    let now = call.shell.clock.read().wall;
    let holds = |id: &&UserId| {
        let session = Session::new(installation.organization.clone(), (*id).clone(), now);
        engine.may_administer(&session, Act::Use(power)).is_ok()
    };
    let active = engine.policy().users.iter().filter(|(_, user)| user.active).map(|(id, _)| id);
    let holders: Vec<&UserId> = active.filter(holds).take(5).collect();
    match holders.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(usage(format!(
            "{} `{power}`",
            call.say("nobody here holds the power", "此处无人持有管理权")
        ))),
        several => {
            let several: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            let say = call.say("say on whose behalf with --by", "请用 --by 指明以谁的名义");
            Err(usage(format!("{say}: {}", several.join(", "))))
        }
    }
}

/// Asks for the password of the user, whose yes counts only when it is theirs: from `GUAN_PASSWORD`, or typed unseen.
///
/// Errors: it is wrong, or nobody can be asked.
pub(crate) fn prove(
    call: &mut Call<'_>,
    installation: &Installation,
    user: &UserId,
) -> anyhow::Result<()> {
    let given = if let Some(given) = call.shell.environment.get("GUAN_PASSWORD") {
        Some(given.clone())
    } else {
        let question = format!("{} {user}", call.say("password of", "密码："));
        call.shell.printer.secret(&question)?
    };
    let Some(given) = given else {
        return Err(usage(call.say(
            "a password is needed: type it, or put it into GUAN_PASSWORD",
            "需要密码：请输入，或放入 GUAN_PASSWORD",
        )));
    };
    let account = installation.store.account(&installation.organization, user)?;
    let hash = account.as_ref().map(|account| account.hash.as_str());
    if password::is_right(&given, hash) {
        return Ok(());
    }
    let refused = call.say("the password is not theirs", "密码不正确");
    Err(anyhow::anyhow!("{user}: {refused}"))
}

/// The request of this id; the only one in `among` when none is named.
pub(crate) fn find(
    call: &Call<'_>,
    gate: &Gate,
    installation: &Installation,
    (id, wanted): (Option<&str>, fn(&WindowRequest) -> bool),
) -> anyhow::Result<WindowRequest> {
    let organization = &installation.organization;
    if let Some(id) = id {
        let id = RequestId::new(id);
        let stored = gate.read(|reader| reader.window_request(organization, &id));
        return Ok(stored?.request);
    }
    let recent = gate.read(|reader| reader.window_requests(organization, None, 200))?;
    let mut found: Vec<WindowRequest> =
        recent.into_iter().map(|stored| stored.request).filter(wanted).collect();
    if found.len() > 1 {
        let ids: Vec<&str> = found.iter().map(|request| request.id.as_str()).collect();
        let say = call.say("several requests could be meant: name one", "有多个申请：请指明一个");
        return Err(usage(format!("{say}: {}", ids.join(", "))));
    }
    let none = call
        .say("there is no such request; see `guan windows`", "没有这样的申请；见 `guan windows`");
    found.pop().ok_or_else(|| usage(none))
}
