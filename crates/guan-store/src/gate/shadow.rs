//! Shadows on a node: decisions are handed over without waiting, and evaluated on the drafts by somebody else.

mod draft;
mod evaluate;
mod keep;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::Duration;

use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{Action, FieldId, ObjectId, OrganizationId, RecordId, RecordKey, UserId};
use guan_engine::question::ListQuery;
use parking_lot::{Mutex, RwLock};

use super::{Gate, GateError, Tail};
use crate::caller::ClockReading;
use draft::DraftEngines;

/// So many decisions wait to be evaluated; more are dropped and counted.
const WAITING_MAX: usize = 4_096;

/// What a node knows of shadows.
pub(super) struct Shadows {
    /// Whether any runs; asked by every decision.
    any: AtomicBool,
    /// The organizations in which one runs, each with the decisions that were dropped.
    watched: RwLock<BTreeMap<OrganizationId, Arc<AtomicU64>>>,
    sender: SyncSender<Observed>,
    receiver: Mutex<Receiver<Observed>>,
    engines: Mutex<DraftEngines>,
}

impl Default for Shadows {
    fn default() -> Self {
        Self::holding(WAITING_MAX)
    }
}

/// A decision that was made, as it was asked.
#[derive(Debug, Clone)]
struct Observed {
    organization: OrganizationId,
    subject: UserId,
    address: Option<std::net::IpAddr>,
    action: Action,
    asked: Asked,
    clock: ClockReading,
}

#[derive(Debug, Clone)]
enum Asked {
    One {
        on: Target,
        fields: Vec<FieldId>,
        extent: Extent,
    },
    /// A page: the records that were on it, and the query where the engine alone answered it.
    Page {
        object: ObjectId,
        records: Vec<RecordId>,
        query: Option<Box<ListQuery>>,
    },
}

impl Observed {
    fn session(&self) -> Session<'static> {
        let organization = self.organization.clone();
        let mut session = Session::new(organization, self.subject.clone(), self.clock.wall);
        session.address = self.address;
        session
    }
}

impl Shadows {
    fn holding(waiting: usize) -> Self {
        let (sender, receiver) = mpsc::sync_channel(waiting);
        Self {
            any: AtomicBool::new(false),
            watched: RwLock::default(),
            sender,
            receiver: Mutex::new(receiver),
            engines: Mutex::default(),
        }
    }

    fn watches(&self, organization: &OrganizationId) -> Option<Arc<AtomicU64>> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        self.watched.read().get(organization).map(Arc::clone)
    }

    /// Hands a decision over. It never waits: what does not fit is dropped and counted.
    pub(super) fn observe(&self, request: &Request<'_>, clock: &ClockReading) {
        let Some(dropped) = self.watches(&request.session.organization) else { return };
        let asked = Asked::One {
            on: request.on.clone(),
            fields: request.fields.clone(),
            extent: request.extent,
        };
        self.offer(&request.session, (&request.action, asked), clock, &dropped);
    }

    /// Hands a page over; see [`Shadows::observe`].
    pub(super) fn observe_page(
        &self,
        session: &Session<'_>,
        (action, object): (&Action, &ObjectId),
        (records, query): (impl Iterator<Item = RecordId>, Option<&ListQuery>),
        clock: &ClockReading,
    ) {
        let Some(dropped) = self.watches(&session.organization) else { return };
        let query = query.cloned().map(Box::new);
        let asked = Asked::Page { object: object.clone(), records: records.collect(), query };
        self.offer(session, (action, asked), clock, &dropped);
    }

    fn offer(
        &self,
        session: &Session<'_>,
        (action, asked): (&Action, Asked),
        clock: &ClockReading,
        dropped: &AtomicU64,
    ) {
        let observed = Observed {
            organization: session.organization.clone(),
            subject: session.subject.clone(),
            address: session.address,
            action: action.clone(),
            asked,
            clock: clock.clone(),
        };
        if self.sender.try_send(observed).is_err() {
            dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Watches these organizations and no others.
    fn watch(&self, organizations: Vec<OrganizationId>) {
        let mut watched = self.watched.write();
        let before = std::mem::take(&mut *watched);
        for organization in organizations {
            let dropped = before.get(&organization).map(Arc::clone).unwrap_or_default();
            watched.insert(organization, dropped);
        }
        self.any.store(!watched.is_empty(), Ordering::Relaxed);
    }
}

impl Gate {
    /// Hands a decision that was made on a view of this gate to the shadows of its organization, without waiting.
    ///
    /// [`Gate::decide`], the lists and the operations on records do this by themselves.
    pub fn observe(&self, request: &Request<'_>, clock: &ClockReading) {
        self.shadows.observe(request, clock);
    }

    /// Whether decisions on an organization are handed over to shadows.
    pub fn is_shadowed(&self, organization: &OrganizationId) -> bool {
        self.shadows.watches(organization).is_some()
    }

    /// One round of shadows: looks which run, evaluates what was handed over since, and keeps what differs. Nothing is
    /// handed over before the first round. How many decisions were evaluated is told.
    ///
    /// Cost: two decisions for each that was handed over and each shadow; a draft of a policy is compiled and loaded when
    /// it is first evaluated, and follows the records from then on.
    ///
    /// Errors: what cannot be read or kept; the decisions of this round are lost to the shadows then.
    pub fn evaluate_shadows(&self, clock: &ClockReading) -> Result<u64, GateError> {
        let organizations = self.read(|reader| reader.shadow_organizations(clock.wall))?;
        self.shadows.watch(organizations);
        self.evaluate_waiting(clock)
    }

    /// Evaluates shadows every `interval` in a thread of its own, until what this returns is dropped.
    ///
    /// Errors: the system gives no thread.
    pub fn watch_shadows(
        self: &Arc<Self>,
        interval: Duration,
        clock: impl Fn() -> ClockReading + Send + 'static,
    ) -> std::io::Result<Tail> {
        let gate = Arc::clone(self);
        Tail::every("guan-shadow", interval, move || {
            // What cannot be evaluated now is lost to the shadows alone; no answer waits for it.
            let _evaluated = gate.evaluate_shadows(&clock());
        })
    }
}

/// Keys of the records of a page.
fn keys<'a>(object: &'a ObjectId, ids: &'a [RecordId]) -> impl Iterator<Item = RecordKey> + 'a {
    ids.iter().map(|id| RecordKey { object: object.clone(), id: id.clone() })
}

#[cfg(test)]
mod tests {
    use guan_engine::ask::{Request, Session, Target};
    use guan_engine::model::{Action, Moment, Span};

    use super::Shadows;
    use crate::caller::ClockReading;

    #[test]
    fn a_full_queue_only_drops_and_counts() {
        let shadows = Shadows::holding(2);
        let clock = ClockReading::new(Moment(0), Span(0), "boot-1");
        let session = Session::new("acme", "bo", clock.wall);
        let request = Request::new(session, Action::Read, Target::Object("Account".into()));
        shadows.observe(&request, &clock);
        assert!(shadows.receiver.lock().try_recv().is_err(), "nobody watches");
        shadows.watch(vec!["acme".into()]);
        for _ in 0..5 {
            shadows.observe(&request, &clock);
        }
        let dropped = shadows.watches(&"acme".into()).unwrap();
        assert_eq!(dropped.load(std::sync::atomic::Ordering::Relaxed), 3);
        assert_eq!(shadows.receiver.lock().try_iter().count(), 2);
        shadows.watch(vec![]);
        assert!(shadows.watches(&"acme".into()).is_none());
    }
}
