//! The preview of a window on what this node sees now.

use guan_engine::Engine;
use guan_engine::lifecycle::Wanted;
use guan_engine::model::{OrganizationId, Span};

use super::{Gate, GateError};
use crate::caller::ClockReading;
use crate::preview::{
    Counting, DENIAL_DAYS, Material, PreviewMode, Progress, WindowPreview, work_out,
};
use crate::store::Store;
use crate::write::WriteError;

impl Gate {
    /// What a window would change: who gains and loses which records and fields, what stays closed, which windows it
    /// overlaps, and which recorded denials of the last [`DENIAL_DAYS`] days it would have allowed. Writes nothing.
    ///
    /// Cost: an estimate takes milliseconds whatever the size; an exact one counts every person on several threads and
    /// says how far it is. It holds the engine meanwhile: a change of a record then copies the engine once.
    ///
    /// Errors: the window does not fit the policy; what cannot be read.
    pub fn preview_window(
        &self,
        clock: &ClockReading,
        organization: &OrganizationId,
        wanted: &Wanted,
        mode: PreviewMode,
        progress: &dyn Fn(Progress),
    ) -> Result<WindowPreview, GateError> {
        self.preview_window_over(clock, (organization, wanted), (mode, DENIAL_DAYS), progress)
    }

    /// The same, with the denials of so many days.
    ///
    /// Errors: as [`Gate::preview_window`].
    pub fn preview_window_over(
        &self,
        clock: &ClockReading,
        (organization, wanted): (&OrganizationId, &Wanted),
        (mode, days): (PreviewMode, u32),
        progress: &dyn Fn(Progress),
    ) -> Result<WindowPreview, GateError> {
        let view = self.view(organization)?;
        let (engine, revision, facts) = (view.engine(), view.revision(), view.facts(clock));
        let material =
            self.read(|reader| Material::read(reader, (engine, revision), clock, (mode, days)))?;
        let counting = Counting { engine, revision, rows: view.overlays(), facts: &facts };
        let preview = work_out(&counting, &material, wanted, (mode, progress));
        Ok(preview.map_err(WriteError::Problems)?)
    }
}

impl Store {
    /// [`Gate::preview_window`] without a gate: on an engine of the current revision.
    ///
    /// Errors: as [`Gate::preview_window`].
    pub fn preview_window(
        &self,
        engine: &Engine,
        clock: &ClockReading,
        wanted: &Wanted,
        (mode, days): (PreviewMode, u32),
        progress: &dyn Fn(Progress),
    ) -> Result<WindowPreview, GateError> {
        let organization = &engine.policy().organization.id;
        let revision = self.current_revision(organization)?;
        let material = Material::read(self, (engine, revision), clock, (mode, days))?;
        let rows = self.overlay_rows(organization)?;
        let facts = self.node_facts(organization, clock, Span(0))?;
        let counting = Counting { engine, revision, rows: &rows, facts: &facts };
        let preview = work_out(&counting, &material, wanted, (mode, progress));
        Ok(preview.map_err(WriteError::Problems)?)
    }
}
