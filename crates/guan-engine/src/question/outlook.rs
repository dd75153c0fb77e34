//! What a window would change, before it opens: two sides of one engine, without and with its overlay.
//!
//! Everything is counted person by person with sets that are changed in place, so that the memory does not grow with the
//! users nor with what they gain. What people who stand alike see in common is marked once for all of them.

mod held;
mod marks;
mod person;
mod sample;

pub use person::Counter;
pub use sample::{Estimate, ObjectEstimate};

use crate::activity::{OverlayRow, Standing};
use crate::ask::Session;
use crate::compile::Who;
use crate::dense::{Bits, to_u32};
use crate::engine::Engine;
use crate::index::Targets;
use crate::model::{
    Action, Disabled, FieldClass, FieldId, Moment, ObjectId, Others, OverlayEffect, RecordId,
    Right, UserId,
};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// A window that is looked at before it opens.
#[derive(Clone, Copy, Debug)]
pub struct Prospect<'e> {
    /// The overlays that stand already.
    pub before: Standing<'e>,
    /// The same and the new one, which acts.
    pub after: Standing<'e>,
    /// The new one.
    pub overlay: &'e OverlayRow,
    /// The instant.
    pub at: Moment,
}

/// Gained and lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Shift {
    /// On the side with the window only.
    pub gained: u64,
    /// On the side without it only.
    pub lost: u64,
}

impl Shift {
    /// Neither.
    pub const NONE: Self = Self { gained: 0, lost: 0 };

    /// Whether nothing is gained and nothing lost.
    pub const fn is_none(self) -> bool {
        self.gained == 0 && self.lost == 0
    }
}
impl std::ops::AddAssign for Shift {
    fn add_assign(&mut self, other: Self) {
        self.gained = self.gained.saturating_add(other.gained);
        self.lost = self.lost.saturating_add(other.lost);
    }
}

/// What one person gains and loses of the records of one object by one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionShift {
    /// The action.
    pub action: Action,
    /// How many records.
    pub records: Shift,
    /// Some of the gained ones.
    pub gained_samples: Vec<RecordId>,
    /// Some of the lost ones.
    pub lost_samples: Vec<RecordId>,
}

/// What one person gains and loses of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectShift {
    /// The object.
    pub object: ObjectId,
    /// By action; only those with a difference.
    pub actions: Vec<ActionShift>,
    /// Whether they may make records of it: gained, lost, or as before.
    pub may_create: Option<bool>,
    /// Fields of records that they can read: one for each record and field.
    pub readable: Shift,
    /// Fields of records that they can change.
    pub changeable: Shift,
}

/// What one person gains and loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserShift {
    /// Who.
    pub user: UserId,
    /// Whether the window's audience takes them in.
    pub concerned: bool,
    /// Where they are thought to come from; none for an address that is not known.
    pub address: Option<IpAddr>,
    /// By object; only those with a difference.
    pub objects: Vec<ObjectShift>,
}

/// A field that stays closed although it lies inside the scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClosedField {
    /// Its object.
    pub object: ObjectId,
    /// The field.
    pub field: FieldId,
    /// Its class; absent where the window's own floor keeps it closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<FieldClass>,
}

/// A window over one engine, ready to be looked at person by person.
#[derive(Debug)]
pub struct Outlook<'e> {
    engine: &'e Engine,
    prospect: Prospect<'e>,
    users: Vec<u32>,
    concerned: u64,
    objects: Vec<u32>,
    actions: Vec<Action>,
    /// What is worked out once of each object, when it is first needed.
    once: Vec<Once>,
}

/// What is worked out once of one object.
#[derive(Debug, Default)]
struct Once {
    /// By right: records by the principals to whom a share gives it at the instant.
    narrowed: [OnceLock<Targets>; 8],
    locked: OnceLock<Arc<Bits>>,
}

impl Engine {
    /// Prepares the preview of a window.
    ///
    /// # Cost
    ///
    /// One look at every user.
    pub fn outlook<'e>(&'e self, prospect: Prospect<'e>) -> Outlook<'e> {
        let overlay = &prospect.overlay.overlay;
        let everybody = 0..to_u32(self.compiled.directory.users.len());
        let active = everybody.filter(|user| self.compiled.people.active[*user as usize]);
        let whos: Vec<Who> =
            overlay.audience.users.iter().filter_map(|one| self.compiled.who(one)).collect();
        let is_named = |user: &u32| {
            overlay.audience.users.is_empty()
                || self
                    .compiled
                    .people
                    .standpoint(*user)
                    .is_named_by_any(&whos, &self.compiled.trees)
        };
        let (mut users, mut concerned) = (Vec::new(), 0);
        for user in active {
            let named = is_named(&user);
            concerned += u64::from(named && may_lose(self, &overlay.effect, user));
            let locks_out = matches!(
                overlay.effect,
                OverlayEffect::Suspension { others: Others::LockedOut, .. }
            );
            let looked_at = locks_out || named && may_lose(self, &overlay.effect, user);
            if looked_at {
                users.push(user);
            }
        }
        let objects = self.objects_of(&overlay.effect);
        let actions = actions_of(&overlay.effect);
        let once = self.indexes.iter().map(|_| Once::default()).collect();
        Outlook { engine: self, prospect, users, concerned, objects, actions, once }
    }

    /// The objects that an effect may touch.
    fn objects_of(&self, effect: &OverlayEffect) -> Vec<u32> {
        let all = self.compiled.directory.objects.iter();
        let inside = all.filter(|(_, id)| match effect {
            OverlayEffect::Suspension { scope, .. } => {
                (scope.objects.is_empty() || scope.objects.contains(*id))
                    && (scope.fields.is_empty() || scope.fields.contains_key(*id))
            }
            OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => true,
        });
        inside.map(|(number, _)| number).collect()
    }

    /// Fields inside the scope of a suspension that stay closed for everybody: protected ones, and those of its floor.
    pub fn closed_fields(&self, overlay: &crate::model::Overlay) -> BTreeSet<ClosedField> {
        let OverlayEffect::Suspension { scope, .. } = &overlay.effect else {
            return BTreeSet::new();
        };
        let mut closed = BTreeSet::new();
        for number in self.objects_of(&overlay.effect) {
            let object = self.compiled.directory.objects.name(number);
            let Some(definition) = self.policy.objects.get(object) else { continue };
            let floor = overlay.floor.fields.get(object);
            for (field, description) in &definition.fields {
                let class = description.class.filter(|class| {
                    class.is_protected() && !scope.protected_classes.contains(class)
                });
                let on_floor = overlay.floor.objects.contains(object)
                    || floor.is_some_and(|fields| fields.contains(field));
                if class.is_some() || on_floor {
                    let (object, field) = (object.clone(), field.clone());
                    closed.insert(ClosedField { object, field, class });
                }
            }
        }
        closed
    }
}

/// The actions that are counted: reading, changing and deleting, taking out where the effect may give it, and what the
/// scope names. Creating is told apart.
fn actions_of(effect: &OverlayEffect) -> Vec<Action> {
    let mut actions = vec![Action::Read, Action::Edit, Action::Delete];
    match effect {
        OverlayEffect::Suspension { scope, .. } => {
            if scope.bulk {
                actions.push(Action::Export);
            }
            let named = scope
                .actions
                .iter()
                .filter(|action| !matches!(action, Action::Create | Action::Import));
            for action in named {
                if !actions.contains(action) {
                    actions.push(action.clone());
                }
            }
            actions.retain(|action| scope.actions.is_empty() || scope.actions.contains(action));
        }
        OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => {
            actions.extend([Action::Export, Action::Assign, Action::Share]);
        }
    }
    actions
}

/// Whether the effect can touch somebody at all: what is switched off for one user leaves the others alone.
fn may_lose(engine: &Engine, effect: &OverlayEffect, user: u32) -> bool {
    let directory = &engine.compiled.directory;
    match effect {
        OverlayEffect::Disablement {
            what: Disabled::Placement { user: who, .. } | Disabled::User(who),
        } => directory.users.find(who) == Some(user),
        OverlayEffect::Disablement { .. }
        | OverlayEffect::Suspension { .. }
        | OverlayEffect::Elevation { .. } => true,
    }
}

impl<'e> Outlook<'e> {
    /// How many active users the window's audience takes in.
    pub const fn concerned(&self) -> u64 {
        self.concerned
    }
    /// How many users have to be looked at: those, and with a lock-out everybody else.
    pub const fn users(&self) -> usize {
        self.users.len()
    }
    /// The actions that are counted.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
    /// The objects that it may touch, with the numbers of their records.
    pub fn objects(&self) -> impl Iterator<Item = (&ObjectId, u64)> + '_ {
        let name = |object: &u32| self.engine.compiled.directory.objects.name(*object);
        self.objects
            .iter()
            .map(move |object| (name(object), u64::from(self.engine.index(*object).len())))
    }

    /// Records of an object by the principals to whom a share gives a right.
    fn narrowed(&self, object: u32, right: Right) -> &Targets {
        let once = &self.once[object as usize].narrowed[right as usize];
        once.get_or_init(|| self.engine.index(object).narrowed(right, self.prospect.at))
    }
    /// Locked records of an object.
    fn locked(&self, object: u32) -> Arc<Bits> {
        let once = &self.once[object as usize].locked;
        Arc::clone(once.get_or_init(|| Arc::new(self.engine.index(object).locked())))
    }

    /// The situation in which a user is asked about: coming from where the window lets them come from, and where
    /// their own assignments let them in, if there is such an address.
    fn address(&self, user: u32) -> Option<IpAddr> {
        let compiled = &self.engine.compiled;
        let networks = &self.prospect.overlay.overlay.audience.networks;
        let outside = networks.is_empty();
        let mut candidates: Vec<Option<IpAddr>> =
            networks.iter().map(|range| Some(range.first())).collect();
        if outside {
            candidates.push(None);
        }
        if compiled.people.grants[user as usize] == crate::dense::NONE {
            for number in &compiled.people.assignments[user as usize] {
                let Some(assignment) = compiled.assignment(&self.engine.policy, *number) else {
                    continue;
                };
                let firsts = assignment.networks.iter().map(crate::model::AddressRange::first);
                candidates.extend(
                    firsts
                        .filter(|first| {
                            outside || networks.iter().any(|range| range.contains(*first))
                        })
                        .map(Some),
                );
            }
        }
        let fits = |address: &Option<IpAddr>| {
            Subject::enter_as(
                self.engine,
                user,
                &self.session(user, *address, self.prospect.before),
            )
            .is_ok()
        };
        let first = candidates.first().copied().flatten();
        if candidates.len() == 1 {
            return first;
        }
        candidates.iter().find(|address| fits(address)).copied().unwrap_or(first)
    }

    fn session(&self, user: u32, address: Option<IpAddr>, standing: Standing<'e>) -> Session<'e> {
        Session {
            organization: self.engine.policy.organization.id.clone(),
            subject: self.engine.compiled.directory.users.name(user).clone(),
            address,
            at: self.prospect.at,
            standing: Some(standing),
        }
    }
}
