//! How the faults of record operations become problems: nothing in them tells of what may not be known.

use guan_store::RecordFault;

use crate::problem::{Code, Problem};

impl From<RecordFault> for Problem {
    fn from(fault: RecordFault) -> Self {
        match fault {
            RecordFault::NotFound { reference } => Self::not_found().reference(reference),
            RecordFault::Refused { refusal, reference } => Self::withheld(&refusal, reference),
            RecordFault::NotForThem { reference } => Self::new(Code::Denied)
                .detail(fault.to_string())
                .member("refusal", "out_of_reach")
                .member("stage", "reach")
                .reference(reference),
            RecordFault::NeedsMore { reference } => Self::new(Code::Denied)
                .detail(fault.to_string())
                .member("refusal", "field_hidden")
                .member("stage", "field")
                .reference(reference),
            RecordFault::Conflict { found } => {
                Self::new(Code::Stale).detail(format!("the current state is `\"{found}\"`"))
            }
            RecordFault::Filter(fault) => Self::new(Code::BadFilter).detail(fault.to_string()),
            RecordFault::Field { .. } => Self::new(Code::FieldNotUsable).detail(fault.to_string()),
            RecordFault::Cursor => Self::new(Code::BadCursor),
            RecordFault::Problems(places) => Self::invalid(&places),
            RecordFault::Pool(fault) => {
                Self::new(Code::PoolRefuses).detail(fault.to_string()).member("pool", fault.code())
            }
            RecordFault::Reveals { limit, reference } => {
                Self::new(Code::RevealLimit).detail(limit.to_string()).reference(reference)
            }
            RecordFault::TooMany { .. } => Self::new(Code::TooMuchAtOnce).detail(fault.to_string()),
            RecordFault::NotInAView { .. } => Self::new(Code::NotInAView).detail(fault.to_string()),
            RecordFault::OverlayEnded { .. } => {
                Self::new(Code::OverlayEnded).detail(fault.to_string())
            }
            RecordFault::NotTheirs => Self::new(Code::Conflict).detail(fault.to_string()),
            RecordFault::Nothing => Self::new(Code::NothingChanged),
            RecordFault::Gate(error) => error.into(),
        }
    }
}
