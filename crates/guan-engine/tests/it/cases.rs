//! The engine answers the case corpus as it expects.

use guan_engine::Engine;
use guan_engine::answer::{Decision, Explanation};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldAccess, FieldId, ObjectId, RecordId, RecordKey, STANDARD_ACTIONS, UserId,
};
use guan_engine::question::ListQuery;
use guan_testkit::case::{Answers, Case, CaseFile, Mismatch, check, compare_grid, load_dir};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The engine of one file.
struct Asked(Engine);

impl Asked {
    fn of(file: &CaseFile) -> Self {
        let engine = Engine::load(file.policy.clone(), file.records.iter().cloned());
        Self(engine.expect("a case file is a good policy"))
    }
}

impl Answers for Asked {
    fn decide(&self, request: &Request<'_>) -> Decision {
        self.0.check(request)
    }
    fn explain(&self, request: &Request<'_>) -> Explanation {
        self.0.explain(request)
    }
    fn fields(&self, session: &Session<'_>, on: &Target) -> BTreeMap<FieldId, FieldAccess> {
        self.0.fields(session, on).unwrap_or_default()
    }
    /// All pages of two records each.
    fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId> {
        let mut query = ListQuery::first(object.clone(), 2);
        let mut records = Vec::new();
        while let Ok(page) = self.0.list(session, action, &query) {
            records.extend(page.records);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        records
    }
    fn count(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> usize {
        let count = self.0.count(session, action, object).unwrap_or_default();
        usize::try_from(count).expect("a case file is small")
    }
    fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId> {
        let found = self.0.who(session, action, record).unwrap_or_default();
        found.into_iter().map(|accessor| accessor.user).collect()
    }
}

fn corpus() -> Vec<CaseFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    load_dir(&folder).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_engine_answers_every_case_as_it_expects() {
    let mut mismatches: Vec<Mismatch> = Vec::new();
    for file in corpus() {
        mismatches.extend(check(&Asked::of(&file), &file));
    }
    let told: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
    assert!(told.is_empty(), "{} mismatches\n{}", told.len(), told.join("\n"));
}

#[test]
fn the_grids_of_the_corpus_are_the_engine_s_too() {
    for file in corpus().iter().filter(|file| file.has_grid) {
        let difference = compare_grid(&Asked::of(file), file).unwrap();
        assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}

/// Every user, standard action, object and record of every file, in the situation of each of its cases.
#[test]
fn lists_counts_and_who_say_what_single_decisions_say() {
    for file in corpus() {
        let asked = Asked::of(&file);
        let mut seen = BTreeSet::new();
        for case in &file.cases {
            if seen.insert(format!("{:?} {:?} {:?}", case.overlays, case.node, case.address)) {
                agree(&asked, &file, case);
            }
        }
    }
}

fn agree(asked: &Asked, file: &CaseFile, case: &Case) {
    let place = format!("{}:{}", file.path.display(), case.line);
    for action in STANDARD_ACTIONS {
        let mut who: BTreeMap<RecordKey, Vec<UserId>> = BTreeMap::new();
        for user in file.policy.users.keys() {
            let session = case.session(user);
            let mut expected: BTreeMap<&ObjectId, BTreeSet<RecordId>> = BTreeMap::new();
            for record in &file.records {
                let on = Target::Record(record.key());
                let request = Request::new(session.clone(), action.clone(), on);
                if asked.decide(&request).is_allowed() {
                    expected.entry(&record.object).or_default().insert(record.id.clone());
                    who.entry(record.key()).or_default().push(user.clone());
                }
            }
            for object in file.policy.objects.keys() {
                let told = format!("{place}: {user} {action} {object}");
                let expected = expected.remove(object).unwrap_or_default();
                let listed = asked.list(&session, &action, object);
                assert_eq!(listed.len(), expected.len(), "{told}");
                assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected, "{told}");
                assert_eq!(asked.count(&session, &action, object), expected.len(), "{told}");
            }
        }
        for record in &file.records {
            let found = asked.who(&case.session(&UserId::new("")), &action, &record.key());
            let expected = who.remove(&record.key()).unwrap_or_default();
            assert_eq!(found, expected, "{place}: who may {action} {}", record.key());
        }
    }
}
