//! What is asked of records beyond the engine's own questions: filters, words to search for, and the sealed places of pages.

pub(crate) mod cursor;
pub(crate) mod filter;
pub(crate) mod row;
pub(crate) mod words;

pub use cursor::PageCursor;
pub use filter::{Filter, FilterFault};
