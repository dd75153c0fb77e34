//! The three layouts of metadata into one: documents by kind and name, whatever files they span.

use super::draft::{Draft, Site};
use crate::report::Rating;
use crate::xml::Element;
use crate::{Files, text};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// One metadata component with all its parts.
#[derive(Debug)]
pub(super) struct Document {
    /// The root element, such as `PermissionSet`.
    pub(super) kind: String,
    /// The API name.
    pub(super) name: String,
    /// Children of the root with the file each stands in.
    pub(super) parts: Vec<Part>,
    /// The first file, and the line of its root.
    pub(super) file: Rc<str>,
    pub(super) line: u64,
}

/// A child of a document's root.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) file: Rc<str>,
    pub(super) element: Element,
}

impl Part {
    pub(super) fn site(&self) -> Site<'_> {
        Site { file: &self.file, line: self.element.line }
    }
}

impl Document {
    pub(super) fn site(&self) -> Site<'_> {
        Site { file: &self.file, line: self.line }
    }
    /// The text of the first child of this name; empty when there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.parts
            .iter()
            .find(|part| part.element.name == name)
            .map_or("", |part| part.element.text.as_str())
    }
    /// The children of this name.
    pub(super) fn all<'d>(&'d self, name: &'d str) -> impl Iterator<Item = &'d Part> {
        self.parts.iter().filter(move |part| part.element.name == name)
    }
}

/// Documents in the order of kind and name.
pub(super) type Documents = Vec<Document>;

pub(super) fn of_kind<'d>(
    documents: &'d [Document],
    kind: &'d str,
) -> impl Iterator<Item = &'d Document> {
    documents.iter().filter(move |document| document.kind == kind)
}

/// Suffixes of metadata files that need not end in `.xml`.
const SUFFIXES: [&str; 20] = [
    "profile",
    "permissionset",
    "permissionsetgroup",
    "mutingpermissionset",
    "role",
    "group",
    "queue",
    "sharingrules",
    "sharingset",
    "rule",
    "object",
    "field",
    "territory",
    "territory2",
    "territory2model",
    "territory2rule",
    "territory2type",
    "settings",
    "custompermission",
    "useraccesspolicy",
];

/// Tokens of build tools that stand for a namespace; without a replacement they stand for none.
const TOKENS: [&str; 6] = [
    "%%%NAMESPACED_ORG%%%",
    "%%%NAMESPACE_OR_C%%%",
    "%%%NAMESPACE_DOT%%%",
    "%%%NAMESPACE%%%",
    "___NAMESPACE___",
    "___NAMESPACED_ORG___",
];

/// Reads every metadata file and joins the parts of each component.
pub(super) fn documents(draft: &mut Draft<'_>, files: &Files) -> Documents {
    let mut joined: BTreeMap<(String, String), Document> = BTreeMap::new();
    for (path, why) in files.skipped() {
        let site = Site { file: path, line: 0 };
        draft.rate(site, "file", path, Rating::ignored(why));
    }
    for (raw_path, bytes) in files.iter() {
        let path = replace_tokens(draft, raw_path);
        if !is_metadata(&path) {
            let site = Site { file: raw_path, line: 0 };
            let why = if path.to_lowercase().ends_with(".csv") {
                "data rows: give them as rows"
            } else {
                "not a metadata file"
            };
            draft.rate(site, "file", &path, Rating::ignored(why));
            continue;
        }
        let Some(root) = read(draft, raw_path, bytes) else { continue };
        let line = root.line;
        if !add(&mut joined, raw_path, &path, root) {
            let why = Rating::not_supported("the file's name gives the component no name");
            draft.rate_widening(Site { file: raw_path, line }, "file", &path, why);
        }
    }
    let mut documents: Documents = joined.into_values().collect();
    for document in &mut documents {
        drop_repeats(draft, document);
        rate_contradictions(draft, document);
    }
    documents
}

fn replace_tokens(draft: &mut Draft<'_>, text: &str) -> String {
    let mut text = text.to_owned();
    for (token, value) in &draft.options.tokens {
        if !token.is_empty() && text.contains(token.as_str()) {
            text = text.replace(token.as_str(), value);
        }
    }
    for token in TOKENS {
        if text.contains(token) {
            draft.assume(format!(
                "the token `{token}` stands for nothing; give its value to change that"
            ));
            let value = if token == "%%%NAMESPACE_OR_C%%%" { "c" } else { "" };
            text = text.replace(token, value);
        }
    }
    text
}

fn is_metadata(path: &str) -> bool {
    let lower = path.to_lowercase();
    let suffix = lower.rsplit('.').next().unwrap_or_default();
    suffix == "xml" || SUFFIXES.contains(&suffix)
}

fn read(draft: &mut Draft<'_>, path: &str, bytes: &[u8]) -> Option<Element> {
    let lost = |draft: &mut Draft<'_>, line: u64, why: String| {
        let site = Site { file: path, line };
        draft.rate_widening(site, "file", path, Rating::not_supported(why));
        None
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let site = Site { file: path, line: 0 };
        draft.rate(site, "file", path, Rating::ignored("an empty file"));
        return None;
    }
    let text = match text::decode(bytes) {
        Ok(text) => text,
        Err(error) => return lost(draft, error.line, error.to_string()),
    };
    let text = replace_tokens(draft, &text);
    match Element::parse(&text) {
        Ok(root) => Some(root),
        Err(error) => lost(draft, error.line, error.to_string()),
    }
}

/// Adds what a file holds to its component; `false` when the component has no name.
fn add(
    joined: &mut BTreeMap<(String, String), Document>,
    raw_path: &str,
    path: &str,
    mut root: Element,
) -> bool {
    let file: Rc<str> = Rc::from(raw_path);
    let parts: Vec<&str> = path.split('/').collect();
    let (kind, name, wrapped) = identify(&root.name, &parts);
    if name.is_empty() {
        return false;
    }
    let line = root.line;
    let children = if wrapped {
        root.name = plural(&root.name);
        vec![root]
    } else {
        root.children
    };
    // Files of sharing rules are named after objects in any case.
    let key = if kind == "SharingRules" { name.to_lowercase() } else { name.clone() };
    let document = joined.entry((kind.clone(), key)).or_insert_with(|| Document {
        kind,
        name,
        parts: Vec::new(),
        file: Rc::clone(&file),
        line,
    });
    document
        .parts
        .extend(children.into_iter().map(|element| Part { file: Rc::clone(&file), element }));
    true
}

/// Kind and name of the component that a file belongs to, and whether its root is one part of it.
fn identify(root: &str, path: &[&str]) -> (String, String, bool) {
    let stem = path.last().map(|file| stem(file)).unwrap_or_default();
    // The folder or file right after the type's folder names the component.
    let component = |folder: &str| {
        let at = path.iter().rposition(|part| *part == folder)?;
        let is_folder = at + 2 < path.len();
        path.get(at + 1)
            .map(|part| if is_folder { text::tidy(&decode_percent(part)) } else { stem_of(part) })
    };
    let within = |kind: &str, folder: &str, wrapped: bool| {
        (kind.to_owned(), component(folder).unwrap_or_else(|| stem.clone()), wrapped)
    };
    if let Some(set) = SET_PARTS.contains(&root).then(|| {
        if component("permissionsets").is_none() && component("mutingpermissionsets").is_some() {
            within("MutingPermissionSet", "mutingpermissionsets", true)
        } else {
            within("PermissionSet", "permissionsets", true)
        }
    }) {
        return set;
    }
    match root {
        "CustomPermission" if component("permissionsets").is_some() => {
            within("PermissionSet", "permissionsets", true)
        }
        "PermissionSet" => within("PermissionSet", "permissionsets", false),
        "MutingPermissionSet" => within("MutingPermissionSet", "mutingpermissionsets", false),
        "SharingRules" => within("SharingRules", "sharingRules", false),
        "SharingCriteriaRule"
        | "SharingOwnerRule"
        | "SharingTerritoryRule"
        | "SharingGuestRule" => within("SharingRules", "sharingRules", true),
        "CustomObject" => within("CustomObject", "objects", false),
        "CustomField" => within("CustomObject", "objects", true),
        _ => (root.to_owned(), stem, false),
    }
}

/// Roots of files that hold one grant of a set.
const SET_PARTS: [&str; 15] = [
    "ObjectPermission",
    "FieldPermission",
    "UserPermission",
    "ClassAccess",
    "PageAccess",
    "TabSetting",
    "ApplicationVisibility",
    "RecordTypeVisibility",
    "FlowAccess",
    "CustomMetadataTypeAccess",
    "CustomSettingAccess",
    "ExternalDataSourceAccess",
    "ExternalCredentialPrincipalAccess",
    "AgentAccess",
    "EmailRoutingAddressAccess",
];

fn plural(root: &str) -> String {
    let mut name: String = root
        .char_indices()
        .map(|(at, character)| if at == 0 { character.to_ascii_lowercase() } else { character })
        .collect();
    if root == "CustomField" {
        return "fields".to_owned();
    }
    if name.ends_with('y') {
        name.pop();
        name.push_str("ies");
    } else if name.ends_with('s') {
        name.push_str("es");
    } else {
        name.push('s');
    }
    name
}

fn stem_of(file: &str) -> String {
    stem(file)
}

/// The API name in a file name: without `-meta.xml` and suffix, percent-decoded.
fn stem(file: &str) -> String {
    let bare = file.strip_suffix("-meta.xml").unwrap_or(file);
    let bare = bare.rsplit_once('.').map_or(bare, |(name, _)| name);
    text::tidy(&decode_percent(bare))
}

fn decode_percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let digits = (*first == b'%').then(|| tail.split_at_checked(2)).flatten();
        let decoded = digits.and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        if let Some((byte, after)) = decoded {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The same part twice, as some projects keep a whole file beside the pieces.
fn drop_repeats(draft: &mut Draft<'_>, document: &mut Document) {
    let mut seen = BTreeSet::new();
    let mut repeats: BTreeMap<Rc<str>, (u64, u64)> = BTreeMap::new();
    document.parts.retain(|part| {
        let is_new = seen.insert(canonical(&part.element));
        if !is_new {
            repeats.entry(Rc::clone(&part.file)).or_insert((part.element.line, 0)).1 += 1;
        }
        is_new
    });
    for (file, (line, count)) in repeats {
        let site = Site { file: &file, line };
        let why = Rating::ignored("stated a second time in the same words");
        draft.rate_many(site, "repeat", &document.name, why, count);
    }
}

/// What a component can say once only, and what bears permissions.
const SAID_ONCE: [&str; 18] = [
    "accountAccessLevel",
    "active",
    "caseAccessLevel",
    "classification",
    "contactAccessLevel",
    "doesIncludeBosses",
    "enforcementType",
    "externalSharingModel",
    "hasActivationRequired",
    "loginHours",
    "opportunityAccessLevel",
    "parentRole",
    "parentTerritory",
    "recordFilter",
    "sharingModel",
    "targetEntity",
    "userCriteria",
    "version",
];

/// Two files that say different things about one component: the first counts.
fn rate_contradictions(draft: &mut Draft<'_>, document: &Document) {
    let mut said = BTreeSet::new();
    for part in &document.parts {
        let element = part.element.name.as_str();
        if SAID_ONCE.contains(&element) && !said.insert(element) {
            let why = "stated a second time in different words: the first counts";
            draft.rate_widening(part.site(), element, &document.name, Rating::not_supported(why));
        }
    }
}

/// A text that is equal for elements that say the same, whatever the order of their children.
fn canonical(element: &Element) -> String {
    let mut children: Vec<(&str, String)> =
        element.children.iter().map(|child| (child.name.as_str(), canonical(child))).collect();
    // A stable sort: children of one name keep their order, which numbers criteria.
    children.sort_by_key(|(name, _)| *name);
    let inner: String = children.into_iter().map(|(_, text)| text).collect();
    format!("<{}>{:?}{inner}</>", element.name, element.text)
}

/// Kinds that other modules take.
const TAKEN: [&str; 17] = [
    "CustomObject",
    "CustomPermission",
    "FieldRestrictionRule",
    "Group",
    "MutingPermissionSet",
    "PermissionSet",
    "PermissionSetGroup",
    "Profile",
    "Queue",
    "RestrictionRule",
    "Role",
    "SharingRules",
    "SharingSet",
    "SharingSettings",
    "Territory",
    "Territory2",
    "Territory2Model",
];

/// Kinds that bear permissions and have no counterpart.
const LOST: [(&str, &str); 3] = [
    ("AccountRelationshipShareRule", "shares along account relationships have no counterpart"),
    ("TransactionSecurityPolicy", "rules on events of a session have no counterpart"),
    (
        "UserAccessPolicy",
        "sets given by a rule on users: give the resulting PermissionSetAssignment rows",
    ),
];

/// Rates the documents that no module took.
pub(super) fn rate_the_rest(draft: &mut Draft<'_>, documents: &[Document]) {
    for document in documents {
        if TAKEN.contains(&document.kind.as_str()) {
            continue;
        }
        let lost = LOST.iter().find(|(kind, _)| *kind == document.kind);
        let rating = match lost {
            Some((_, why)) => Rating::not_supported(*why),
            None => Rating::ignored("this kind of file bears no permission on records"),
        };
        draft.rate(document.site(), &document.kind, &document.name, rating);
    }
}
