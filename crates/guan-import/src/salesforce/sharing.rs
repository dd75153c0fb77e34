//! Sharing rules of all four kinds.

use super::directory::{Directory, is_true};
use super::draft::{Draft, Notes, ROLES};
use super::layout::{Document, Part, of_kind};
use super::roles::{level, take_level};
use super::{criteria, targets};
use crate::report::Rating;
use guan_engine::model::{
    GroupKind, ObjectId, Population, Principal, Rights, RuleId, SharingRule, TreeId,
};

/// Takes every sharing-rule file; most are empty, and that is valid.
pub(super) fn take(draft: &mut Draft<'_>, directory: &Directory, documents: &[Document]) {
    for document in of_kind(documents, "SharingRules") {
        if document.parts.is_empty() {
            let name = draft.object_name(&document.name);
            let why = Rating::ignored("the file holds no rule");
            draft.rate(document.site(), "SharingRules", name.as_str(), why);
            continue;
        }
        let object = draft.object(&document.name);
        for part in &document.parts {
            let kind = match part.element.name.as_str() {
                "sharingOwnerRules" => Kind::Owner,
                "sharingCriteriaRules" => Kind::Criteria,
                "sharingGuestRules" => Kind::Guest,
                "sharingTerritoryRules" => Kind::Territory,
                other => {
                    let why = Rating::not_supported("this element is unknown");
                    draft.rate(part.site(), other, object.as_str(), why);
                    continue;
                }
            };
            take_rule(draft, directory, &object, part, kind);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Owner,
    Criteria,
    Guest,
    Territory,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Criteria => "criteria",
            Self::Guest => "guest",
            Self::Territory => "territory",
        }
    }
}

fn take_rule(
    draft: &mut Draft<'_>,
    directory: &Directory,
    object: &ObjectId,
    part: &Part,
    kind: Kind,
) {
    let name = part.element.value("fullName");
    let id = RuleId::new(format!("{object}/{}/{name}", kind.name()));
    let element = part.element.name.as_str();
    if draft.policy.rules.contains_key(&id) {
        let why = "a rule of this name stands there twice in different words: the first counts";
        return draft.rate(part.site(), element, id.as_str(), Rating::not_supported(why));
    }
    let mut notes = Notes::default();
    match rule(draft, directory, object, part, kind, &mut notes) {
        Ok(rule) => {
            draft.policy.rules.insert(id.clone(), rule);
            draft.rate_noted(part.site(), element, id.as_str(), &notes);
        }
        Err(why) => draft.rate(part.site(), element, id.as_str(), Rating::not_supported(why)),
    }
}

fn rule(
    draft: &mut Draft<'_>,
    directory: &Directory,
    object: &ObjectId,
    part: &Part,
    kind: Kind,
    notes: &mut Notes,
) -> Result<SharingRule, String> {
    let element = &part.element;
    let word = element.value("accessLevel");
    let rights = level(word).ok_or_else(|| format!("the access level `{word}` is unknown"))?;
    let mut rule = SharingRule::new(object.clone(), rights);
    element.value("label").clone_into(&mut rule.name);
    if rights.is_none() {
        notes.add("the rule gives no access to the object itself");
    }
    take_child_levels(&mut rule, part, notes);
    let shared_to = element.child("sharedTo").ok_or("the rule has no `sharedTo`")?;
    rule.to = targets::principals(draft, directory, shared_to, notes)?;
    match kind {
        Kind::Owner => {
            let from = element.child("sharedFrom").ok_or("the rule has no `sharedFrom`")?;
            rule.owned_by = targets::principals(draft, directory, from, notes)?;
        }
        Kind::Territory => take_territory(draft, directory, part, &mut rule, notes)?,
        Kind::Criteria | Kind::Guest => {
            rule.when = Some(criteria::condition(draft, object, part, notes)?);
            let flag = if kind == Kind::Guest {
                "includeHVUOwnedRecords"
            } else {
                "includeRecordsOwnedByAll"
            };
            let included = element.value(flag);
            if kind == Kind::Guest && rights != Rights::READ {
                notes.add("guests get reading at most");
                rule.rights = Rights::READ;
            }
            if !included.is_empty() && !is_true(included) {
                leave_out_roleless(draft, &mut rule);
            }
        }
    }
    Ok(rule)
}

fn take_child_levels(rule: &mut SharingRule, part: &Part, notes: &mut Notes) {
    let Some(settings) = part.element.child("accountSettings") else { return };
    for (element, object) in [
        ("caseAccessLevel", "Case"),
        ("contactAccessLevel", "Contact"),
        ("opportunityAccessLevel", "Opportunity"),
    ] {
        take_level(&mut rule.child_levels, settings.value(element), object, notes);
    }
}

/// Records in territories: tags, in place of owners.
fn take_territory(
    draft: &mut Draft<'_>,
    directory: &Directory,
    part: &Part,
    rule: &mut SharingRule,
    notes: &mut Notes,
) -> Result<(), String> {
    let from = part.element.child("sharedFrom").ok_or("the rule has no `sharedFrom`")?;
    for principal in targets::principals(draft, directory, from, notes)? {
        match principal {
            Principal::Node(node) => {
                let has_below =
                    draft.policy.nodes.values().any(|known| known.parent.as_ref() == Some(&node));
                if has_below {
                    notes.add_widening("records of territories below are covered too");
                }
                rule.tagged.insert(node);
            }
            Principal::NodeAndBelow(node) => {
                rule.tagged.insert(node);
            }
            other => return Err(format!("`{other}` is not a territory")),
        }
    }
    let object = rule.object.clone();
    super::roles::tag(draft, &object, Rights::NONE);
    Ok(())
}

/// Records whose owners cannot have a role are left out: those of portal users without one.
fn leave_out_roleless(draft: &Draft<'_>, rule: &mut SharingRule) {
    rule.owned_by.insert(Principal::Population(Population::Internal));
    if draft.policy.trees.contains_key(ROLES) {
        rule.owned_by.insert(Principal::Placed(TreeId::new(ROLES)));
    }
    let queues = draft.policy.groups.iter().filter(|(_, group)| group.kind == GroupKind::Queue);
    rule.owned_by.extend(queues.map(|(id, _)| Principal::Group(id.clone())));
}
