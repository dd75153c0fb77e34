//! Records through the gate: every read leaves as `Visible<Record>`, every change is decided inside the transaction that makes it.

mod aggregate;
mod bin;
mod bulk;
mod change;
mod demand;
mod describe;
mod export;
mod fault;
mod find;
mod history;
mod import;
mod list;
mod new;
mod pointer;
mod pool;
mod received;
mod scan;
mod share;
mod value;

pub use aggregate::{AggregateRow, Aggregation, Measure};
pub use bin::BinPage;
pub use bulk::{BulkAssignment, BulkOutcome, BulkRefusal, Doing};
pub use change::{Changed, Placing, RecordPatch};
pub use describe::{FieldView, ObjectView};
pub use export::LongRead;
pub use fault::{PoolFault, RecordFault};
pub use find::{Found, REVEAL, RecordReader};
pub use history::{HistoryEntry, HistoryPage};
pub use import::{ImportBatch, ImportOutcome, ImportRow};
pub use list::{RecordPage, RecordQuery};
pub use new::NewRecord;
pub use pool::DueReturn;
pub use received::{Received, ReceivedPage};
