//! Restriction rules: they take records or fields away, so losing one widens access.

use super::directory::{Directory, is_true};
use super::draft::{Draft, Notes};
use super::formula::{self, Scope};
use super::layout::{Document, of_kind};
use crate::report::Rating;
use guan_engine::condition::{Condition, Expression};
use guan_engine::model::{FieldId, FieldType, ObjectId, Restriction, RestrictionId};
use std::collections::BTreeSet;

/// Takes restriction rules and field restriction rules.
pub(super) fn take(draft: &mut Draft<'_>, directory: &Directory, documents: &[Document]) {
    for kind in ["RestrictionRule", "FieldRestrictionRule"] {
        for document in of_kind(documents, kind) {
            take_one(draft, directory, document);
        }
    }
}

fn take_one(draft: &mut Draft<'_>, directory: &Directory, document: &Document) {
    let (site, kind, name) = (document.site(), document.kind.as_str(), document.name.as_str());
    if document.value("enforcementType") == "Scoping" {
        let why = "a scoping rule chooses what lists show first; it takes nothing away";
        return draft.rate(site, kind, name, Rating::ignored(why));
    }
    let mut notes = Notes::default();
    match restriction(draft, directory, document, &mut notes) {
        Ok(restriction) => {
            let base = if kind == "RestrictionRule" { String::new() } else { "field/".to_owned() };
            let id = RestrictionId::new(format!("{base}{name}"));
            draft.policy.restrictions.insert(id, restriction);
            draft.rate_noted(site, kind, name, &notes);
        }
        Err(why) if is_true(document.value("active")) => {
            draft.rate_widening(site, kind, name, Rating::not_supported(why));
        }
        Err(why) => {
            let why = format!("{why} (it is inactive)");
            draft.rate(site, kind, name, Rating::not_supported(why));
        }
    }
}

fn restriction(
    draft: &mut Draft<'_>,
    directory: &Directory,
    document: &Document,
    notes: &mut Notes,
) -> Result<Restriction, String> {
    let target = document.value("targetEntity");
    if target.is_empty() {
        return Err("the rule has no `targetEntity`".to_owned());
    }
    let object = draft.object(target);
    let whose = match document.value("userCriteria") {
        "" => None,
        text => Some(user_condition(draft, directory, text)?),
    };
    let hides_fields = document.kind == "FieldRestrictionRule";
    let only = match document.value("recordFilter") {
        "" if hides_fields => {
            Condition::of(&Expression::Constant(false)).map_err(|error| error.to_string())?
        }
        "" => return Err("the rule has no `recordFilter`".to_owned()),
        text => record_condition(draft, directory, &object, text, notes)?,
    };
    let fields =
        if hides_fields { hidden_fields(draft, document, &object)? } else { BTreeSet::new() };
    if !hides_fields {
        draft.assume(
            "several active restriction rules on one user all count; the vendor honours one",
        );
    }
    Ok(Restriction {
        object,
        name: document.value("masterLabel").to_owned(),
        active: is_true(document.value("active")),
        who: BTreeSet::new(),
        whose,
        actions: BTreeSet::new(),
        only,
        fields,
        exempt_all: !hides_fields,
    })
}

fn user_condition(
    draft: &Draft<'_>,
    directory: &Directory,
    text: &str,
) -> Result<Condition, String> {
    let parsed = formula::parse(text, Scope::User)?;
    let expression = formula::resolve(draft, directory, None, parsed)?;
    Condition::of(&expression).map_err(|error| error.to_string())
}

fn record_condition(
    draft: &mut Draft<'_>,
    directory: &Directory,
    object: &ObjectId,
    text: &str,
    notes: &mut Notes,
) -> Result<Condition, String> {
    let parsed = formula::parse(text, Scope::Record)?;
    formula::declare_fields(draft, object, &parsed);
    let expression = formula::resolve(draft, directory, Some(object), parsed)?;
    let condition = Condition::of(&expression).map_err(|error| error.to_string())?;
    let known = draft.policy.objects.get(object).ok_or("the object is unknown")?;
    condition.check(known).map_err(|error| error.to_string())?;
    let textual = condition.fields().into_iter().any(|field| {
        known.fields.get(field).is_some_and(|field| field.field_type == FieldType::Text)
    });
    if textual {
        notes.add("text is compared with upper and lower case apart");
    }
    Ok(condition)
}

/// The fields that a rule hides: a class of compliance, or the ones it lists.
fn hidden_fields(
    draft: &mut Draft<'_>,
    document: &Document,
    object: &ObjectId,
) -> Result<BTreeSet<FieldId>, String> {
    let mut fields: BTreeSet<FieldId> = BTreeSet::new();
    for part in document.all("fields") {
        for name in part.element.text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let bare = name.rsplit('.').next().unwrap_or(name);
            fields.insert(draft.field(object, bare));
        }
    }
    let classification = document.value("classification");
    if !classification.is_empty() {
        let classed = draft.labels.iter().filter(|((of, _), labels)| {
            of == object && labels.split(';').any(|label| label.trim() == classification)
        });
        fields.extend(classed.map(|((_, field), _)| field.clone()));
    }
    if fields.is_empty() {
        return Err(format!(
            "the fields of `{classification}` are not in the files; they stay visible"
        ));
    }
    Ok(fields)
}
