//! What a suspension opens (specification §8).

use super::case::Case;
use guan_engine::activity::OverlayRow;
use guan_engine::ask::{Extent, Request};
use guan_engine::model::{
    Action, FieldId, Layer, Object, ObjectId, RestrictionId, SuspensionScope,
};
use std::collections::BTreeSet;

/// What does not refuse.
#[derive(Default)]
pub(super) struct Opened {
    /// Stage 2.
    pub(super) verb: bool,
    /// Stages 3 and 4.
    pub(super) record: bool,
    /// These restrictions.
    pub(super) restrictions: BTreeSet<RestrictionId>,
    /// These fields.
    pub(super) fields: BTreeSet<FieldId>,
    /// No relaxed decision touches these.
    pub(super) closed: BTreeSet<FieldId>,
}

/// The suspensions to try, in the order of their ids, with what each opens.
pub(super) fn openings<'a>(
    case: &Case<'a>,
    request: &Request<'_>,
) -> Vec<(&'a OverlayRow, Opened)> {
    let object = request.on.object();
    let is_bulk =
        request.extent == Extent::Bulk || matches!(request.action, Action::Export | Action::Import);
    let mut found = Vec::new();
    for (row, scope) in case.suspensions(object, &request.action) {
        let floor = &row.overlay.floor;
        if !floor.objects.contains(object)
            && !floor.actions.contains(&request.action)
            && (!is_bulk || scope.bulk)
        {
            let closed = closed_fields(case, row, scope, object);
            found.push((row, Opened { closed, ..opened(case, row, scope, object) }));
        }
    }
    found
}

fn opened(
    case: &Case<'_>,
    row: &OverlayRow,
    scope: &SuspensionScope,
    object_id: &ObjectId,
) -> Opened {
    let has = |layer| scope.layers.is_empty() || scope.layers.contains(&layer);
    let fields = || match case.policy.objects.get(object_id) {
        Some(object) => opened_fields(row, scope, object_id, object),
        None => BTreeSet::new(),
    };
    if !scope.restrictions.is_empty() {
        let restrictions =
            if has(Layer::Record) { scope.restrictions.clone() } else { BTreeSet::new() };
        return Opened { restrictions, ..Opened::default() };
    }
    if !scope.fields.is_empty() {
        let fields = if has(Layer::Field) { fields() } else { BTreeSet::new() };
        return Opened { fields, ..Opened::default() };
    }
    Opened {
        verb: has(Layer::Object),
        record: has(Layer::Record),
        restrictions: BTreeSet::new(),
        fields: if has(Layer::Field) { fields() } else { BTreeSet::new() },
        closed: BTreeSet::new(),
    }
}

/// Fields of the floor, and of protected classes that the scope does not name.
fn closed_fields(
    case: &Case<'_>,
    row: &OverlayRow,
    scope: &SuspensionScope,
    object: &ObjectId,
) -> BTreeSet<FieldId> {
    let mut closed = row.overlay.floor.fields.get(object).cloned().unwrap_or_default();
    for (id, field) in case.policy.objects.get(object).iter().flat_map(|object| &object.fields) {
        if let Some(class) = field.class
            && class.is_protected()
            && !scope.protected_classes.contains(&class)
        {
            closed.insert(id.clone());
        }
    }
    closed
}

/// The fields of the scope, without the floor and without protected classes that it does not name.
fn opened_fields(
    row: &OverlayRow,
    scope: &SuspensionScope,
    object_id: &ObjectId,
    object: &Object,
) -> BTreeSet<FieldId> {
    let floor = row.overlay.floor.fields.get(object_id);
    let mut found = BTreeSet::new();
    for (id, field) in &object.fields {
        let is_in_scope = scope.fields.is_empty()
            || scope.fields.get(object_id).is_some_and(|fields| fields.contains(id));
        let is_protected = field
            .class
            .is_some_and(|class| class.is_protected() && !scope.protected_classes.contains(&class));
        if is_in_scope && !is_protected && !floor.is_some_and(|floor| floor.contains(id)) {
            found.insert(id.clone());
        }
    }
    found
}
