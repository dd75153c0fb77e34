//! Edits that waited for a window to end, merged with what the policy has become.

use guan_store::{Entities, Entity, EntityKind, Merged, WaitingEdit, merge, merge_in_order};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn entities(sets: &[(&str, Value)]) -> Entities {
    sets.iter().map(|(id, body)| ((EntityKind::Set, (*id).to_owned()), body.to_string())).collect()
}
fn put(id: &str, body: &Value) -> Entity {
    Entity { kind: EntityKind::Set, id: id.to_owned(), body: body.to_string() }
}
fn edit(base: &Value, waiting: &Value) -> WaitingEdit {
    WaitingEdit {
        base: entities(&[("s", base.clone())]),
        put: vec![put("s", waiting)],
        remove: Vec::new(),
    }
}
fn merged(base: &Value, waiting: &Value, current: &Value) -> Result<Value, Vec<Vec<String>>> {
    match merge(&entities(&[("s", current.clone())]), &edit(base, waiting)).unwrap() {
        Merged::Applies { put, .. } => Ok(serde_json::from_str(&put[0].body).unwrap()),
        Merged::Nothing => Ok(current.clone()),
        Merged::Conflicts(conflicts) => {
            Err(conflicts.into_iter().map(|conflict| conflict.member).collect())
        }
    }
}

#[test]
fn members_that_only_one_side_changed_are_taken_from_that_side() {
    let base = json!({"name": "a", "objects": {"account": {"read": "all"}, "contact": 1}});
    let waiting =
        json!({"name": "b", "objects": {"account": {"read": "all", "edit": "unit"}, "contact": 1}});
    let current = json!({"name": "a", "objects": {"account": {"read": "none"}}});
    let expected = json!({"name": "b", "objects": {"account": {"read": "none", "edit": "unit"}}});
    assert_eq!(merged(&base, &waiting, &current), Ok(expected));
}

#[test]
fn what_both_changed_in_different_ways_is_a_conflict_by_member() {
    let base = json!({"a": 1, "b": {"c": 1, "d": 1}});
    let waiting = json!({"a": 2, "b": {"c": 2, "d": 2}});
    let current = json!({"a": 2, "b": {"c": 3}});
    let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(merged(&base, &waiting, &current), Err(vec![path(&["b", "c"]), path(&["b", "d"])]));
}

#[test]
fn lists_are_merged_by_their_elements_unless_somebody_moved_one() {
    let of = |base: Value, waiting: Value, current: Value| {
        merged(&json!({"l": base}), &json!({"l": waiting}), &json!({"l": current}))
    };
    assert_eq!(
        of(json!(["a", "b"]), json!(["b", "c"]), json!(["a", "b", "d"])),
        Ok(json!({"l": ["b", "d", "c"]}))
    );
    assert!(of(json!(["a", "b"]), json!(["b", "a"]), json!(["a", "b", "c"])).is_err());
    assert!(of(json!([{"a": 1}]), json!([{"a": 2}]), json!([])).is_err());
}

#[test]
fn taking_out_what_the_other_side_changed_is_a_conflict_and_nothing_of_the_edit_applies() {
    let base = entities(&[("s", json!({"a": 1})), ("t", json!({"a": 1}))]);
    let edit = WaitingEdit {
        base,
        put: vec![put("t", &json!({"a": 2}))],
        remove: vec![(EntityKind::Set, "s".to_owned())],
    };
    let changed = entities(&[("s", json!({"a": 3})), ("t", json!({"a": 1}))]);
    let Merged::Conflicts(conflicts) = merge(&changed, &edit).unwrap() else { panic!() };
    assert_eq!((conflicts.len(), conflicts[0].id.as_str()), (1, "s"));
    assert!(conflicts[0].member.is_empty() && conflicts[0].waiting.is_none());
    let gone = entities(&[("t", json!({"a": 2}))]);
    assert_eq!(merge(&gone, &edit).unwrap(), Merged::Nothing);
}

#[test]
fn later_edits_see_what_the_earlier_ones_have_become() {
    let (zero, one, two) = (json!({"a": 0}), json!({"a": 1}), json!({"a": 2}));
    let edits = [edit(&zero, &one), edit(&one, &two), edit(&zero, &json!({"a": 3}))];
    let merged = merge_in_order(&entities(&[("s", zero)]), &edits).unwrap();
    assert_eq!(merged[1], Merged::Applies { put: vec![put("s", &two)], remove: Vec::new() });
    assert!(matches!(merged[2], Merged::Conflicts(_)));
}

#[test]
fn a_body_that_is_no_json_is_named() {
    let mut edit = edit(&json!({}), &json!({}));
    edit.put[0].body = "{".to_owned();
    let error = merge(&Entities::new(), &edit).unwrap_err();
    assert!(error.to_string().starts_with("set `s` cannot be read"));
}

/// A body with a few members, each with one of a few values.
fn body() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-d]", 0_u8..3, 0..4).prop_map(|members| {
        Value::Object(
            members.into_iter().map(|(name, value)| (name, json!(value))).collect::<Map<_, _>>(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_model_of_members_decides(base in body(), waiting in body(), current in body()) {
        let mut expected = Map::new();
        let mut conflicts = false;
        for name in ["a", "b", "c", "d"] {
            let (old, mine, theirs) = (base.get(name), waiting.get(name), current.get(name));
            let value = if mine == old { theirs } else { mine };
            conflicts |= mine != old && theirs != old && mine != theirs;
            if let Some(value) = value {
                expected.insert(name.to_owned(), value.clone());
            }
        }
        let found = merged(&base, &waiting, &current);
        prop_assert_eq!(found.is_err(), conflicts);
        if let Ok(found) = found {
            prop_assert_eq!(found, Value::Object(expected));
        }
    }

    #[test]
    fn without_other_changes_an_edit_is_what_it_was(base in body(), waiting in body()) {
        prop_assert_eq!(merged(&base, &waiting, &base), Ok(waiting.clone()));
        prop_assert_eq!(merged(&base, &base, &waiting), Ok(waiting));
    }
}
