//! What a suspension relaxes for one request.

use crate::activity::OverlayRow;
use crate::ask::{Extent, Request};
use crate::compile::Standpoint;
use crate::dense::Bits;
use crate::engine::Engine;
use crate::lens::Relax;
use crate::model::{
    Action, Layer, Object, ObjectId, Overlay, OverlayEffect, OverlayId, SuspensionScope,
};
use crate::subject::Subject;
use std::cell::OnceCell;

/// What one suspension relaxes, ready for one object.
#[derive(Clone, Debug)]
pub(crate) struct Relaxation<'e> {
    verb: bool,
    record: bool,
    restrictions: Vec<u32>,
    /// Whether it opens fields at all.
    opens_fields: bool,
    overlay: &'e Overlay,
    scope: &'e SuspensionScope,
    engine: &'e Engine,
    object: u32,
    /// Worked out when a field is asked about for the first time: most decisions name none.
    fields: OnceCell<Fields>,
}

/// Fields of one object under one suspension.
#[derive(Clone, Debug)]
struct Fields {
    opened: Bits,
    closed: Bits,
}

impl Relaxation<'_> {
    pub(crate) fn relax(&self) -> Relax<'_> {
        Relax { verb: self.verb, record: self.record, restrictions: &self.restrictions }
    }
    /// Whether it opens a field.
    pub(crate) fn opens(&self, field: u32) -> bool {
        self.fields().opened.has(field)
    }
    /// Whether a field is on the floor: a relaxed decision never touches it.
    pub(crate) fn closes(&self, field: u32) -> bool {
        self.fields().closed.has(field)
    }
    fn fields(&self) -> &Fields {
        self.fields.get_or_init(|| {
            let name = self.engine.compiled.directory.objects.name(self.object);
            let Some(object) = self.engine.policy.objects.get(name) else {
                return Fields { opened: Bits::new(0), closed: Bits::new(0) };
            };
            let closed = closed_fields(self.overlay, self.scope, (name, object));
            let opened = if self.opens_fields {
                open_fields(self.scope, (name, object), &closed)
            } else {
                Bits::new(0)
            };
            Fields { opened, closed }
        })
    }
}

/// Object, action and extent of a request: what scopes look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched<'r> {
    pub(crate) object: &'r ObjectId,
    pub(crate) action: &'r Action,
    pub(crate) extent: Extent,
}

impl<'r> Touched<'r> {
    pub(crate) const fn of(request: &'r Request<'_>) -> Self {
        Self { object: request.on.object(), action: &request.action, extent: request.extent }
    }
}

impl Engine {
    /// Whether a suspension that acts for the session would let a request reach a record that the policy does not let it
    /// reach; floor and bulk aside from what its scope says.
    pub fn would_reach(&self, request: &Request<'_>, overlay: &OverlayId) -> bool {
        let Ok(subject) = Subject::enter(self, &request.session) else { return false };
        let touched = Touched::of(request);
        let Some(object) = self.compiled.directory.objects.find(touched.object) else {
            return false;
        };
        let mut rows = subject.relaxing().filter(|row| row.id == *overlay);
        rows.any(|row| relaxation(row, &subject, touched, object).is_some_and(|open| open.record))
    }
}

/// The scope of a suspension row.
const fn scope_of(overlay: &Overlay) -> Option<&SuspensionScope> {
    match &overlay.effect {
        OverlayEffect::Suspension { scope, .. } => Some(scope),
        OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => None,
    }
}

/// Whether object, action and subject, seen from `standpoint`, lie in the scope; floor and bulk aside.
pub(crate) fn is_in_scope(
    row: &OverlayRow,
    subject: &Subject<'_>,
    standpoint: &Standpoint<'_>,
    touched: Touched<'_>,
) -> bool {
    let Some(scope) = scope_of(&row.overlay) else { return false };
    let inside = (scope.objects.is_empty() || scope.objects.contains(touched.object))
        && (scope.fields.is_empty() || scope.fields.contains_key(touched.object))
        && (scope.actions.is_empty() || scope.actions.contains(touched.action));
    if !inside {
        return false;
    }
    let compiled = &subject.engine.compiled;
    let named = scope.users.is_empty()
        || scope.users.iter().any(|principal| {
            compiled.who(principal).is_some_and(|who| standpoint.is_named_by(who, &compiled.trees))
        });
    let holds = scope.sets.is_empty()
        || scope.sets.iter().any(|set| {
            compiled.directory.sets.find(set).is_some_and(|set| subject.sets().contains(&set))
        });
    named && holds
}

/// What a suspension that concerns the subject relaxes for a request on an object, which is also given by its number;
/// none when it does not cover it.
pub(crate) fn relaxation<'e>(
    row: &'e OverlayRow,
    subject: &Subject<'e>,
    touched: Touched<'_>,
    object: u32,
) -> Option<Relaxation<'e>> {
    let scope = scope_of(&row.overlay)?;
    let floor = &row.overlay.floor;
    let is_bulk =
        touched.extent == Extent::Bulk || matches!(touched.action, Action::Export | Action::Import);
    let on_floor = floor.objects.contains(touched.object) || floor.actions.contains(touched.action);
    if !is_in_scope(row, subject, &subject.standpoint(), touched)
        || on_floor
        || is_bulk && !scope.bulk
    {
        return None;
    }
    let has = |layer: Layer| scope.layers.is_empty() || scope.layers.contains(&layer);
    let by_restriction = !scope.restrictions.is_empty();
    let whole = !by_restriction && scope.fields.is_empty();
    let restrictions = if by_restriction && has(Layer::Record) {
        let directory = &subject.engine.compiled.directory;
        scope.restrictions.iter().filter_map(|id| directory.restrictions.find(id)).collect()
    } else {
        Vec::new()
    };
    Some(Relaxation {
        verb: whole && has(Layer::Object),
        record: whole && has(Layer::Record),
        restrictions,
        opens_fields: !by_restriction && has(Layer::Field),
        overlay: &row.overlay,
        scope,
        engine: subject.engine,
        object,
        fields: OnceCell::new(),
    })
}

/// Fields on the overlay's floor, and protected ones whose class the scope does not name.
fn closed_fields(
    overlay: &Overlay,
    scope: &SuspensionScope,
    (id, object): (&ObjectId, &Object),
) -> Bits {
    let mut closed = Bits::new(object.fields.len());
    let floor = overlay.floor.fields.get(id);
    for (number, (name, field)) in (0u32..).zip(&object.fields) {
        let protected = field
            .class
            .is_some_and(|class| class.is_protected() && !scope.protected_classes.contains(&class));
        if protected || floor.is_some_and(|floor| floor.contains(name)) {
            closed.set(number);
        }
    }
    closed
}

fn open_fields(scope: &SuspensionScope, (id, object): (&ObjectId, &Object), closed: &Bits) -> Bits {
    let mut open = Bits::new(object.fields.len());
    let listed = scope.fields.get(id);
    for (number, name) in (0u32..).zip(object.fields.keys()) {
        let in_scope =
            scope.fields.is_empty() || listed.is_some_and(|listed| listed.contains(name));
        if in_scope && !closed.has(number) {
            open.set(number);
        }
    }
    open
}
