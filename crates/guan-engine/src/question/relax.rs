//! What a suspension relaxes for one request.

use crate::activity::OverlayRow;
use crate::ask::{Extent, Request};
use crate::compile::Standpoint;
use crate::dense::Bits;
use crate::lens::Relax;
use crate::model::{Action, Layer, Object, Overlay, OverlayEffect, SuspensionScope};
use crate::subject::Subject;

/// What one suspension relaxes, ready for one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relaxation {
    verb: bool,
    record: bool,
    restrictions: Vec<u32>,
    /// Fields that it opens.
    pub(crate) fields: Bits,
    /// Fields of the floor: a relaxed decision never touches them.
    pub(crate) closed: Bits,
}

impl Relaxation {
    pub(crate) fn relax(&self) -> Relax<'_> {
        Relax { verb: self.verb, record: self.record, restrictions: &self.restrictions }
    }
}

/// Object, action and extent of a request: what scopes look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched<'r> {
    pub(crate) object: &'r crate::model::ObjectId,
    pub(crate) action: &'r Action,
    pub(crate) extent: Extent,
}

impl<'r> Touched<'r> {
    pub(crate) const fn of(request: &'r Request<'_>) -> Self {
        Self { object: request.on.object(), action: &request.action, extent: request.extent }
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
    let compiled = &subject.engine.compiled;
    let named = scope.users.is_empty()
        || scope.users.iter().any(|principal| {
            compiled.who(principal).is_some_and(|who| standpoint.is_named_by(who, &compiled.trees))
        });
    let holds = scope.sets.is_empty()
        || scope.sets.iter().any(|set| {
            compiled.directory.sets.find(set).is_some_and(|set| subject.sets().contains(&set))
        });
    (scope.objects.is_empty() || scope.objects.contains(touched.object))
        && (scope.fields.is_empty() || scope.fields.contains_key(touched.object))
        && (scope.actions.is_empty() || scope.actions.contains(touched.action))
        && named
        && holds
}

/// What a suspension that concerns the subject relaxes for a request; none when it does not cover it.
pub(crate) fn relaxation(
    row: &OverlayRow,
    subject: &Subject<'_>,
    touched: Touched<'_>,
) -> Option<Relaxation> {
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
    let object = subject.engine.policy.objects.get(touched.object)?;
    let has = |layer: Layer| scope.layers.is_empty() || scope.layers.contains(&layer);
    let mut relaxation = Relaxation {
        closed: closed_fields(&row.overlay, scope, touched, object),
        ..Relaxation::default()
    };
    if !scope.restrictions.is_empty() {
        if has(Layer::Record) {
            let directory = &subject.engine.compiled.directory;
            relaxation.restrictions = scope
                .restrictions
                .iter()
                .filter_map(|id| directory.restrictions.find(id))
                .collect();
        }
    } else if !scope.fields.is_empty() {
        if has(Layer::Field) {
            relaxation.fields = open_fields(scope, touched, object, &relaxation.closed);
        }
    } else {
        relaxation.verb = has(Layer::Object);
        relaxation.record = has(Layer::Record);
        if has(Layer::Field) {
            relaxation.fields = open_fields(scope, touched, object, &relaxation.closed);
        }
    }
    Some(relaxation)
}

/// Fields on the overlay's floor, and protected ones whose class the scope does not name.
fn closed_fields(
    overlay: &Overlay,
    scope: &SuspensionScope,
    touched: Touched<'_>,
    object: &Object,
) -> Bits {
    let mut closed = Bits::new(object.fields.len());
    let floor = overlay.floor.fields.get(touched.object);
    for (number, (id, field)) in (0u32..).zip(&object.fields) {
        let protected = field
            .class
            .is_some_and(|class| class.is_protected() && !scope.protected_classes.contains(&class));
        if protected || floor.is_some_and(|floor| floor.contains(id)) {
            closed.set(number);
        }
    }
    closed
}

fn open_fields(
    scope: &SuspensionScope,
    touched: Touched<'_>,
    object: &Object,
    closed: &Bits,
) -> Bits {
    let mut open = Bits::new(object.fields.len());
    let listed = scope.fields.get(touched.object);
    for (number, id) in (0u32..).zip(object.fields.keys()) {
        let in_scope = scope.fields.is_empty() || listed.is_some_and(|listed| listed.contains(id));
        if in_scope && !closed.has(number) {
            open.set(number);
        }
    }
    open
}
