//! Who calls: the extractor without which no handler of a guarded operation compiles.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use guan_engine::ask::Session;
use guan_engine::model::{Moment, OrganizationId, UserId};
use guan_store::{Asking, ClockReading, Patience, SeeingAs};

use crate::log::RequestId;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::scope::Scopes;

/// Who calls Guan, proven and let through by the guard of the operation; belongs to exactly one organization.
///
/// *rule:* only the guard makes one.
#[derive(Debug, Clone)]
pub struct Caller(Arc<Inner>);

#[derive(Debug, Clone)]
pub(crate) struct Inner {
    pub(crate) identity: Arc<Identity>,
    pub(crate) operation: Operation,
    pub(crate) address: Option<IpAddr>,
    pub(crate) request: RequestId,
    pub(crate) patience: Patience,
    pub(crate) seeing: Option<SeeingAs>,
}

/// What a proof of identity comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organization; nothing of another one exists for this caller.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// By what they proved who they are.
    pub proof: Proof,
    /// Whether nothing but changing the password is open to them.
    pub must_change_password: bool,
}

impl Identity {
    /// Whether it is a token for questions of access.
    pub fn may_decide(&self) -> bool {
        match &self.proof {
            Proof::Session { .. } => false,
            Proof::Token { scopes, .. } => scopes.may_decide(),
        }
    }
}

/// How somebody proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A session of a browser, opened with a password.
    Session {
        /// Its public id.
        id: String,
        /// What a changing request must bring as header.
        csrf: String,
        /// When it ends at the latest.
        ends: Moment,
    },
    /// A token.
    Token {
        /// Its public id.
        id: String,
        /// What it may be used for.
        scopes: Scopes,
    },
}

impl Caller {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The same caller, who sees as somebody else.
    pub(crate) fn seeing_as(self, seeing: SeeingAs) -> Self {
        Self::new(Inner { seeing: Some(seeing), ..(*self.0).clone() })
    }

    /// The organization; nothing of another one exists for this caller.
    pub fn organization(&self) -> &OrganizationId {
        &self.0.identity.organization
    }

    /// The user.
    pub fn user(&self) -> &UserId {
        &self.0.identity.user
    }

    /// Everything that is known of them.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// The operation that they were let through to.
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// As whom they see, where they do: they read as for that user, and nothing that they may not read themself.
    pub fn seeing(&self) -> Option<&SeeingAs> {
        self.0.seeing.as_ref()
    }

    /// Where the call comes from.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.address
    }

    /// The id of the request.
    pub fn request(&self) -> &str {
        self.0.request.as_str()
    }

    /// Whether what they came with admits another operation than the one they were let through to.
    pub(crate) fn is_admitted_to(&self, operation: Operation) -> bool {
        match &self.0.identity.proof {
            Proof::Session { .. } => true,
            Proof::Token { scopes, .. } => scopes.admit(operation),
        }
    }

    /// As the store and the ledger know callers.
    pub fn who(&self) -> guan_store::Caller {
        let (session, auth_method) = match &self.0.identity.proof {
            Proof::Session { id, .. } => (id.clone(), "pwd"),
            Proof::Token { id, .. } => (id.clone(), "token"),
        };
        guan_store::Caller {
            id: self.user().to_string(),
            session: Some(session),
            auth_method: Some(auth_method.to_owned()),
            address: self.0.address,
            request: Some(self.request().to_owned()),
            patience: self.0.patience.clone(),
        }
    }

    /// As the gate is asked about records: for the caller, or for whom they see as.
    pub(crate) fn asking(&self, clock: ClockReading) -> Asking {
        let Session { organization, subject, address, .. } = self.session(clock.wall);
        let viewer = self.seeing().map(|_| self.user().clone());
        Asking { viewer, caller: self.who(), organization, subject, address, clock }
    }

    /// Whoever records are read for, by the policy alone: the caller, or as whom they see.
    pub fn session(&self, at: Moment) -> Session<'static> {
        match self.seeing() {
            // Where somebody else would come from is not known.
            Some(seeing) => Session::new(self.organization().clone(), seeing.subject.clone(), at),
            None => self.own_session(at),
        }
    }

    /// The caller as the subject of questions, by the policy alone.
    pub(crate) fn own_session(&self, at: Moment) -> Session<'static> {
        let mut session = Session::new(self.organization().clone(), self.user().clone(), at);
        session.address = self.0.address;
        session
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::bug("a handler asked for a caller without a guard"))
    }
}

/// A handler whose first argument is a [`Caller`].
pub trait TakesCaller<Arguments> {}

macro_rules! takes_caller {
    ($($argument:ident)*) => {
        impl<Function, Answer, $($argument),*> TakesCaller<($($argument,)*)> for Function
        where
            Function: Fn(Caller, $($argument),*) -> Answer,
            Answer: Future,
        {
        }
    };
}

takes_caller! {}
takes_caller! { A }
takes_caller! { A B }
takes_caller! { A B C }
takes_caller! { A B C D }
takes_caller! { A B C D E }
takes_caller! { A B C D E F }
takes_caller! { A B C D E F G }

/// Compiles only for handlers whose first argument is a [`Caller`].
#[doc(hidden)]
pub const fn takes_caller<Arguments, Handler: TakesCaller<Arguments>>(_: &Handler) {}
