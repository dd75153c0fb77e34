//! How the errors of the layers below become problems: exhaustive, in one place.

use guan_engine::administration::AdministrationRefusal;
use guan_engine::answer::{Decision, Refusal};
use guan_engine::model::Problem as Place;
use guan_store::{
    BackupError, Behind, GateError, OffError, ReadError, StorageError, WriteError, refusal_code,
};
use serde_json::{Value, json};

use super::{Code, Problem};

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::UnknownOrganization { .. } => Self::not_found(),
            ReadError::UnknownRevision { .. } | ReadError::UnknownOverlay { .. } => {
                Self::not_found().detail(error.to_string())
            }
            ReadError::Side(_) | ReadError::Unopened(_) => Self::fault(&error),
            ReadError::Storage(storage) => storage.into(),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Self::new(Code::StorageFull),
            StorageError::ReadOnly
            | StorageError::Busy
            | StorageError::Away(_)
            | StorageError::Again => {
                Self::new(Code::Unavailable).detail(error.to_string()).retry_after_s(1)
            }
            StorageError::ZeroCharacter => Self::new(Code::NulCharacter),
            StorageError::Unknown(_) | StorageError::GivenUp => Self::new(Code::OutcomeUnknown),
            StorageError::Damaged
            | StorageError::TakenAway
            | StorageError::Sealed
            | StorageError::Unreadable { .. }
            | StorageError::Address { .. }
            | StorageError::Nested
            | StorageError::Other(_) => Self::fault(&error),
        }
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Read(read) => read.into(),
            GateError::Write(write) => write.into(),
            GateError::Problems { .. } | GateError::SecondChange => Self::fault(&error),
        }
    }
}

impl From<AdministrationRefusal> for Problem {
    fn from(refusal: AdministrationRefusal) -> Self {
        match &refusal {
            AdministrationRefusal::Session { refusal } => Self::refused_entry(refusal),
            AdministrationRefusal::NoPower { power } => {
                Self::new(Code::PowerMissing).detail(format!("the operation needs `{power}`"))
            }
            AdministrationRefusal::OutsideSubtree { .. }
            | AdministrationRefusal::SetNotDelegated { .. }
            | AdministrationRefusal::AttributesNotDelegated { .. }
            | AdministrationRefusal::Administrator { .. }
            | AdministrationRefusal::MayNotGrant { .. }
            | AdministrationRefusal::OwnGrants
            | AdministrationRefusal::PostsStaySeparate => {
                Self::new(Code::MayNotAdminister).detail(refusal.to_string())
            }
        }
    }
}

impl From<Behind> for Problem {
    fn from(behind: Behind) -> Self {
        Self::new(Code::Behind).detail(behind.to_string()).retry_after_s(1)
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let code = match error {
            WriteError::OrganizationExists { .. } | WriteError::AlreadyClosed { .. } => {
                Code::AlreadyThere
            }
            WriteError::Conflict { .. }
            | WriteError::JobElsewhere { .. }
            | WriteError::ShadowOver { .. }
            | WriteError::ShadowsRunning { .. }
            | WriteError::EditElsewhere { .. }
            | WriteError::AccessElsewhere { .. }
            | WriteError::AccessRequestsOpen { .. }
            | WriteError::NotHeld => Code::Conflict,
            WriteError::ShadowTooLarge { .. } => Code::TooLarge,
            WriteError::Problems(places) => return Self::invalid(&places),
            WriteError::LastAdministrator(_) => Code::LastAdministrator,
            WriteError::Nothing => Code::NothingChanged,
            WriteError::UnknownEntity { .. }
            | WriteError::UnknownRecord { .. }
            | WriteError::UnknownCredential { .. } => Code::NotFound,
            WriteError::NoOrganization
            | WriteError::OtherOrganization { .. }
            | WriteError::BadEntity(_)
            | WriteError::RecordTwice { .. }
            | WriteError::NotActing { .. }
            | WriteError::NotInSafeMode
            | WriteError::ShadowLength { .. }
            | WriteError::AccessLength { .. }
            | WriteError::SeeingLength { .. }
            | WriteError::NoReason => Code::Invalid,
            WriteError::RevealLimit { .. } => Code::RevealLimit,
            WriteError::AccessOfOneself | WriteError::AccessOfOthers => Code::MayNotAdminister,
            WriteError::WindowOpen { .. } => Code::WindowOpen,
            WriteError::Read(read) => return read.into(),
            WriteError::Storage(storage) => return storage.into(),
            WriteError::OtherDecision
            | WriteError::Ledger(_)
            | WriteError::Side(_)
            | WriteError::Interrupted(_) => return Self::fault(&error),
        };
        Self::new(code).detail(error.to_string())
    }
}

impl From<OffError> for Problem {
    fn from(error: OffError) -> Self {
        let code = match error {
            OffError::Problems(places) => return Self::invalid(&places),
            OffError::Backup(backup) => return backup.into(),
            OffError::Write(write) => return write.into(),
            OffError::Read(read) => return read.into(),
            OffError::SafeMode { .. } | OffError::NoBootClock | OffError::ClockSetBack { .. } => {
                Code::NoWindow
            }
            OffError::Length { .. } | OffError::NeedsApproval { .. } => Code::Invalid,
            OffError::NoReserve(_) => Code::StorageFull,
            OffError::Random(_) | OffError::Interrupted(_) => return Self::fault(&error),
        };
        Self::new(code).detail(error.to_string())
    }
}

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Storage(storage) => storage.into(),
            BackupError::Read(read) => read.into(),
            BackupError::Unrecorded(write) => (*write).into(),
            BackupError::Damaged { .. }
            | BackupError::Missing(_)
            | BackupError::Log(_)
            | BackupError::File(_)
            | BackupError::Side(_)
            | BackupError::Random(_)
            | BackupError::Interrupted(_) => Self::fault(&error),
        }
    }
}

impl Problem {
    /// Content with places that cannot be kept; the member `problems` lists them all.
    pub fn invalid(places: &[Place]) -> Self {
        let told = |place: &Place| json!({ "place": place.place, "what": place.what });
        let listed: Vec<Value> = places.iter().map(told).collect();
        Self::new(Code::Invalid).member("problems", listed)
    }

    /// A refusal of the policy, with the ledger row where it is recorded.
    ///
    /// Where the existence of a thing is secret, it is [`Code::NotFound`] and says no more.
    pub fn refused(refusal: &Refusal, row: Option<u64>) -> Self {
        match refusal {
            Refusal::UnknownRecord
            | Refusal::OutOfReach
            | Refusal::Restricted { .. }
            | Refusal::UnknownObject
            | Refusal::WrongOrganization => Self::not_found().reference(row),
            _ => Self::denied(refusal, row),
        }
    }

    /// A refusal about something that the caller sees, with the ledger row where it is recorded.
    pub fn withheld(refusal: &Refusal, row: Option<u64>) -> Self {
        match refusal {
            Refusal::UnknownRecord | Refusal::UnknownObject | Refusal::WrongOrganization => {
                Self::not_found().reference(row)
            }
            _ => Self::denied(refusal, row),
        }
    }

    fn denied(refusal: &Refusal, row: Option<u64>) -> Self {
        Self::new(Code::Denied)
            .member("refusal", refusal_code(refusal))
            .member("stage", stage(refusal))
            .reference(row)
    }

    /// The refusal of a user at the door: inactive, the wrong hours, the wrong network.
    pub fn refused_entry(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::UnknownSubject | Refusal::Inactive | Refusal::WrongOrganization => {
                Self::new(Code::SessionEnded)
            }
            other => Self::refused(other, None),
        }
    }

    /// The refusal of a decision; `None` when it allows.
    pub fn of_decision(decision: &Decision, row: Option<u64>) -> Option<Self> {
        match decision {
            Decision::Deny { refusal } => Some(Self::refused(refusal, row)),
            _ => None,
        }
    }
}

fn stage(refusal: &Refusal) -> String {
    serde_json::to_value(refusal.stage())
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
