//! What every handler shares: the gate, the clock, the settings, the limits.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use guan_engine::model::OrganizationId;
use guan_store::{ClockReading, Gate, View};

use crate::attempts::Attempts;
use crate::caller::Identity;
use crate::identity::{Credential, Identities};
use crate::jobs::Jobs;
use crate::limit::Rates;
use crate::problem::Problem;
use crate::progress::ProgressBoard;
use crate::routes::Stamps;
use crate::settings::Settings;

/// Where the time comes from.
pub trait Clock: fmt::Debug + Send + Sync {
    /// What the clocks say now.
    fn read(&self) -> ClockReading;
}

/// A server: cheap to clone, shared by all requests.
#[derive(Debug, Clone)]
pub struct Server(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    gate: Arc<Gate>,
    clock: Arc<dyn Clock>,
    identities: Arc<dyn Identities>,
    settings: Settings,
    rates: Rates,
    attempts: Attempts,
    jobs: Jobs,
    progress: ProgressBoard,
    stamps: Stamps,
}

/// What a server is made of.
#[derive(Debug)]
pub struct Parts {
    /// The door to everything that is kept.
    pub gate: Arc<Gate>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Who proves to be whom.
    pub identities: Arc<dyn Identities>,
    /// The settings.
    pub settings: Settings,
}

impl Server {
    /// Puts it together; nothing runs yet.
    pub fn new(Parts { gate, clock, identities, settings }: Parts) -> Self {
        let (rates, attempts) = (Rates::new(&settings), Attempts::default());
        Self(Arc::new(Inner {
            gate,
            clock,
            identities,
            settings,
            rates,
            attempts,
            jobs: Jobs::default(),
            progress: ProgressBoard::default(),
            stamps: Stamps::default(),
        }))
    }

    /// The one door. Its calls block: use [`Server::blocking`].
    pub fn gate(&self) -> &Arc<Gate> {
        &self.0.gate
    }

    /// What this node sees of an organization now. Loaded at the first question, and anew after it could not be followed,
    /// on a thread where that is allowed.
    pub(crate) async fn view(&self, organization: &OrganizationId) -> Result<View, Problem> {
        if let Some(view) = self.gate().view_in_memory(organization) {
            return Ok(view);
        }
        let organization = organization.clone();
        self.blocking(move |gate| gate.view(&organization)).await
    }

    /// Where switches stood a moment ago.
    pub(crate) fn stamps(&self) -> &Stamps {
        &self.0.stamps
    }

    /// What the clocks say now.
    pub fn now(&self) -> ClockReading {
        self.0.clock.read()
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn identities(&self) -> &Arc<dyn Identities> {
        &self.0.identities
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    pub(crate) fn progress(&self) -> &ProgressBoard {
        &self.0.progress
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// Runs what may block, such as every call of the gate, on a thread where that is allowed.
    ///
    /// When the client goes away meanwhile, what was begun still comes to its end; when the answer is given up because
    /// it took too long, nothing more is committed, as the caller that the work writes as says.
    pub async fn blocking<T, E, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Send + 'static,
        Problem: From<E>,
        F: FnOnce(&Gate) -> Result<T, E> + Send + 'static,
    {
        let gate = Arc::clone(self.gate());
        match tokio::task::spawn_blocking(move || work(&gate)).await {
            Ok(done) => done.map_err(Problem::from),
            Err(_) => Err(Problem::bug("a blocking call was stopped")),
        }
    }
}

impl Server {
    /// Whose secret a request brought.
    pub(crate) async fn identify(
        &self,
        credential: Credential,
        address: Option<IpAddr>,
        clock: &ClockReading,
    ) -> Result<Arc<Identity>, Problem> {
        if let Some(known) = self.identities().recall(&credential, address, clock) {
            return known;
        }
        let clock = clock.clone();
        let identities = Arc::clone(self.identities());
        match tokio::task::spawn_blocking(move || identities.identify(&credential, address, &clock))
            .await
        {
            Ok(answer) => answer,
            Err(_) => Err(Problem::bug("a blocking call was stopped")),
        }
    }
}
