//! Every path by which the subject reaches a record, and what it yields (specification §5).

use super::bundles::actions_with_own_right;
use super::case::Case;
use super::naming::{contains_group, distance, names_as_stated, tree_of};
use super::reach::units_of;
use guan_engine::answer::{Evidence, Source};
use guan_engine::condition::Truth;
use guan_engine::model::{
    Baseline, Disabled, NodeId, Object, Owner, PoolId, Principal, Record, RecordKey, Right, Rights,
    Scope, SharingRule, UserKind,
};
use std::collections::BTreeSet;

impl<'a> Case<'a> {
    /// Every path to the record that yields anything, in order.
    pub(super) fn paths(&self, record: &'a Record) -> Vec<Evidence> {
        self.paths_up(record, &[])
    }

    /// The same, for a record reached from these children by "controlled by parent".
    fn paths_up(&self, record: &'a Record, below: &[RecordKey]) -> Vec<Evidence> {
        let Some(object) = self.policy.objects.get(&record.object) else { return Vec::new() };
        let mut paths = self.direct_paths(record, object);
        paths.extend(self.baseline(record, object, below));
        paths.extend(self.implicit_parent(record));
        paths.extend(self.implicit_child(record, object));
        paths.extend(record.pool.as_ref().and_then(|pool| self.pool(pool, record)));
        sorted(paths)
    }

    /// Owner, roll-up, rule, share, team and dimension.
    fn direct_paths(&self, record: &'a Record, object: &Object) -> Vec<Evidence> {
        let mut paths = Vec::new();
        for owner in &record.owners {
            if self.is_owner(owner) {
                paths.push(Evidence::Owner { owner: owner.clone() });
            }
        }
        paths.extend(self.rolled_up(record, object));
        for (id, rule) in &self.policy.rules {
            if self.covers(rule, &Disabled::Rule(id.clone()), record)
                && rule.to.iter().any(|to| self.names_subject(to))
            {
                paths.push(Evidence::Rule { rule: id.clone(), rights: rule.rights });
            }
        }
        for to in self.share_targets(record) {
            if self.names_subject(&to) {
                let rights = self.rights_of_shares(record, &to);
                paths.push(Evidence::Share { to, rights });
            }
        }
        paths.push(Evidence::Team { rights: self.rights_in_team(record, self.subject) });
        for dimension in &object.dimensions {
            for tag in &record.tags {
                if tree_of(self.policy, tag) == Some(&dimension.tree)
                    && self.placements.iter().any(|at| self.is_at_or_below(tag, &at.node))
                {
                    let level =
                        self.policy.nodes.get(tag).and_then(|it| it.levels.get(&record.object));
                    let rights = level.copied().unwrap_or(dimension.rights);
                    paths.push(Evidence::Dimension { node: tag.clone(), rights });
                }
            }
        }
        sorted(paths)
    }

    /// Whether the subject is the owner or a member of the group that is.
    pub(super) fn is_owner(&self, owner: &Owner) -> bool {
        self.names_subject(&principal(owner))
    }

    fn is_at_or_below(&self, lower: &NodeId, upper: &NodeId) -> bool {
        distance(self.policy, lower, upper).is_some()
    }

    /// Whether the rule gives something on the record now.
    pub(super) fn covers(&self, rule: &SharingRule, it: &Disabled, record: &Record) -> bool {
        if !rule.is_in_force(self.session.at)
            || self.is_disabled(it)
            || rule.object != record.object
        {
            return false;
        }
        let owned = rule.owned_by.is_empty()
            || rule
                .owned_by
                .iter()
                .any(|by| record.owners.iter().any(|owner| self.is_by(by, owner)));
        let units = units_of(self.policy, &record.object, &record.owners, record.unit.as_ref());
        let placed = (rule.in_units.is_empty() && rule.in_units_exactly.is_empty())
            || units.iter().any(|unit| {
                rule.in_units_exactly.contains(unit)
                    || rule.in_units.iter().any(|upper| self.is_at_or_below(unit, upper))
            });
        let tagged = rule.tagged.is_empty()
            || rule
                .tagged
                .iter()
                .any(|upper| record.tags.iter().any(|tag| self.is_at_or_below(tag, upper)));
        let matches = rule.when.as_ref().is_none_or(|condition| {
            self.given(&record.object, Some(record)).judge(condition) == Truth::True
        });
        owned && placed && tagged && matches
    }

    fn is_by(&self, by: &Principal, owner: &Owner) -> bool {
        match (by, owner) {
            (by, Owner::User(user)) => names_as_stated(self.policy, by, user),
            (Principal::Group(by), Owner::Group(group)) => contains_group(self.policy, by, group),
            (_, Owner::Group(_)) => false,
        }
    }

    /// The targets of the shares in force.
    pub(super) fn share_targets(&self, record: &Record) -> BTreeSet<Principal> {
        let shares = record.shares.iter().filter(|share| self.lasts(share.ends));
        shares.map(|share| share.to.clone()).collect()
    }

    pub(super) fn rights_of_shares(&self, record: &Record, to: &Principal) -> Rights {
        let shares = record.shares.iter().filter(|share| self.lasts(share.ends));
        union(shares.filter(|share| share.to == *to).map(|share| share.rights))
    }

    pub(super) fn rights_in_team(
        &self,
        record: &Record,
        user: &guan_engine::model::UserId,
    ) -> Rights {
        let members = record.team.iter().filter(|member| self.lasts(member.ends));
        union(members.filter(|member| member.user == *user).map(|member| member.rights))
    }

    /// Whether something that ends at `ends` is in force.
    pub(super) fn lasts(&self, ends: Option<guan_engine::model::Moment>) -> bool {
        ends.is_none_or(|ends| self.session.at < ends)
    }

    fn baseline(
        &self,
        record: &'a Record,
        object: &Object,
        below: &[RecordKey],
    ) -> Option<Evidence> {
        let baseline = match self.user.kind {
            UserKind::Internal | UserKind::Integration => &object.baseline.internal,
            UserKind::External => &object.baseline.external,
            UserKind::Guest => return None,
        };
        let rights = match baseline {
            Baseline::Private => Rights::NONE,
            Baseline::Read => Rights::READ,
            Baseline::Edit => Rights::EDIT,
            Baseline::EditAssign => Rights::EDIT.with(Right::Assign),
            Baseline::Full => Rights::FULL,
            Baseline::ControlledByParent(relation) => {
                let parent = self.parent(record, object, relation)?;
                let mut below = below.to_vec();
                below.push(record.key());
                if below.contains(&parent.key()) || below.len() > 64 {
                    return None;
                }
                return Some(Evidence::Parent {
                    relation: relation.clone(),
                    parent: parent.id.clone(),
                    rights: self.level(parent, &below),
                });
            }
        };
        Some(Evidence::Baseline { rights })
    }

    /// The level on a parent: its whole reach, and what scopes cover beside it.
    fn level(&self, parent: &'a Record, below: &[RecordKey]) -> Rights {
        let mut rights = union(self.paths_up(parent, below).iter().map(Evidence::rights));
        for action in actions_with_own_right() {
            if self.scope_over(parent, &action) > Scope::Reachable
                || self.is_covered_as_unassigned(parent, &action)
            {
                rights |= action.standard_right().map_or(Rights::NONE, Rights::of);
            }
        }
        rights
    }

    fn parent(
        &self,
        record: &Record,
        object: &Object,
        relation: &guan_engine::model::RelationId,
    ) -> Option<&'a Record> {
        let id = record.parents.get(relation)?;
        let parent = &object.relations.get(relation)?.parent;
        self.records.iter().find(|other| other.object == *parent && other.id == *id)
    }

    /// Children that the subject reads by direct evidence: the smallest for each relation.
    fn implicit_parent(&self, record: &Record) -> Vec<Evidence> {
        let mut paths = Vec::new();
        for (object_id, object) in &self.policy.objects {
            for (relation, link) in &object.relations {
                if !link.implicit_parent || link.parent != record.object {
                    continue;
                }
                let children = self.records.iter().filter(|child| {
                    child.object == *object_id
                        && child.parents.get(relation) == Some(&record.id)
                        && self.direct_paths(child, object).iter().any(reads)
                });
                if let Some(child) = children.map(Record::key).min() {
                    paths.push(Evidence::ImplicitParent { relation: relation.clone(), child });
                }
            }
        }
        paths
    }

    fn implicit_child(&self, record: &Record, object: &Object) -> Vec<Evidence> {
        let mut paths = Vec::new();
        for (relation, link) in &object.relations {
            let Some(parent) = self.parent(record, object, relation) else { continue };
            let Some(parent_object) = self.policy.objects.get(&link.parent) else { continue };
            if !link.implicit_child {
                continue;
            }
            for path in self.direct_paths(parent, parent_object).into_iter().filter(reads) {
                let Some(source) = self.source(path) else { continue };
                let rights = self.child_level(parent, &source, &record.object);
                paths.push(Evidence::ImplicitChild {
                    relation: relation.clone(),
                    parent: parent.id.clone(),
                    source,
                    rights,
                });
            }
        }
        paths
    }

    /// What a direct path to a parent starts from, where it can give levels on children.
    fn source(&self, path: Evidence) -> Option<Source> {
        match path {
            Evidence::Owner { owner } => Some(Source::Owner(owner)),
            Evidence::Rule { rule, .. } => Some(Source::Rule(rule)),
            Evidence::Share { to, .. } => Some(Source::Share(to)),
            Evidence::Team { .. } => Some(Source::Team(self.subject.clone())),
            Evidence::Dimension { node, .. } => Some(Source::Dimension(node)),
            Evidence::RollUp { source, .. } => {
                Some(source).filter(|source| !matches!(source, Source::Unit(_)))
            }
            Evidence::Scope { .. }
            | Evidence::Unassigned
            | Evidence::Baseline { .. }
            | Evidence::Parent { .. }
            | Evidence::ImplicitParent { .. }
            | Evidence::ImplicitChild { .. }
            | Evidence::Pool { .. } => None,
        }
    }

    /// The level on children of `object` that the source states on the parent.
    fn child_level(
        &self,
        parent: &Record,
        source: &Source,
        object: &guan_engine::model::ObjectId,
    ) -> Rights {
        let at_node = |node: &NodeId| {
            self.policy.nodes.get(node).and_then(|node| node.levels.get(object)).copied()
        };
        match source {
            Source::Owner(Owner::User(user)) => {
                let placements = super::naming::stated_placements(self.policy, user);
                union(placements.iter().filter_map(|placement| at_node(&placement.node)))
            }
            Source::Owner(Owner::Group(_)) | Source::Unit(_) => Rights::NONE,
            Source::Share(to) => union(
                parent
                    .shares
                    .iter()
                    .filter(|share| share.to == *to && self.lasts(share.ends))
                    .filter_map(|share| share.child_levels.get(object).copied()),
            ),
            Source::Team(user) => union(
                parent
                    .team
                    .iter()
                    .filter(|member| member.user == *user && self.lasts(member.ends))
                    .filter_map(|member| member.child_levels.get(object).copied()),
            ),
            Source::Rule(rule) => {
                let rule = self.policy.rules.get(rule);
                rule.and_then(|rule| rule.child_levels.get(object).copied()).unwrap_or_default()
            }
            Source::Dimension(node) => at_node(node).unwrap_or_default(),
        }
    }

    fn pool(&self, id: &PoolId, record: &Record) -> Option<Evidence> {
        let pool = self.policy.pools.get(id).filter(|pool| pool.object == record.object)?;
        let mut rights = Rights::NONE;
        if pool.admins.iter().any(|admin| self.names_subject(admin)) {
            rights |= Rights::FULL.with(Right::Claim);
        }
        let waits = record.owners.is_empty();
        if waits && pool.members.iter().any(|member| self.names_subject(member)) {
            if pool.members_view {
                rights |= Rights::READ;
            }
            if pool.members_claim {
                rights |= Rights::of(Right::Claim);
            }
        }
        Some(Evidence::Pool { pool: id.clone(), rights })
    }
}

/// The principal that names an owner.
pub(super) fn principal(owner: &Owner) -> Principal {
    match owner {
        Owner::User(id) => Principal::User(id.clone()),
        Owner::Group(id) => Principal::Group(id.clone()),
    }
}

/// The union of many rights.
pub(super) fn union(rights: impl Iterator<Item = Rights>) -> Rights {
    rights.fold(Rights::NONE, |union, one| union | one)
}

fn reads(path: &Evidence) -> bool {
    path.rights().has(Right::Read)
}

fn sorted(mut paths: Vec<Evidence>) -> Vec<Evidence> {
    paths.retain(|path| !path.rights().is_none());
    paths.sort();
    paths.dedup();
    paths
}
