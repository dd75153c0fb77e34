//! The engine of one organization: its compiled policy and the index of its records.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

mod change;
pub(crate) mod convert;
mod kept;
mod prepared;

pub(crate) use kept::List;
pub use prepared::Prepared;

use crate::compile::{Compiled, some};
use crate::index::{Loading, RecordIndex};
use crate::model::{ObjectId, Policy, Problem, Record, RecordKey, ValidRecord};
use kept::Kept;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// The engine of one organization: answers every question from one compiled policy.
///
/// # Cost
///
/// Compiling takes time in proportion to users, rules and sets; loading to records and shares. The
/// index needs about 50 bytes a record beside the record's id.
#[derive(Clone)]
pub struct Engine {
    pub(crate) policy: Policy,
    pub(crate) compiled: Compiled,
    pub(crate) indexes: Vec<RecordIndex>,
    /// Another one whenever it changes whom a principal names.
    pub(crate) people: People,
    pub(crate) kept: Kept,
}

/// Who the users of an engine are and where they stand; no two engines that differ in that have the same in one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct People(u64);

impl People {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("organization", &self.policy.organization.id)
            .field("users", &self.policy.users.len())
            .field("records", &self.record_count())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Compiles a policy and indexes records.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the policy, or with the first records that are wrong; then
    /// nothing is loaded.
    pub fn load(
        policy: Policy,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Self, Vec<Problem>> {
        let problems = policy.validate();
        if !problems.is_empty() {
            return Err(problems);
        }
        let records = records.into_iter().map(|record| policy.valid(record));
        let (compiled, loading) = rows(&policy, records)?;
        Ok(Self::assemble(policy, compiled, loading))
    }

    /// The same with records that were looked at already, so that another thread can do that meanwhile; with
    /// [`Policy::valid`] of this very policy.
    ///
    /// # Errors
    ///
    /// As [`Engine::load`].
    pub fn load_valid(
        policy: Policy,
        records: impl IntoIterator<Item = Result<ValidRecord, Vec<Problem>>>,
    ) -> Result<Self, Vec<Problem>> {
        let problems = policy.validate();
        if !problems.is_empty() {
            return Err(problems);
        }
        let (compiled, loading) = rows(&policy, records)?;
        Ok(Self::assemble(policy, compiled, loading))
    }

    pub(crate) fn assemble(policy: Policy, compiled: Compiled, loading: Vec<Loading>) -> Self {
        let (users, groups) = (compiled.directory.users.len(), compiled.directory.groups.len());
        let indexes = loading
            .into_iter()
            .zip(policy.objects.values())
            .map(|(loading, object)| {
                let indexed: Vec<u32> = (0u32..)
                    .zip(object.fields.values())
                    .filter(|(_, field)| field.indexed)
                    .map(|(number, _)| number)
                    .collect();
                loading.finish(users, groups, &indexed)
            })
            .collect();
        Self { policy, compiled, indexes, people: People::next(), kept: Kept::default() }
    }

    /// The policy that was compiled.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
    /// How many records all objects have.
    pub fn record_count(&self) -> u64 {
        self.indexes.iter().map(|index| u64::from(index.len())).sum()
    }
    /// How many records an object has; none for an object that does not exist.
    pub fn record_count_of(&self, object: &ObjectId) -> u64 {
        let object = self.compiled.directory.objects.find(object);
        object.map_or(0, |object| u64::from(self.indexes[object as usize].len()))
    }
    /// Whether there is such a record.
    pub fn has_record(&self, key: &RecordKey) -> bool {
        self.find(key).is_some()
    }
    /// Bytes of the record indexes, without the ids of records.
    pub fn index_bytes(&self) -> usize {
        self.indexes.iter().map(RecordIndex::bytes).sum()
    }
    pub(crate) fn index(&self, object: u32) -> &RecordIndex {
        &self.indexes[object as usize]
    }
    /// Object and position of a record.
    pub(crate) fn find(&self, key: &RecordKey) -> Option<(u32, u32)> {
        let object = self.compiled.directory.objects.find(&key.object)?;
        Some((object, some(self.index(object).find(&key.id)?)?))
    }
}

/// Compiles a policy, and makes rows of records.
fn rows(
    policy: &Policy,
    records: impl IntoIterator<Item = Result<ValidRecord, Vec<Problem>>>,
) -> Result<(Compiled, Vec<Loading>), Vec<Problem>> {
    let compiled = Compiled::of(policy);
    let mut loading: Vec<Loading> =
        compiled.objects.iter().map(|plan| Loading::named(plan.relations.len())).collect();
    for record in records {
        convert::add(&compiled, &mut loading, record?.get())?;
    }
    Ok((compiled, loading))
}
