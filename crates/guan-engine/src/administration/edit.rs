//! Entities of a policy by kind, and the differences of two policies.

use crate::model::{
    ActionName, Assignment, AssignmentId, CustomAction, Delegation, DelegationId, Group, GroupId,
    Node, NodeId, Object, ObjectId, Organization, PermissionSet, PermissionSetGroup, Policy, Pool,
    PoolId, Power, Restriction, RestrictionId, RollUp, RollUpId, RuleId, SetGroupId, SetId,
    SharingRule, Tree, TreeId, User, UserId,
};
use std::collections::BTreeMap;

/// Before and after; absent where there was or is none.
pub(super) type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

macro_rules! entities {
    ($($variant:ident $part:ident $id:ident $body:ident,)+) => {
        /// An entity of a policy with its id.
        #[derive(Clone, Copy, Debug)]
        pub enum Entity<'a> {
            /// The organization; it cannot be removed.
            Organization(&'a Organization),
            $(#[doc = concat!("One of [`Policy::", stringify!($part), "`].")]
            $variant(&'a $id, &'a $body),)+
        }

        impl Entity<'_> {
            /// Puts it into a policy.
            pub(super) fn put(self, policy: &mut Policy) {
                match self {
                    Self::Organization(organization) => policy.organization = organization.clone(),
                    $(Self::$variant(id, body) => {
                        policy.$part.insert(id.clone(), body.clone());
                    })+
                }
            }
            /// Takes it out of a policy.
            pub(super) fn take(self, policy: &mut Policy) {
                match self {
                    Self::Organization(_) => {}
                    $(Self::$variant(id, _) => {
                        policy.$part.remove(id);
                    })+
                }
            }
        }

        /// One entity before and after.
        #[expect(dead_code, reason = "most kinds are judged by their powers alone")]
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Edit<'a> {
            Organization(&'a Organization, &'a Organization),
            $($variant(&'a $id, Pair<'a, $body>),)+
        }

        /// Every entity that differs, kind by kind in the order of their names, then by id.
        pub(super) fn edits<'a>(before: &'a Policy, after: &'a Policy) -> Vec<Edit<'a>> {
            let mut found = Vec::new();
            if before.organization != after.organization {
                found.push(Edit::Organization(&before.organization, &after.organization));
            }
            $(differing(&before.$part, &after.$part, |id, pair| {
                found.push(Edit::$variant(id, pair));
            });)+
            found
        }
    };
}

entities! {
    Action actions ActionName CustomAction,
    Assignment assignments AssignmentId Assignment,
    Delegation delegations DelegationId Delegation,
    Group groups GroupId Group,
    Node nodes NodeId Node,
    Object objects ObjectId Object,
    Pool pools PoolId Pool,
    Restriction restrictions RestrictionId Restriction,
    RollUp roll_ups RollUpId RollUp,
    Rule rules RuleId SharingRule,
    Set sets SetId PermissionSet,
    SetGroup set_groups SetGroupId PermissionSetGroup,
    Tree trees TreeId Tree,
    User users UserId User,
}

fn differing<'a, K: Ord, T: PartialEq>(
    before: &'a BTreeMap<K, T>,
    after: &'a BTreeMap<K, T>,
    mut each: impl FnMut(&'a K, Pair<'a, T>),
) {
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    let mut found: Vec<(&K, Pair<'a, T>)> =
        gone.map(|(id, body)| (id, (Some(body), None))).collect();
    for (id, body) in after {
        let old = before.get(id);
        if old != Some(body) {
            found.push((id, (old, Some(body))));
        }
    }
    found.sort_by_key(|(id, _)| *id);
    for (id, pair) in found {
        each(id, pair);
    }
}

impl Edit<'_> {
    /// The powers that it needs, in their order.
    pub(super) fn powers(&self) -> Vec<Power> {
        let mut powers = match self {
            Self::Organization(..) => vec![Power::ManageSettings],
            Self::Action(..) => vec![Power::ManageObjects],
            Self::Assignment(..) => vec![Power::ManageAssignments],
            Self::Delegation(..) => vec![Power::ManageDelegations],
            Self::Group(..) | Self::Tree(..) => vec![Power::ManageStructure],
            Self::Set(..) | Self::SetGroup(..) => vec![Power::ManageSets],
            Self::Pool(..) | Self::Restriction(..) | Self::RollUp(..) | Self::Rule(..) => {
                vec![Power::ManageSharing]
            }
            Self::Node(_, pair) => of_node(*pair),
            Self::Object(_, pair) => of_object(*pair),
            Self::User(_, pair) => of_user(*pair),
        };
        powers.sort_unstable();
        powers
    }
}

/// Levels give reach.
fn of_node((before, after): Pair<'_, Node>) -> Vec<Power> {
    let place =
        |node: Option<&Node>| node.map(|node| Node { levels: BTreeMap::new(), ..node.clone() });
    let levels = |node: Option<&Node>| node.map_or_else(BTreeMap::new, |node| node.levels.clone());
    let mut powers = Vec::new();
    if place(before) != place(after) {
        powers.push(Power::ManageStructure);
    }
    if levels(before) != levels(after) {
        powers.push(Power::ManageSharing);
    }
    powers
}

/// An object's fields and links on one side, who reaches its records on the other.
fn of_object((before, after): Pair<'_, Object>) -> Vec<Power> {
    let shape = |object: Option<&Object>| object.map(shape_of);
    let sharing = |object: Option<&Object>| {
        let mut sharing = object.cloned().unwrap_or_default();
        sharing.name = String::new();
        sharing.fields = BTreeMap::new();
        sharing.field_mode = crate::model::FieldMode::default();
        sharing.relations.retain(|_, relation| relation.implicit_parent || relation.implicit_child);
        sharing
    };
    let mut powers = Vec::new();
    if shape(before) != shape(after) {
        powers.push(Power::ManageObjects);
    }
    if sharing(before) != sharing(after) {
        powers.push(Power::ManageSharing);
    }
    powers
}

fn shape_of(object: &Object) -> Object {
    let mut relations = object.relations.clone();
    for relation in relations.values_mut() {
        relation.implicit_parent = false;
        relation.implicit_child = false;
    }
    Object {
        name: object.name.clone(),
        fields: object.fields.clone(),
        field_mode: object.field_mode,
        relations,
        ..Object::default()
    }
}

/// Where users stand is structure, everything else the user.
fn of_user((before, after): Pair<'_, User>) -> Vec<Power> {
    let person =
        |user: Option<&User>| user.map(|user| User { placements: Vec::new(), ..user.clone() });
    let places = |user: Option<&User>| user.map_or_else(Vec::new, |user| user.placements.clone());
    let mut powers = Vec::new();
    if person(before) != person(after) {
        powers.push(Power::ManageUsers);
    }
    if places(before) != places(after) {
        powers.push(Power::ManageStructure);
    }
    powers
}
