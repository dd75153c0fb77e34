//! What an operation is: one value that names it, guards its handler and describes it in `OpenAPI`.

use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::routing::MethodRouter;
use serde_json::json;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation as Described, Paths};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, RefOr};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::guard;
use crate::state::Server;
use guan_engine::administration::Power;

/// One operation of the interface: `pub(crate) const LIST_USERS: Operation = Operation::needs("list_users", Power::ManageUsers);`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Operation id, name of the handler, name in the ledger and in the log.
    pub id: &'static str,
    /// Who may call it.
    pub needs: Needs,
    /// Whether it changes something.
    pub effect: Effect,
    /// Whether it is open to somebody who sees as somebody else.
    pub view: InView,
    /// Whether its answer is kept for who repeats it under the same key.
    pub repeat: Repeat,
    /// How long it may take.
    pub takes: Takes,
}

/// How long an operation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// As long as the settings give a request.
    Short,
    /// Ten minutes: it reads what grows with the installation, such as a whole ledger.
    Long,
}

/// Whether the answer of an operation is kept for who repeats it under the same `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It is given again: it names what was done, and no data.
    Kept,
    /// It is given once: it holds a secret or data of records, which are decided on anew each time.
    Once,
}

/// Whether an operation is open to somebody who sees as somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InView {
    /// It is answered as for the other, with nothing that the viewer may not see themself.
    Answered,
    /// It is refused.
    Refused,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody, signed in or not.
    Nothing,
    /// Whoever is signed in; it is about the caller, or the engine decides on what it touches.
    Oneself,
    /// Who holds this power.
    Power(Power),
    /// Who holds one of these powers.
    OneOf(&'static [Power]),
}

/// Whether an operation changes something; what changes needs proof against forgery and leaves a ledger row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads.
    Reads,
    /// It answers a question of access; a token with the scope `decide` may ask it.
    Answers,
    /// It changes something.
    Changes,
}

impl Operation {
    const fn of(id: &'static str, needs: Needs) -> Self {
        let (effect, view, repeat) = (Effect::Reads, InView::Refused, Repeat::Kept);
        Self { id, needs, effect, view, repeat, takes: Takes::Short }
    }

    /// For anybody. The few there are stand in a list that a test compares.
    pub const fn public(id: &'static str) -> Self {
        Self::of(id, Needs::Nothing)
    }

    /// For whoever is signed in.
    pub const fn oneself(id: &'static str) -> Self {
        Self::of(id, Needs::Oneself)
    }

    /// For holders of a power.
    pub const fn needs(id: &'static str, power: Power) -> Self {
        Self::of(id, Needs::Power(power))
    }

    /// For holders of one of several powers.
    pub const fn needs_one_of(id: &'static str, powers: &'static [Power]) -> Self {
        Self::of(id, Needs::OneOf(powers))
    }

    /// The same operation as one that answers a question of access.
    #[must_use]
    pub const fn answering(self) -> Self {
        Self { effect: Effect::Answers, ..self }
    }

    /// The same operation as one that is open to somebody who sees as somebody else.
    #[must_use]
    pub const fn in_a_view(self) -> Self {
        Self { view: InView::Answered, ..self }
    }

    /// The same operation as one whose answer is given once, however often it is repeated under a key.
    #[must_use]
    pub const fn once(self) -> Self {
        Self { repeat: Repeat::Once, ..self }
    }

    /// The same operation as one that may take longer than others: it reads what grows with the installation.
    #[must_use]
    pub const fn long(self) -> Self {
        Self { takes: Takes::Long, ..self }
    }

    /// The same operation as one that changes something.
    #[must_use]
    pub const fn changing(self) -> Self {
        Self { effect: Effect::Changes, ..self }
    }

    /// As `x-guan` says it: a power (the first, where one of several is enough), `self` or `public`.
    pub const fn power_name(self) -> &'static str {
        match self.needs {
            Needs::Nothing => "public",
            Needs::Oneself | Needs::OneOf([]) => "self",
            Needs::Power(power) => power.name(),
            Needs::OneOf([power, ..]) => power.name(),
        }
    }

    /// The powers of which one is needed; none where being signed in is enough.
    pub fn powers(&self) -> &[Power] {
        match &self.needs {
            Needs::Nothing | Needs::Oneself => &[],
            Needs::Power(power) => std::slice::from_ref(power),
            Needs::OneOf(powers) => powers,
        }
    }

    /// Whether it changes something.
    pub const fn changes(self) -> bool {
        matches!(self.effect, Effect::Changes)
    }

    /// Writes into the description what the guard enforces.
    fn describe(self, described: &mut Described) {
        described.operation_id = Some(self.id.to_owned());
        let mut said = json!({ "power": self.power_name(), "changes": self.changes() });
        if let (Needs::OneOf([_, others @ ..]), Some(said)) = (self.needs, said.as_object_mut()) {
            let others: Vec<&str> = others.iter().map(|power| power.name()).collect();
            said.insert("or".to_owned(), json!(others));
        }
        described.extensions = Some(ExtensionsBuilder::new().add("x-guan", said).build());
        described.security = Some(match self.needs {
            Needs::Nothing => Vec::new(),
            Needs::Oneself | Needs::Power(_) | Needs::OneOf(_) => ["token", "session"]
                .map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()))
                .to_vec(),
        });
        for response in described.responses.responses.values_mut() {
            if let RefOr::T(response) = response
                && response.description.is_empty()
            {
                "Done.".clone_into(&mut response.description);
            }
        }
        for status in statuses(self) {
            let responses = &mut described.responses.responses;
            responses
                .entry((*status).to_owned())
                .or_insert_with(|| RefOr::Ref(Ref::from_response_name("Problem")));
        }
    }
}

/// Every status with which a problem may answer.
const fn statuses(operation: Operation) -> &'static [&'static str] {
    match operation.effect {
        Effect::Reads | Effect::Answers => &[
            "400", "401", "403", "404", "408", "409", "413", "414", "415", "422", "429", "500",
            "503", "507",
        ],
        Effect::Changes => &[
            "400", "401", "403", "404", "408", "409", "412", "413", "414", "415", "422", "428",
            "429", "500", "503", "507",
        ],
    }
}

/// A handler with its operation. Only [`guarded!`](crate::guarded) and [`open!`](crate::open) make one.
pub struct Guarded {
    operation: Operation,
    routes: UtoipaMethodRouter<Server>,
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Guarded")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl Guarded {
    /// Use [`guarded!`](crate::guarded) or [`open!`](crate::open).
    #[doc(hidden)]
    pub const fn new(operation: Operation, routes: UtoipaMethodRouter<Server>) -> Self {
        Self { operation, routes }
    }
}

/// Routes under construction. There is no way to add a handler without its operation.
#[derive(Debug, Default)]
pub struct Routes {
    router: OpenApiRouterOfServer,
    operations: Vec<Operation>,
}

/// The router of utoipa has no `Debug` without a feature of its own.
#[derive(Default)]
struct OpenApiRouterOfServer(OpenApiRouter<Server>);

impl std::fmt::Debug for OpenApiRouterOfServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("OpenApiRouter")
    }
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one operation: its guard runs before anything of the handler does.
    #[must_use]
    pub fn with(
        mut self,
        Guarded { operation, routes: (schemas, mut paths, methods) }: Guarded,
    ) -> Self {
        for_each_operation(&mut paths, |described| operation.describe(described));
        let methods: MethodRouter<Server> =
            methods.route_layer(middleware::from_fn(move |request: Request, next: Next| {
                guard::pass(operation, request, next)
            }));
        self.router.0 = self.router.0.routes((schemas, paths, methods));
        self.operations.push(operation);
        self
    }

    /// Takes over the operations of another file.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router.0 = self.router.0.merge(other.router.0);
        self.operations.extend(other.operations);
        self
    }

    /// The operations in the order in which they were added.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    pub(crate) fn into_router(self) -> OpenApiRouter<Server> {
        self.router.0
    }
}

fn for_each_operation(paths: &mut Paths, mut describe: impl FnMut(&mut Described)) {
    for item in paths.paths.values_mut() {
        let methods =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in methods.into_iter().flatten() {
            describe(operation);
        }
    }
}

/// An operation with its handler, whose first argument must be a [`Caller`](crate::caller::Caller).
#[macro_export]
macro_rules! guarded {
    ($operation:expr, $($handler:ident)::+) => {{
        $crate::caller::takes_caller(&$($handler)::+);
        $crate::operation::Guarded::new($operation, ::utoipa_axum::routes!($($handler)::+))
    }};
}

/// A public operation with its handler: nobody needs to be signed in.
#[macro_export]
macro_rules! open {
    ($operation:expr, $($handler:ident)::+) => {
        $crate::operation::Guarded::new(
            const {
                assert!(matches!($operation.needs, $crate::operation::Needs::Nothing));
                $operation
            },
            ::utoipa_axum::routes!($($handler)::+),
        )
    };
}
