//! Every right in real files, read by a plain walk over the XML, is the right in the policy.

use crate::real::shared;
use guan_engine::model::{Action, FieldAccess, PermissionSet, Policy};
use guan_import::{Files, salesforce};
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// Leaf texts by name of each element right below the root, by a reader of its own.
fn entries(xml: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut path, mut found) = (Vec::<String>::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                if path.len() == 2 {
                    found.push((path[1].clone(), BTreeMap::new()));
                }
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) if path.len() == 3 => {
                let (_, leaves) = found.last_mut().unwrap();
                leaves.insert(path[2].clone(), text.xml10_content().into_owned());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

struct Counted {
    objects: usize,
    fields: usize,
}

fn compare(policy: &Policy, files: &Files) -> Counted {
    let mut counted = Counted { objects: 0, fields: 0 };
    for (path, bytes) in files.iter() {
        let Some(set) = set_of(policy, path) else { continue };
        for (kind, leaves) in entries(std::str::from_utf8(bytes).unwrap()) {
            let is = |name: &str| leaves.get(name).is_some_and(|text| text == "true");
            if kind == "objectPermissions" {
                counted.objects += 1;
                check_object(set, &leaves["object"], is);
            } else if kind == "fieldPermissions" {
                counted.fields += 1;
                let (object, field) = leaves["field"].split_once('.').unwrap();
                let listed = set
                    .fields
                    .get(object)
                    .and_then(|fields| fields.get(field))
                    .copied()
                    .unwrap_or(FieldAccess::HIDDEN);
                assert_eq!(listed.is_readable(), is("readable"), "{path} {object}.{field}");
                assert_eq!(listed.is_editable(), is("editable"), "{path} {object}.{field}");
            }
        }
    }
    counted
}

fn set_of<'p>(policy: &'p Policy, path: &str) -> Option<&'p PermissionSet> {
    let file = path.rsplit('/').next().unwrap();
    let (name, id) = if let Some(name) = file.strip_suffix(".profile-meta.xml") {
        (name, format!("profile/{name}"))
    } else {
        let name = file.strip_suffix(".permissionset-meta.xml")?;
        (name, name.to_owned())
    };
    Some(policy.sets.get(id.as_str()).unwrap_or_else(|| panic!("no set for {name}")))
}

fn check_object(set: &PermissionSet, object: &str, is: impl Fn(&str) -> bool) {
    let given = set.objects.get(object).cloned().unwrap_or_default();
    let has = |action: Action| given.actions.contains_key(&action);
    let place = format!("{} {object}", set.name);
    assert_eq!(has(Action::Read), is("allowRead"), "{place}");
    assert_eq!(has(Action::Create), is("allowCreate"), "{place}");
    assert_eq!(has(Action::Edit), is("allowEdit"), "{place}");
    assert_eq!(has(Action::Delete), is("allowDelete"), "{place}");
    assert_eq!(given.view_all, is("viewAllRecords"), "{place}");
    assert_eq!(given.modify_all, is("modifyAllRecords"), "{place}");
    assert_eq!(given.all_fields.is_readable(), is("viewAllFields"), "{place}");
    let reachable = guan_engine::model::Grant::REACHABLE;
    for (action, grant) in &given.actions {
        let is_wide = *action == Action::Create || given.view_all || given.modify_all;
        assert!(*grant == reachable || is_wide, "{place} {action}");
    }
}

#[test]
fn the_whole_grid_of_a_real_project_is_what_its_files_say() {
    let Some(shared) = shared() else { return };
    let files = Files::from_folder(&shared.join("salesforce/prs-exemptions")).unwrap();
    let imported = salesforce::import(&files, None, &salesforce::Options::default()).unwrap();
    let counted = compare(&imported.policy, &files);
    assert!(
        counted.objects >= 50 && counted.fields >= 1000,
        "{} {}",
        counted.objects,
        counted.fields
    );
    let listed: usize =
        imported.policy.sets.values().flat_map(|set| set.fields.values()).map(BTreeMap::len).sum();
    let tally = imported.report.counts["fieldPermissions"];
    // One row stands in its file twice, in the same words.
    let repeats = imported.report.counts["repeat"].ignored;
    assert_eq!(tally.exact + repeats, counted.fields as u64, "every field row is rated exact");
    assert_eq!(listed as u64, tally.exact - tally.no_op, "nothing is listed beside the rows");
    assert_eq!(imported.report.counts["objectPermissions"].exact, counted.objects as u64);
}
