//! Checks of a policy and of records: each mistake is found, with its place and alone.

use guan_engine::model::{Policy, Record};
use serde_json::{Value, json};

/// A policy with one of everything, and nothing wrong.
pub(crate) fn good() -> Value {
    json!({
        "organization": {"id": "org", "utc_offset_minutes": 480},
        "actions": {"approve": {"needs": "edit", "changes": true, "implies": ["read", "look"]}, "look": {"needs": "read"}},
        "trees": {"units": {"kind": "unit"}, "roles": {"kind": "role"}, "areas": {"kind": "dimension"}},
        "nodes": {
            "head": {"tree": "units"}, "branch": {"tree": "units", "parent": "head"},
            "boss": {"tree": "roles"}, "north": {"tree": "areas", "levels": {"account": "read"}}
        },
        "roll_ups": {"up": {"tree": "units", "covers": ["owned", "unit"], "rights": ["edit", "read"]}},
        "users": {"ann": {"placements": [{"node": "branch"}, {"node": "boss"}], "attributes": {"region": "North"}}, "bob": {}},
        "groups": {"team": {"members": ["user:ann", "group:inner"], "unit": "branch"}, "inner": {"members": ["placed:roles"]}},
        "objects": {
            "account": {
                "roll_ups": ["up"], "dimensions": [{"tree": "areas", "rights": "read"}], "lock_exempt": ["sales"],
                "fields": {"name": {}, "amount": {"type": "number"}, "closes": {"type": "date"}, "tags": {"type": "multi_choice"}, "won": {"type": "boolean"}, "changed": {"type": "date_time"}}
            },
            "contact": {"baseline": {"internal": {"controlled_by_parent": "account"}}, "relations": {"account": {"parent": "account"}}}
        },
        "sets": {
            "sales": {"objects": {"account": {"actions": {"read": "unit", "approve": "all"}}}, "fields": {"account": {"name": "edit"}}, "any_object": {"view_all": true}, "system": ["login"]},
            "mute": {"kind": "muting", "objects": {"account": {"actions": {"edit": "reachable", "read": "all", "delete": "none+unassigned"}}}}
        },
        "set_groups": {"desk": {"sets": ["sales"], "muting": ["mute"]}},
        "assignments": {
            "one": {"what": "set:sales", "to": "user:ann", "starts": "2026-01-01T00:00:00Z", "ends": "2026-02-01T00:00:00Z", "unit": "head",
                    "hours": {"windows": [{"weekday": 6, "from": 0, "to": 1440}]}},
            "two": {"what": "set_group:desk", "to": "node:boss"}
        },
        "rules": {"share": {"object": "account", "owned_by": ["group:team"], "in_units": ["head"], "tagged": ["north"], "when": "amount > 5 and closes < today()", "to": ["above:branch", "everyone"], "rights": "read", "child_levels": {"contact": "read"}}},
        "restrictions": {"own": {"object": "account", "who": ["group:team"], "whose": "$user.region = \"North\"", "only": "name = $user.region", "actions": ["read", "approve"], "fields": ["amount"]}},
        "pools": {"sea": {"object": "account", "admins": ["user:ann"], "members": ["internal"]}}
    })
}

/// Sets the value at `path`, a JSON pointer whose parent exists.
pub(crate) fn set(root: &mut Value, path: &str, value: Value) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let parent = root.pointer_mut(parent).unwrap_or_else(|| panic!("no {path}"));
    parent.as_object_mut().unwrap().insert(key.to_owned(), value);
}

pub(crate) fn policy(value: Value) -> Policy {
    serde_json::from_value(value).unwrap()
}

fn problems(policy: &Policy) -> Vec<String> {
    policy.validate().iter().map(ToString::to_string).collect()
}

/// The one problem after one change.
fn problem_of(path: &str, value: Value) -> String {
    let mut root = good();
    set(&mut root, path, value);
    let found = problems(&policy(root));
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    found[0].clone()
}

#[test]
fn a_good_policy_has_no_problems() {
    assert_eq!(problems(&policy(good())), Vec::<String>::new());
    assert_eq!(problems(&Policy::default()), Vec::<String>::new());
}

#[test]
fn every_name_must_exist() {
    for (path, value, expected) in [
        (
            "/actions/look/implies",
            json!(["dance"]),
            "actions.look.implies[0]: there is no action `dance`",
        ),
        ("/nodes/boss/tree", json!("gone"), "nodes.boss.tree: there is no tree `gone`"),
        ("/nodes/boss/parent", json!("gone"), "nodes.boss.parent: there is no node `gone`"),
        (
            "/nodes/north/levels",
            json!({"gone": "read"}),
            "nodes.north.levels.gone: there is no object",
        ),
        ("/roll_ups/up/tree", json!("gone"), "roll_ups.up.tree: there is no tree `gone`"),
        (
            "/users/bob/placements",
            json!([{"node": "gone"}]),
            "users.bob.placements[0]: there is no node `gone`",
        ),
        (
            "/groups/team/members",
            json!(["user:gone"]),
            "groups.team.members[0]: there is no user `gone`",
        ),
        ("/groups/team/unit", json!("gone"), "groups.team.unit: there is no node `gone`"),
        (
            "/objects/account/roll_ups",
            json!(["gone"]),
            "objects.account.roll_ups[0]: there is no roll-up `gone`",
        ),
        (
            "/objects/account/lock_exempt",
            json!(["gone"]),
            "objects.account.lock_exempt[0]: there is no set `gone`",
        ),
        (
            "/objects/contact/relations/account/parent",
            json!("gone"),
            "objects.contact.relations.account.parent: there is no object `gone`",
        ),
        (
            "/objects/contact/baseline/external",
            json!({"controlled_by_parent": "gone"}),
            "objects.contact.baseline.external: the object has no relation `gone`",
        ),
        (
            "/sets/sales/objects/gone",
            json!({}),
            "sets.sales.objects.gone: there is no object `gone`",
        ),
        (
            "/sets/sales/any_object/actions",
            json!({"dance": "all"}),
            "sets.sales.any_object.actions.dance: there is no action `dance`",
        ),
        (
            "/sets/sales/fields/account/gone",
            json!("read"),
            "sets.sales.fields.account.gone: the object `account` has no field `gone`",
        ),
        (
            "/set_groups/desk/sets",
            json!(["gone"]),
            "set_groups.desk.sets[0]: there is no set `gone`",
        ),
        (
            "/assignments/two/what",
            json!("set_group:gone"),
            "assignments.two.what: there is no group of sets `gone`",
        ),
        ("/assignments/two/to", json!("node:gone"), "assignments.two.to: there is no node `gone`"),
        ("/rules/share/object", json!("gone"), "rules.share.object: there is no object `gone`"),
        (
            "/rules/share/to",
            json!(["everyone", "user:ann", "placed:gone"]),
            "rules.share.to[1]: there is no tree `gone`",
        ),
        (
            "/restrictions/own/actions",
            json!(["dance"]),
            "restrictions.own.actions[0]: there is no action `dance`",
        ),
        (
            "/restrictions/own/fields",
            json!(["gone"]),
            "restrictions.own.fields[0]: the object `account` has no field",
        ),
        ("/pools/sea/object", json!("gone"), "pools.sea.object: there is no object `gone`"),
        (
            "/pools/sea/admins",
            json!(["group:gone"]),
            "pools.sea.admins[0]: there is no group `gone`",
        ),
    ] {
        let problem = problem_of(path, value);
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn what_exists_must_be_of_the_right_kind() {
    for (path, value, expected) in [
        (
            "/nodes/branch/parent",
            json!("boss"),
            "nodes.branch.parent: the parent `boss` stands in the tree `roles`",
        ),
        (
            "/groups/team/unit",
            json!("boss"),
            "groups.team.unit: the node `boss` stands in the tree `roles`, which is not of kind unit",
        ),
        ("/assignments/one/unit", json!("north"), "assignments.one.unit: the node `north` stands"),
        (
            "/rules/share/in_units_exactly",
            json!(["boss"]),
            "rules.share.in_units_exactly[0]: the node `boss`",
        ),
        (
            "/rules/share/tagged",
            json!(["boss"]),
            "rules.share.tagged[0]: the node `boss` stands in the tree `roles`, which is not a dimension",
        ),
        (
            "/roll_ups/up/tree",
            json!("roles"),
            "roll_ups.up.covers: the cover `unit` needs a tree of kind unit",
        ),
        ("/roll_ups/up/rights", json!([]), "roll_ups.up.rights: no rights are stated"),
        (
            "/objects/contact/dimensions",
            json!([{"tree": "roles", "rights": "read"}]),
            "objects.contact.dimensions[0].tree: the tree `roles` is not of kind dimension",
        ),
        (
            "/objects/account/dimensions",
            json!([{"tree": "areas", "rights": "read"}, {"tree": "areas", "rights": "edit"}]),
            "objects.account.dimensions[1].tree: the tree `areas` is a dimension of the object already",
        ),
        (
            "/objects/account/lock_exempt",
            json!(["mute"]),
            "objects.account.lock_exempt[0]: the set `mute` is of kind muting",
        ),
        (
            "/set_groups/desk/sets",
            json!(["mute", "sales"]),
            "set_groups.desk.sets[0]: the set `mute` is of kind muting",
        ),
        (
            "/set_groups/desk/muting",
            json!(["sales"]),
            "set_groups.desk.muting[0]: the set `sales` is not of kind muting",
        ),
        (
            "/assignments/one/what",
            json!("set:mute"),
            "assignments.one.what: the set `mute` is of kind muting",
        ),
        (
            "/sets/mute/objects/account/actions/edit",
            json!("unit"),
            "sets.mute.objects.account.actions.edit: muting `unit` has no meaning",
        ),
        (
            "/sets/mute/objects/account/actions/edit",
            json!("none"),
            "sets.mute.objects.account.actions.edit: muting `none` has no meaning",
        ),
        (
            "/users/ann/placements",
            json!([{"node": "boss"}, {"node": "boss", "as": "head"}]),
            "users.ann.placements[1]: the user already stands",
        ),
        (
            "/users/ann/attributes/id",
            json!("x"),
            "users.ann.attributes.id: `$user.id` is the id of the user",
        ),
        (
            "/actions/read",
            json!({"needs": "read"}),
            "actions.read: `read` is the name of a standard action",
        ),
        (
            "/actions/look/implies",
            json!(["approve"]),
            "actions.approve.implies: `approve`, `look` imply each other in a circle",
        ),
        ("/actions/look/implies", json!(["look"]), "actions.look.implies: `look` imply"),
    ] {
        let problem = problem_of(path, value);
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn times_must_make_sense() {
    for (path, value, expected) in [
        (
            "/assignments/one/ends",
            json!("2026-01-01T00:00:00Z"),
            "assignments.one.ends: the end 2026-01-01T00:00:00Z is not after the start",
        ),
        (
            "/assignments/one/hours/windows",
            json!([{"weekday": 7, "from": 0, "to": 5}]),
            "assignments.one.hours.windows[0].weekday: 7 is not a day",
        ),
        (
            "/assignments/one/hours/windows",
            json!([{"weekday": 0, "from": 5, "to": 5}]),
            "assignments.one.hours.windows[0]: the window from 5 to 5 is empty",
        ),
        (
            "/assignments/one/hours/windows",
            json!([{"weekday": 0, "from": 5, "to": 1441}]),
            "assignments.one.hours.windows[0].to: 1441 is past the end",
        ),
        (
            "/assignments/one/hours/utc_offset_minutes",
            json!(900),
            "assignments.one.hours.utc_offset_minutes: 900 is not",
        ),
        (
            "/organization/utc_offset_minutes",
            json!(-721),
            "organization.utc_offset_minutes: -721 is not",
        ),
    ] {
        let problem = problem_of(path, value);
        assert!(problem.starts_with(expected), "{problem}");
    }
    let mut root = good();
    set(&mut root, "/rules/share/starts", json!("2026-02-01T00:00:00Z"));
    set(&mut root, "/rules/share/ends", json!("2026-01-01T00:00:00Z"));
    assert!(problems(&policy(root))[0].starts_with("rules.share.ends: the end"));
}

#[test]
fn conditions_must_fit_their_object() {
    for (path, value, expected) in [
        (
            "/rules/share/when",
            "gone = 1",
            "rules.share.when: condition `gone = 1`, at character 0: the object has no field `gone`",
        ),
        (
            "/rules/share/when",
            "name = $user.region",
            "rules.share.when: a rule that reads `$user` covers other records for each user",
        ),
        (
            "/restrictions/own/whose",
            "name = \"x\"",
            "restrictions.own.whose: `whose` describes the subject",
        ),
        (
            "/restrictions/own/whose",
            "$record.owner = $user.id",
            "restrictions.own.whose: `whose` describes the subject",
        ),
        ("/restrictions/own/only", "amount = \"x\"", "restrictions.own.only: condition"),
    ] {
        let problem = problem_of(path, json!(value));
        assert!(problem.starts_with(expected), "{problem}");
    }
    let problem = problem_of("/restrictions/own/actions", json!(["create", "read"]));
    assert!(
        problem
            .starts_with("restrictions.own.actions[1]: a restriction acts on records that exist"),
        "{problem}"
    );
}

#[test]
fn ids_must_be_readable() {
    assert_eq!(
        problem_of("/pools/", json!({"object": "account"})),
        "pools.: the id is empty; give it one"
    );
    for id in ["a\nb", "a\u{0}", "\u{202e}evil", "a\u{2028}"] {
        let problem = problem_of(&format!("/users/{id}"), json!({}));
        assert!(problem.contains("has control characters"), "{problem}");
        assert!(!problem.contains(id) && problem.contains("\\u{"), "{problem}");
    }
    assert_eq!(
        problem_of("/sets/sales/system", json!([""])),
        "sets.sales.system[0]: the id is empty; give it one"
    );
}

#[test]
fn a_circle_of_parents_names_its_nodes_once() {
    let mut root = good();
    for (node, parent) in [("a", "b"), ("b", "c"), ("c", "a"), ("z", "a"), ("self", "self")] {
        set(&mut root, &format!("/nodes/{node}"), json!({"tree": "units", "parent": parent}));
    }
    assert_eq!(
        problems(&policy(root)),
        [
            "nodes.a.parent: the parents go in a circle: `a`, `b`, `c`, `a`; give one of them another parent",
            "nodes.self.parent: the parents go in a circle: `self`, `self`; give one of them another parent",
        ]
    );
}

fn chain(length: usize, kind: &str, link: impl Fn(usize) -> Value) -> Vec<String> {
    let mut root = good();
    for at in 0..length {
        set(&mut root, &format!("/{kind}/x{at:06}"), link(at));
    }
    problems(&policy(root))
}

#[test]
fn a_tree_may_be_64_deep_and_one_problem_tells_that_it_is_deeper() {
    let node = |at: usize| {
        if at == 0 {
            json!({"tree": "units"})
        } else {
            json!({"tree": "units", "parent": format!("x{:06}", at - 1)})
        }
    };
    assert_eq!(chain(64, "nodes", node), Vec::<String>::new());
    for length in [65, 20_000] {
        let found = chain(length, "nodes", node);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("nodes.x000064.parent: the node stands deeper than 64 levels"),
            "{found:?}"
        );
    }
}

#[test]
fn groups_may_be_nested_64_deep_and_may_contain_each_other() {
    let group = |at: usize| json!({"members": [if at == 0 { "user:ann".to_owned() } else { format!("group:x{:06}", at - 1) }]});
    assert_eq!(chain(64, "groups", group), Vec::<String>::new());
    for length in [65, 20_000] {
        let found = chain(length, "groups", group);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("groups.x000064.members: groups are nested 65 deep"),
            "{found:?}"
        );
    }
    let circle = |at: usize| json!({"members": [format!("group:x{:06}", (at + 1) % 5)]});
    assert_eq!(chain(5, "groups", circle), Vec::<String>::new());
}

#[test]
fn the_bounds_hold_exactly() {
    let trees = |count: usize| chain(count, "trees", |_| json!({"kind": "role"}));
    assert_eq!(trees(29), Vec::<String>::new());
    assert_eq!(trees(30), ["trees: 33 trees are more than the 32 that fit; remove some"]);
    let actions = |count: usize| chain(count, "actions", |_| json!({"needs": "read"}));
    assert_eq!(actions(51), Vec::<String>::new());
    assert!(actions(52)[0].starts_with("actions: 65 actions, the standard ones included,"));
    let fields = |count: usize| {
        let mut root = good();
        let fields: serde_json::Map<String, Value> =
            (0..count).map(|at| (format!("f{at}"), json!({}))).collect();
        set(&mut root, "/objects/contact/fields", Value::Object(fields));
        problems(&policy(root))
    };
    assert_eq!(fields(4_096), Vec::<String>::new());
    assert_eq!(
        fields(4_097),
        ["objects.contact.fields: 4097 fields are more than the 4096 that fit; remove some"]
    );
}

#[test]
fn all_problems_are_told_in_the_same_order() {
    let mut root = good();
    set(&mut root, "/pools/sea/object", json!("gone"));
    set(&mut root, "/organization/id", json!(""));
    set(&mut root, "/rules/share/to", json!(["user:x", "user:y"]));
    let found = problems(&policy(root.clone()));
    let places: Vec<&str> =
        found.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["organization.id", "rules.share.to[0]", "rules.share.to[1]", "pools.sea.object"]
    );
    assert_eq!(problems(&policy(root)), found);
}

fn record() -> Value {
    json!({
        "object": "account", "id": "1", "owners": ["user:ann", "group:team"], "unit": "branch", "tags": ["north"], "pool": "sea",
        "fields": {"name": "甲", "amount": 5, "closes": "2026-01-31", "tags": ["a"], "won": true, "changed": "2026-01-31T08:00:00+08:00"},
        "shares": [{"to": "node_and_below:head", "rights": "read", "child_levels": {"contact": "read"}}],
        "team": [{"user": "ann", "rights": "edit"}]
    })
}

#[test]
fn a_record_must_fit_its_policy() {
    let policy = policy(good());
    let check = |value: Value| -> Vec<String> {
        let record: Record = serde_json::from_value(value).unwrap();
        policy.validate_record(&record).iter().map(ToString::to_string).collect()
    };
    assert_eq!(check(record()), Vec::<String>::new());
    assert_eq!(
        check(json!({"object": "contact", "id": "2", "parents": {"account": "missing"}})),
        Vec::<String>::new()
    );
    for (path, value, expected) in [
        ("/id", json!(""), "id: the id is empty"),
        ("/id", json!(".."), "id: the id `..` cannot be named in an address"),
        ("/owners", json!(["user:gone"]), "owners[0]: there is no user `gone`"),
        (
            "/unit",
            json!("boss"),
            "unit: the node `boss` stands in the tree `roles`, which is not of kind unit",
        ),
        (
            "/tags",
            json!(["boss"]),
            "tags[0]: the node `boss` stands in the tree `roles`, which is not a dimension",
        ),
        ("/parents", json!({"gone": "1"}), "parents.gone: the object has no relation `gone`"),
        ("/pool", json!("gone"), "pool: there is no pool `gone`"),
        ("/fields/gone", json!("x"), "fields.gone: the object `account` has no field `gone`"),
        ("/fields/amount", json!("many"), "fields.amount: the value is not a number; mend it"),
        ("/fields/closes", json!("2026-01-31T08:00:00Z"), "fields.closes: the value is not a day"),
        (
            "/fields/changed",
            json!("2026-01-31T08:00:00"),
            "fields.changed: the value is not an instant",
        ),
        (
            "/fields/name",
            json!("x".repeat(131_073)),
            "fields.name: the value has 131073 characters, and 131072 are kept; shorten it",
        ),
        (
            "/fields/tags",
            json!(["a", "x".repeat(1_025)]),
            "fields.tags: the value has 1025 characters, and 1024 are kept",
        ),
        ("/fields/won", json!(1), "fields.won: the value is not true or false"),
        ("/fields/name", json!(["x"]), "fields.name: the value is not text"),
        ("/fields/tags", json!(true), "fields.tags: the value is not a list of choices"),
        (
            "/shares",
            json!([{"to": "group:gone", "rights": "read"}]),
            "shares[0].to: there is no group `gone`",
        ),
        (
            "/shares",
            json!([{"to": "everyone", "rights": "read", "child_levels": {"gone": "read"}}]),
            "shares[0].child_levels.gone: there is no object",
        ),
        (
            "/team",
            json!([{"user": "gone", "rights": "read"}]),
            "team[0].user: there is no user `gone`",
        ),
    ] {
        let mut root = record();
        set(&mut root, path, value);
        let found = check(root);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
    let elsewhere = check(json!({"object": "contact", "id": "2", "pool": "sea"}));
    assert!(
        elsewhere[0].starts_with("pool: the pool `sea` holds records of `account`"),
        "{elsewhere:?}"
    );
    assert!(
        check(json!({"object": "gone", "id": "2", "fields": {"x": 1}}))[0]
            .starts_with("object: there is no object")
    );
}
