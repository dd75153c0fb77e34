//! Objects, roll-ups, rules, restrictions and pools with dense numbers.

use super::{Directory, Placed, Trees, Who};
use crate::condition::{Condition, Likely, Settled, Sheet};
use crate::dense::{Bits, NONE, Names};
use crate::model::{
    Baseline, Cover, FieldAccess, FieldId, FieldMode, FieldType, LIMITS, ObjectId, Policy,
    RelationId, Rights, RollUp, RollUpWho, UnitSource,
};
use std::collections::{BTreeMap, BTreeSet};

/// A roll-up with its cut by distance.
#[derive(Clone, Debug)]
pub(crate) struct RollUpPlan {
    pub(crate) tree: u8,
    who: RollUpWho,
    /// Bits of [`Cover`].
    covers: u8,
    /// By distance.
    cuts: [Rights; LIMITS.depth_max + 1],
}

impl RollUpPlan {
    pub(super) fn of(roll_up: &RollUp, trees: &Trees) -> Self {
        Self {
            tree: u8::try_from(trees.names.known(&roll_up.tree)).unwrap_or(u8::MAX),
            who: roll_up.who,
            covers: roll_up.covers.iter().fold(0, |bits, cover| bits | 1 << *cover as u8),
            cuts: std::array::from_fn(|distance| roll_up.cut(distance)),
        }
    }
    #[inline]
    pub(crate) const fn covers(&self, cover: Cover) -> bool {
        self.covers & (1 << cover as u8) != 0
    }
    /// Whether somebody placed so gains by it.
    #[inline]
    pub(crate) fn lifts(&self, placed: &Placed) -> bool {
        placed.tree == self.tree
            && match self.who {
                RollUpWho::Placed => true,
                RollUpWho::Members => !placed.head,
                RollUpWho::Heads => placed.head,
            }
    }
    /// Whether how somebody is placed does not matter.
    pub(crate) const fn lifts_everybody(&self) -> bool {
        matches!(self.who, RollUpWho::Placed)
    }
    #[inline]
    pub(crate) fn cut(&self, distance: u8) -> Rights {
        self.cuts.get(usize::from(distance)).copied().unwrap_or(Rights::NONE)
    }
    /// What who is placed so gains from a holder at `node`.
    #[inline]
    pub(crate) fn gain(&self, placed: &Placed, node: u32, depth: u8) -> Rights {
        if placed.node <= node && node < placed.end {
            return self.cut(depth - placed.depth);
        }
        Rights::NONE
    }
    /// What who is placed so gains from holders at `node` and everywhere below it.
    pub(crate) fn gain_from_subtree(&self, placed: &Placed, node: u32, trees: &Trees) -> Rights {
        let (from, to) = if trees.is_at_or_below(node, placed.node) {
            let distance = trees.depth[node as usize] - placed.depth;
            (distance, distance + trees.height[node as usize])
        } else if trees.is_at_or_below(placed.node, node) {
            (0, trees.height[placed.node as usize])
        } else {
            return Rights::NONE;
        };
        (from..=to).fold(Rights::NONE, |rights, distance| rights | self.cut(distance))
    }
    /// What who is placed at each node gains from holders at `nodes`, sorted by node.
    pub(super) fn gains_above<'n>(
        &self,
        nodes: impl Iterator<Item = &'n u32>,
        trees: &Trees,
    ) -> Vec<(u32, Rights)> {
        let mut gains: BTreeMap<u32, Rights> = BTreeMap::new();
        for node in nodes.filter(|node| trees.tree[**node as usize] == self.tree) {
            for (distance, above) in (0u8..).zip(trees.up(*node)) {
                let cut = self.cut(distance);
                if !cut.is_none() {
                    *gains.entry(above).or_default() |= cut;
                }
            }
        }
        gains.into_iter().collect()
    }
}

/// A relation to parents.
#[derive(Clone, Debug)]
pub(crate) struct RelationPlan {
    pub(crate) id: RelationId,
    pub(crate) parent: u32,
    pub(crate) implicit_parent: bool,
    pub(crate) implicit_child: bool,
}

/// A dimension of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DimensionPlan {
    pub(crate) tree: u8,
    pub(crate) rights: Rights,
}

/// What a baseline gives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BaselinePlan {
    Rights(Rights),
    Parent(u32),
}

/// An object with everything that acts on it.
#[derive(Clone, Debug)]
pub(crate) struct ObjectPlan {
    pub(crate) id: ObjectId,
    pub(crate) internal: BaselinePlan,
    pub(crate) external: BaselinePlan,
    pub(crate) roll_ups: Vec<u32>,
    pub(crate) owner_units: bool,
    pub(crate) fields: Names<FieldId>,
    pub(crate) field_types: Vec<FieldType>,
    /// Whether a set that does not list the field leaves it open.
    pub(crate) open: Vec<bool>,
    /// Whether the field is open to everybody with the object.
    pub(crate) always_open: Vec<bool>,
    /// Fields that nobody may set.
    pub(crate) read_only: Bits,
    pub(crate) relations: Vec<RelationPlan>,
    pub(crate) dimensions: Vec<DimensionPlan>,
    pub(crate) lock_exempt: Vec<u32>,
    /// Rules of the object.
    pub(crate) rules: Vec<u32>,
    /// Those that cover records whoever the owner is.
    pub(crate) any_owner: Bits,
    /// Those whose units come from the owners and that state units.
    pub(crate) unit_by_owner: Bits,
    /// Those whose condition depends on subject or time.
    pub(crate) live: Bits,
    /// Those with a time.
    pub(crate) timed: Bits,
    pub(crate) restrictions: Vec<u32>,
    pub(crate) field_restrictions: Vec<u32>,
    pub(crate) pools: Vec<u32>,
    /// Relations of other objects (object, relation) that open their parents here.
    pub(crate) opened_by: Vec<(u32, u32)>,
    /// Fields whose values a question may need: read by a live rule or a restriction.
    pub(crate) kept_fields: Vec<FieldId>,
    /// Fields by whose values records are ordered, by number.
    pub(crate) indexed: Vec<(u32, FieldId, FieldType)>,
    /// What the conditions that records settle read.
    pub(crate) sheet: Sheet,
    /// The conditions of `rules`, made ready where the record alone settles them.
    pub(crate) ready_rules: Vec<Option<Settled>>,
    /// Which of them can hold of a record.
    pub(crate) likely_rules: Likely,
    /// Those of `restrictions` and then of `field_restrictions`.
    pub(crate) ready_restrictions: Vec<Option<Settled>>,
}

/// A sharing rule.
#[derive(Clone, Debug)]
pub(crate) struct RulePlan {
    pub(crate) object: u32,
    pub(crate) active: bool,
    pub(crate) starts: i64,
    pub(crate) ends: i64,
    pub(crate) owned_by: Vec<Who>,
    pub(crate) any_owner: bool,
    in_units: Vec<u32>,
    in_units_exactly: Vec<u32>,
    tagged: Vec<u32>,
    pub(crate) when: Option<Condition>,
    pub(crate) to: Vec<Who>,
    pub(crate) rights: Rights,
    pub(crate) include_superiors: bool,
    pub(crate) child_levels: BTreeMap<u32, Rights>,
}

impl RulePlan {
    pub(crate) fn states_units(&self) -> bool {
        !self.in_units.is_empty() || !self.in_units_exactly.is_empty()
    }
    /// Whether a record in this unit lies in the rule's units; a rule without units holds any.
    pub(crate) fn holds_unit(&self, unit: u32, trees: &Trees) -> bool {
        !self.states_units()
            || self.in_units_exactly.contains(&unit)
            || self.in_units.iter().any(|above| trees.is_at_or_below(unit, *above))
    }
    /// Whether a record with these tags is one of the rule's.
    pub(crate) fn holds_tags(&self, tags: &[u32], trees: &Trees) -> bool {
        self.tagged.is_empty()
            || self
                .tagged
                .iter()
                .any(|above| tags.iter().any(|tag| trees.is_at_or_below(*tag, *above)))
    }
    /// Whether the owner alone decides what it covers.
    pub(crate) fn is_by_owner_alone(&self) -> bool {
        !self.states_units() && self.tagged.is_empty() && self.when.is_none()
    }
    /// Whether its condition depends on subject or instant.
    pub(crate) fn is_live(&self) -> bool {
        self.when.as_ref().is_some_and(|when| when.depends_on_subject() || when.depends_on_time())
    }
    /// Its condition, where the record alone settles it.
    fn settled_condition(&self) -> Option<&Condition> {
        self.when.as_ref().filter(|_| !self.is_live())
    }
    pub(crate) const fn is_in_force(&self, at: i64) -> bool {
        self.active && self.starts <= at && at < self.ends
    }
}

/// A restriction.
#[derive(Clone, Debug)]
pub(crate) struct RestrictionPlan {
    pub(crate) object: u32,
    pub(crate) active: bool,
    pub(crate) who: Vec<Who>,
    pub(crate) whose: Option<Condition>,
    /// Bits of the actions that it restricts; all when it names none.
    pub(crate) actions: u64,
    pub(crate) only: Condition,
    /// Fields that it hides; none for a restriction of records.
    pub(crate) fields: Vec<u32>,
    pub(crate) exempt_all: bool,
    /// Whether `only` is settled by the record alone.
    pub(crate) is_static: bool,
}

impl RestrictionPlan {
    /// Its condition, where the record alone settles it.
    fn settled_condition(&self) -> Option<&Condition> {
        Some(&self.only).filter(|_| self.is_static)
    }
}

/// A pool.
#[derive(Clone, Debug)]
pub(crate) struct PoolPlan {
    pub(crate) object: u32,
    pub(crate) admins: Vec<Who>,
    pub(crate) members: Vec<Who>,
    pub(crate) member_rights: Rights,
    pub(crate) claim_before_assign: bool,
}

pub(super) fn rules(policy: &Policy, directory: &Directory, trees: &Trees) -> Vec<RulePlan> {
    let nodes = |ids: &BTreeSet<_>| ids.iter().filter_map(|id| trees.nodes.find(id)).collect();
    policy
        .rules
        .values()
        .map(|rule| RulePlan {
            object: directory.objects.known(&rule.object),
            active: rule.active,
            starts: rule.starts.map_or(i64::MIN, |at| at.0),
            ends: rule.ends.map_or(i64::MAX, |at| at.0),
            owned_by: Who::all(&rule.owned_by, directory, trees),
            any_owner: rule.owned_by.is_empty(),
            in_units: nodes(&rule.in_units),
            in_units_exactly: nodes(&rule.in_units_exactly),
            tagged: nodes(&rule.tagged),
            when: rule.when.clone(),
            to: Who::all(&rule.to, directory, trees),
            rights: rule.rights,
            include_superiors: rule.include_superiors,
            child_levels: child_levels(&rule.child_levels, directory),
        })
        .collect()
}

/// Levels by object number; objects that are not known are left out.
pub(crate) fn child_levels(
    levels: &BTreeMap<ObjectId, Rights>,
    directory: &Directory,
) -> BTreeMap<u32, Rights> {
    levels
        .iter()
        .filter_map(|(object, rights)| Some((directory.objects.find(object)?, *rights)))
        .collect()
}

pub(super) fn restrictions(
    policy: &Policy,
    directory: &Directory,
    trees: &Trees,
) -> Vec<RestrictionPlan> {
    policy
        .restrictions
        .values()
        .map(|restriction| {
            let fields = policy
                .objects
                .get(&restriction.object)
                .map(|object| Names::of(object.fields.keys()));
            let actions = restriction
                .actions
                .iter()
                .filter_map(|action| directory.action(action))
                .fold(0, |bits, number| bits | 1 << number);
            RestrictionPlan {
                object: directory.objects.known(&restriction.object),
                active: restriction.active,
                who: Who::all(&restriction.who, directory, trees),
                whose: restriction.whose.clone(),
                actions: if restriction.actions.is_empty() { u64::MAX } else { actions },
                is_static: !restriction.only.depends_on_subject()
                    && !restriction.only.depends_on_time(),
                only: restriction.only.clone(),
                fields: restriction
                    .fields
                    .iter()
                    .filter_map(|field| fields.as_ref()?.find(field))
                    .collect(),
                exempt_all: restriction.exempt_all,
            }
        })
        .collect()
}

pub(super) fn pools(policy: &Policy, directory: &Directory, trees: &Trees) -> Vec<PoolPlan> {
    policy
        .pools
        .values()
        .map(|pool| {
            let mut member_rights = Rights::NONE;
            if pool.members_view {
                member_rights |= Rights::READ;
            }
            if pool.members_claim {
                member_rights |= Rights::of(crate::model::Right::Claim);
            }
            PoolPlan {
                object: directory.objects.known(&pool.object),
                admins: Who::all(&pool.admins, directory, trees),
                members: Who::all(&pool.members, directory, trees),
                member_rights,
                claim_before_assign: pool.claim_before_assign,
            }
        })
        .collect()
}

type Parts<'a> = (&'a [RollUpPlan], &'a [RulePlan], &'a [RestrictionPlan], &'a [PoolPlan]);

pub(super) fn objects(
    policy: &Policy,
    directory: &Directory,
    trees: &Trees,
    parts: Parts<'_>,
) -> Vec<ObjectPlan> {
    let mut plans: Vec<ObjectPlan> = (0u32..)
        .zip(&policy.objects)
        .map(|(number, (id, object))| one_object(number, (id, object), directory, trees, parts))
        .collect();
    let mut opened: Vec<(u32, (u32, u32))> = Vec::new();
    for (child, plan) in (0u32..).zip(&plans) {
        for (relation, link) in (0u32..).zip(&plan.relations) {
            if link.implicit_parent && link.parent != NONE {
                opened.push((link.parent, (child, relation)));
            }
        }
    }
    for (parent, by) in opened {
        plans[parent as usize].opened_by.push(by);
    }
    plans
}

fn one_object(
    number: u32,
    (id, object): (&ObjectId, &crate::model::Object),
    directory: &Directory,
    trees: &Trees,
    (_, rules, restrictions, pools): Parts<'_>,
) -> ObjectPlan {
    let fields = Names::of(object.fields.keys());
    let relations: Names<RelationId> = Names::of(object.relations.keys());
    let baseline = |baseline: &Baseline| match baseline {
        Baseline::Private => BaselinePlan::Rights(Rights::NONE),
        Baseline::Read => BaselinePlan::Rights(Rights::READ),
        Baseline::Edit => BaselinePlan::Rights(Rights::EDIT),
        Baseline::EditAssign => {
            BaselinePlan::Rights(Rights::EDIT.with(crate::model::Right::Assign))
        }
        Baseline::Full => BaselinePlan::Rights(Rights::FULL),
        Baseline::ControlledByParent(relation) => BaselinePlan::Parent(relations.known(relation)),
    };
    let mine: Vec<u32> =
        (0u32..).zip(rules).filter(|(_, rule)| rule.object == number).map(|(at, _)| at).collect();
    let owner_units = object.unit_source == UnitSource::Owners;
    let bits = |test: &dyn Fn(&RulePlan) -> bool| {
        let mut bits = Bits::new(rules.len());
        mine.iter().filter(|at| test(&rules[**at as usize])).for_each(|at| bits.set(*at));
        bits
    };
    let numbers = |with_fields: bool| -> Vec<u32> {
        (0u32..)
            .zip(restrictions)
            .filter(|(_, plan)| plan.object == number && plan.fields.is_empty() != with_fields)
            .map(|(at, _)| at)
            .collect()
    };
    let of_closed = |field: &crate::model::Field| {
        field.secured.unwrap_or(object.field_mode == FieldMode::Closed)
    };
    let (restrictions_of_records, restrictions_of_fields) = (numbers(false), numbers(true));
    let conditions_of_rules = || mine.iter().map(|at| rules[*at as usize].settled_condition());
    let conditions_of_restrictions = || {
        let all = restrictions_of_records.iter().chain(&restrictions_of_fields);
        all.map(|at| restrictions[*at as usize].settled_condition())
    };
    let sheet =
        Sheet::of(conditions_of_rules().chain(conditions_of_restrictions()).flatten(), |field| {
            object.fields.get(field).map(|field| field.field_type)
        });
    let ready = |condition: Option<&Condition>| sheet.ready(condition?);
    let ready_rules: Vec<_> = conditions_of_rules().map(ready).collect();
    let ready_restrictions = conditions_of_restrictions().map(ready).collect();
    let mut read_only = Bits::new(object.fields.len());
    for (field, model) in (0u32..).zip(object.fields.values()) {
        read_only.put(field, model.read_only);
    }
    ObjectPlan {
        id: id.clone(),
        internal: baseline(&object.baseline.internal),
        external: baseline(&object.baseline.external),
        roll_ups: object.roll_ups.iter().filter_map(|id| directory.roll_ups.find(id)).collect(),
        owner_units,
        field_types: object.fields.values().map(|field| field.field_type).collect(),
        open: object.fields.values().map(|field| !of_closed(field)).collect(),
        always_open: object.fields.values().map(|field| field.secured == Some(false)).collect(),
        read_only,
        fields,
        relations: object
            .relations
            .iter()
            .map(|(id, relation)| RelationPlan {
                id: id.clone(),
                parent: directory.objects.known(&relation.parent),
                implicit_parent: relation.implicit_parent,
                implicit_child: relation.implicit_child,
            })
            .collect(),
        dimensions: object
            .dimensions
            .iter()
            .map(|dimension| DimensionPlan {
                tree: u8::try_from(trees.names.known(&dimension.tree)).unwrap_or(u8::MAX),
                rights: dimension.rights,
            })
            .collect(),
        lock_exempt: object.lock_exempt.iter().filter_map(|set| directory.sets.find(set)).collect(),
        any_owner: bits(&|rule| rule.any_owner),
        unit_by_owner: bits(&|rule| owner_units && rule.states_units()),
        live: bits(&RulePlan::is_live),
        timed: bits(&|rule| rule.starts != i64::MIN || rule.ends != i64::MAX || !rule.active),
        restrictions: restrictions_of_records,
        field_restrictions: restrictions_of_fields,
        pools: (0u32..)
            .zip(pools)
            .filter(|(_, pool)| pool.object == number)
            .map(|(at, _)| at)
            .collect(),
        opened_by: Vec::new(),
        kept_fields: kept_fields(number, rules, restrictions),
        indexed: (0u32..)
            .zip(&object.fields)
            .filter(|(_, (_, field))| field.indexed)
            .map(|(number, (id, field))| (number, id.clone(), field.field_type))
            .collect(),
        sheet,
        likely_rules: Likely::of(&ready_rules),
        ready_rules,
        ready_restrictions,
        rules: mine,
    }
}

fn kept_fields(number: u32, rules: &[RulePlan], restrictions: &[RestrictionPlan]) -> Vec<FieldId> {
    let live = rules.iter().filter(|rule| rule.object == number && rule.is_live());
    let rule_fields = live.filter_map(|rule| rule.when.as_ref()).flat_map(Condition::fields);
    let live = restrictions.iter().filter(|plan| plan.object == number && !plan.is_static);
    let fields: BTreeSet<&FieldId> =
        rule_fields.chain(live.flat_map(|plan| plan.only.fields())).collect();
    fields.into_iter().cloned().collect()
}

impl ObjectPlan {
    pub(crate) fn field(&self, field: &FieldId) -> Option<u32> {
        self.fields.find(field)
    }
    /// What a bundle that grants an action gives on a field it does not list.
    pub(crate) fn unlisted(&self, field: usize) -> FieldAccess {
        if self.open[field] { FieldAccess::EDIT } else { FieldAccess::HIDDEN }
    }
    pub(crate) fn dimension(&self, tree: u8) -> Option<Rights> {
        self.dimensions
            .iter()
            .find(|dimension| dimension.tree == tree)
            .map(|dimension| dimension.rights)
    }
}
