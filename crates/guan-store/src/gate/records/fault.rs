//! Why a question about records, or a change of them, has no other answer; nothing in it tells of what may not be known.

use guan_engine::answer::Refusal;
use guan_engine::ask::Target;
use guan_engine::model::{FieldId, Moment, OverlayId, PoolId, Problem};
use guan_engine::question::ListFault;
use thiserror::Error;

use crate::error::{ReadError, StorageError};
use crate::gate::GateError;
use crate::query::FilterFault;
use crate::write::WriteError;

/// Why there is no answer, or nothing was changed.
#[derive(Debug, Error)]
pub enum RecordFault {
    /// The record is not there, or the subject may not know that it is: both are told alike.
    #[error("there is no such record")]
    NotFound {
        /// The ledger row of the refusal, where it could be recorded.
        reference: Option<u64>,
    },
    /// The subject may see the target and not do this.
    #[error("this is refused")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The ledger row of the refusal, where it could be recorded.
        reference: Option<u64>,
    },
    /// The subject may make such records, but not for these owners and this unit, which it named itself.
    #[error("records for these owners and this unit are out of reach")]
    NotForThem {
        /// The ledger row of the refusal, where it could be recorded.
        reference: Option<u64>,
    },
    /// The object asks for a value in a field that the subject may not set, nor know by name.
    #[error(
        "the object needs a value that you may not set: ask an administrator to make the record or to give the field a default"
    )]
    NeedsMore {
        /// The ledger row of the refusal, where it could be recorded.
        reference: Option<u64>,
    },
    /// Somebody else changed the record in the meantime.
    #[error("the record is at version {found}: look at what changed and repeat")]
    Conflict {
        /// The current version.
        found: u64,
    },
    /// The filter is not one, or may not be asked.
    #[error(transparent)]
    Filter(#[from] FilterFault),
    /// A field that cannot be used so. One that is hidden and one that does not exist are told alike.
    #[error("`{field}`: {what}")]
    Field {
        /// The field.
        field: FieldId,
        /// What is wrong.
        what: String,
    },
    /// The cursor does not belong to this list.
    #[error("the cursor does not belong to this list; start from the first page")]
    Cursor,
    /// The record would not fit.
    #[error("the record cannot be kept, first {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Problems(Vec<Problem>),
    /// A pool does not give it.
    #[error(transparent)]
    Pool(#[from] PoolFault),
    /// Too much at once.
    #[error("{what}; at most {most}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// Not while somebody sees as somebody else.
    #[error("not while seeing as somebody else: {what}")]
    NotInAView {
        /// What can be done instead.
        what: &'static str,
    },
    /// An overlay on which the answer so far rests has ended.
    #[error(
        "overlay `{overlay}` has ended: what follows would be of another list, so this is not whole"
    )]
    OverlayEnded {
        /// The overlay.
        overlay: OverlayId,
    },
    /// As many masked values were revealed to the subject as the organization lets.
    #[error("{limit}")]
    Reveals {
        /// The limit, as [`WriteError::RevealLimit`] tells it.
        limit: WriteError,
        /// The ledger row of the refusal, where it could be recorded.
        reference: Option<u64>,
    },
    /// Somebody else owns the record than whose place was to be taken.
    #[error("the record does not belong to them any more")]
    NotTheirs,
    /// The change leaves everything as it is.
    #[error("nothing would change")]
    Nothing,
    /// The installation cannot answer.
    #[error(transparent)]
    Gate(GateError),
}

/// What a pool's limits refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PoolFault {
    /// The record is in no pool, or not in one that it could come from.
    #[error("the record waits in no pool")]
    NotWaiting,
    /// Somebody holds it already.
    #[error("somebody holds the record already")]
    Held,
    /// As many as one may hold.
    #[error("`{pool}` lets one user hold {most} records: give one back first")]
    HeldMax {
        /// The pool.
        pool: PoolId,
        /// How many.
        most: u32,
    },
    /// As many as one may claim on a day.
    #[error("`{pool}` lets one user claim {most} records a day: try again tomorrow")]
    DayMax {
        /// The pool.
        pool: PoolId,
        /// How many.
        most: u32,
    },
    /// Who held it last has to wait.
    #[error("`{pool}` lets who held a record last claim it again from {from} on")]
    Pause {
        /// The pool.
        pool: PoolId,
        /// From when on.
        from: Moment,
    },
}

impl PoolFault {
    /// Its stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotWaiting => "not_waiting",
            Self::Held => "held",
            Self::HeldMax { .. } => "held_max",
            Self::DayMax { .. } => "day_max",
            Self::Pause { .. } => "pause",
        }
    }
}

impl From<GateError> for RecordFault {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Write(WriteError::Problems(problems)) => Self::Problems(problems),
            GateError::Write(WriteError::Nothing) => Self::Nothing,
            GateError::Write(WriteError::UnknownRecord { .. }) => {
                Self::NotFound { reference: None }
            }
            other => Self::Gate(other),
        }
    }
}
impl From<ReadError> for RecordFault {
    fn from(error: ReadError) -> Self {
        Self::Gate(error.into())
    }
}
impl From<WriteError> for RecordFault {
    fn from(error: WriteError) -> Self {
        GateError::Write(error).into()
    }
}
impl From<StorageError> for RecordFault {
    fn from(error: StorageError) -> Self {
        ReadError::Storage(error).into()
    }
}
impl From<Refusal> for RecordFault {
    /// A field that is hidden is told as one that does not exist.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownField { field } | Refusal::FieldHidden { field } => {
                Self::Field { field, what: "there is no such field that you may use so".to_owned() }
            }
            Refusal::UnknownRecord => Self::NotFound { reference: None },
            refusal => Self::Refused { refusal, reference: None },
        }
    }
}
impl RecordFault {
    /// What is told of a refusal. A field that the subject did not name itself is not named to it where it is hidden.
    pub(super) fn of((on, fields): (&Target, &[FieldId]), refusal: Refusal) -> Self {
        let is_new = matches!(on, Target::New { .. });
        match refusal {
            Refusal::OutOfReach if is_new => Self::NotForThem { reference: None },
            Refusal::FieldHidden { field } if is_new && !fields.contains(&field) => {
                Self::NeedsMore { reference: None }
            }
            refusal => refusal.into(),
        }
    }

    /// With the ledger row of the refusal, where it is one.
    pub(super) fn with_row(mut self, row: Option<u64>) -> Self {
        if let Self::NotFound { reference }
        | Self::Refused { reference, .. }
        | Self::NotForThem { reference }
        | Self::NeedsMore { reference } = &mut self
        {
            *reference = row;
        }
        self
    }
}
impl From<ListFault> for RecordFault {
    fn from(fault: ListFault) -> Self {
        match fault {
            ListFault::Refused { refusal } => refusal.into(),
            ListFault::NoOrder { field } => {
                Self::Field { field, what: "records cannot be sorted by it".to_owned() }
            }
            ListFault::UnknownCursor => Self::Cursor,
        }
    }
}
