//! Names that point at something: they must exist and be of the right kind.

use super::{Check, is_control};
use crate::condition::Condition;
use crate::model::{
    Action, ActionName, FieldId, GroupId, Moment, Node, NodeId, Object, ObjectId, PermissionSet,
    Principal, Rights, SetGroupId, SetId, SetKind, Tree, TreeId, TreeKind, UserId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

impl<'p> Check<'p> {
    /// A name that is being given.
    pub(super) fn id(&mut self, place: fmt::Arguments<'_>, id: &str) {
        if id.is_empty() {
            self.add(place, format_args!("the id is empty; give it one"));
        }
        if matches!(id, "." | "..") {
            self.add(
                place,
                format_args!("the id `{id}` cannot be named in an address; use another"),
            );
        }
        if id.chars().any(is_control) {
            self.add(
                place,
                format_args!("the id `{id}` has control characters; use letters, digits and signs"),
            );
        }
    }

    pub(super) fn tree_id(&mut self, place: fmt::Arguments<'_>, id: &TreeId) -> Option<&'p Tree> {
        let found = self.policy.trees.get(id);
        self.found(place, "tree", id.as_str(), found)
    }
    pub(super) fn node(&mut self, place: fmt::Arguments<'_>, id: &NodeId) -> Option<&'p Node> {
        let found = self.policy.nodes.get(id);
        self.found(place, "node", id.as_str(), found)
    }
    pub(super) fn user(&mut self, place: fmt::Arguments<'_>, id: &UserId) {
        let found = self.policy.users.get(id);
        self.found(place, "user", id.as_str(), found);
    }
    pub(super) fn group(&mut self, place: fmt::Arguments<'_>, id: &GroupId) {
        let found = self.policy.groups.get(id);
        self.found(place, "group", id.as_str(), found);
    }
    pub(super) fn object(
        &mut self,
        place: fmt::Arguments<'_>,
        id: &ObjectId,
    ) -> Option<&'p Object> {
        let found = self.policy.objects.get(id);
        self.found(place, "object", id.as_str(), found)
    }
    pub(super) fn set_group(&mut self, place: fmt::Arguments<'_>, id: &SetGroupId) {
        let found = self.policy.set_groups.get(id);
        self.found(place, "group of sets", id.as_str(), found);
    }
    pub(super) fn set(
        &mut self,
        place: fmt::Arguments<'_>,
        id: &SetId,
    ) -> Option<&'p PermissionSet> {
        let found = self.policy.sets.get(id);
        self.found(place, "set", id.as_str(), found)
    }

    /// A set that gives something: not a muting one.
    pub(super) fn giving_set(&mut self, place: fmt::Arguments<'_>, id: &SetId) {
        if self.set(place, id).is_some_and(|set| set.kind == SetKind::Muting) {
            self.add(
                place,
                format_args!("the set `{id}` is of kind muting and gives nothing; name it in the `muting` of a group of sets"),
            );
        }
    }

    /// A node in some tree of kind `unit`.
    pub(super) fn unit(&mut self, place: fmt::Arguments<'_>, id: &NodeId) {
        let Some(node) = self.node(place, id) else { return };
        if let Some(tree) = self.policy.trees.get(&node.tree)
            && tree.kind != TreeKind::Unit
        {
            let tree = &node.tree;
            self.add(
                place,
                format_args!("the node `{id}` stands in the tree `{tree}`, which is not of kind unit; name a unit"),
            );
        }
    }

    /// A node in a tree that is a dimension of `object`.
    pub(super) fn tag(&mut self, place: fmt::Arguments<'_>, id: &NodeId, object: Option<&Object>) {
        let (Some(node), Some(object)) = (self.node(place, id), object) else { return };
        if !object.dimensions.iter().any(|dimension| dimension.tree == node.tree) {
            let tree = &node.tree;
            self.add(
                place,
                format_args!("the node `{id}` stands in the tree `{tree}`, which is not a dimension of the object; name the tree in `dimensions` or another node"),
            );
        }
    }

    pub(super) fn field(
        &mut self,
        place: fmt::Arguments<'_>,
        object: &ObjectId,
        declared: Option<&Object>,
        field: &FieldId,
    ) {
        if declared.is_some_and(|declared| !declared.fields.contains_key(field)) {
            self.add(
                place,
                format_args!(
                    "the object `{object}` has no field `{field}`; add it or name another"
                ),
            );
        }
    }

    pub(super) fn fields_of(
        &mut self,
        place: fmt::Arguments<'_>,
        fields: &BTreeMap<ObjectId, BTreeSet<FieldId>>,
    ) {
        for (id, fields) in fields {
            let place = format_args!("{place}.{id}");
            let object = self.object(place, id);
            if fields.is_empty() {
                self.add(place, format_args!("no field is named; name one or name the object"));
            }
            for (at, field) in fields.iter().enumerate() {
                self.field(format_args!("{place}[{at}]"), id, object, field);
            }
        }
    }

    pub(super) fn action(&mut self, place: fmt::Arguments<'_>, action: &Action) {
        if let Action::Custom(name) = action {
            self.custom_action(place, name);
        }
    }

    pub(super) fn custom_action(&mut self, place: fmt::Arguments<'_>, name: &ActionName) {
        let found = self.policy.actions.get(name);
        self.found(place, "action", name.as_str(), found);
    }

    pub(super) fn principal(&mut self, place: fmt::Arguments<'_>, principal: &Principal) {
        match principal {
            Principal::User(id) => self.user(place, id),
            Principal::Group(id) => self.group(place, id),
            Principal::Node(id) | Principal::NodeAndBelow(id) | Principal::Above(id) => {
                self.node(place, id);
            }
            Principal::Placed(id) => {
                self.tree_id(place, id);
            }
            Principal::Population(_) => {}
        }
    }

    pub(super) fn principals(
        &mut self,
        place: fmt::Arguments<'_>,
        principals: &BTreeSet<Principal>,
    ) {
        for (at, principal) in principals.iter().enumerate() {
            self.principal(format_args!("{place}[{at}]"), principal);
        }
    }

    /// Levels by object.
    pub(super) fn levels(
        &mut self,
        place: fmt::Arguments<'_>,
        levels: &BTreeMap<ObjectId, Rights>,
    ) {
        for object in levels.keys() {
            self.object(format_args!("{place}.{object}"), object);
        }
    }

    /// A period with its end after its start.
    pub(super) fn period(
        &mut self,
        place: fmt::Arguments<'_>,
        starts: Option<Moment>,
        ends: Option<Moment>,
    ) {
        if let (Some(starts), Some(ends)) = (starts, ends)
            && starts >= ends
        {
            self.add(
                format_args!("{place}.ends"),
                format_args!("the end {ends} is not after the start {starts}; move one of them"),
            );
        }
    }

    /// A condition that must fit `object`.
    pub(super) fn condition(
        &mut self,
        place: fmt::Arguments<'_>,
        condition: &Condition,
        object: Option<&Object>,
    ) {
        if let Some(object) = object
            && let Err(problem) = condition.check(object)
        {
            self.add(place, format_args!("{problem}"));
        }
    }

    /// Minutes east of UTC.
    pub(super) fn utc_offset(&mut self, place: fmt::Arguments<'_>, minutes: i32) {
        if !(-720..=840).contains(&minutes) {
            self.add(
                place,
                format_args!("{minutes} is not an offset from UTC; use -720 to 840 minutes"),
            );
        }
    }

    /// Reports a name that `found` nothing.
    pub(super) fn found<T>(
        &mut self,
        place: fmt::Arguments<'_>,
        kind: &str,
        id: &str,
        found: Option<&'p T>,
    ) -> Option<&'p T> {
        if found.is_none() {
            self.add(place, format_args!("there is no {kind} `{id}`; add it or name another"));
        }
        found
    }

    /// Reports more things than the bound allows.
    pub(super) fn at_most(
        &mut self,
        place: fmt::Arguments<'_>,
        kind: &str,
        count: usize,
        bound: usize,
    ) {
        if count > bound {
            self.add(
                place,
                format_args!("{count} {kind} are more than the {bound} that fit; remove some"),
            );
        }
    }
}
