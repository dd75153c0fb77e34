//! The append-only record of what happened: canonical bytes, hashes, verification; pure.
//!
//! An auditor can build a verifier from this crate alone. It reads no clock, no file, no network, no environment and no
//! randomness: moments, ids, salts and byte streams arrive as values.
//!
//! # Invariants
//!
//! - The bytes that were hashed are the bytes that are stored; verification never hashes anything it wrote itself.
//! - A record has exactly one spelling: [`Entry::from_bytes`] accepts what [`Entry::to_bytes`] writes and nothing else.
//! - Every hash begins with a mark of its purpose, so that none can stand for another:
//!   `0x00` leaf and `0x01` node (RFC 6962), `0x02` chain, `0x03` genesis, `0x04` commitment.
//! - The sequence counts from 0 without gaps and is the index of the leaf, so that a Merkle tree can stand over existing rows.
//! - Values of personal data never enter, only [`Commitment`]s: an erasure does not break the log.
//!
//! # What a chain cannot show
//!
//! Whoever may write the whole database can cut its tail or compute a new chain from any place on.
//! That is found only by comparing with a [`Tip`] kept elsewhere; give it to [`verify()`] as `remembered`.
//!
//! # Example
//!
//! ```
//! use guan_ledger::{
//!     ClockState, Entry, EntryId, Envelope, ExportReader, ExportWriter, Fault, Kind, Origin, SCHEMA, Time, Tip, What, Who,
//!     append, verify, verify_export,
//! };
//!
//! let origin = Origin { organization: "acme".into(), instance: "i-1".into() };
//! let record = |sequence: u64, kind: Kind, operation: &str| {
//!     let envelope = Envelope {
//!         schema: SCHEMA,
//!         id: EntryId::new(1_700_000_000_000 + sequence, [1; 10]),
//!         sequence,
//!         organization: origin.organization.clone(),
//!         instance: origin.instance.clone(),
//!         incarnation: 1,
//!         boot: "b-1".into(),
//!     };
//!     let wall_us = 1_700_000_000_000_000;
//!     let time = Time { wall_us, since_boot_us: 42, clock: ClockState::Synced, recorded_at_us: None };
//!     let who = Who {
//!         caller: "u-1".into(), session: None, auth_method: Some("pwd".into()), on_behalf_of: None, source_address: None,
//!     };
//!     let what = What {
//!         operation: operation.into(), object: None, record: None, fields: [].into(), query: None, purpose: None, request: None,
//!     };
//!     Entry::new(envelope, kind, time, who, what)
//! };
//!
//! // Append: the store does this in the transaction of the change.
//! let genesis = Tip::genesis(&origin);
//! let first = append(&genesis, &record(0, Kind::OrganizationCreated, "create_organization"))?;
//! let second = append(&first.tip(), &record(1, Kind::RevisionCreated, "create_revision"))?;
//!
//! // Verify, and remember the end.
//! let rows = [first, second];
//! let verified = verify(&origin, &rows, None)?;
//! assert_eq!(verified.tip.size, 2);
//!
//! // A cut tail is found by what was remembered.
//! let broken = verify(&origin, &rows[..1], Some(verified.tip)).unwrap_err();
//! assert_eq!(broken.what, Fault::Cut { remembered: 2 });
//!
//! // Export, and verify the file without the database.
//! let mut writer = ExportWriter::new(Vec::new(), &origin, &genesis)?;
//! for row in &rows {
//!     writer.row(row)?;
//! }
//! let file = writer.finish()?;
//! assert_eq!(verify_export(ExportReader::new(&file[..])?, Some(verified.tip))?, verified);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod canonical;
mod chain;
mod commitment;
mod digest;
mod entry;
mod export;
mod hex;
mod id;
mod kind;
#[cfg(feature = "schema")]
mod schema;
mod verification;

pub use canonical::Uncanonical;
pub use chain::{
    NotATip, Origin, RECORD_BYTES_MAX, Row, Tip, Unappendable, append, chain_hash, leaf_hash,
};
pub use commitment::{Commitment, Imprint, NotACommitment};
pub use digest::{Digest, Hasher, NotADigest};
pub use entry::{
    Change, ChangeKind, ClockState, Completion, Decision, Entry, Envelope, Obligation, OverlayMode,
    SCHEMA, Status, Suspension, Time, Unreadable, Verdict, What, Who,
};
pub use export::{
    ExportReader, ExportWriter, LINE_BYTES_MAX, Offline, Unexportable, Unimportable, verify_export,
};
pub use id::{EntryId, NotAnEntryId};
pub use kind::Kind;
pub use verification::{Backwards, Broken, Fault, Verified, Verifier, verify};
