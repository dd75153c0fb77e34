//! What a node sees of an organization at one moment, in memory.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Standing};
use guan_engine::model::{Moment, Span, UserId};
use guan_engine::{Engine, Lineup};
use parking_lot::Mutex;
use thiserror::Error;

use super::followed::Loaded;
use crate::caller::ClockReading;
use crate::error::ReadError;
use crate::reserve;
use crate::store::{LEASE, Store, TOLERANCE};

/// So few overlays are looked at for alarms with every question.
const FEW: usize = 4;

/// How far a node has seen the log of an organization, as a short text: a read with the token of a write sees that write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u64);

/// Text that is no token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a token: pass on the one that a write gave, as it is")]
pub struct NotAToken(String);

/// This node has not seen yet what a token stands for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "this node is at {seen} of the log and the token stands for {token}: ask again in a moment"
)]
pub struct Behind {
    /// As asked.
    pub token: Token,
    /// How far it is.
    pub seen: Token,
}

impl Token {
    pub(crate) const fn new(rows: u64) -> Self {
        Self(rows)
    }

    pub(crate) const fn rows(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl FromStr for Token {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        text.parse().map(Self).map_err(|_| NotAToken(text.to_owned()))
    }
}

/// When a question about the state of the installation was sent, by the clocks of this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    boot_clock: Option<Span>,
    boot_id: Option<String>,
}

impl Sent {
    pub(crate) fn at(clock: &ClockReading) -> Self {
        Self { boot_clock: clock.boot_clock, boot_id: clock.boot_id.clone() }
    }

    /// How long ago that was; for ever where the clocks do not say.
    pub(crate) fn age(&self, clock: &ClockReading) -> Span {
        match (self.boot_clock, clock.boot_clock) {
            (Some(then), Some(now)) if self.boot_id == clock.boot_id => {
                let age = now.0.saturating_sub(then.0);
                // A refresh that was sent while the question was on its way is as fresh as can be; a clock that was
                // read much earlier says nothing of now.
                Span(if (-TOLERANCE.0..0).contains(&age) { 0 } else { age })
            }
            _ => Span(i64::MAX),
        }
    }
}

/// What this node knows of the installation, whatever the organization.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) incarnation: u64,
    /// Whether the database is of another incarnation than this node remembers.
    pub(crate) is_elsewhere: bool,
    pub(crate) high_water: Moment,
    pub(crate) journal: Journal,
    pub(crate) sent: Sent,
    /// Whether it was tried already to write the ends of overlays that an alarm closes.
    pub(crate) alarm_met: AtomicBool,
    /// Among which overlays, and at which clocks, alarms were looked for last.
    looked: Mutex<Option<Look>>,
}

/// The place of the overlays in memory, and both clocks.
type Look = (usize, Moment, Option<Span>);

impl Default for Node {
    /// Nothing is known, so nothing acts.
    fn default() -> Self {
        Self {
            incarnation: 0,
            is_elsewhere: false,
            high_water: Moment(i64::MAX),
            journal: Journal::Unavailable,
            sent: Sent::default(),
            alarm_met: AtomicBool::new(false),
            looked: Mutex::new(None),
        }
    }
}

impl Node {
    /// As the store says; `writer` is whether the writer of this process can record.
    pub(crate) fn of(
        store: &Store,
        clock: &ClockReading,
        writer: Journal,
    ) -> Result<Self, ReadError> {
        let side = store.side()?;
        let inside = store.incarnation_inside()?;
        let is_elsewhere = inside != side.incarnation;
        let may_record = writer == Journal::Durable
            && !is_elsewhere
            && store.is_in_place()
            && side.safe_mode.is_none()
            && reserve::is_whole(store.folder());
        Ok(Self {
            // Every window from before a restore is void from the first look at it.
            incarnation: side.incarnation.max(inside),
            is_elsewhere,
            high_water: store.high_water()?,
            journal: if may_record { Journal::Durable } else { Journal::Unavailable },
            sent: Sent::at(clock),
            alarm_met: AtomicBool::new(false),
            looked: Mutex::new(None),
        })
    }

    /// As a test says; an alarm counts as met, so that nothing is swept.
    #[cfg(feature = "stand")]
    pub(crate) fn standing(facts: &NodeFacts) -> Self {
        let asked = |now: Span| Span(now.0.saturating_sub(facts.view_age.0));
        Self {
            incarnation: facts.incarnation,
            is_elsewhere: false,
            high_water: facts.high_water,
            journal: facts.journal,
            sent: Sent { boot_clock: facts.boot_clock.map(asked), boot_id: facts.boot_id.clone() },
            alarm_met: AtomicBool::new(true),
            looked: Mutex::new(None),
        }
    }

    /// The same after a change of this process.
    pub(crate) fn after(&self, wall: Moment, journal: Journal) -> Self {
        let durable = self.journal == Journal::Durable && journal == Journal::Durable;
        Self {
            incarnation: self.incarnation,
            is_elsewhere: self.is_elsewhere,
            high_water: self.high_water.max(wall),
            journal: if durable { Journal::Durable } else { Journal::Unavailable },
            sent: self.sent.clone(),
            alarm_met: AtomicBool::new(false),
            looked: Mutex::new(None),
        }
    }
}

/// The overlays of an organization whose end is not written.
#[derive(Debug, Default)]
pub(crate) struct Overlays {
    pub(crate) rows: Vec<OverlayRow>,
    /// Since when they could not be read again, if so.
    pub(crate) lost: Option<Sent>,
}

/// What a node sees of an organization: see [`Gate::view`](crate::Gate::view).
#[derive(Debug, Clone)]
pub struct View {
    loaded: Arc<Loaded>,
    overlays: Arc<Overlays>,
    node: Arc<Node>,
    lineup: Option<Arc<Lineup>>,
}

impl View {
    pub(crate) fn new(loaded: Arc<Loaded>, overlays: Arc<Overlays>, node: Arc<Node>) -> Self {
        let lineup = loaded.lineup(&overlays);
        Self { loaded, overlays, node, lineup }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.loaded.engine
    }

    /// The policy revision of the engine.
    pub fn revision(&self) -> u64 {
        self.loaded.revision
    }

    /// How far the log had been seen when the view was taken, or further.
    pub fn token(&self) -> Token {
        Token(self.loaded.rows())
    }

    /// The overlays whose end is not written, in the order of their ids.
    pub fn overlays(&self) -> &[OverlayRow] {
        &self.overlays.rows
    }

    /// Those of them that can matter to a user: what is decided of the user under these is what is decided under all.
    pub fn overlays_for(&self, user: &UserId) -> &[OverlayRow] {
        let some = self.lineup.as_ref().and_then(|lineup| lineup.rows_for(self.engine(), user));
        some.unwrap_or_else(|| self.overlays())
    }

    /// What this node knows of time and of itself at the moment of `clock`; the view is as old as its refresh.
    pub fn facts(&self, clock: &ClockReading) -> NodeFacts {
        let sent = self.overlays.lost.as_ref().unwrap_or(&self.node.sent);
        NodeFacts {
            organization: self.engine().policy().organization.id.clone(),
            wall: clock.wall,
            boot_clock: clock.boot_clock,
            boot_id: clock.boot_id.clone(),
            high_water: self.node.high_water,
            view_age: sent.age(clock),
            lease: LEASE,
            tolerance: TOLERANCE,
            incarnation: self.node.incarnation,
            journal: self.node.journal,
        }
    }

    /// The overlays under these facts, for [`Session::under`](guan_engine::ask::Session::under).
    pub fn standing<'v>(&'v self, facts: &'v NodeFacts) -> Standing<'v> {
        Standing::of(&self.overlays.rows, facts).sorted_out(self.lineup.as_deref())
    }

    /// Whether nobody has looked for alarms yet among these overlays at these clocks; a few are always looked at.
    pub(crate) fn is_first_look(&self, clock: &ClockReading) -> bool {
        if self.overlays.rows.len() <= FEW {
            return true;
        }
        let look = (Arc::as_ptr(&self.overlays).addr(), clock.wall, clock.boot_clock);
        // Whoever has it looks at this very moment.
        let Some(mut looked) = self.node.looked.try_lock() else { return false };
        looked.replace(look) != Some(look)
    }

    /// The next look for alarms is a first one, whatever the clocks.
    pub(crate) fn look_again(&self) {
        *self.node.looked.lock() = None;
    }

    pub(crate) fn alarm_met(&self) -> &AtomicBool {
        &self.node.alarm_met
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Moment, Span};

    use super::{Sent, Token};
    use crate::caller::ClockReading;

    #[test]
    fn a_view_whose_age_the_clocks_do_not_say_is_as_old_as_can_be() {
        let at = |ms, boot: &str| ClockReading::new(Moment(0), Span(ms), boot);
        let sent = Sent::at(&at(100, "boot-1"));
        assert_eq!(sent.age(&at(130, "boot-1")), Span(30));
        assert_eq!(
            sent.age(&at(90, "boot-1")),
            Span(0),
            "refreshed while the question was on its way"
        );
        let late = Sent::at(&at(5_000, "boot-1"));
        assert_eq!(late.age(&at(100, "boot-1")), Span(-4_900), "a clock that was read long ago");
        assert_eq!(sent.age(&at(130, "boot-2")), Span(i64::MAX));
        assert_eq!(Sent::default().age(&at(130, "boot-1")), Span(i64::MAX));
    }

    #[test]
    fn a_token_is_a_text_and_nothing_else_is() {
        assert_eq!("17".parse(), Ok(Token::new(17)));
        assert_eq!(Token::new(17).to_string(), "17");
        assert!("".parse::<Token>().is_err() && "-1".parse::<Token>().is_err());
    }
}
