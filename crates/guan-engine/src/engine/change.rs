//! Changes in place: what a committed write does to the engine.

use super::{Engine, convert};
use crate::dense::NONE;
use crate::model::{Principal, Problem, Record, RecordKey, Share};

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
        let indexes = &mut self.indexes;
        let parents = convert::parents(&self.compiled, object, record, |parent, id| {
            indexes.get_mut(parent as usize).map_or(NONE, |index| index.number_for(id))
        });
        let index = &mut indexes[object as usize];
        let row = convert::row(&self.policy, &self.compiled, object, index, record, parents);
        row.borrowed(|row| index.put(row));
        Ok(())
    }

    /// Removes a record; whether there was one.
    pub fn remove_record(&mut self, key: &RecordKey) -> bool {
        let Some((object, position)) = self.find(key) else { return false };
        self.indexes[object as usize].remove(position);
        true
    }

    /// Adds a share to a record; whether the record and the target are there.
    pub fn add_share(&mut self, key: &RecordKey, share: &Share) -> bool {
        let Some((object, position)) = self.find(key) else { return false };
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
        self.indexes[object as usize].revoke(position, who)
    }
}
