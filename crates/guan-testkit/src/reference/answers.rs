//! The reference answers the case corpus like every other evaluator.

use super::Reference;
use crate::case::Answers;
use guan_engine::answer::{Decision, Explanation};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, ObjectId, RecordId, RecordKey, UserId};
use std::collections::BTreeMap;

impl Answers for Reference<'_> {
    fn decide(&self, request: &Request<'_>) -> Decision {
        Reference::decide(self, request)
    }
    fn explain(&self, request: &Request<'_>) -> Explanation {
        Reference::explain(self, request)
    }
    fn fields(&self, session: &Session<'_>, on: &Target) -> BTreeMap<FieldId, FieldAccess> {
        Reference::fields(self, session, on).unwrap_or_default()
    }
    fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId> {
        Reference::list(self, session, action, object)
    }
    fn count(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> usize {
        Reference::list(self, session, action, object).len()
    }
    fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId> {
        Reference::who(self, session, action, record)
    }
}
