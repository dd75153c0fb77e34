//! The peer's policies as text.

use super::entities::Modeling;
use crate::society::Society;
use crate::world::World;
use guan_engine::model::{Principal, Rights};
use std::fmt::Write;

/// All policies of a modeling.
pub fn text(world: &World, modeling: Modeling) -> String {
    let mut text = String::new();
    for (action, wide, list) in [
        ("read", "views_all", "readers"),
        ("edit", "modifies_all", "editors"),
        ("delete", "modifies_all", "owners"),
    ] {
        let holds = format!("principal.{action}s");
        permit(
            &mut text,
            action,
            &format!("{holds} && (principal.{wide} || principal in resource.{list})"),
        );
        if modeling == Modeling::Flattened || action == "delete" {
            continue;
        }
        for rule in world.policy.rules.values() {
            if action == "edit" && rule.rights != Rights::EDIT {
                continue;
            }
            for target in &rule.to {
                let (class, id) = Society::target(target);
                let mut when = format!("{holds} && principal in {class}::\"{id}\"");
                for owner in &rule.owned_by {
                    let _ = write!(when, " && {}", owned(owner));
                }
                if let Some(condition) = &rule.when {
                    let _ = write!(when, " && {}", criterion(condition.as_str()));
                }
                permit(&mut text, action, &when);
            }
        }
    }
    text
}

fn permit(text: &mut String, action: &str, when: &str) {
    let _ = writeln!(
        text,
        "permit(principal, action == Action::\"{action}\", resource) when {{ {when} }};"
    );
}

/// Members only: what a superior owns is not owned by those below.
fn owned(principal: &Principal) -> String {
    let (class, id) = Society::target(principal);
    let class = match class {
        "Group" => "Member",
        "Role" => "At",
        _ => "Within",
    };
    format!("resource.owner in {class}::\"{id}\"")
}

/// `region = "r7" and amount >= 5` as the peer writes it: numbers, `==`, `&&`.
fn criterion(text: &str) -> String {
    let parts = text.split(" and ").map(|part| {
        let words: Vec<&str> = part.split(' ').collect();
        let sign = if words[1] == "=" { "==" } else { words[1] };
        let value =
            words[2].trim_matches('"').trim_start_matches(|first: char| first.is_alphabetic());
        format!("resource.{} {sign} {value}", words[0])
    });
    parts.collect::<Vec<_>>().join(" && ")
}
