//! A request on its way: what is known of it since it arrived, in one place that goes with it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::Extensions;
use axum::http::request::Parts;
use guan_store::ClockReading;

use crate::log::{Peer, RequestId, Seen};
use crate::places::Running;
use crate::problem::Problem;
use crate::state::Server;
use crate::waiting::Waiting;

/// Stands in the extensions of every request. One value and not several, since each costs every request.
#[derive(Debug, Clone)]
pub(crate) struct Context(Arc<Known>);

/// What is known of a request.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) server: Server,
    /// When it arrived.
    pub(crate) arrived: ClockReading,
    pub(crate) id: RequestId,
    pub(crate) peer: Peer,
    pub(crate) seen: Seen,
    pub(crate) running: Running,
    pub(crate) waiting: Waiting,
}

impl Context {
    /// Of a request that has just arrived, which carries it from here on.
    pub(crate) fn begin(server: &Server, request: &mut Request) -> Self {
        let arrived = server.now();
        let known = Known {
            id: RequestId::of(request, &arrived),
            peer: Peer::of(request, server.settings()),
            server: server.clone(),
            arrived,
            seen: Seen::default(),
            running: Running::default(),
            waiting: Waiting::default(),
        };
        let context = Self(Arc::new(known));
        request.extensions_mut().insert(context.clone());
        context
    }

    /// That of a request; none for what came past the layers.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Self>().cloned()
    }

    /// Where the request comes from, as far as it can be believed.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.peer.0
    }
}

impl std::ops::Deref for Context {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.extensions).ok_or_else(|| Problem::bug("a request came past the layers"))
    }
}
