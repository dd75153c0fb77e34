//! Numbers that were counted, kept until anything of the engine changes.

use crate::dense::FastMap;
use std::sync::Mutex;

/// More numbers than this are not kept.
const MOST: usize = 16_384;

/// Whose list it is: the user, the object and the action, by number.
pub(crate) type List = (u32, u32, u8);

/// The lengths of whole lists of this very engine. Whatever changes the engine forgets them all, so that a number is
/// never older than the records and the policy that it is told with.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<FastMap<List, u64>>);

impl Clone for Kept {
    /// A copy of an engine goes its own way and counts for itself.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    /// The length of a list, if it was counted since the last change.
    pub(crate) fn length(&self, list: List) -> Option<u64> {
        self.0.lock().ok()?.get(&list).copied()
    }

    /// Keeps the length of a list.
    pub(crate) fn keep(&self, list: List, length: u64) {
        // What a panic may have left half written is not used again.
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(list, length);
    }

    /// Forgets everything: the engine is about to change.
    pub(crate) fn forget(&mut self) {
        self.0 = Mutex::default();
    }
}
