//! After the end of a window: what waited is applied by whoever comes by, in the order in which it was made.

use guan_engine::activity::is_acting;
use guan_engine::model::{OrganizationId, Span};

use super::{EditState, KeptEdit, WaitingChange};
use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::database::values;
use crate::error::ReadError;
use crate::overlay::Which;
use crate::sql;
use crate::store::Store;
use crate::write::WriteError;

impl Store {
    /// Applies every edit that no window holds any more, or keeps it as conflicted. Each is a change of its own, so that one
    /// that cannot be applied holds up no other.
    ///
    /// Nothing depends on when it runs: until then the policy is without them.
    ///
    /// Errors: the first that could not be written; it waits on.
    pub fn apply_waiting_edits(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<u64, WriteError> {
        let (mut applied, mut first_error) = (0, None);
        for organization in self.with_waiting_edits()? {
            for id in self.released(&organization, clock)? {
                let change = WaitingChange::Apply { id };
                let change = Change::ChangeWaiting { organization: organization.clone(), change };
                match self.write(caller, clock, &change) {
                    Ok(_) => applied += 1,
                    // A later window holds it, or somebody else was quicker.
                    Err(WriteError::WindowOpen { .. } | WriteError::EditElsewhere { .. }) => {}
                    Err(error) => {
                        first_error.get_or_insert(error);
                    }
                }
            }
        }
        first_error.map_or(Ok(applied), Err)
    }

    fn with_waiting_edits(&self) -> Result<Vec<OrganizationId>, ReadError> {
        let waiting = values![EditState::Waiting.name()];
        let organizations =
            self.database.rows(sql::WAITING_ORGANIZATIONS, waiting, |row| row.get::<String>(0))?;
        Ok(organizations.into_iter().map(OrganizationId::from).collect())
    }

    /// The edits whose windows have all ended.
    fn released(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
    ) -> Result<Vec<String>, ReadError> {
        let facts = self.node_facts(organization, clock, Span(0))?;
        let open = self.overlays(organization, Which::Unclosed)?;
        let acts = |kept: &KeptEdit| {
            open.iter().any(|stored| {
                kept.held_by.contains(&stored.id) && is_acting(&stored.row(), &facts).is_ok()
            })
        };
        let edits = self.waiting_edits(organization)?.into_iter();
        let released = edits.filter(|kept| kept.state == EditState::Waiting && !acts(kept));
        Ok(released.map(|kept| kept.id).collect())
    }
}
