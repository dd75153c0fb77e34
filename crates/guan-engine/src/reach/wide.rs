//! Grants that cover records whoever owns them, and the level on a parent.

use super::{Detail, Reach, Trail};
use crate::model::{Right, Rights};
use crate::subject::Subject;

/// The level on a record: its reach, and what scopes above `reachable` cover.
pub(crate) fn level(
    subject: &Subject<'_>,
    (object, position): (u32, u32),
    wanted: Rights,
    trail: Option<&Trail<'_>>,
) -> Rights {
    let row = subject.row(object);
    let reach = Reach::new(subject, object, wanted, Detail::Fact);
    let mut rights = Rights::NONE;
    for (number, action) in (0u8..).zip(&crate::model::STANDARD_ACTIONS) {
        let Some(right) = own_right(action) else { continue };
        if wanted.has(right) && covers_widely(&reach, row, 1 << number, position).is_some() {
            rights = rights.with(right);
        }
    }
    if rights & wanted == wanted {
        return rights;
    }
    rights | reach.rights(position, trail)
}

/// The right that an action by itself stands for: `create` and `export` lend theirs.
const fn own_right(action: &crate::model::Action) -> Option<Right> {
    if matches!(action, crate::model::Action::Create | crate::model::Action::Export) {
        return None;
    }
    action.standard_right()
}

/// Whether a scope above `reachable`, or `unassigned`, covers a record for an action.
#[inline]
pub(crate) fn covers_widely(
    reach: &Reach<'_>,
    row: &crate::compile::ObjectRow,
    action: u64,
    position: u32,
) -> Option<Wide> {
    use crate::model::Scope;
    if row.all & action != 0 {
        return Some(Wide::Scope(Scope::All));
    }
    if (row.any_unit | row.unassigned) & action == 0 {
        return None;
    }
    let header = reach.index.header(position);
    let owners = reach.index.owners(position, header);
    if row.any_unit & action != 0 {
        let units = reach.units(reach.index.attributes_of(header), owners);
        if let Some(scope) = unit_scope(reach, row, action, &units) {
            return Some(Wide::Scope(scope));
        }
    }
    (row.unassigned & action != 0 && owners.is_empty()).then_some(Wide::Unassigned)
}

/// The greatest unit scope of an action that holds one of the units.
pub(crate) fn unit_scope(
    reach: &Reach<'_>,
    row: &crate::compile::ObjectRow,
    action: u64,
    units: &[u32],
) -> Option<crate::model::Scope> {
    use crate::model::Scope;
    let trees = &reach.subject.engine.compiled.trees;
    let mut found = None;
    for grant in row.units.iter().filter(|grant| grant.actions & action != 0) {
        for unit in units {
            if grant.below && trees.is_at_or_below(*unit, grant.node) {
                return Some(Scope::UnitAndBelow);
            }
            if grant.node == *unit {
                found = Some(Scope::Unit);
            }
        }
    }
    found
}

/// A way by which a grant covers a record whoever owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wide {
    Scope(crate::model::Scope),
    Unassigned,
}
