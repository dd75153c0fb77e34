//! `guan user administrator`: whoever runs the machine puts a user into office, also where nobody is left who could.

use crate::arguments::{AdministratorArguments, Format, PostName};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::model::{
    Assigned, Assignment, PermissionSet, Policy, Post, Power, Principal, SetId, SetKind, UserId,
};
use guan_store::{Change, Entity, EntityKind};
use std::collections::BTreeSet;

/// Gives a user the powers of an administrator as one revision with its row of the ledger.
pub(super) fn appoint(
    call: &mut Call<'_>,
    installation: &mut Installation,
    arguments: &AdministratorArguments,
) -> anyhow::Result<Exit> {
    let (revision, policy) = installation.store.policy(&installation.organization)?;
    let user = Names::new(&policy, call.language).find_user(&arguments.user)?;
    let post = post(call, &policy, arguments.post)?;
    let (put, set) = appointed(&policy, &user, post)?;
    if put.is_empty() {
        let already = call.say(
            "the user is an administrator already: nothing was changed",
            "该用户已是管理员：未作任何更改",
        );
        call.printer().line(already)?;
        return Ok(Exit::Done);
    }
    let change = Change::EditPolicy {
        organization: installation.organization.clone(),
        expected: revision.number,
        put,
        remove: Vec::new(),
        reason: arguments.reason.clone(),
    };
    let clock = call.shell.clock.read();
    let written = installation.store.write(&installation.caller, &clock, &change)?;
    if call.format == Format::Json {
        let value = serde_json::json!({ "user": user, "set": set, "revision": written.revision });
        call.printer().json(&value)?;
        return Ok(Exit::Done);
    }
    let is_now = call.say("is an administrator now, by the set", "现为管理员，权限集");
    call.printer().line(format!("{user} {is_now} {set}"))?;
    let next = call.say("a password for one time:", "一次性密码：");
    call.printer().note(format!("{next} guan user password {user}"))?;
    Ok(Exit::Done)
}

/// Where posts are kept apart, nobody holds powers of two.
fn post(
    call: &Call<'_>,
    policy: &Policy,
    wanted: Option<PostName>,
) -> anyhow::Result<Option<Post>> {
    match (policy.organization.separate_posts, wanted) {
        (_, Some(wanted)) => Ok(Some(wanted.post())),
        (false, None) => Ok(None),
        (true, None) => Err(usage(call.say(
            "the organization keeps posts apart: name one with `--post`; `security` may hand out every power",
            "该组织实行三员分立：请用 `--post` 指定岗位；`security` 可授予所有管理权",
        ))),
    }
}

/// What is put so that the user is active and holds every power, or every one of a post; and the set that gives them.
fn appointed(
    policy: &Policy,
    user: &UserId,
    post: Option<Post>,
) -> anyhow::Result<(Vec<Entity>, SetId)> {
    let is_wanted = |power: &&Power| post.is_none_or(|post| power.post() == Some(post));
    let powers = Power::ALL.iter().filter(is_wanted).map(|power| power.name().to_owned());
    let powers: BTreeSet<String> = powers.collect();
    let (name, label) = match post {
        None => ("administrator", "管理员"),
        Some(Post::System) => ("system_administrator", "系统管理员"),
        Some(Post::Security) => ("security_administrator", "安全管理员"),
        Some(Post::Audit) => ("auditor", "审计员"),
    };
    let mut put = Vec::new();
    if let Some(known) = policy.users.get(user)
        && !known.active
    {
        let mut known = known.clone();
        known.active = true;
        put.push(Entity::new(EntityKind::User, user.as_str(), &known)?);
    }
    // A set that gives these powers and nothing else, so that nothing comes along.
    let fits = |set: &PermissionSet| {
        let bare =
            PermissionSet { name: set.name.clone(), system: powers.clone(), ..Default::default() };
        set.kind != SetKind::Muting && PermissionSet { kind: bare.kind, ..set.clone() } == bare
    };
    let known = policy.sets.iter().find(|(_, set)| fits(set)).map(|(id, _)| id.clone());
    let set = if let Some(id) = known {
        id
    } else {
        let id = free(name, |id| policy.sets.contains_key(id));
        let body = PermissionSet { name: label.to_owned(), system: powers, ..Default::default() };
        put.push(Entity::new(EntityKind::Set, &id, &body)?);
        SetId::from(id.as_str())
    };
    let given = Assignment::new(Assigned::Set(set.clone()), Principal::User(user.clone()));
    if !policy.assignments.values().any(|known| *known == given) {
        let id = free(name, |id| policy.assignments.contains_key(id));
        put.push(Entity::new(EntityKind::Assignment, &id, &given)?);
    }
    Ok((put, set))
}

/// The name, or the first numbered one that is not taken.
fn free(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u64..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_else(|| name.to_owned())
}
