//! Sharing sets: portal users reach records that a field path links to them.

use super::directory::Directory;
use super::draft::{Draft, Notes};
use super::layout::{Document, Part, of_kind};
use super::roles::level;
use super::sets::profile_id;
use crate::report::Rating;
use guan_engine::condition::{Comparison, Condition, Expression, Operand};
use guan_engine::model::{FieldType, Group, GroupId, Principal, RuleId, SharingRule};
use std::collections::BTreeSet;

/// Takes every sharing set: a group of the users with its profiles, and a rule for each mapping.
pub(super) fn take(draft: &mut Draft<'_>, directory: &Directory, documents: &[Document]) {
    for document in of_kind(documents, "SharingSet") {
        let group = GroupId::new(format!("sharing_set/{}", document.name));
        let mut members = BTreeSet::new();
        for part in document.all("profiles") {
            let mut notes = Notes::default();
            let profile = part.element.text.as_str();
            let id = profile_id(draft, profile);
            if !draft.policy.sets.contains_key(&id) {
                notes.add("the profile has no file");
            }
            match draft.users_by_profile.get(&profile.to_lowercase()) {
                Some(users) => members.extend(users.iter().cloned()),
                None if directory.has("User") => notes.add("no user has the profile"),
                None => notes.add("whom it names is unknown; give the rows of User"),
            }
            draft.rate_noted(part.site(), "SharingSet.profiles", profile, &notes);
        }
        let name = document.value("name").to_owned();
        draft.policy.groups.insert(group.clone(), Group { name, members, ..Group::default() });
        for part in document.all("accessMappings") {
            take_mapping(draft, document, part, &group);
        }
        for part in &document.parts {
            let element = part.element.name.as_str();
            if !["profiles", "accessMappings", "name", "description"].contains(&element) {
                let why = Rating::not_supported("this element is unknown");
                draft.rate(part.site(), element, &document.name, why);
            }
        }
    }
}

fn take_mapping(draft: &mut Draft<'_>, document: &Document, part: &Part, group: &GroupId) {
    let mut notes = Notes::default();
    let name = format!("{}.{}", document.name, part.element.value("object"));
    match rule(draft, part, group, &mut notes) {
        Ok(mut rule) => {
            document.value("name").clone_into(&mut rule.name);
            let base = format!("{}/sharing_set/{}", rule.object, document.name);
            let taken = (1_usize..).find_map(|number| {
                let id = RuleId::new(if number == 1 {
                    base.clone()
                } else {
                    format!("{base}/{number}")
                });
                (!draft.policy.rules.contains_key(&id)).then_some(id)
            });
            if let Some(id) = taken {
                draft.policy.rules.insert(id, rule);
            }
            notes.add("its users are those who have the profiles at the import");
            draft.rate_noted(part.site(), "accessMappings", &name, &notes);
        }
        Err(why) => draft.rate(part.site(), "accessMappings", &name, Rating::not_supported(why)),
    }
}

fn rule(
    draft: &mut Draft<'_>,
    part: &Part,
    group: &GroupId,
    notes: &mut Notes,
) -> Result<SharingRule, String> {
    let element = &part.element;
    let object_name = element.value("object");
    if object_name.is_empty() {
        return Err("a mapping without `object`".to_owned());
    }
    let word = element.value("accessLevel");
    let rights = level(word).ok_or_else(|| format!("the access level `{word}` is unknown"))?;
    let attribute = user_attribute(element.value("userField"))?;
    let path = record_field(object_name, element.value("objectField"), notes)?;
    let object = draft.object(object_name);
    let field = draft.field(&object, &path);
    draft.refine_type(&object, &field, FieldType::Reference);
    let left = Operand::Field(field);
    let expression =
        Expression::Compare(0, left, Comparison::Equal, Operand::User(attribute.to_owned()));
    let mut rule = SharingRule::new(object, rights);
    rule.when = Some(Condition::of(&expression).map_err(|error| error.to_string())?);
    rule.to = BTreeSet::from([Principal::Group(group.clone())]);
    rule.include_superiors = false;
    Ok(rule)
}

/// The attribute of the user that a path leads to.
fn user_attribute(path: &str) -> Result<&str, String> {
    Ok(match path {
        "Contact" | "ContactId" => "ContactId",
        // A portal user's account is that of their contact.
        "Account" | "AccountId" | "Contact.Account" => "AccountId",
        "Manager" => "ManagerId",
        "Id" => "Id",
        custom if custom.ends_with("__c") && !custom.contains('.') => custom,
        other => return Err(format!("the user path `{other}` leads over other records")),
    })
}

/// The field of the record that a path leads to.
fn record_field(object: &str, path: &str, notes: &mut Notes) -> Result<String, String> {
    Ok(match path {
        "Id" => "Id".to_owned(),
        "PersonContact.Account" if object == "Account" => {
            notes.add("a person account is its own contact's account");
            "Id".to_owned()
        }
        "Account" | "Contact" | "Case" | "Asset" | "Opportunity" | "ServiceContract" | "Lead" => {
            if path == object {
                "Id".to_owned()
            } else {
                format!("{path}Id")
            }
        }
        dotted if dotted.contains('.') => {
            return Err(format!("the record path `{dotted}` leads over other records"));
        }
        "" => return Err("a mapping without `objectField`".to_owned()),
        plain => plain.to_owned(),
    })
}
