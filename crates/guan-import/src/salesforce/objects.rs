//! Objects: sharing models, parents, and what their files say beside.

use super::draft::{Draft, Notes, ROLE_HIERARCHY, ROLES, Site};
use super::layout::{Document, Part, of_kind};
use super::{fields, standard};
use crate::report::Rating;
use guan_engine::model::{
    Baseline, Cover, ObjectId, Relation, RelationId, Rights, RollUp, RollUpId, RollUpSpan,
    RollUpWho,
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes every object file, and the roll-up that all objects share.
pub(super) fn take(draft: &mut Draft<'_>, documents: &[Document]) {
    draft.policy.roll_ups.insert(
        RollUpId::new(ROLE_HIERARCHY),
        RollUp {
            tree: ROLES.into(),
            who: RollUpWho::Placed,
            span: RollUpSpan::Below,
            covers: BTreeSet::from([Cover::Owned, Cover::Shared, Cover::Team, Cover::Ruled]),
            depth_max: None,
            rights: vec![Rights::FULL],
        },
    );
    for document in of_kind(documents, "CustomObject") {
        let id = draft.object(&document.name);
        let mut masters = Vec::new();
        for part in document.all("fields") {
            fields::take(draft, &id, part, &mut masters);
        }
        masters.sort();
        take_name(draft, &id, document);
        take_baselines(draft, &id, document, &masters);
        rate_the_rest(draft, document);
    }
}

/// The relations of a standard object; parents that no file mentions come into being.
pub(super) fn add_standard_relations(draft: &mut Draft<'_>, id: &ObjectId) {
    for known in standard::RELATIONS.iter().filter(|known| known.object == id.as_str()) {
        // A parent that nothing else names decides nothing, unless it is the account.
        if known.parent != id.as_str() && known.parent != "Account" && !known.implicit_parent {
            let name = draft.object_name(known.parent);
            if !draft.policy.objects.contains_key(&name) && !is_controlling(known) {
                continue;
            }
        }
        let parent = draft.object(known.parent);
        let field = draft.field(id, known.field);
        let relation = Relation {
            parent,
            implicit_parent: known.implicit_parent,
            implicit_child: known.implicit_child,
        };
        if let Some(object) = draft.policy.objects.get_mut(id) {
            object.relations.insert(RelationId::new(field.as_str()), relation);
        }
    }
}

fn is_controlling(relation: &standard::StandardRelation) -> bool {
    standard::RELATIONS
        .iter()
        .find(|known| known.object == relation.object)
        .is_some_and(|first| first.field == relation.field)
}

fn take_name(draft: &mut Draft<'_>, id: &ObjectId, document: &Document) {
    let label = document.value("label").to_owned();
    let name_field = document.all("nameField").next();
    let is_counted =
        name_field.as_ref().is_some_and(|part| part.element.value("type") == "AutoNumber");
    let name_label = name_field.map(|part| part.element.value("label").to_owned());
    if let Some(object) = draft.policy.objects.get_mut(id) {
        if !label.is_empty() {
            object.name = label;
        }
        if let (Some(name_label), Some(field)) = (name_label, object.fields.get_mut("Name")) {
            field.name = name_label;
            field.read_only |= is_counted;
        }
    }
}

fn take_baselines(
    draft: &mut Draft<'_>,
    id: &ObjectId,
    document: &Document,
    masters: &[(u64, String)],
) {
    let internal = document.all("sharingModel").next();
    let external = document.all("externalSharingModel").next();
    let Some(internal_part) = internal else {
        if let Some(part) = external {
            let why = "an external sharing model without an internal one";
            draft.rate(
                part.site(),
                "externalSharingModel",
                id.as_str(),
                Rating::not_supported(why),
            );
        }
        if !document.value("customSettingsType").is_empty()
            || ["__mdt", "__e", "__x", "__b"].iter().any(|end| id.as_str().ends_with(end))
        {
            draft.declared_objects.insert(id.clone());
            draft.assume(format!("`{id}` holds settings, events or outside data: it is private"));
        }
        return;
    };
    draft.declared_objects.insert(id.clone());
    let controlling = controlling_relation(draft, id, masters);
    let mut notes = Notes::default();
    let inside = baseline(&internal_part.element.text, controlling.as_ref(), &mut notes);
    draft.rate_noted(internal_part.site(), "sharingModel", id.as_str(), &notes);
    let outside = if let Some(part) = external {
        let mut notes = Notes::default();
        let outside = baseline(&part.element.text, controlling.as_ref(), &mut notes);
        draft.rate_noted(part.site(), "externalSharingModel", id.as_str(), &notes);
        outside
    } else if matches!(inside, Baseline::ControlledByParent(_)) {
        inside.clone()
    } else {
        draft.assume("objects without an external sharing model are private for external users");
        Baseline::Private
    };
    if masters.len() > 1 && matches!(inside, Baseline::ControlledByParent(_)) {
        draft.assume(format!("`{id}` has two masters: the first one alone controls it"));
    }
    if let Some(object) = draft.policy.objects.get_mut(id) {
        object.baseline.internal = inside;
        object.baseline.external = outside;
    }
}

fn controlling_relation(
    draft: &Draft<'_>,
    id: &ObjectId,
    masters: &[(u64, String)],
) -> Option<RelationId> {
    let object = draft.policy.objects.get(id)?;
    let standard = standard::RELATIONS.iter().find(|known| known.object == id.as_str());
    let name =
        masters.first().map(|(_, name)| name.as_str()).or(standard.map(|known| known.field))?;
    object.relations.contains_key(name).then(|| RelationId::new(name))
}

fn baseline(model: &str, controlling: Option<&RelationId>, notes: &mut Notes) -> Baseline {
    match model {
        "Private" => Baseline::Private,
        "Read" => Baseline::Read,
        "ReadSelect" => {
            notes.add("`ReadSelect` is taken as reading; choosing it in a form is not apart");
            Baseline::Read
        }
        "ReadWrite" => Baseline::Edit,
        "ReadWriteTransfer" => Baseline::EditAssign,
        "FullAccess" => Baseline::Full,
        "ControlledByParent" | "ControlledByLeadOrContact" | "ControlledByCampaign" => {
            if model == "ControlledByLeadOrContact" {
                notes.add("controlled by the campaign in place of the lead or contact");
            }
            if let Some(relation) = controlling {
                return Baseline::ControlledByParent(relation.clone());
            }
            notes.add("the parent that controls it is not in the files: taken as private");
            Baseline::Private
        }
        other => {
            notes.add(format!("the sharing model `{other}` is unknown: taken as private"));
            Baseline::Private
        }
    }
}

const TAKEN: [&str; 6] =
    ["fields", "sharingModel", "externalSharingModel", "label", "nameField", "fullName"];

/// Lists what else stands in the file, by kind of element and file.
fn rate_the_rest(draft: &mut Draft<'_>, document: &Document) {
    let rest = document.parts.iter().filter(|part| !TAKEN.contains(&part.element.name.as_str()));
    rate_ignored(draft, rest, &document.name, "it shapes forms and lists, and opens no record");
}

/// One entry for each kind of element in each file.
pub(super) fn rate_ignored<'d>(
    draft: &mut Draft<'_>,
    parts: impl Iterator<Item = &'d Part>,
    name: &str,
    why: &str,
) {
    let mut kinds: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for part in parts {
        let key = (&*part.file, part.element.name.as_str());
        kinds.entry(key).or_insert((part.element.line, 0)).1 += 1;
    }
    for ((file, element), (line, count)) in kinds {
        let site = Site { file, line };
        draft.rate_many(site, element, name, Rating::ignored(why), count);
    }
}
