//! Trees, users, groups, roll-ups and objects of a random organization.

use super::random::Random;
use super::words::{FIELDS, levels, nodes_of_kind, principals, rights, unit};
use guan_engine::model::{
    ActionName, Baseline, Baselines, Cover, CustomAction, Dimension, Field, FieldClass, FieldId,
    FieldMode, FieldType, Group, GroupId, GroupKind, Mask, Node, NodeId, Number, Object, ObjectId,
    OwnerChange, PlacedAs, Placement, Policy, Relation, RelationId, Right, RightName, Rights,
    RollUp, RollUpId, RollUpSpan, RollUpWho, STANDARD_ACTIONS, Tree, TreeId, TreeKind, UnitSource,
    User, UserId, UserKind, Value,
};
use std::collections::{BTreeMap, BTreeSet};

const OBJECTS: [&str; 3] = ["acc", "con", "opp"];

/// Makes everything that the rest of the policy refers to.
pub(super) fn organization(random: &mut Random, policy: &mut Policy) {
    policy.organization.utc_offset_minutes = random.one(0, &[480, -300]);
    users(random, policy);
    trees(random, policy);
    placements(random, policy);
    groups(random, policy);
    roll_ups(random, policy);
    custom_actions(random, policy);
    objects(random, policy);
    node_levels(random, policy);
}

fn users(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(6, 12) {
        let kinds = [
            UserKind::Internal,
            UserKind::Internal,
            UserKind::Integration,
            UserKind::External,
            UserKind::External,
            UserKind::Guest,
        ];
        let mut attributes = BTreeMap::new();
        if random.happens(60) {
            attributes.insert("region".to_owned(), Value::from(random.one("x", &["y"])));
        }
        if random.happens(60) {
            let level = random.one(1, &[2, 3]);
            attributes.insert("level".to_owned(), Value::Number(Number::whole(level)));
        }
        let user = User {
            name: String::new(),
            kind: random.one(UserKind::Internal, &kinds),
            active: random.happens(94),
            placements: Vec::new(),
            attributes,
        };
        policy.users.insert(UserId::new(format!("u{at}")), user);
    }
}

fn trees(random: &mut Random, policy: &mut Policy) {
    let kinds = [
        ("role", TreeKind::Role),
        ("unit", TreeKind::Unit),
        ("line", TreeKind::Manager),
        ("area", TreeKind::Dimension),
    ];
    for (name, kind) in kinds {
        for number in 0..random.between(1, 2) {
            let tree = TreeId::new(format!("{name}{number}"));
            policy.trees.insert(tree.clone(), Tree { name: String::new(), kind });
            let mut nodes: Vec<NodeId> = Vec::new();
            let users: Vec<_> = policy.users.keys().cloned().collect();
            let count = if kind == TreeKind::Manager { users.len() } else { random.between(2, 6) };
            for at in 0..count {
                let id = NodeId::new(format!("{tree}.{at}"));
                let parent = random.maybe(85, |random| random.any(&nodes)).flatten();
                let node = Node {
                    tree: tree.clone(),
                    parent,
                    name: String::new(),
                    levels: BTreeMap::new(),
                };
                policy.nodes.insert(id.clone(), node);
                nodes.push(id.clone());
                if kind == TreeKind::Manager
                    && let Some(user) = users.get(at)
                    && let Some(user) = policy.users.get_mut(user)
                {
                    user.placements.push(Placement::member(id));
                }
            }
        }
    }
}

/// Places in the other trees: several for one user, several users at one node.
fn placements(random: &mut Random, policy: &mut Policy) {
    let mut nodes = nodes_of_kind(policy, TreeKind::Role);
    nodes.extend(nodes_of_kind(policy, TreeKind::Unit));
    nodes.extend(nodes_of_kind(policy, TreeKind::Dimension));
    for user in policy.users.values_mut() {
        for _ in 0..random.below(5) {
            let Some(node) = random.any(&nodes) else { continue };
            if user.placements.iter().all(|placement| placement.node != node) {
                let placed_as = random.one(PlacedAs::Member, &[PlacedAs::Member, PlacedAs::Head]);
                let additional = random.happens(20);
                user.placements.push(Placement { node, placed_as, additional });
            }
        }
    }
}

fn groups(random: &mut Random, policy: &mut Policy) {
    let ids: Vec<_> = (0..random.between(3, 6)).map(|at| GroupId::new(format!("g{at}"))).collect();
    for id in &ids {
        policy.groups.insert(id.clone(), Group::default());
    }
    for id in ids {
        let group = Group {
            name: String::new(),
            kind: random.one(GroupKind::Group, &[GroupKind::Queue, GroupKind::Team]),
            members: principals(random, policy, 3),
            include_superiors: random.happens(50),
            unit: random.maybe(50, |random| unit(random, policy)).flatten(),
        };
        policy.groups.insert(id, group);
    }
}

fn roll_ups(random: &mut Random, policy: &mut Policy) {
    for at in 0..random.between(4, 8) {
        let Some(tree) = random.key(&policy.trees) else { continue };
        let mut covers = random.some(&[Cover::Owned, Cover::Shared, Cover::Team, Cover::Ruled], 60);
        let is_unit = policy.trees.get(&tree).is_some_and(|tree| tree.kind == TreeKind::Unit);
        if is_unit && random.happens(60) {
            covers.insert(Cover::Unit);
        }
        if covers.is_empty() {
            covers.insert(Cover::Owned);
        }
        let mut each = vec![random.one(Rights::READ, &[Rights::EDIT, Rights::FULL])];
        for _ in 0..random.below(3) {
            each.push(rights(random));
        }
        let roll_up = RollUp {
            tree,
            who: random
                .one(RollUpWho::Placed, &[RollUpWho::Placed, RollUpWho::Members, RollUpWho::Heads]),
            span: random.one(RollUpSpan::Below, &[RollUpSpan::Same, RollUpSpan::SameOrBelow]),
            covers,
            depth_max: random.maybe(30, |random| random.one(0, &[1, 2])),
            rights: each,
        };
        policy.roll_ups.insert(RollUpId::new(format!("up{at}")), roll_up);
    }
}

fn custom_actions(random: &mut Random, policy: &mut Policy) {
    let names: Vec<_> = (0..3).map(|at| ActionName::new(format!("c{at}"))).collect();
    for name in &names {
        let mut implies = random.some(&STANDARD_ACTIONS, 10);
        // One that is there already: implied actions have no cycles.
        if let Some(other) = random.maybe(40, |random| random.key(&policy.actions)).flatten() {
            implies.insert(guan_engine::model::Action::Custom(other));
        }
        let action = CustomAction {
            needs: RightName(random.one(Right::Read, &Right::ALL)),
            changes: random.happens(50),
            implies,
        };
        policy.actions.insert(name.clone(), action);
    }
}

fn objects(random: &mut Random, policy: &mut Policy) {
    // In some worlds nothing reaches from one record to another: evaluators may go shorter ways there.
    let linked = if random.happens(70) { 50 } else { 0 };
    for id in OBJECTS {
        let relations: BTreeMap<_, _> = ["r0", "r1"]
            .into_iter()
            .map(|relation| {
                let link = Relation {
                    parent: ObjectId::from(random.one("acc", &OBJECTS)),
                    implicit_parent: random.happens(linked),
                    implicit_child: random.happens(linked),
                };
                (RelationId::from(relation), link)
            })
            .collect();
        let dimensions: Vec<_> = policy
            .trees
            .iter()
            .filter(|(_, tree)| tree.kind == TreeKind::Dimension)
            .filter_map(|(tree, _)| {
                random.maybe(70, |random| Dimension { tree: tree.clone(), rights: rights(random) })
            })
            .collect();
        let object = Object {
            name: String::new(),
            baseline: Baselines {
                internal: baseline(random, linked),
                external: baseline(random, linked),
            },
            roll_ups: random.keys(&policy.roll_ups, 50),
            unit_source: random.one(UnitSource::Record, &[UnitSource::Record, UnitSource::Owners]),
            field_mode: random.one(FieldMode::Closed, &[FieldMode::Open]),
            fields: fields(random),
            relations,
            dimensions,
            lock_exempt: BTreeSet::new(),
            owner_change: OwnerChange::default(),
        };
        policy.objects.insert(ObjectId::from(id), object);
    }
}

fn baseline(random: &mut Random, linked: usize) -> Baseline {
    match random.below(12) {
        0 => Baseline::Read,
        1 => Baseline::Edit,
        2 => Baseline::EditAssign,
        3 => Baseline::Full,
        4..8 if random.happens(linked + linked / 2) => {
            Baseline::ControlledByParent(RelationId::from(random.one("r0", &["r1"])))
        }
        _ => Baseline::Private,
    }
}

fn fields(random: &mut Random) -> BTreeMap<FieldId, Field> {
    let types = [
        FieldType::Text,
        FieldType::Number,
        FieldType::Boolean,
        FieldType::Date,
        FieldType::DateTime,
        FieldType::Choice,
        FieldType::MultiChoice,
        FieldType::Reference,
    ];
    FIELDS
        .into_iter()
        .zip(types)
        .map(|(id, field_type)| {
            let classes = [
                FieldClass::Personal,
                FieldClass::Sensitive,
                FieldClass::Financial,
                FieldClass::Protected,
            ];
            let field = Field {
                name: String::new(),
                field_type,
                indexed: random.happens(40),
                secured: random.one(None, &[None, None, Some(true), Some(false)]),
                class: random.maybe(40, |random| random.one(FieldClass::Personal, &classes)),
                read_only: random.happens(10),
                searchable: random.happens(50),
                mask: random.maybe(20, |random| {
                    random.one(Mask::Full, &[Mask::Keep { first: 1, last: 1 }, Mask::Mail])
                }),
                // They decide nothing.
                required: false,
                default: None,
            };
            (FieldId::from(id), field)
        })
        .collect()
}

/// Levels on nodes: what tags, and owners placed there, give on which object.
fn node_levels(random: &mut Random, policy: &mut Policy) {
    let levels: Vec<_> =
        policy.nodes.keys().map(|node| (node.clone(), levels(random, policy, 30))).collect();
    for (id, levels) in levels {
        if let Some(node) = policy.nodes.get_mut(&id) {
            node.levels = levels;
        }
    }
}
