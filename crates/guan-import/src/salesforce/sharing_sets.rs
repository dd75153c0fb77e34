//! Sharing sets: portal users reach records that a field path links to them.

use super::directory::Directory;
use super::draft::{Draft, Notes};
use super::layout::{Document, Part, of_kind};
use super::roles::level;
use super::sets::profile_id;
use crate::report::Rating;
use guan_engine::condition::{Comparison, Condition, Expression, Operand};
use guan_engine::model::{
    FieldId, FieldType, ObjectId, Principal, Rights, RuleId, SharingRule, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes every sharing set: for each mapping one rule for each value that links users to records.
pub(super) fn take(draft: &mut Draft<'_>, directory: &Directory, documents: &[Document]) {
    for document in of_kind(documents, "SharingSet") {
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
        for part in document.all("accessMappings") {
            take_mapping(draft, document, part, &members);
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

fn take_mapping(
    draft: &mut Draft<'_>,
    document: &Document,
    part: &Part,
    members: &BTreeSet<Principal>,
) {
    let mut notes = Notes::default();
    let name = format!("{}.{}", document.name, part.element.value("object"));
    match mapping(draft, part, &mut notes) {
        Ok(mapping) => {
            add_rules(draft, document, &mapping, members);
            notes.add("it acts for the users of its profiles as they are at the import");
            draft.rate_noted(part.site(), "accessMappings", &name, &notes);
        }
        Err(why) => draft.rate(part.site(), "accessMappings", &name, Rating::not_supported(why)),
    }
}

/// A mapping whose paths can be followed.
struct Mapping {
    object: ObjectId,
    field: FieldId,
    attribute: String,
    rights: Rights,
}

fn mapping(draft: &mut Draft<'_>, part: &Part, notes: &mut Notes) -> Result<Mapping, String> {
    let element = &part.element;
    let object_name = element.value("object");
    if object_name.is_empty() {
        return Err("a mapping without `object`".to_owned());
    }
    let word = element.value("accessLevel");
    let rights = level(word).ok_or_else(|| format!("the access level `{word}` is unknown"))?;
    let attribute = user_attribute(element.value("userField"))?.to_owned();
    let path = record_field(object_name, element.value("objectField"), notes)?;
    let object = draft.object(object_name);
    let field = draft.field(&object, &path);
    draft.refine_type(&object, &field, FieldType::Reference);
    Ok(Mapping { object, field, attribute, rights })
}

/// A rule reads no subject, so each value of the users' side gets a rule of its own.
fn add_rules(
    draft: &mut Draft<'_>,
    document: &Document,
    mapping: &Mapping,
    members: &BTreeSet<Principal>,
) {
    let mut by_value: BTreeMap<String, BTreeSet<Principal>> = BTreeMap::new();
    for member in members {
        let Principal::User(id) = member else { continue };
        let value = draft
            .policy
            .users
            .get(id)
            .and_then(|user| user.attributes.get(&mapping.attribute))
            .map(ToString::to_string);
        if let Some(value) = value {
            by_value.entry(value).or_default().insert(member.clone());
        }
    }
    for (value, users) in by_value {
        let left = Operand::Field(mapping.field.clone());
        let right = Operand::Literal(Value::Text(value.clone()));
        let expression = Expression::Compare(0, left, Comparison::Equal, right);
        let Ok(when) = Condition::of(&expression) else { continue };
        let mut rule = SharingRule::new(mapping.object.clone(), mapping.rights);
        document.value("name").clone_into(&mut rule.name);
        rule.when = Some(when);
        rule.to = users;
        rule.include_superiors = false;
        let Mapping { object, field, .. } = mapping;
        let id = format!("{object}/sharing_set/{}/{field}/{value}", document.name);
        draft.policy.rules.insert(RuleId::new(id), rule);
    }
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
