//! Overlays without a request: for tests of what an open overlay does, never in a shipped program.

use guan_engine::activity::is_acting;
use guan_engine::model::{
    Audience, Floor, Moment, Opening as Clocks, OrganizationId, Overlay, OverlayEffect, OverlayId,
    Span,
};
use serde::Serialize;

use crate::backup::Backup;
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::error::ReadError;
use crate::off::{LENGTH_DEFAULT, LENGTH_MAX, OffError};
use crate::overlay::{Opening, Sealed, SealedOpening, Which};
use crate::store::{Store, TOLERANCE};
use crate::{random, reserve, side};

/// What is asked for when an overlay is to be opened. It starts at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayRequest {
    /// The organization.
    pub organization: OrganizationId,
    /// What it does.
    pub effect: OverlayEffect,
    /// Whom it concerns; a suspension for nobody in particular is refused.
    pub audience: Audience,
    /// How long; [`LENGTH_DEFAULT`] when nothing is said, [`LENGTH_MAX`] at most.
    pub length: Option<Span>,
    /// Why.
    pub reason: String,
    /// Ticket, if any.
    pub ticket: Option<String>,
    /// Legal basis, if any.
    pub legal_basis: Option<String>,
    /// Whether it goes on after the machine was started anew.
    pub survives_reboot: bool,
    /// What stays closed beside the built-in floor.
    pub floor: Floor,
}

impl OverlayRequest {
    /// A request with the usual length and nothing special.
    pub fn new(
        organization: impl Into<OrganizationId>,
        effect: OverlayEffect,
        audience: Audience,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            organization: organization.into(),
            effect,
            audience,
            length: None,
            reason: reason.into(),
            ticket: None,
            legal_basis: None,
            survives_reboot: false,
            floor: Floor::default(),
        }
    }
}

/// An overlay that has been opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its id.
    pub id: OverlayId,
    /// What was sealed.
    pub sealed: Sealed,
    /// The backup that was taken and checked for it.
    pub backup: Backup,
    /// Others of the organization that act at the same time.
    pub overlapping: Vec<Overlapping>,
    /// When the last of them all ends: until then something may be relaxed.
    pub effective_end: Moment,
    /// Its ledger row.
    pub written: Written,
}

/// An overlay that acts at the same time as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlapping {
    /// Its id.
    pub id: OverlayId,
    /// Its end.
    pub ends: Moment,
    /// Why it was opened.
    pub reason: String,
}

impl Store {
    /// Opens an overlay without a request, for tests of what an open one does; people open windows with
    /// [`Gate::open_window`](crate::Gate::open_window).
    ///
    /// Steps: 1 checks the request, 2 takes a backup, 3 checks it, 4 writes the sealed row with its ledger row.
    ///
    /// Errors: any doubt; nothing is relaxed then.
    pub fn open_overlay(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        request: &OverlayRequest,
    ) -> Result<Opened, OffError> {
        self.sweep(caller, clock)?;
        let overlay = self.check_request(clock, request)?;
        self.faults.point("open.1")?;
        // Steps 2 and 3 are one: what cannot be checked is not returned.
        let backup = self
            .take_backup(caller, clock, &format!("before a window: {}", request.reason))
            .map_err(OffError::Backup)?;
        self.faults.point("open.3")?;
        let organization = &request.organization;
        let mut content = backup.manifest.content.organizations.iter();
        let inside = content.find(|content| content.id == *organization).ok_or_else(|| {
            ReadError::UnknownOrganization { organization: organization.to_string() }
        })?;
        let opening = Opening {
            id: new_id()?,
            overlay,
            requested_by: caller.id.clone(),
            backup: backup.manifest.name.clone(),
            manifest: backup.digest,
            revision: inside.revision,
            policy: inside.digest,
        };
        let sealed = Sealed::new(backup.manifest.instance.clone(), opening);
        self.faults.point("open.4")?;
        let change =
            Change::OpenOverlay(Box::new(SealedOpening { sealed: sealed.clone(), step: None }));
        let written = self.write(caller, clock, &change)?;
        self.faults.point("open.5")?;
        let overlapping = self.overlapping(organization, clock, &sealed.id)?;
        let effective_end =
            overlapping.iter().map(|other| other.ends).fold(sealed.overlay.ends, Moment::max);
        let id = sealed.id.clone();
        Ok(Opened { id, sealed, backup, overlapping, effective_end, written })
    }

    fn check_request(
        &self,
        clock: &ClockReading,
        request: &OverlayRequest,
    ) -> Result<Overlay, OffError> {
        if let Some(safe_mode) = self.safe_mode()? {
            return Err(OffError::SafeMode { why: safe_mode.why });
        }
        let (Some(boot_clock), Some(boot_id)) = (clock.boot_clock, clock.boot_id.clone()) else {
            return Err(OffError::NoBootClock);
        };
        let (wall, high_water) = (clock.wall, self.high_water()?);
        if wall.plus(TOLERANCE) < high_water {
            return Err(OffError::ClockSetBack { wall, high_water });
        }
        reserve::fill(&self.folder).map_err(OffError::NoReserve)?;
        let length = request.length.unwrap_or(LENGTH_DEFAULT);
        if length < Span::seconds(1) || length > LENGTH_MAX {
            return Err(OffError::Length { length });
        }
        if let OverlayEffect::Suspension { scope, .. } = &request.effect {
            if scope.protected_classes.iter().any(|class| class.is_protected()) {
                return Err(OffError::NeedsApproval { what: "protected fields" });
            }
            if scope.bulk {
                return Err(OffError::NeedsApproval { what: "bulk actions" });
            }
        }
        let (_, policy) = self.policy(&request.organization)?;
        let overlay = Overlay {
            organization: request.organization.clone(),
            effect: request.effect.clone(),
            audience: request.audience.clone(),
            starts: wall,
            ends: wall.plus(length),
            reason: request.reason.clone(),
            ticket: request.ticket.clone(),
            legal_basis: request.legal_basis.clone(),
            survives_reboot: request.survives_reboot,
            floor: request.floor.clone(),
            opened: Clocks { wall, boot_clock, boot_id, incarnation: self.incarnation()? },
        };
        let problems = overlay.validate(&policy);
        if problems.is_empty() { Ok(overlay) } else { Err(OffError::Problems(problems)) }
    }

    fn overlapping(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
        but: &OverlayId,
    ) -> Result<Vec<Overlapping>, ReadError> {
        let node = self.node_facts(organization, clock, Span(0))?;
        let open = self.overlays(organization, Which::Unclosed)?.into_iter();
        let acting =
            open.filter(|stored| stored.id != *but && is_acting(&stored.row(), &node).is_ok());
        Ok(acting
            .map(|stored| Overlapping {
                id: stored.id,
                ends: stored.sealed.overlay.ends,
                reason: stored.sealed.overlay.reason,
            })
            .collect())
    }
}

fn new_id() -> Result<OverlayId, OffError> {
    let random = random::bytes::<5>().map_err(OffError::Random)?;
    Ok(OverlayId::new(format!("w-{}", side::hex(&random))))
}
