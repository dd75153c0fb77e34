//! The closed list of what a record can be about, each with its meaning, so that a reader needs no other manual.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($variant:ident $name:literal $meaning:literal,)+) => {
        /// What a record is about.
        ///
        /// *rule:* the list is closed; a new kind comes with a new [`SCHEMA`](crate::SCHEMA), so that an old verifier
        /// says it is too old instead of guessing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "schema", schema(as = LedgerKind, rename_all = "snake_case"))]
        pub enum Kind {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)+
        }

        impl Kind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in a record.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// One sentence for a reader of the log.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

kinds! {
    OrganizationCreated "organization_created" "An organization was created; the first record of its log.",
    RevisionCreated "revision_created" "A policy revision was created; it may be current at once or a draft.",
    RevisionMadeCurrent "revision_made_current" "A revision was made the current one, also when an older content came back as a new revision.",
    OverlayRequested "overlay_requested" "A suspension, elevation or disablement was asked for.",
    OverlayApproved "overlay_approved" "Somebody entitled approved a requested overlay.",
    OverlayRefused "overlay_refused" "A requested overlay was refused, by a person or by a rule.",
    OverlayOpened "overlay_opened" "An overlay took effect: from here on its scope is relaxed for its audience.",
    OverlayClosed "overlay_closed" "An overlay ended: by its deadline, by hand, for safety or for idleness.",
    OverlayReviewed "overlay_reviewed" "A reviewer signed off the report of a closed overlay.",
    SelfTestDone "self_test_done" "After a closing, sampled would-denies were asked again and had to be refused.",
    RecordWritten "record_written" "A record was created or changed; fields by name, never by value.",
    RecordDeleted "record_deleted" "A record was deleted.",
    RecordShared "record_shared" "A share, a record team or an ownership of a record was changed.",
    DecisionDenied "decision_denied" "A request was refused.",
    WouldDeny "would_deny" "A request was allowed only because of an overlay; normal rules would have refused it.",
    ListRelaxed "list_relaxed" "A list, search, count or report answered with more than normal rules would have shown.",
    ProtectedRead "protected_read" "Protected fields were read, or a masked value was shown in clear.",
    DataExported "data_exported" "Records left the system as a file or a stream.",
    BackupTaken "backup_taken" "A backup was taken and verified.",
    RestoreDone "restore_done" "A backup was restored; the incarnation rises with it.",
    UndoDone "undo_done" "Writes of a closed overlay were taken back.",
    ImportApplied "import_applied" "An import changed the policy, records or both.",
    ImportPrepared "import_prepared" "An import was brought, read or given up; it changed nothing.",
    ShadowChanged "shadow_changed" "A shadow was started or stopped: a draft is evaluated beside what is in force and changes no answer.",
    AccessRequested "access_requested" "Access was asked for, or such a request was refused or taken back; this gave nothing to anybody.",
    SeenAs "seen_as" "Somebody began or stopped to see as somebody else sees; it only reads, and never more than they may see themselves.",
    UserChanged "user_changed" "A user was created, changed, activated, deactivated or removed.",
    CredentialChanged "credential_changed" "A password, second factor, passkey or token was created, changed or revoked.",
    SessionOpened "session_opened" "Somebody logged in.",
    SessionRefused "session_refused" "A login failed.",
    SettingChanged "setting_changed" "A setting of the organization or of the installation was changed.",
    ClockAlarm "clock_alarm" "The clocks disagreed or went backwards; overlays count as closed while it lasts.",
    StorageAlarm "storage_alarm" "Space for the log ran low; no overlay opens while it lasts.",
    LedgerRead "ledger_read" "Somebody read this log.",
    LedgerExported "ledger_exported" "Somebody exported this log.",
    LedgerPruned "ledger_pruned" "Sealed segments past their retention were dropped; their leaf hashes stay.",
    ErasureDone "erasure_done" "Personal data was erased: salts and keys were destroyed, this log is unchanged.",
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
