//! `matrix`: every object × action and every field, for a set or a subject, complete and flat.

use crate::answer::Refusal;
use crate::ask::Session;
use crate::compile::{ObjectRow, Part, number};
use crate::dense::NONE;
use crate::engine::Engine;
use crate::model::{Assigned, FieldAccess, Scope};
use crate::subject::Subject;
use serde::Serialize;
use std::borrow::Cow;

/// What a cell is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// An action on an object; the value is a scope, with `+unassigned` where that is granted.
    Object,
    /// A field; the value is an access.
    Field,
    /// A system permission; the value is `granted`.
    System,
}

/// One cell of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Cell {
    /// What it is about.
    pub kind: CellKind,
    /// Whose it is: the id of a set, group of sets or user.
    pub subject: String,
    /// The object; empty for system permissions.
    pub object: String,
    /// The field; empty for actions.
    pub field: String,
    /// The action or system permission; empty for fields.
    pub action: String,
    /// What is given.
    pub value: String,
}

impl Engine {
    /// What a set, or a group of sets, gives: for every object each action and each field.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoGrant`] when there is no such set.
    pub fn matrix_of_set(&self, set: &Assigned) -> Result<Vec<Cell>, Refusal> {
        let bundle = self.compiled.bundle_number(set).ok_or(Refusal::NoGrant)?;
        let part = Part { bundle, units: Vec::new(), group: NONE };
        let own = self
            .compiled
            .unite(&[part], |compiled, part| Some(Cow::Borrowed(compiled.bundle(part))));
        let name = match set {
            Assigned::Set(id) => id.to_string(),
            Assigned::SetGroup(id) => id.to_string(),
        };
        let rows: Vec<&ObjectRow> = own.rows.iter().collect();
        Ok(self.cells(&name, &rows, &own.system, |row, field| row.fields[field]))
    }

    /// What a subject may do in a session: for every object each action with its scope, and each
    /// field as it is after the verbs for read and edit.
    ///
    /// # Errors
    ///
    /// The refusal of the session gate.
    pub fn matrix_of_subject(&self, session: &Session<'_>) -> Result<Vec<Cell>, Refusal> {
        let subject = Subject::enter(self, session)?;
        let rows: Vec<&ObjectRow> = (0..crate::dense::to_u32(self.compiled.objects.len()))
            .map(|object| subject.row(object))
            .collect();
        let system = subject.system();
        Ok(self.cells(session.subject.as_str(), &rows, system, |row, field| {
            let access = row.fields[field];
            if row.granted & 1 << number::READ == 0 {
                FieldAccess::HIDDEN
            } else if row.granted & (1 << number::EDIT | 1 << number::CREATE) == 0 {
                access.read_only()
            } else {
                access
            }
        }))
    }

    fn cells(
        &self,
        subject: &str,
        rows: &[&ObjectRow],
        system: &[String],
        access: impl Fn(&ObjectRow, usize) -> FieldAccess,
    ) -> Vec<Cell> {
        let cell = |kind, object: &str, field: &str, action: &str, value: String| Cell {
            kind,
            subject: subject.to_owned(),
            object: object.to_owned(),
            field: field.to_owned(),
            action: action.to_owned(),
            value,
        };
        let mut cells = Vec::new();
        for (plan, row) in self.compiled.objects.iter().zip(rows) {
            for (number, action) in self.compiled.directory.actions.iter() {
                let scope_of =
                    |at: u32| row.scopes.get(at as usize).copied().unwrap_or(Scope::None);
                let (mut scope, mut bits) = (scope_of(number), 1u64 << number);
                if number == u32::from(number::EXPORT) {
                    // It goes no further than reading.
                    scope = scope.min(scope_of(number::READ.into()));
                    bits |= 1 << number::READ;
                }
                let unassigned = row.unassigned & bits == bits;
                let value =
                    format!("{}{}", scope.name(), if unassigned { "+unassigned" } else { "" });
                cells.push(cell(CellKind::Object, plan.id.as_str(), "", action.name(), value));
            }
            for (number, field) in plan.fields.iter() {
                let value = access(row, number as usize).to_string();
                cells.push(cell(CellKind::Field, plan.id.as_str(), field.as_str(), "", value));
            }
        }
        for permission in system {
            cells.push(cell(CellKind::System, "", "", permission, "granted".to_owned()));
        }
        cells
    }
}
