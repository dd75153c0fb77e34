//! Who would gain what by a window, before it opens: two sides of one engine, without and with it.

use super::difference;
use crate::installation::Installation;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::Engine;
use guan_engine::activity::{Journal, OverlayRow, Seal, Standing};
use guan_engine::model::{
    FieldClass, ObjectId, Opening, Overlay, OverlayEffect, OverlayId, Principal, Span, UserId,
};
use guan_engine::question::{Comparison, Side};
use guan_store::{LENGTH_DEFAULT, OverlayRequest};
use std::collections::BTreeSet;

/// So many users are previewed exactly; more are told as a number.
const USERS_MAX: usize = 200;

/// What a window would change.
pub(crate) struct Preview {
    /// Records that its users would gain or lose.
    pub(crate) comparison: Comparison,
    /// How many users of its audience were looked at.
    pub(crate) users: usize,
    /// How many users its audience has.
    pub(crate) users_all: usize,
    /// Protected fields inside its scope, which stay closed.
    pub(crate) protected: Vec<String>,
}

/// Compares the present with the present and the window.
pub(crate) fn of(
    call: &Call<'_>,
    installation: &Installation,
    engine: &Engine,
    request: &OverlayRequest,
) -> anyhow::Result<Preview> {
    let clock = call.shell.clock.read();
    let organization = &installation.organization;
    let mut node = installation.store.node_facts(organization, &clock, Span(0))?;
    node.journal = Journal::Durable;
    let before = installation.store.overlay_rows(organization)?;
    let overlay = Overlay {
        organization: organization.clone(),
        effect: request.effect.clone(),
        // Networks are left out here: it is told what happens when somebody comes from one of them.
        audience: guan_engine::model::Audience {
            users: request.audience.users.clone(),
            networks: Vec::new(),
        },
        starts: clock.wall,
        ends: clock.wall.plus(request.length.unwrap_or(LENGTH_DEFAULT)),
        reason: request.reason.clone(),
        ticket: None,
        legal_basis: None,
        survives_reboot: request.survives_reboot,
        floor: request.floor.clone(),
        opened: Opening {
            wall: clock.wall,
            boot_clock: clock.boot_clock.unwrap_or(Span(0)),
            boot_id: clock.boot_id.unwrap_or_default(),
            incarnation: node.incarnation,
        },
    };
    let id = OverlayId::new("preview");
    let row = OverlayRow { id, overlay, seal: Seal::Verified, closing: None, superseded: false };
    let mut after = before.clone();
    after.push(row);
    let everybody = concerned(engine, request);
    let users: BTreeSet<UserId> = everybody.iter().take(USERS_MAX).cloned().collect();
    let objects = objects(&request.effect);
    let extract = difference::extract(call, users.clone(), objects.clone());
    let side = |rows| Side { engine, standing: Some(Standing { rows, node: &node }) };
    let comparison = if users.is_empty() {
        Comparison::default()
    } else {
        Engine::compare(side(&before), side(&after), &extract)
    };
    Ok(Preview {
        comparison,
        users: users.len(),
        users_all: everybody.len(),
        protected: protected(engine, &objects),
    })
}

/// The active users that the window concerns.
fn concerned(engine: &Engine, request: &OverlayRequest) -> Vec<UserId> {
    let policy = engine.policy();
    let audience = &request.audience.users;
    if let [Principal::User(user)] = audience.iter().collect::<Vec<_>>().as_slice() {
        return vec![user.clone()];
    }
    let named: BTreeSet<&UserId> = audience
        .iter()
        .filter_map(|principal| match principal {
            Principal::User(user) => Some(user),
            _ => None,
        })
        .collect();
    let by_name_only = !audience.is_empty() && named.len() == audience.len();
    let active = policy.users.iter().filter(|(_, user)| user.active).map(|(id, _)| id);
    active.filter(|id| !by_name_only || named.contains(id)).cloned().collect()
}

/// The objects inside the scope; empty for all.
fn objects(effect: &OverlayEffect) -> Vec<ObjectId> {
    match effect {
        OverlayEffect::Suspension { scope, .. } => {
            scope.objects.iter().chain(scope.fields.keys()).cloned().collect()
        }
        OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => Vec::new(),
    }
}

fn protected(engine: &Engine, objects: &[ObjectId]) -> Vec<String> {
    let inside = |id: &ObjectId| objects.is_empty() || objects.contains(id);
    let fields = engine.policy().objects.iter().filter(|(id, _)| inside(id)).flat_map(
        |(object, definition)| {
            let is_protected =
                |class: Option<FieldClass>| class.is_some_and(FieldClass::is_protected);
            let fields = definition.fields.iter();
            let fields = fields.filter(move |(_, field)| is_protected(field.class));
            fields.map(move |(field, _)| format!("{object}.{field}"))
        },
    );
    fields.collect()
}

/// The preview, in words.
pub(crate) fn tell(
    call: &mut Call<'_>,
    names: &Names<'_>,
    preview: &Preview,
) -> anyhow::Result<()> {
    let head = call.say("preview: what would change", "预览：将发生的变化");
    call.printer().line(head)?;
    if preview.users == 0 {
        let text = call.say("  nobody is concerned", "  不涉及任何人");
        return Ok(call.printer().line(text)?);
    }
    if preview.users < preview.users_all {
        let (some, all) = (preview.users, preview.users_all);
        let text = match call.language {
            crate::language::Language::English => {
                format!("  {all} users are concerned; told for the first {some} of them")
            }
            crate::language::Language::Chinese => {
                format!("  涉及 {all} 名用户；以下为前 {some} 名")
            }
        };
        call.printer().line(text)?;
    }
    for gain in preview.comparison.gains.iter().take(20) {
        let user = names.user(&gain.user);
        let action = call.language.action(&gain.action);
        let object = names.object(&gain.object);
        let (gained, lost) = (gain.gained, gain.lost);
        let text = match call.language {
            crate::language::Language::English => {
                format!("  {user}: {action} {object}: +{gained} −{lost} records")
            }
            crate::language::Language::Chinese => {
                format!("  {user}：{action} {object}：+{gained} −{lost} 条记录")
            }
        };
        call.printer().line(text)?;
    }
    if preview.comparison.gains.is_empty() {
        let text =
            call.say("  no record more or less; fields may change", "  记录不增不减；字段可能变化");
        call.printer().line(text)?;
    }
    if !preview.protected.is_empty() {
        let text = call.say("  stay closed: protected fields", "  保持关闭：受保护字段");
        let text = format!("{text} {}", preview.protected.join(", "));
        call.printer().line(text)?;
    }
    let floor = call.say(
        "  stay closed: sign-in, other organizations, export, import, bulk changes, Guan itself",
        "  保持关闭：登录、其他组织、导出、导入、批量更改、Guan 自身",
    );
    call.printer().line(floor)?;
    Ok(())
}
