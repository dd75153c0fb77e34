//! The named rules that refuse a step; each says what to do.

use super::facts::Hindrance;
use super::request::{RequestId, State};
use crate::model::{Moment, OverlayId, Span};
use serde::Serialize;

/// A timer of a request that has not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// Nobody went on with the draft.
    Draft,
    /// Nobody approved in time.
    Approval,
    /// It was approved, and nobody opened it in time.
    Execution,
}

/// Why somebody's approval counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// They asked for it or wrote it.
    #[error("who asks for a window or edits the request does not approve it")]
    Author,
    /// They are an author under another account, or it cannot be told that they are not.
    #[error("the account belongs to an author of the request, or that cannot be ruled out")]
    AuthorsOtherAccount,
    /// An author of the request gave them the account, the password or the power less than a day ago.
    #[error(
        "an author of the request gave this account its password or its power to approve within the last 24 hours"
    )]
    MadeByAuthor,
    /// The same person counts already, by this or another account.
    #[error("the same person has approved already")]
    CountedAlready,
    /// There is no such account.
    #[error("the account is not known")]
    Unknown,
    /// The account is switched off or locked.
    #[error("the account is not active")]
    Inactive,
    /// A program, a guest, or nobody knows who it is.
    #[error("no known person stands behind the account")]
    NoPerson,
    /// They may not do this, or not any more.
    #[error("the account is not entitled to this")]
    NotEntitled,
    /// The policy of approvals names others.
    #[error("the approval policy names others")]
    NotNamed,
    /// The request was edited or previewed anew since.
    #[error("the request has changed since the approval")]
    Outdated,
    /// It is too old.
    #[error("the approval is no longer valid")]
    Expired,
    /// Its moment is still to come: the clock was moved.
    #[error("the approval bears a moment that is still to come")]
    FromTheFuture,
    /// They took it back.
    #[error("the approval was taken back")]
    TakenBack,
}

impl Discount {
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::AuthorsOtherAccount => "authors_other_account",
            Self::MadeByAuthor => "made_by_author",
            Self::CountedAlready => "counted_already",
            Self::Unknown => "unknown",
            Self::Inactive => "inactive",
            Self::NoPerson => "no_person",
            Self::NotEntitled => "not_entitled",
            Self::NotNamed => "not_named",
            Self::Outdated => "outdated",
            Self::Expired => "expired",
            Self::FromTheFuture => "from_the_future",
            Self::TakenBack => "taken_back",
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident $({$($(#[$field_doc:meta])* $field:ident: $type:ty,)+})? $code:literal $text:literal $(, $argument:expr)*;)+) => {
        /// Why a step is refused. Nothing has changed then.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
        #[serde(tag = "rule", rename_all = "snake_case")]
        pub enum Rule {
            $($(#[$doc])* #[error($text $(, $argument)*)] $variant $({$($(#[$field_doc])* $field: $type,)+})?,)+
        }

        impl Rule {
            /// The codes of all rules.
            pub const CODES: &[&str] = &[$($code,)+];

            /// The name of the rule in answers and in the ledger.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)+ }
            }
        }
    };
}

rules! {
    /// Somebody else was quicker.
    Stale {
        /// The version that the act names.
        expected: u64,
        /// The version that there is.
        version: u64,
    } "stale" "the request is at version {version}, not {expected}: look at it again first";
    /// Facts of another organization.
    OtherOrganization "other_organization" "the request belongs to another organization";
    /// The request was written before a restore.
    OtherIncarnation "other_incarnation" "the installation was restored since the request was written: write a new one";
    /// The step does not follow this state.
    NotInState {
        /// What was to be done.
        act: &'static str,
        /// Where the request is.
        state: State,
    } "not_in_state" "a request that is {state} cannot be {act}";
    /// It is closed, and stays closed.
    AlreadyClosed "already_closed" "the window is closed already";
    /// A timer ran out.
    Expired {
        /// Which.
        timer: Timer,
        /// When.
        at: Moment,
    } "expired" "the request expired at {at}: write a new one";
    /// No timer ran out.
    NotExpired "not_expired" "no timer of the request has run out";
    /// The clock is behind what was recorded.
    ClockSetBack {
        /// The clock.
        wall: Moment,
        /// The latest that was recorded.
        high_water: Moment,
    } "clock_set_back" "the wall clock says {wall}, but {high_water} was recorded before: set the clock right, or confirm it";
    /// No clock that a window could be timed by.
    NoBootClock "no_boot_clock" "the boot clock of this machine cannot be read, so no window can be timed safely";
    /// The view of the other windows is old.
    StaleView "stale_view" "this node has not heard of the others for too long: try again, or on another node";
    /// What would be relaxed cannot be recorded.
    NoJournal "no_journal" "what the window relaxes cannot be recorded now";
    /// Something else stands in the way.
    Hindered {
        /// What.
        hindrance: Hindrance,
    } "hindered" "no window opens now: {}", says(*hindrance);
    /// Who acts may not.
    MayNot {
        /// What was to be done.
        act: &'static str,
        /// Why not.
        why: Discount,
    } "may_not" "the request may not be {act} by this account: {why}";
    /// A person has to do this.
    NeedsPerson {
        /// What was to be done.
        act: &'static str,
    } "needs_person" "a request is {act} by a person, not by the program itself";
    /// The approval does not count.
    ApprovalDoesNotCount {
        /// Why.
        why: Discount,
    } "approval_does_not_count" "the approval does not count: {why}";
    /// The same approval came before.
    Replayed "replayed" "this approval was sent before: approve anew with a key of its own";
    /// An approval without a key.
    NoKey "no_key" "an approval needs a key that is used once";
    /// There is no approval of this person.
    NothingToTakeBack "nothing_to_take_back" "there is no approval by this account that counts";
    /// Not enough approvals count.
    NotApproved {
        /// What is missing.
        missing: usize,
    } "not_approved" "{missing} more approvals have to count";
    /// A network that cannot be read.
    UnreadableNetwork {
        /// What is wrong with it.
        what: String,
    } "unreadable_network" "{what}";
    /// An effect or a scope that there is none of.
    UnknownScope {
        /// What is wrong with it.
        what: String,
    } "unknown_scope" "what is asked for cannot be read: {what}";
    /// No time at all, or negative.
    TooShort {
        /// As asked.
        length: Span,
    } "too_short" "a window lasts 1 second at least, not {} ms", length.0;
    /// Beyond the cap.
    TooLong {
        /// As asked.
        length: Span,
        /// The cap.
        most: Span,
    } "too_long" "a window of this kind lasts {} s at most, not {} s: ask for less", most.0 / 1_000, length.0 / 1_000;
    /// It would start, or even end, before now.
    InThePast {
        /// The moment.
        at: Moment,
    } "in_the_past" "{at} is in the past: ask for a later time";
    /// It is planned too far ahead for its approvals to last.
    TooFarAhead {
        /// The start.
        starts: Moment,
    } "too_far_ahead" "approvals would be over at {starts}: ask closer to the time";
    /// Its time has not come.
    NotYet {
        /// The start.
        starts: Moment,
    } "not_yet" "the window was planned to start at {starts}: open it then";
    /// It does not fit the policy.
    Problems {
        /// What does not.
        problems: Vec<String>,
    } "problems" "the request does not fit the policy: {}", problems.join("; ");
    /// The policy is another one than was previewed.
    PolicyChanged "policy_changed" "the policy has changed since the preview: preview it again";
    /// No preview that fits.
    NoPreview "no_preview" "what was previewed is not the policy in force: preview it again";
    /// A backup of something else.
    BackupOfOtherPolicy "backup_of_other_policy" "the policy inside the backup is not the one that was previewed: take a new backup";
    /// The backup was not read again lately.
    BackupNotVerified "backup_not_verified" "the backup was not verified for this step: verify it again";
    /// Another node has the backup.
    BackupElsewhere {
        /// Its name.
        backup: String,
    } "backup_elsewhere" "the backup `{backup}` is not on this node: open the window at the node that took it, or preview and back up again here";
    /// A window that the preview did not show.
    OverlapUnseen {
        /// The window.
        overlay: OverlayId,
    } "overlap_unseen" "the window `{overlay}` is open in the same scope and the preview did not show it: preview it again, or wait";
    /// The scope would be off for too long.
    DailyTotal {
        /// How long in 24 hours.
        total: Span,
        /// How long it may be.
        most: Span,
    } "daily_total" "the scope would be off for {} s in 24 hours, {} s at most: ask for less or wait", total.0 / 1_000, most.0 / 1_000;
    /// What it extends is not open.
    ExtendedIsClosed {
        /// The window.
        overlay: OverlayId,
    } "extended_is_closed" "the window `{overlay}` that this one extends is not open: ask for a new window";
    /// What it extends has nothing to do with it.
    ExtendsOther {
        /// The window.
        overlay: OverlayId,
    } "extends_other" "the window `{overlay}` is about something else: ask for a new window instead of an extension";
    /// Too wide for an emergency.
    EmergencyTooWide "emergency_too_wide" "an emergency names objects, fields, a set or what is switched off, and users one by one; no protected classes, no bulk actions";
    /// An emergency is no extension, is not planned and does not survive a reboot.
    EmergencyTooLasting "emergency_too_lasting" "an emergency starts at once, extends nothing and ends with a reboot";
    /// No fresh proof of who asks.
    StepUp "step_up" "sign in anew first: an emergency needs fresh proof of who you are";
    /// The last one is not reviewed.
    EmergencyNotReviewed {
        /// The other.
        request: RequestId,
    } "emergency_not_reviewed" "the emergency `{request}` is not reviewed yet: have it reviewed first";
    /// An emergency is opened by who asked for it.
    EmergencyOpener "emergency_opener" "an emergency is opened by the person who asked for it";
    /// The end that is told has not come.
    NotEnded "not_ended" "the end of the window has not come";
    /// A sign-off by somebody who took part.
    ReviewerTookPart "reviewer_took_part" "who asked for, wrote or opened a window does not review it";
    /// Findings without words.
    NoWords "no_words" "say in words what was found";
}

impl Rule {
    /// Whether it refuses what is asked for itself, so that asking again in the same words never helps.
    pub const fn is_about_content(&self) -> bool {
        matches!(
            self,
            Self::TooShort { .. }
                | Self::TooLong { .. }
                | Self::UnreadableNetwork { .. }
                | Self::UnknownScope { .. }
                | Self::InThePast { .. }
                | Self::TooFarAhead { .. }
                | Self::Problems { .. }
                | Self::ExtendsOther { .. }
                | Self::EmergencyTooWide
                | Self::EmergencyTooLasting
                | Self::NoKey
                | Self::NoWords
        )
    }
}

const fn says(hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::SafeMode => "the installation is in safe mode, look into it and acknowledge it",
        Hindrance::NoReserve => "the disk has no room for the records of a window, free some space",
        Hindrance::LedgerBehind => "the ledger cannot be written",
        Hindrance::NoticesBehind => {
            "a receiver of notices was not reached for a day, mend it or take it out of the settings; an emergency opens in spite of it"
        }
        Hindrance::Migration => "a migration runs or is due",
        Hindrance::NoKey => "the key of the installation has expired or cannot be read",
    }
}
