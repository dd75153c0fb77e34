//! Fields: types, parents, sensitivity, which of them no permission hides, and which must have a value.

use super::draft::{Draft, Notes};
use super::layout::Part;
use super::standard;
use crate::report::Rating;
use crate::xml::Element;
use guan_engine::model::{Field, FieldClass, FieldId, FieldType, ObjectId, Relation, RelationId};

/// Takes a field definition; master-detail fields join `masters` with their order.
pub(super) fn take(
    draft: &mut Draft<'_>,
    object: &ObjectId,
    part: &Part,
    masters: &mut Vec<(u64, String)>,
) {
    let element = &part.element;
    let name = element.value("fullName");
    if name.is_empty() {
        let why = "a field without `fullName`";
        return draft.rate(part.site(), "field", object.as_str(), Rating::not_supported(why));
    }
    let full_name = format!("{object}.{name}");
    let mut notes = Notes::default();
    let vendor_type = element.value("type");
    let field_type = field_type(object, name, vendor_type, element.value("summaryOperation"))
        .unwrap_or_else(|| {
            if !vendor_type.is_empty() {
                notes.add(format!("the type `{vendor_type}` is unknown: taken as text"));
            }
            FieldType::Text
        });
    let is_computed = matches!(vendor_type, "AutoNumber" | "Summary")
        || !element.value("formula").is_empty()
        || !element.value("summaryOperation").is_empty();
    let is_master = vendor_type == "MasterDetail";
    let is_required = element.value("required").eq_ignore_ascii_case("true");
    let visible = is_master
        || (is_required && name.ends_with("__c"))
        || standard::is_always_visible(object.as_str(), name);
    let read_only = is_computed || standard::is_set_by_the_system(object.as_str(), name);
    // A record has no detail without a master; a checkbox has a value always.
    let must_have = is_master || (is_required && field_type != FieldType::Boolean);
    if must_have && !read_only && has_default(element) {
        notes.add("its default is not taken: whoever makes a record states the value");
    }
    let known = Field {
        name: element.value("label").to_owned(),
        field_type,
        secured: visible.then_some(false),
        class: class(element.value("complianceGroup"), element.value("securityClassification")),
        mask: None,
        indexed: standard::is_sorted_by(name),
        searchable: false,
        read_only,
        required: must_have && !read_only,
        ..Field::default()
    };
    if vendor_type == "EncryptedText" {
        notes.add("the value is not shown masked: who may read the field reads it in clear");
    }
    let labels =
        [element.value("complianceGroup"), element.value("securityClassification")].join(";");
    if labels.len() > 1 {
        draft.labels.insert((object.clone(), FieldId::new(name)), labels);
    }
    let parent = parent_name(element.value("referenceTo"), vendor_type);
    if let Some(known_object) = draft.policy.objects.get_mut(object) {
        let entry = known_object.fields.entry(FieldId::new(name)).or_default();
        let system = entry.secured;
        *entry = known;
        entry.secured = entry.secured.or(system.filter(|_| !name.ends_with("__c")));
    }
    if let Some(parent) = parent {
        let parent = draft.object(parent);
        let relation = Relation { parent, implicit_parent: false, implicit_child: false };
        if let Some(known_object) = draft.policy.objects.get_mut(object) {
            known_object.relations.entry(RelationId::new(name)).or_insert(relation);
        }
    }
    if is_master {
        let order = element.value("relationshipOrder").parse().unwrap_or(0);
        masters.push((order, name.to_owned()));
    }
    draft.rate_noted(part.site(), "field", &full_name, &notes);
}

/// Whether a new record gets a value that nobody states.
fn has_default(element: &Element) -> bool {
    !element.value("defaultValue").is_empty() || has_chosen(element)
}

/// Whether one of the values that can be chosen is chosen at first.
fn has_chosen(element: &Element) -> bool {
    let is_chosen = |inner: &Element| inner.name == "default" && inner.text == "true";
    element.children.iter().any(|inner| is_chosen(inner) || has_chosen(inner))
}

fn field_type(object: &ObjectId, name: &str, vendor: &str, summary: &str) -> Option<FieldType> {
    if !summary.is_empty() {
        return Some(FieldType::Number);
    }
    if vendor.is_empty() {
        // A standard field in a project states only what was changed about it.
        return Some(standard::field_type(object.as_str(), name).unwrap_or_default());
    }
    standard::type_of(vendor)
}

/// The object on the other end, where records of it may be parents.
fn parent_name<'e>(reference: &'e str, vendor_type: &str) -> Option<&'e str> {
    let is_link = matches!(vendor_type, "Lookup" | "MasterDetail" | "Hierarchy");
    let is_record = !matches!(reference, "" | "User" | "Group" | "Profile" | "UserRole");
    (is_link && is_record).then_some(reference)
}

/// The model's class for the vendor's two labels; the stricter wins.
fn class(groups: &str, classification: &str) -> Option<FieldClass> {
    let is_restricted = matches!(classification, "Confidential" | "Restricted" | "MissionCritical");
    let has = |names: &[&str]| groups.split(';').any(|group| names.contains(&group.trim()));
    let is_personal = has(&["PII", "GDPR", "CCPA", "PersonalInfo"]);
    if has(&["HIPAA", "COPPA"]) || (is_personal && is_restricted) {
        return Some(FieldClass::Sensitive);
    }
    if is_restricted {
        return Some(FieldClass::Protected);
    }
    if is_personal {
        return Some(FieldClass::Personal);
    }
    has(&["PCI"]).then_some(FieldClass::Financial)
}
