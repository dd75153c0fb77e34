//! `received`: the records of an object that are shared with somebody, found from the shares themselves.

use crate::compile::Who;
use crate::engine::Engine;
use crate::model::{ObjectId, Principal, RecordId, UserId};

impl Engine {
    /// The records of an object of which a share, or the team, names a user: by themself, by a group, by where they stand
    /// or by what they are; in the order in which the records came, after one of them. `None` where that one was never
    /// there.
    ///
    /// That a share has ended, or is not enough to read, makes no difference here; and who may know of a record is for
    /// whoever asks.
    ///
    /// Cost: the principals that anything of the object is shared with, and four bytes for each record found.
    pub fn received<'e>(
        &'e self,
        user: &UserId,
        object: &ObjectId,
        after: Option<&RecordId>,
    ) -> Option<impl Iterator<Item = RecordId> + use<'e>> {
        let directory = &self.compiled.directory;
        let mut found: Vec<u32> = Vec::new();
        let known = directory.users.find(user).zip(directory.objects.find(object));
        let index = known.map(|(user, object)| {
            let index = self.index(object);
            let standpoint = self.compiled.people.standpoint(user);
            let targets = index.shared();
            let others = targets
                .others(Who::GROUP, Who::TEAM)
                .filter(|who| standpoint.is_named_by(*who, &self.compiled.trees));
            let lists = [Who::new(Who::USER, user), Who::new(Who::TEAM, user)];
            for who in lists.into_iter().chain(others) {
                let alive = targets.list(who).iter().filter(|position| index.is_alive(**position));
                found.extend(alive.map(|position| index.number_at[*position as usize]));
            }
            index
        });
        if let Some(after) = after {
            let after = index?.cursor_number(after)?;
            found.retain(|number| *number > after);
        }
        found.sort_unstable();
        found.dedup();
        Some(found.into_iter().filter_map(move |number| index.map(|index| index.id(number))))
    }

    /// Whether a principal names a user, as reach sees it.
    pub fn is_named(&self, user: &UserId, principal: &Principal) -> bool {
        let compiled = &self.compiled;
        let user = compiled.directory.users.find(user);
        user.zip(compiled.who(principal)).is_some_and(|(user, who)| {
            compiled.people.standpoint(user).is_named_by(who, &compiled.trees)
        })
    }
}
