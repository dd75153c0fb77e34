//! The records that are shared with somebody, as far as whoever asks may read them too.

use std::collections::BTreeMap;

use guan_engine::model::{Moment, ObjectId, RecordId, RecordKey, Share, TeamMember, UserId};

use super::RecordFault;
use super::find::Question;
use crate::gate::{Asking, Gate};
use crate::query::PageCursor;

/// A record that is shared with somebody, with what names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The record.
    pub key: RecordKey,
    /// Its shares that name them and have not ended.
    pub shares: Vec<Share>,
    /// Their places in its team that have not ended.
    pub team: Vec<TeamMember>,
}

/// A page of them, by object and in the order in which the records came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedPage {
    /// The records: at most as many as were asked for, and fewer where shares have ended.
    pub items: Vec<Received>,
    /// Where to go on; absent on the last page.
    pub next: Option<PageCursor>,
}

impl Gate {
    /// The records that are shared with a user and that the subject may read, after the last one of the page before;
    /// whether the subject may ask about the user is for the caller to judge. What a window relaxes does not count, so
    /// nothing is recorded.
    ///
    /// Cost: a decision for each record shared with the user until the page is full, and a statement for each object.
    ///
    /// # Errors
    ///
    /// A place to go on that is none; the installation cannot answer.
    pub fn received(
        &self,
        asking: &Asking,
        user: &UserId,
        (after, limit): (Option<&PageCursor>, usize),
    ) -> Result<ReceivedPage, RecordFault> {
        let (organization, subject) = (asking.organization.as_str(), asking.subject.as_str());
        let list = ["received", organization, subject, user.as_str()];
        let opened = |cursor| self.open_record(&list, cursor)?.ok_or(RecordFault::Cursor);
        let after = after.map(opened).transpose()?;
        let question = self.question(asking)?.enforced();
        let (keys, next) = readable(&question, user, (after.as_ref(), limit))?;
        let next = next.map(|key| self.seal_record(&list, &key)).transpose()?;
        let mut by_object: BTreeMap<ObjectId, Vec<RecordId>> = BTreeMap::new();
        for RecordKey { object, id } in &keys {
            by_object.entry(object.clone()).or_default().push(id.clone());
        }
        let is_lasting = |ends: Option<Moment>| ends.is_none_or(|ends| ends > asking.clock.wall);
        let mut found: BTreeMap<RecordKey, Received> = BTreeMap::new();
        for (object, ids) in by_object {
            for stored in self.stored(asking, &object, &ids)? {
                let record = stored.record;
                let key = RecordKey::new(object.clone(), record.id);
                let (mut shares, mut team) = (record.shares, record.team);
                let engine = question.engine();
                shares.retain(|one| is_lasting(one.ends) && engine.is_named(user, &one.to));
                team.retain(|one| is_lasting(one.ends) && one.user == *user);
                if !shares.is_empty() || !team.is_empty() {
                    found.insert(key.clone(), Received { key, shares, team });
                }
            }
        }
        let items = keys.iter().filter_map(|key| found.remove(key)).collect();
        Ok(ReceivedPage { items, next })
    }
}

/// The records of a page that the subject may read, and the last of them where more of those follow: of others nothing
/// shows.
fn readable(
    question: &Question<'_>,
    user: &UserId,
    (after, limit): (Option<&RecordKey>, usize),
) -> Result<(Vec<RecordKey>, Option<RecordKey>), RecordFault> {
    let engine = question.engine();
    let mut page: Vec<RecordKey> = Vec::new();
    for object in engine.policy().objects.keys() {
        let after = match after {
            Some(after) if *object < after.object => continue,
            Some(after) if *object == after.object => Some(&after.id),
            _ => None,
        };
        for id in engine.received(user, object, after).ok_or(RecordFault::Cursor)? {
            let key = RecordKey { object: object.clone(), id };
            if !question.may_read(&key) {
                continue;
            }
            if page.len() == limit {
                let next = page.last().cloned();
                return Ok((page, next));
            }
            page.push(key);
        }
    }
    Ok((page, None))
}
