//! Dense access for those who ask much: a session entered once, an action chosen once, then one
//! check a record by its number.

use crate::answer::Refusal;
use crate::ask::Session;
use crate::engine::Engine;
use crate::lens::{Lens, Relax};
use crate::model::{Action, ObjectId, RecordKey, Rights, UserId};
use crate::reach::Path;
use crate::subject::Subject;
use std::collections::BTreeSet;

/// A record's number within its object. It stays with the record for the life of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordNumber(pub u32);

/// A user's number for the life of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserNumber(pub u32);

/// Object and action by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    object: u32,
    action: u8,
}

/// A session that has passed the session gate. It answers by the policy with elevations and
/// disablements; what suspensions relax is asked of [`Engine::check`], [`Engine::list`] and
/// [`Engine::count`], since each such answer has to be recorded.
#[derive(Debug)]
pub struct Seat<'e>(Subject<'e>);

/// A seat with an object and an action: stages 2 to 4 for any record.
#[derive(Debug)]
pub struct View<'s>(Lens<'s>);

impl Engine {
    /// Passes the session gate.
    ///
    /// # Errors
    ///
    /// The refusal of the gate.
    pub fn enter<'e>(&'e self, session: &Session<'e>) -> Result<Seat<'e>, Refusal> {
        Subject::enter(self, session).map(Seat)
    }
    /// As [`Engine::enter`] for a user by number; the subject of the session is not looked at.
    ///
    /// # Errors
    ///
    /// The refusal of the gate.
    pub fn enter_number<'e>(
        &'e self,
        user: UserNumber,
        session: &Session<'e>,
    ) -> Result<Seat<'e>, Refusal> {
        if session.organization != self.policy.organization.id {
            return Err(Refusal::WrongOrganization);
        }
        if user.0 as usize >= self.compiled.directory.users.len() {
            return Err(Refusal::UnknownSubject);
        }
        Subject::enter_as(self, user.0, session).map(Seat)
    }
    /// The number of a user.
    pub fn user_number(&self, user: &UserId) -> Option<UserNumber> {
        self.compiled.directory.users.find(user).map(UserNumber)
    }
    /// The number of a record that is there.
    pub fn record_number(&self, key: &RecordKey) -> Option<RecordNumber> {
        let (object, position) = self.find(key)?;
        self.index(object).number_at.get(position as usize).copied().map(RecordNumber)
    }
    /// The records that name this one as their parent, whether or not it is there itself.
    ///
    /// Cost: one look for each relation to its object, and what is found.
    pub fn children(&self, key: &RecordKey) -> BTreeSet<RecordKey> {
        let mut children = BTreeSet::new();
        let names = &self.compiled.directory.objects;
        let Some(parent) = names.find(&key.object) else { return children };
        let Some(number) = self.index(parent).cursor_number(&key.id) else { return children };
        for (object, plan) in (0u32..).zip(&self.compiled.objects) {
            for (relation, link) in (0u32..).zip(&plan.relations) {
                if link.parent != parent {
                    continue;
                }
                let index = self.index(object);
                let found = index.children(relation, number).iter();
                children.extend(found.map(|child| RecordKey {
                    object: names.name(object).clone(),
                    id: index.id(*child),
                }));
            }
        }
        children
    }
    /// Object and action by number.
    pub fn aim(&self, object: &ObjectId, action: &Action) -> Option<Aim> {
        let directory = &self.compiled.directory;
        Some(Aim { object: directory.objects.find(object)?, action: directory.action(action)? })
    }
    /// How many users may read a record; see [`Engine::who`] for their names and reasons.
    pub fn reader_count(&self, session: &Session<'_>, aim: Aim, record: RecordNumber) -> u64 {
        match self.index(aim.object).position(record.0) {
            Some(position) => self.readers(session, aim.object, position),
            None => 0,
        }
    }
    /// How many classes of grants and of rules the users fall into, for the benchmark's table.
    pub fn class_counts(&self) -> (usize, usize) {
        (self.compiled.grants.classes(), self.compiled.people.rule_rows.len())
    }
}

impl Seat<'_> {
    /// Chooses an action on the records of an object.
    ///
    /// # Errors
    ///
    /// When a suspension locks the subject out, no set in force grants the action, or it is not asked
    /// of records.
    pub fn view(&self, aim: Aim) -> Result<View<'_>, Refusal> {
        if let Some(refusal) = self.0.locked_out_of(aim.object, aim.action) {
            return Err(refusal);
        }
        Lens::new(&self.0, aim.object, aim.action, Relax::default()).map(View)
    }
    /// Whether the subject holds a system permission.
    pub fn has_system_permission(&self, name: &str) -> bool {
        self.0.system().iter().any(|held| held == name)
    }
}

impl View<'_> {
    /// Whether the action may be done to a record.
    #[inline]
    pub fn may(&self, record: RecordNumber) -> bool {
        let index = self.0.reach.index;
        index.position(record.0).is_some_and(|position| self.0.passes(position))
    }
    /// How many of `records` the action may be done to, and which: bit `i` of word `i / 64`.
    ///
    /// # Cost
    ///
    /// The headers of a block of records, then their shares and owners, are touched before the first
    /// of them is judged, so that their cache misses overlap.
    pub fn may_many(&self, records: &[RecordNumber], allowed: &mut Vec<u64>) -> usize {
        allowed.clear();
        allowed.resize(records.len().div_ceil(64), 0);
        let index = self.0.reach.index;
        let people = &self.0.subject.engine.compiled.people;
        let mut count = 0;
        for (word, block) in allowed.iter_mut().zip(records.chunks(64)) {
            let mut positions = [None; 64];
            for (position, record) in positions.iter_mut().zip(block) {
                *position = index.position(record.0);
            }
            let mut touched = 0u32;
            for position in positions.iter().flatten() {
                touched ^= index.header(*position).owner.0;
            }
            for position in positions.iter().flatten() {
                let header = index.header(*position);
                touched ^= index.touch_shares(header);
                touched ^= people.touch(header.owner.0);
            }
            std::hint::black_box(touched);
            for (bit, position) in positions.iter().take(block.len()).enumerate() {
                if position.is_some_and(|position| self.0.passes(position)) {
                    *word |= 1 << bit;
                    count += 1;
                }
            }
        }
        count
    }
    /// How many paths yield the right on a record, and what they yield together.
    pub fn evidence_count(&self, record: RecordNumber) -> (usize, Rights) {
        let Some(position) = self.0.reach.index.position(record.0) else {
            return (0, Rights::NONE);
        };
        let paths: Vec<(Path, Rights)> = self.0.paths(position);
        let together = paths.iter().fold(Rights::NONE, |all, (_, rights)| all | *rights);
        (paths.len() + usize::from(self.0.wide_scope(position).is_some()), together)
    }
}
