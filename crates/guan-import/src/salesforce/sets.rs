//! Profiles, permission sets, muting sets, and groups of sets.

use super::directory::{Directory, is_true};
use super::draft::{Draft, Notes, SessionLimits, Site};
use super::layout::{Document, Part, of_kind};
use super::objects::rate_ignored;
use super::{grants, logins};
use crate::report::Rating;
use guan_engine::model::{PermissionSet, PermissionSetGroup, SetGroupId, SetId, SetKind};
use std::collections::BTreeSet;

/// Takes every set, then the groups of them.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory, documents: &[Document]) {
    for (element, kind) in KINDS {
        for document in of_kind(documents, element) {
            take_set(draft, document, kind);
        }
    }
    for document in of_kind(documents, "PermissionSetGroup") {
        take_group(draft, document);
    }
    for document in of_kind(documents, "CustomPermission") {
        let mut notes = Notes::default();
        if document.all("requiredPermission").next().is_some() {
            notes.add("the permissions that it requires are not checked");
        }
        draft.rate_noted(document.site(), "CustomPermission", &document.name, &notes);
    }
    note_set_rows(draft, directory);
}

const KINDS: [(&str, SetKind); 3] = [
    ("Profile", SetKind::Profile),
    ("PermissionSet", SetKind::PermissionSet),
    ("MutingPermissionSet", SetKind::Muting),
];

/// The id of a set by its kind and API name.
pub(super) fn set_id(name: &str, kind: SetKind) -> SetId {
    match kind {
        SetKind::Profile => SetId::new(format!("profile/{name}")),
        SetKind::Muting => SetId::new(format!("muting/{name}")),
        SetKind::PermissionSet | SetKind::SecurityRole => SetId::new(name),
    }
}

/// Elements that open pages, code and setup. They open no record, field or object.
const NOT_RECORDS: [&str; 22] = [
    "agentAccesses",
    "applicationVisibilities",
    "categoryGroupVisibilities",
    "classAccesses",
    "customMetadataTypeAccesses",
    "customSettingAccesses",
    "dataspaceScopes",
    "emailRoutingAddressAccesses",
    "externalCredentialPrincipalAccesses",
    "externalDataSourceAccesses",
    "flowAccesses",
    "layoutAssignments",
    "loginFlows",
    "pageAccesses",
    "profileActionOverrides",
    "recordTypeVisibilities",
    "servicePresenceStatusAccesses",
    "tabSettings",
    "tabVisibilities",
    "userLicense",
    "license",
    "custom",
];
const HEADER: [&str; 4] = ["label", "description", "fullName", "hasActivationRequired"];

fn take_set(draft: &mut Draft<'_>, document: &Document, kind: SetKind) {
    let id = set_id(&document.name, kind);
    let mut set = PermissionSet {
        name: some_name(document.value("label"), &document.name),
        kind,
        needs_activation: is_true(document.value("hasActivationRequired")),
        ..PermissionSet::default()
    };
    draft.rate(document.site(), &document.kind, &document.name, Rating::Exact);
    let mut limits = SessionLimits::default();
    for part in &document.parts {
        let child = part.element.name.as_str();
        match child {
            "objectPermissions" => grants::take_object(draft, &mut set, part),
            "fieldPermissions" | "fieldLevelSecurities" => {
                grants::take_field(draft, &mut set, part);
            }
            "userPermissions" => grants::take_system(draft, &mut set, part),
            "customPermissions" => grants::take_custom(draft, &mut set, part),
            "loginIpRanges" => logins::take_range(draft, &mut limits, part, &document.name),
            "loginHours" => logins::take_hours(draft, &mut limits, part, &document.name),
            _ if NOT_RECORDS.contains(&child) || HEADER.contains(&child) => {}
            _ => {
                let why = "this element is unknown";
                let name = format!("{}.{child}", document.name);
                draft.rate(part.site(), child, &name, Rating::not_supported(why));
            }
        }
    }
    let rest = document.parts.iter().filter(|part| is_not_records(part));
    rate_ignored(draft, rest, &document.name, "it opens pages, code or setup, not records");
    grants::spread(&mut set);
    if limits.hours.is_some() || !limits.networks.is_empty() || !limits.sites.is_empty() {
        draft.limits.insert(id.clone(), limits);
    }
    draft.policy.sets.insert(id, set);
}

fn is_not_records(part: &Part) -> bool {
    NOT_RECORDS.contains(&part.element.name.as_str())
}

fn some_name(label: &str, name: &str) -> String {
    if label.is_empty() { name.to_owned() } else { label.to_owned() }
}

fn take_group(draft: &mut Draft<'_>, document: &Document) {
    let mut notes = Notes::default();
    let status = document.value("status");
    if !matches!(status, "" | "Updated") {
        notes.add(format!("its status is `{status}`; it counts as recalculated at once"));
    }
    let mut sets = BTreeSet::new();
    for part in document.all("permissionSets") {
        let id = set_id(&part.element.text, SetKind::PermissionSet);
        if draft.policy.sets.contains_key(&id) {
            sets.insert(id);
        } else {
            notes.add(format!("its set `{}` has no file", part.element.text));
        }
    }
    let mut muting = BTreeSet::new();
    for part in document.all("mutingPermissionSets") {
        let id = set_id(&part.element.text, SetKind::Muting);
        if draft.policy.sets.contains_key(&id) {
            muting.insert(id);
        } else {
            notes.add_widening(format!("its muting set `{}` has no file", part.element.text));
        }
    }
    let group = PermissionSetGroup {
        name: some_name(document.value("label"), &document.name),
        sets,
        muting,
        needs_activation: is_true(document.value("hasActivationRequired")),
    };
    draft.policy.set_groups.insert(SetGroupId::new(document.name.as_str()), group);
    draft.rate_noted(document.site(), "PermissionSetGroup", &document.name, &notes);
}

/// Rows of sets without a file: named by assignments, they would give nothing.
fn note_set_rows(draft: &mut Draft<'_>, directory: &mut Directory) {
    for table in directory.tables("PermissionSet") {
        for row in table.rows() {
            let name = row.value("Name");
            let is_owned = is_true(row.value("IsOwnedByProfile"));
            if is_owned || draft.policy.sets.contains_key(name) {
                draft.count_row("PermissionSet rows");
            } else {
                let site: Site<'_> = table.site(&row);
                let why = "the set has no file: what it grants is unknown";
                draft.rate(site, "PermissionSet rows", name, Rating::not_supported(why));
            }
        }
    }
    for (table_name, is_known) in [("PermissionSetGroup", true), ("Profile", false)] {
        for table in directory.tables(table_name) {
            for row in table.rows() {
                let name = row.any(&["DeveloperName", "Name"]);
                let has_file = if is_known {
                    draft.policy.set_groups.contains_key(name)
                } else {
                    draft.policy.sets.contains_key(&profile_id(draft, name))
                };
                let element = format!("{table_name} rows");
                if has_file {
                    draft.count_row(&element);
                } else {
                    let why = "it has no file: what it grants is unknown";
                    draft.rate(table.site(&row), &element, name, Rating::not_supported(why));
                }
            }
        }
    }
}

/// The profile that a name stands for: the file's name, or what people see, in any case.
pub(super) fn profile_id(draft: &Draft<'_>, name: &str) -> SetId {
    let file_name = super::standard::PROFILES
        .iter()
        .find(|(seen, _)| seen.eq_ignore_ascii_case(name))
        .map_or(name, |(_, file)| *file);
    let exact = set_id(file_name, SetKind::Profile);
    if draft.policy.sets.contains_key(&exact) {
        return exact;
    }
    let wanted = exact.as_str().to_lowercase();
    let similar = draft.policy.sets.keys().find(|id| id.as_str().to_lowercase() == wanted);
    similar.cloned().unwrap_or(exact)
}
