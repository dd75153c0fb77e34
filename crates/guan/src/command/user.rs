//! `guan user`: who there is, what each stands in and holds, a password for one time, and who administers.

mod administrator;

use crate::arguments::{Format, UserCommand};
use crate::exit::Exit;
use crate::installation::Installation;
use crate::names::{Names, both};
use crate::nearest::nearest;
use crate::shell::Call;
use crate::starter::new_password;
use crate::table::Table;
use guan_engine::model::{Policy, Principal, User, UserId, UserKind};

pub(crate) fn run(call: &mut Call<'_>, command: &UserCommand) -> anyhow::Result<Exit> {
    let mut installation = call.open()?;
    let (_, policy) = installation.store.policy(&installation.organization)?;
    match command {
        UserCommand::List => list(call, policy.users.iter().collect()),
        UserCommand::Show(arguments) => {
            let id = Names::new(&policy, call.language).find_user(&arguments.user)?;
            show(call, &policy, &id)
        }
        UserCommand::Nearest(arguments) => {
            let users = policy.users.iter().map(|(id, user)| (id.as_str(), user.name.as_str()));
            let near = nearest(&arguments.user, users);
            let users = near.iter().filter_map(|id| policy.users.get_key_value(*id));
            list(call, users.collect())
        }
        UserCommand::Password(arguments) => {
            let user = Names::new(&policy, call.language).find_user(&arguments.user)?;
            password(call, &mut installation, &user)
        }
        UserCommand::Administrator(arguments) => {
            administrator::appoint(call, &mut installation, arguments)
        }
    }
}

fn password(
    call: &mut Call<'_>,
    installation: &mut Installation,
    user: &UserId,
) -> anyhow::Result<Exit> {
    let clock = call.shell.clock.read();
    let Installation { store, organization, caller } = installation;
    let password = new_password(store, (caller, &clock), (organization, user))?;
    if call.format == Format::Json {
        let value = serde_json::json!({ "user": user, "password": password });
        call.printer().json(&value)?;
        return Ok(Exit::Done);
    }
    call.printer().line(&password)?;
    let once = call.say(
        "shown only now, for one sign-in; the user chooses another then",
        "仅显示这一次，仅供一次登录；用户届时须另设密码",
    );
    call.printer().note(format!("{user} · {once}"))?;
    Ok(Exit::Done)
}

fn list(call: &mut Call<'_>, users: Vec<(&UserId, &User)>) -> anyhow::Result<Exit> {
    if call.format == Format::Json {
        call.printer().json(&users.into_iter().collect::<std::collections::BTreeMap<_, _>>())?;
        return Ok(Exit::Done);
    }
    let rows = users.into_iter().map(|(id, user)| {
        let places: Vec<&str> = user.placements.iter().map(|at| at.node.as_str()).collect();
        let active =
            if user.active { call.say("active", "启用") } else { call.say("inactive", "停用") };
        vec![
            id.to_string(),
            user.name.clone(),
            kind(call, user.kind).to_owned(),
            active.to_owned(),
            places.join(" "),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if call.format == Format::Csv {
        let head = ["user", "name", "kind", "state", "places"].map(str::to_owned).to_vec();
        call.printer().csv(std::iter::once(head).chain(rows))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        call.say("user", "用户"),
        call.say("name", "姓名"),
        call.say("kind", "类型"),
        call.say("state", "状态"),
        call.say("places", "归属"),
    ]);
    table.extend(rows);
    call.printer().lines(table.lines())?;
    Ok(Exit::Done)
}

const fn kind(call: &Call<'_>, kind: UserKind) -> &'static str {
    match kind {
        UserKind::Internal => call.language.pick("internal", "内部"),
        UserKind::Integration => call.language.pick("integration", "集成"),
        UserKind::External => call.language.pick("external", "外部"),
        UserKind::Guest => call.language.pick("guest", "访客"),
    }
}

fn show(call: &mut Call<'_>, policy: &Policy, id: &UserId) -> anyhow::Result<Exit> {
    let names = Names::new(policy, call.language);
    let Some(user) = policy.users.get(id) else { return Ok(Exit::Failed) };
    if call.format == Format::Json {
        call.printer().json(&serde_json::json!({ "id": id, "user": user }))?;
        return Ok(Exit::Done);
    }
    let mut lines = vec![both(&user.name, id.as_str())];
    let active =
        if user.active { call.say("active", "启用") } else { call.say("inactive", "停用") };
    lines.push(format!("  {} · {active}", kind(call, user.kind)));
    for placement in &user.placements {
        let tree = policy.nodes.get(&placement.node).map(|node| names.tree(&node.tree));
        let tree = tree.unwrap_or_default();
        let word = call.say("stands at", "归属");
        lines.push(format!("  {word} {} · {tree}", names.node(&placement.node)));
    }
    let me = Principal::User(id.clone());
    for (group, definition) in &policy.groups {
        if definition.members.contains(&me) {
            lines.push(format!("  {} {}", call.say("member of", "小组成员"), names.group(group)));
        }
    }
    for (assignment, definition) in &policy.assignments {
        if definition.to == me {
            let ends = definition.ends.map(|ends| format!(" · {} {ends}", call.say("until", "至")));
            let what = names.assigned(&definition.what);
            let word = call.say("holds", "持有");
            lines.push(format!("  {word} {what}{} [{assignment}]", ends.unwrap_or_default()));
        }
    }
    for (name, value) in &user.attributes {
        lines.push(format!("  {name}: {}", serde_json::to_string(value)?));
    }
    call.printer().lines(lines)?;
    Ok(Exit::Done)
}
