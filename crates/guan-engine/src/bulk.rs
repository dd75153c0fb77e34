//! Bulk loading in dense form, for organizations whose records are numbered by their store.

use crate::compile::{Compiled, Who};
use crate::dense::to_u32;
use crate::engine::{Engine, convert};
use crate::index::{DenseRow, Given, Loading, OwnerCode, ShareEntry};
use crate::model::{ObjectId, Policy, Principal, Problem, Record, Rights, UserId};
use crate::view::{RecordNumber, UserNumber};
use std::collections::BTreeMap;

/// An engine that is being filled with rows. Record ids stay with the caller: a record is known by
/// its number, and in the answers of the engine its id is that number in text.
#[derive(Debug)]
pub struct Bulk {
    policy: Policy,
    compiled: Compiled,
    loading: Vec<Loading>,
}

/// What records have in common: unit, tags, pool and the fields that rules and restrictions read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(u32);

/// A target of shares, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target(Who);

/// What a share gives, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift(u32);

/// One record in dense form.
#[derive(Clone, Copy, Debug)]
pub struct BulkRow<'r> {
    /// Its number, below 2³²−1, each once.
    pub number: RecordNumber,
    /// Its owner; none for a record without owner.
    pub owner: Option<UserNumber>,
    /// What it has in common with others.
    pub kind: Kind,
    /// Its shares, and its team: a target of [`Bulk::team_member`].
    pub shares: &'r [(Target, Gift)],
    /// The key of the object's first indexed field, if it has one.
    pub key: i64,
}

impl Bulk {
    /// Compiles the policy.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn new(policy: Policy) -> Result<Self, Vec<Problem>> {
        let problems = policy.validate();
        if !problems.is_empty() {
            return Err(problems);
        }
        let compiled = Compiled::of(&policy);
        let loading =
            compiled.objects.iter().map(|plan| Loading::outside(plan.relations.len())).collect();
        Ok(Self { policy, compiled, loading })
    }
    /// The number of an object, for [`Bulk::push`].
    pub fn object(&self, object: &ObjectId) -> Option<usize> {
        self.compiled.directory.objects.find(object).map(|object| object as usize)
    }
    /// The number of a user.
    pub fn user(&self, user: &UserId) -> Option<UserNumber> {
        self.compiled.directory.users.find(user).map(UserNumber)
    }
    /// What records like this one have in common.
    pub fn kind_of(&mut self, record: &Record) -> Option<Kind> {
        let object = self.compiled.directory.objects.find(&record.object)?;
        let attributes = convert::attributes(&self.compiled, object, record);
        Some(Kind(self.loading.get_mut(object as usize)?.attributes.add(attributes)))
    }
    /// The number of a target.
    pub fn target(&self, principal: &Principal) -> Option<Target> {
        self.compiled.who(principal).map(Target)
    }
    /// A user as a member of records' teams.
    pub const fn team_member(user: UserNumber) -> Target {
        Target(Who::new(Who::TEAM, user.0))
    }
    /// The number of what a share without end gives.
    pub fn gift(&mut self, object: usize, rights: Rights) -> Option<Gift> {
        let given = Given { rights, ends: i64::MAX, levels: Box::default() };
        Some(Gift(self.loading.get_mut(object)?.given.add(given)))
    }
    /// Adds a record to an object.
    pub fn push(&mut self, object: usize, row: BulkRow<'_>) {
        let Some(loading) = self.loading.get_mut(object) else { return };
        let owner = row.owner.map(|owner| OwnerCode::user(owner.0));
        let shares: Vec<ShareEntry> = row
            .shares
            .iter()
            .map(|(target, gift)| ShareEntry { who: target.0, given: gift.0 })
            .collect();
        loading.add(DenseRow {
            number: row.number.0,
            owners: owner.as_slice(),
            attributes: row.kind.0,
            locked: false,
            shares: &shares,
            parents: &[],
            keys: Vec::new(),
            values: BTreeMap::new(),
        });
        let field = self
            .policy
            .objects
            .values()
            .nth(object)
            .and_then(|object| object.fields.values().position(|field| field.indexed));
        if let Some(field) = field {
            loading.add_number_key(to_u32(field), row.key);
        }
    }
    /// Orders everything and gives the engine.
    pub fn finish(self) -> Engine {
        Engine::assemble(self.policy, self.compiled, self.loading)
    }
}
