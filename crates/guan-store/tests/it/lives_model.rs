//! A simple model of the life of windows: what is open now, and whether an act may succeed. It knows nothing of the engine.

use std::collections::{BTreeMap, BTreeSet};

/// Seconds; the model counts in nothing smaller.
pub(crate) type Seconds = i64;

/// How far clocks may be apart before somebody notices.
const TOLERANCE: Seconds = 2;
const HOUR: Seconds = 3_600;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Draft,
    Previewed,
    BackedUp,
    Approved,
    Open,
    Closed,
    Reported,
    Over,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Edit,
    Preview,
    BackUp,
    Approve,
    TakeBack,
    Refuse,
    Withdraw,
    Open,
    Close,
    Review,
}

/// The clocks of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) wall: Seconds,
    pub(crate) boot: Seconds,
    pub(crate) boots: u32,
}

/// A window as the model remembers it.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) at: Clocks,
    pub(crate) length: Seconds,
    pub(crate) is_closed: bool,
    /// Somebody saw it while the clocks were not right.
    pub(crate) was_in_doubt: bool,
    pub(crate) used: Seconds,
    pub(crate) closed_by_hand: bool,
    /// How the object in its scope looked.
    pub(crate) name: String,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) authors: BTreeSet<&'static str>,
    pub(crate) stage: Stage,
    pub(crate) user: &'static str,
    pub(crate) may_edit: bool,
    pub(crate) minutes: i64,
    pub(crate) extends: Option<usize>,
    pub(crate) yes: BTreeSet<&'static str>,
    pub(crate) shown: Option<(Seconds, String, BTreeSet<usize>)>,
    pub(crate) approved: Seconds,
    pub(crate) epoch: u64,
    pub(crate) window: Option<Window>,
}

/// Everything that the model knows.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) clocks: Clocks,
    /// The latest wall clock at which something was written.
    pub(crate) mark: Seconds,
    /// What the policy says: the digest of its text.
    pub(crate) policy: String,
    /// Raised by every restore.
    pub(crate) epoch: u64,
    pub(crate) is_safe: bool,
    pub(crate) needed: usize,
    pub(crate) gone: BTreeSet<&'static str>,
    pub(crate) asked: Vec<Asked>,
    /// The contents of records, the latest last, with the request under whose window they were written.
    pub(crate) written: BTreeMap<String, Vec<usize>>,
}

/// The accounts of one person have one name here.
pub(crate) fn person(account: &'static str) -> &'static str {
    if account == "ann2" { "ann" } else { account }
}

impl Model {
    fn is_clock_right(&self) -> bool {
        self.clocks.wall + TOLERANCE >= self.mark
    }

    fn is_undisturbed(&self, window: &Window) -> bool {
        let (wall, boot) = (self.clocks.wall - window.at.wall, self.clocks.boot - window.at.boot);
        self.clocks.boots == window.at.boots
            && self.is_clock_right()
            && wall >= -TOLERANCE
            && (wall - boot).abs() <= TOLERANCE
    }

    fn has_ended(&self, window: &Window) -> bool {
        self.clocks.wall >= window.at.wall + window.length
            || (self.clocks.boots == window.at.boots
                && self.clocks.boot - window.at.boot >= window.length)
    }

    /// Whether a request may relax something at this moment.
    pub(crate) fn is_open(&self, number: usize) -> bool {
        let asked = &self.asked[number];
        asked.epoch == self.epoch
            && !self.is_safe
            && asked.window.as_ref().is_some_and(|window| {
                !window.is_closed
                    && self.clocks.wall >= window.at.wall
                    && !self.has_ended(window)
                    && self.is_undisturbed(window)
            })
    }

    /// Whether it has to relax: nothing stands against it and nothing ever did.
    pub(crate) fn must_be_open(&self, number: usize) -> bool {
        let window = self.asked[number].window.as_ref();
        self.is_open(number) && window.is_some_and(|window| !window.was_in_doubt)
    }

    pub(crate) fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.asked.len()).filter(|number| self.is_open(*number))
    }

    /// Clocks moved: every window that is in doubt now may be closed for it by whoever comes by.
    pub(crate) fn look(&mut self) {
        let doubtful: Vec<usize> = (0..self.asked.len())
            .filter(|number| {
                let window = self.asked[*number].window.as_ref();
                window.is_some_and(|window| !window.is_closed && !self.is_undisturbed(window))
            })
            .collect();
        for number in doubtful {
            if let Some(window) = &mut self.asked[number].window {
                window.was_in_doubt = true;
            }
        }
    }

    /// Something was written.
    pub(crate) fn note(&mut self) {
        self.mark = self.mark.max(self.clocks.wall);
    }

    fn counting(&self, asked: &Asked) -> usize {
        let authors: BTreeSet<&str> = asked.authors.iter().map(|author| person(author)).collect();
        let yes = asked.yes.iter().filter(|by| !self.gone.contains(*by));
        yes.map(|by| person(by)).filter(|by| !authors.contains(by)).collect::<BTreeSet<_>>().len()
    }

    /// Whether this act may succeed. It may be refused all the same.
    pub(crate) fn may(&self, by: &'static str, number: usize, act: Act) -> bool {
        let asked = &self.asked[number];
        let is_author = asked.authors.iter().any(|author| person(author) == person(by));
        let before_opening = asked.stage < Stage::Open;
        let is_there = !self.gone.contains(by) && by != "bo";
        let leads_on = self.is_clock_right() && asked.epoch == self.epoch && is_there;
        let is_current = || {
            asked.shown.as_ref().is_some_and(|(at, policy, _)| {
                *policy == self.policy && self.clocks.wall <= at + 24 * HOUR
            })
        };
        match act {
            Act::Edit | Act::Preview => before_opening && leads_on,
            Act::BackUp => [Stage::Previewed].contains(&asked.stage) && leads_on && is_current(),
            Act::Approve => {
                [Stage::BackedUp, Stage::Approved].contains(&asked.stage)
                    && leads_on
                    && is_current()
                    && !is_author
                    && !asked.yes.iter().any(|yes| person(yes) == person(by))
            }
            Act::TakeBack => asked.yes.contains(by) && before_opening,
            Act::Refuse => {
                // It gives nothing: whose other account it is does not matter.
                before_opening
                    && asked.stage > Stage::Draft
                    && !asked.authors.contains(by)
                    && is_there
            }
            Act::Withdraw => before_opening && is_there,
            Act::Open => {
                asked.stage == Stage::Approved
                    && leads_on
                    && !self.is_safe
                    && is_current()
                    && self.counting(asked) >= self.needed
                    && self.clocks.wall <= asked.approved + HOUR
                    && self.has_shown_what_is_open(number)
                    && asked.extends.is_none_or(|extended| {
                        self.asked[extended].window.as_ref().is_some_and(|window| !window.is_closed)
                    })
            }
            Act::Close => asked.window.as_ref().is_some_and(|window| !window.is_closed) && is_there,
            Act::Review => asked.stage == Stage::Reported && is_there,
        }
    }

    fn has_shown_what_is_open(&self, number: usize) -> bool {
        let shown = self.asked[number].shown.as_ref();
        shown.is_some_and(|(_, _, shown)| self.open().all(|open| shown.contains(&open)))
    }

    /// The act succeeded.
    pub(crate) fn did(&mut self, by: &'static str, number: usize, act: Act, name: &str) {
        let (clocks, policy) = (self.clocks, self.policy.clone());
        let open: BTreeSet<usize> = self.open().collect();
        let was_approved = self.asked[number].stage == Stage::Approved;
        let asked = &mut self.asked[number];
        match act {
            Act::Edit => {
                asked.authors.insert(by);
                (asked.stage, asked.shown) = (Stage::Draft, None);
                asked.yes.clear();
            }
            Act::Preview => {
                asked.stage = Stage::Previewed;
                asked.shown = Some((clocks.wall, policy, open));
                asked.yes.clear();
            }
            Act::BackUp => asked.stage = Stage::BackedUp,
            Act::Approve => drop(asked.yes.insert(by)),
            Act::TakeBack => drop(asked.yes.remove(by)),
            Act::Refuse | Act::Withdraw | Act::Review => asked.stage = Stage::Over,
            Act::Open => {
                asked.stage = Stage::Open;
                asked.window = Some(Window {
                    at: clocks,
                    length: asked.minutes * 60,
                    is_closed: false,
                    was_in_doubt: false,
                    used: clocks.wall,
                    closed_by_hand: false,
                    name: name.to_owned(),
                });
            }
            Act::Close => self.close_by_hand(number),
        }
        if [Act::BackUp, Act::Approve, Act::TakeBack].contains(&act) {
            let enough = self.counting(&self.asked[number]) >= self.needed;
            let asked = &mut self.asked[number];
            asked.stage = if enough { Stage::Approved } else { Stage::BackedUp };
            if enough && (!was_approved || act == Act::BackUp) {
                asked.approved = clocks.wall;
            }
        }
        self.note();
    }

    /// What extends it may be closed with it, whether it is closed or not.
    fn close_by_hand(&mut self, number: usize) {
        let mut together = vec![number];
        while let Some(number) = together.pop() {
            if let Some(window) = &mut self.asked[number].window {
                window.closed_by_hand = true;
            }
            let extending =
                (0..self.asked.len()).filter(|other| self.asked[*other].extends == Some(number));
            together.extend(extending);
        }
    }

    /// Whether a window may be closed for this.
    pub(crate) fn may_be_closed(&self, number: usize, cause: &str) -> bool {
        let Some(window) = &self.asked[number].window else { return false };
        let extends = self.asked[number].extends;
        let with_other = extends.and_then(|other| self.asked[other].window.as_ref());
        match cause {
            "by_hand" => window.closed_by_hand,
            "deadline" => self.has_ended(window),
            "idle" => self.clocks.wall - window.used >= 20 * 60,
            // What extends a window that is closed for safety goes with it.
            "safety" => {
                window.was_in_doubt
                    || self.is_safe
                    || self.has_ended(window)
                    || with_other.is_some_and(|other| other.is_closed || other.was_in_doubt)
            }
            _ => false,
        }
    }

    /// The database is an older one.
    pub(crate) fn restored(&mut self) {
        self.epoch += 1;
        self.is_safe = true;
    }
}
