//! Roles and territories: the trees, with the levels that stand at their nodes.

use super::directory::Directory;
use super::draft::{Draft, Notes, ROLES, Site, TERRITORIES};
use super::layout::{Document, of_kind};
use crate::report::Rating;
use guan_engine::model::{
    Dimension, LIMITS, Node, NodeId, ObjectId, Rights, Tree, TreeId, TreeKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes role and territory files, then the rows that add to them.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory, documents: &[Document]) {
    for document in of_kind(documents, "Role") {
        let id = NodeId::new(document.name.as_str());
        let mut notes = Notes::default();
        let mut levels = BTreeMap::new();
        for (element, object) in ROLE_LEVELS {
            take_level(&mut levels, document.value(element), object, &mut notes);
        }
        let parent = Some(document.value("parentRole")).filter(|name| !name.is_empty());
        add_node(
            draft,
            ROLES,
            id,
            Node {
                tree: ROLES.into(),
                parent: parent.map(NodeId::new),
                name: document.value("name").to_owned(),
                levels,
            },
        );
        note_site(draft, &document.name, document.site());
        draft.rate_noted(document.site(), "Role", &document.name, &notes);
    }
    for kind in ["Territory2", "Territory"] {
        for document in of_kind(documents, kind) {
            take_territory(draft, document);
        }
    }
    for document in of_kind(documents, "Territory2Model") {
        let why = "the model itself; its territories are taken";
        draft.rate(document.site(), "Territory2Model", &document.name, Rating::ignored(why));
    }
    directory.take_roles(draft);
    directory.take_territories(draft);
    mend(draft);
    add_dimension(draft);
}

const ROLE_LEVELS: [(&str, &str); 3] = [
    ("caseAccessLevel", "Case"),
    ("contactAccessLevel", "Contact"),
    ("opportunityAccessLevel", "Opportunity"),
];
const TERRITORY_LEVELS: [(&str, &str); 4] = [
    ("accountAccessLevel", "Account"),
    ("caseAccessLevel", "Case"),
    ("contactAccessLevel", "Contact"),
    ("opportunityAccessLevel", "Opportunity"),
];

fn take_territory(draft: &mut Draft<'_>, document: &Document) {
    let id = territory_id(&document.name);
    let mut notes = Notes::default();
    let mut levels = BTreeMap::new();
    for (element, object) in TERRITORY_LEVELS {
        take_level(&mut levels, document.value(element), object, &mut notes);
    }
    for part in document.all("objectAccessLevels") {
        let object = draft.object_name(part.element.value("objectType"));
        let level = part.element.value("accessLevel");
        take_level(&mut levels, level, object.as_str(), &mut notes);
    }
    let parent = Some(document.value("parentTerritory")).filter(|name| !name.is_empty());
    let node = Node {
        tree: TERRITORIES.into(),
        parent: parent.map(territory_id),
        name: document.value("name").to_owned(),
        levels,
    };
    note_site(draft, id.as_str(), document.site());
    add_node(draft, TERRITORIES, id, node);
    draft.rate_noted(document.site(), &document.kind, &document.name, &notes);
}

/// The node of a territory.
pub(super) fn territory_id(name: &str) -> NodeId {
    NodeId::new(format!("territory/{name}"))
}

/// Remembers where a node was stated first.
pub(super) fn note_site(draft: &mut Draft<'_>, id: &str, site: Site<'_>) {
    draft.node_sites.entry(NodeId::new(id)).or_insert_with(|| (site.file.to_owned(), site.line));
}

/// Adds a node and, with the first one, its tree.
pub(super) fn add_node(draft: &mut Draft<'_>, tree: &str, id: NodeId, node: Node) {
    let (name, kind) = match tree {
        ROLES => ("Role hierarchy", TreeKind::Role),
        TERRITORIES => ("Territories", TreeKind::Dimension),
        _ => ("Reporting line", TreeKind::Manager),
    };
    draft
        .policy
        .trees
        .entry(TreeId::new(tree))
        .or_insert_with(|| Tree { name: name.to_owned(), kind });
    draft.policy.nodes.insert(id, node);
}

/// Rights of an access level by the vendor's word; `None` for a word that is unknown.
pub(super) fn level(word: &str) -> Option<Rights> {
    Some(match word {
        "" | "None" => Rights::NONE,
        "Read" | "ReadSelect" => Rights::READ,
        "Edit" | "ReadWrite" => Rights::EDIT,
        "All" | "Full" | "FullAccess" | "Owner" => Rights::FULL,
        "ReadEditTransfer" | "ReadWriteTransfer" => {
            Rights::EDIT.with(guan_engine::model::Right::Assign)
        }
        _ => return None,
    })
}

/// Puts a level under its object; nothing for none.
pub(super) fn take_level(
    levels: &mut BTreeMap<ObjectId, Rights>,
    word: &str,
    object: &str,
    notes: &mut Notes,
) {
    match level(word) {
        None => notes.add(format!("the access level `{word}` is unknown: taken as none")),
        Some(rights) if rights.is_none() => {}
        Some(rights) => {
            levels.insert(ObjectId::new(object), rights);
        }
    }
}

/// Makes parents exist and cuts loops, so that every tree is one.
fn mend(draft: &mut Draft<'_>) {
    let missing: BTreeSet<(TreeId, NodeId)> = draft
        .policy
        .nodes
        .values()
        .filter_map(|node| Some((node.tree.clone(), node.parent.clone()?)))
        .filter(|(_, parent)| !draft.policy.nodes.contains_key(parent))
        .collect();
    for (tree, id) in missing {
        draft.assume(format!("`{id}` is named as a parent and has no file: it stands at the top"));
        draft.unstated.insert(id.to_string());
        let node =
            Node { tree: tree.clone(), parent: None, name: String::new(), levels: BTreeMap::new() };
        add_node(draft, tree.as_str(), id, node);
    }
    cut_loops(draft, "Role");
}

/// Nodes that lead back to themselves, or stand too deep, become roots.
pub(super) fn cut_loops(draft: &mut Draft<'_>, element: &str) {
    let looping: Vec<NodeId> =
        draft.policy.nodes.keys().filter(|id| !reaches_a_root(draft, id)).cloned().collect();
    for id in looping {
        if let Some(node) = draft.policy.nodes.get_mut(&id) {
            node.parent = None;
        }
        let why = format!(
            "its superiors form a loop or more than {} levels: it stands at the top",
            LIMITS.depth_max
        );
        let (file, line) = draft.node_sites.get(&id).cloned().unwrap_or_default();
        let site = Site { file: &file, line };
        draft.rate(site, element, id.as_str(), Rating::approximated(why));
    }
}

fn reaches_a_root(draft: &Draft<'_>, id: &NodeId) -> bool {
    let mut at = Some(id);
    for _ in 0..LIMITS.depth_max {
        let Some(node) = at.and_then(|at| draft.policy.nodes.get(at)) else { return true };
        at = node.parent.as_ref();
        if at.is_none() {
            return true;
        }
    }
    false
}

/// Accounts, and whatever else territories give levels on, are tagged with territories.
fn add_dimension(draft: &mut Draft<'_>) {
    if !draft.policy.trees.contains_key(TERRITORIES) {
        return;
    }
    draft.object("Account");
    tag(draft, &ObjectId::new("Account"), Rights::READ);
    draft.assume("a territory without a level on accounts gives reading");
}

/// Makes territories a dimension of an object.
pub(super) fn tag(draft: &mut Draft<'_>, object: &ObjectId, rights: Rights) {
    if let Some(object) = draft.policy.objects.get_mut(object) {
        let tree = TreeId::new(TERRITORIES);
        if !object.dimensions.iter().any(|known| known.tree == tree) {
            object.dimensions.push(Dimension { tree, rights });
        }
    }
}

/// A role that is named and has no file stands at the top, alone.
pub(super) fn known_or_new(
    draft: &mut Draft<'_>,
    tree: &str,
    id: NodeId,
    notes: &mut Notes,
) -> NodeId {
    if !draft.policy.nodes.contains_key(&id) {
        draft.unstated.insert(id.to_string());
        let node =
            Node { tree: tree.into(), parent: None, name: String::new(), levels: BTreeMap::new() };
        add_node(draft, tree, id.clone(), node);
    }
    if draft.unstated.contains(id.as_str()) {
        notes.add(format!("`{id}` has no file: its place in the hierarchy is unknown"));
    }
    id
}
