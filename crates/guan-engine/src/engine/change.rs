//! Changes in place: what a committed write does to the engine.

use super::{Engine, People, convert};
use crate::dense::NONE;
use crate::model::{Principal, Problem, Record, RecordKey, Share, User, UserId};
use std::collections::BTreeSet;

impl Engine {
    /// Puts a record, new or in place of the one with its key.
    ///
    /// # Errors
    ///
    /// What is wrong with the record; then nothing is changed.
    ///
    /// # Cost
    ///
    /// Microseconds, and the lists of the principals that it is shared with.
    pub fn put_record(&mut self, record: &Record) -> Result<(), Vec<Problem>> {
        let problems = self.policy.validate_record(record);
        if !problems.is_empty() {
            return Err(problems);
        }
        let Some(object) = self.compiled.directory.objects.find(&record.object) else {
            return Ok(());
        };
        self.kept.forget();
        let indexes = &mut self.indexes;
        let parents = convert::parents(&self.compiled, object, record, |parent, id| {
            indexes.get_mut(parent as usize).map_or(NONE, |index| index.number_for(id))
        });
        let index = &mut indexes[object as usize];
        let row = convert::row(&self.compiled, object, index, record, parents);
        row.borrowed(|row| index.put(row));
        Ok(())
    }

    /// Removes a record; whether there was one.
    pub fn remove_record(&mut self, key: &RecordKey) -> bool {
        let Some((object, position)) = self.find(key) else { return false };
        self.kept.forget();
        self.indexes[object as usize].remove(position);
        true
    }

    /// Adds a share to a record; whether the record and the target are there.
    pub fn add_share(&mut self, key: &RecordKey, share: &Share) -> bool {
        let Some((object, position)) = self.find(key) else { return false };
        self.kept.forget();
        let index = &mut self.indexes[object as usize];
        let Some(entry) = convert::share_entry(&self.compiled, index, share) else { return false };
        index.add_share(position, entry);
        true
    }

    /// Takes every share with `to` off a record; whether there was one.
    pub fn revoke_share(&mut self, key: &RecordKey, to: &Principal) -> bool {
        let (Some((object, position)), Some(who)) = (self.find(key), self.compiled.who(to)) else {
            return false;
        };
        self.kept.forget();
        self.indexes[object as usize].revoke(position, who)
    }

    /// Takes over a changed user: places, groups, kind, activity and attributes, with all that
    /// follows for everybody else. A user who is new, or any other change of the policy, needs a new
    /// load.
    ///
    /// # Errors
    ///
    /// When the user is new or a place is unknown; then nothing is changed.
    ///
    /// # Cost
    ///
    /// In proportion to groups, rules and the users who stand above the old and new places, not to
    /// records.
    pub fn put_user(&mut self, id: &UserId, user: User) -> Result<(), Vec<Problem>> {
        let problem = |what: String| vec![Problem { place: format!("users.{id}"), what }];
        let Some(number) = self.compiled.directory.users.find(id) else {
            return Err(problem(
                "the user is new; load the engine anew with the new policy".to_owned(),
            ));
        };
        let mut nodes = BTreeSet::new();
        for placement in &user.placements {
            if self.compiled.trees.nodes.find(&placement.node).is_none() {
                return Err(problem(format!("there is no node `{}`", placement.node)));
            }
            if !nodes.insert(&placement.node) {
                return Err(problem(format!("the node `{}` stands twice", placement.node)));
            }
        }
        self.kept.forget();
        self.policy.users.insert(id.clone(), user);
        self.compiled.change_user(&self.policy, number);
        self.people = People::next();
        Ok(())
    }
}
