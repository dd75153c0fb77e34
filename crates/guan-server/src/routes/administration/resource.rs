//! The kinds of entity as resources: one trait and one table, so that every kind has the same operations.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use guan_engine::administration::Domain;
use guan_engine::model::{
    ActionName, Assignment, AssignmentId, CustomAction, Delegation, DelegationId, Group, GroupId,
    LIMITS, Node, NodeId, Object, ObjectId, PermissionSet, PermissionSetGroup, Policy, Pool,
    PoolId, Principal, Restriction, RestrictionId, RollUp, RollUpId, RuleId, SetGroupId, SetId,
    SharingRule, Tree, TreeId, User, UserId,
};
use guan_store::{Entity, EntityKey, EntityKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::edit::Edit;
use super::narrow::{Listing, UsersWanted, Wanted};
use crate::operation::Operation;
use crate::problem::{Code, Problem};
use guan_engine::administration::Power;

/// A kind of entity with its address and its operations.
pub(super) trait Resource: 'static {
    /// Its ids.
    type Id: Borrow<str> + Ord + 'static;
    /// What one is, as the model has it.
    type Content: Clone + Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static;

    /// The query of its list.
    type Wanted: DeserializeOwned + Into<Listing> + Send + 'static;

    /// The kind in the store.
    const KIND: EntityKind;
    /// One of them, in the path and in the names of the schemas.
    const SINGULAR: &'static str;
    /// Several of them, as the tag.
    const PLURAL: &'static str;
    /// Where the list is.
    const PATH: &'static str;
    /// Where one is.
    const PATH_OF_ONE: &'static str;
    /// Reads a page.
    const LIST: Operation;
    /// Reads one.
    const SHOW: Operation;
    /// Makes a new one.
    const CREATE: Operation;
    /// Puts another content in the place of the one there is.
    const REPLACE: Operation;
    /// Changes single members.
    const CHANGE: Operation;
    /// Takes one out.
    const REMOVE: Operation;

    /// All of them.
    fn all(policy: &Policy) -> &BTreeMap<Self::Id, Self::Content>;
    /// The name that people see; empty where the kind has none.
    fn name(content: &Self::Content) -> &str;
    /// Whether one belongs to a subtree, so that who administers the subtree sees it.
    fn is_inside(policy: &Policy, domain: &Domain, one: (&Self::Id, &Self::Content)) -> bool;
}

/// Puts entities into a policy and takes others out.
///
/// Errors: content that is not what its kind says; something to be taken out that is not there.
pub(in crate::routes) fn applied(policy: &Policy, edit: &Edit) -> Result<Policy, Problem> {
    let mut after = policy.clone();
    for (at, key) in edit.remove.iter().enumerate() {
        if !take(&mut after, key) {
            let detail = format!("there is no {} `{}` to be removed", key.0, key.1);
            let pointer = format!("/remove/{at}");
            return Err(Problem::new(Code::NotFound).detail(detail).member("pointer", pointer));
        }
    }
    for (at, entity) in edit.put.iter().enumerate() {
        put(&mut after, entity).map_err(|error| {
            let detail = format!("{} `{}`: {error}", entity.kind, entity.id);
            let pointer = format!("/put/{at}/content");
            Problem::new(Code::WrongShape).detail(detail).member("pointer", pointer)
        })?;
    }
    Ok(after)
}

/// Nodes at one of the tops or below it.
fn is_below(policy: &Policy, domain: &Domain, node: &NodeId) -> bool {
    let Domain::Subtrees(tops) = domain else { return true };
    let mut at = Some(node);
    // A tree is no deeper than this, and has no cycles.
    for _ in 0..=LIMITS.depth_max {
        match at {
            Some(node) if tops.contains(node) => return true,
            Some(node) => at = policy.nodes.get(node).and_then(|node| node.parent.as_ref()),
            None => return false,
        }
    }
    false
}

/// Trees of which a part is administered.
fn is_tree(policy: &Policy, domain: &Domain, tree: &TreeId) -> bool {
    let Domain::Subtrees(tops) = domain else { return true };
    tops.iter().any(|top| policy.nodes.get(top).is_some_and(|node| node.tree == *tree))
}

/// Assignments to users and nodes of the subtree.
fn is_given_inside(policy: &Policy, domain: &Domain, to: &Principal) -> bool {
    match to {
        Principal::User(id) => policy.users.get(id).is_some_and(|user| domain.has(policy, user)),
        Principal::Node(node) | Principal::NodeAndBelow(node) => is_below(policy, domain, node),
        Principal::Group(_)
        | Principal::Above(_)
        | Principal::Placed(_)
        | Principal::Population(_) => matches!(domain, Domain::Everything),
    }
}

/// What is not delegated is seen by those who hold the power everywhere.
const fn is_everything(domain: &Domain) -> bool {
    matches!(domain, Domain::Everything)
}

macro_rules! resources {
    ($($name:ident $kind:ident $id:ty => $content:ident, $part:ident, $power:ident, $singular:literal $plural:literal $path:literal, $shown:expr, $inside:expr, $wanted:ident;)+) => {
        $(
            #[doc = concat!("[`Policy::", stringify!($part), "`].")]
            pub(super) struct $name;

            impl Resource for $name {
                type Id = $id;
                type Content = $content;
                type Wanted = $wanted;
                const KIND: EntityKind = EntityKind::$kind;
                const SINGULAR: &'static str = $singular;
                const PLURAL: &'static str = $path;
                const PATH: &'static str = concat!("/api/v1/", $path);
                const PATH_OF_ONE: &'static str = concat!("/api/v1/", $path, "/{", $singular, "}");
                const LIST: Operation = Operation::needs(concat!("list_", $plural), Power::$power);
                const SHOW: Operation = Operation::needs(concat!("show_", $singular), Power::$power);
                const CREATE: Operation =
                    Operation::needs(concat!("create_", $singular), Power::$power).changing();
                const REPLACE: Operation =
                    Operation::needs(concat!("replace_", $singular), Power::$power).changing();
                const CHANGE: Operation =
                    Operation::needs(concat!("change_", $singular), Power::$power).changing();
                const REMOVE: Operation =
                    Operation::needs(concat!("remove_", $singular), Power::$power).changing();

                fn all(policy: &Policy) -> &BTreeMap<Self::Id, Self::Content> {
                    &policy.$part
                }
                fn name(content: &Self::Content) -> &str {
                    let shown: fn(&Self::Content) -> &str = $shown;
                    shown(content)
                }
                fn is_inside(
                    policy: &Policy,
                    domain: &Domain,
                    (id, content): (&Self::Id, &Self::Content),
                ) -> bool {
                    let inside: fn(&Policy, &Domain, &Self::Id, &Self::Content) -> bool = $inside;
                    inside(policy, domain, id, content)
                }
            }
        )+

        /// The operations of every kind.
        pub(super) fn routes() -> crate::operation::Routes {
            crate::operation::Routes::new()$(.merge(super::handlers::routes::<$name>()))+
        }

        fn put(policy: &mut Policy, entity: &Entity) -> Result<(), serde_json::Error> {
            match entity.kind {
                EntityKind::Organization => {
                    policy.organization = serde_json::from_str(&entity.body)?;
                }
                $(EntityKind::$kind => {
                    let content = serde_json::from_str(&entity.body)?;
                    policy.$part.insert(entity.id.as_str().into(), content);
                })+
            }
            Ok(())
        }

        fn take(policy: &mut Policy, (kind, id): &EntityKey) -> bool {
            match kind {
                EntityKind::Organization => false,
                $(EntityKind::$kind => policy.$part.remove(id.as_str()).is_some(),)+
            }
        }
    };
}

resources! {
    Actions Action ActionName => CustomAction, actions, ManageObjects, "action" "actions" "actions", |_| "", |_, domain, _, _| is_everything(domain), Wanted;
    Assignments Assignment AssignmentId => Assignment, assignments, ManageAssignments, "assignment" "assignments" "assignments", |_| "", |policy, domain, _, content| is_given_inside(policy, domain, &content.to), Wanted;
    Delegations Delegation DelegationId => Delegation, delegations, ManageDelegations, "delegation" "delegations" "delegations", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Groups Group GroupId => Group, groups, ManageStructure, "group" "groups" "groups", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Nodes Node NodeId => Node, nodes, ManageStructure, "node" "nodes" "nodes", |content| &content.name, |policy, domain, id, _| is_below(policy, domain, id), Wanted;
    Objects Object ObjectId => Object, objects, ManageObjects, "object" "objects" "objects", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Pools Pool PoolId => Pool, pools, ManageSharing, "pool" "pools" "pools", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Restrictions Restriction RestrictionId => Restriction, restrictions, ManageSharing, "restriction" "restrictions" "restrictions", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    RollUps RollUp RollUpId => RollUp, roll_ups, ManageSharing, "roll_up" "roll_ups" "roll-ups", |_| "", |_, domain, _, _| is_everything(domain), Wanted;
    Rules Rule RuleId => SharingRule, rules, ManageSharing, "sharing_rule" "sharing_rules" "sharing-rules", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Sets Set SetId => PermissionSet, sets, ManageSets, "permission_set" "permission_sets" "permission-sets", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    SetGroups SetGroup SetGroupId => PermissionSetGroup, set_groups, ManageSets, "permission_set_group" "permission_set_groups" "permission-set-groups", |content| &content.name, |_, domain, _, _| is_everything(domain), Wanted;
    Trees Tree TreeId => Tree, trees, ManageStructure, "tree" "trees" "trees", |content| &content.name, |policy, domain, id, _| is_tree(policy, domain, id), Wanted;
    Users User UserId => User, users, ManageUsers, "user" "users" "users", |content| &content.name, |policy, domain, _, content| domain.has(policy, content), UsersWanted;
}
