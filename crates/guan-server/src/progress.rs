//! How far long work on a request is, for whoever asks meanwhile; on this node, in memory, gone when the work is.

use std::collections::BTreeMap;

use guan_engine::lifecycle::RequestId;
use guan_engine::model::OrganizationId;
use parking_lot::Mutex;

type Key = (OrganizationId, RequestId);

/// Work that is under way.
#[derive(Debug, Default)]
pub(crate) struct ProgressBoard(Mutex<BTreeMap<Key, (u64, u64)>>);

impl ProgressBoard {
    /// So much of so much is done.
    pub(crate) fn tell(&self, key: &Key, now: (u64, u64)) {
        self.0.lock().insert(key.clone(), now);
    }

    /// It is over, well or not.
    pub(crate) fn end(&self, key: &Key) {
        self.0.lock().remove(key);
    }

    /// How far it is; `None` where nothing is under way.
    pub(crate) fn of(&self, key: &Key) -> Option<(u64, u64)> {
        self.0.lock().get(key).copied()
    }
}
