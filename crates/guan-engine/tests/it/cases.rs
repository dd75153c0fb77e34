//! The engine answers the case corpus as it expects.

use guan_engine::Engine;
use guan_engine::answer::{Decision, Explanation};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, ObjectId, RecordId, RecordKey, UserId};
use guan_testkit::case::{Answers, CaseFile, Mismatch, check, compare_grid, load_dir};
use std::collections::BTreeMap;
use std::path::Path;

/// The engine of one file. Lists are gathered from single decisions.
struct Asked<'f> {
    engine: Engine,
    file: &'f CaseFile,
}

impl<'f> Asked<'f> {
    fn of(file: &'f CaseFile) -> Self {
        let engine = Engine::load(file.policy.clone(), file.records.iter().cloned());
        Self { engine: engine.expect("a case file is a good policy"), file }
    }
}

impl Answers for Asked<'_> {
    fn decide(&self, request: &Request<'_>) -> Decision {
        self.engine.check(request)
    }
    fn explain(&self, request: &Request<'_>) -> Explanation {
        self.engine.explain(request)
    }
    fn fields(&self, session: &Session<'_>, on: &Target) -> BTreeMap<FieldId, FieldAccess> {
        self.engine.fields(session, on).unwrap_or_default()
    }
    fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId> {
        let of_object = self.file.records.iter().filter(|record| record.object == *object);
        let keys: Vec<RecordKey> = of_object.map(guan_engine::model::Record::key).collect();
        let decisions = self.engine.check_many(session, action, &keys);
        let allowed = keys.into_iter().zip(decisions).filter(|(_, told)| told.is_allowed());
        allowed.map(|(key, _)| key.id).collect()
    }
    fn count(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> usize {
        self.list(session, action, object).len()
    }
    fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId> {
        let may = |user: &&UserId| {
            let session = session.of_subject((*user).clone());
            let on = Target::Record(record.clone());
            self.engine.check(&Request::new(session, action.clone(), on)).is_allowed()
        };
        self.file.policy.users.keys().filter(may).cloned().collect()
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
