//! The table of stable problem codes: what a client may program against, each with status, title and what to do.

use std::fmt::Write as _;

use axum::http::StatusCode;

macro_rules! codes {
    ($($variant:ident $name:literal $status:literal $title:literal $advice:literal;)+) => {
        /// A stable problem code. The set may grow; a code never changes its meaning or its status.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in a problem: `not_found`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The HTTP status, as a number.
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// One short sentence that is the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What the client or the operator should do.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)+ }
            }
        }
    };
}

codes! {
    MalformedJson "malformed_json" 400 "The body is not JSON." "Correct the body; the detail names line and column.";
    TooDeep "too_deep" 400 "The body is nested too deeply." "Flatten it.";
    NulCharacter "nul_character" 400 "The request holds a NUL character." "Leave it out; no text of Guan may hold one.";
    BadQuery "bad_query" 400 "The query of the address is not understood." "Use the parameters of the operation only, each once.";
    BadPath "bad_path" 400 "A part of the path is not understood." "Correct the part that the detail names.";
    BadHeader "bad_header" 400 "A header is not understood." "Correct the header that the detail names.";
    BadFilter "bad_filter" 422 "The filter is not understood, or names a field that may not be used so." "Correct the place that the detail names.";
    FieldNotUsable "field_not_usable" 422 "A field cannot be used so." "See `list_my_objects` for how each field may be used.";
    BadFile "bad_file" 422 "The file cannot be read." "Correct the line or column that the detail names.";
    TooMuchAtOnce "too_much_at_once" 422 "The request names too much at once." "Send it in parts of the size that the detail names.";
    PoolRefuses "pool_refuses" 409 "The pool does not give the record now." "The detail says when or how it will.";
    BadCursor "bad_cursor" 400 "The cursor is not one of this list." "Begin with the first page.";
    SignInNeeded "sign_in_needed" 401 "Nobody is signed in." "Sign in, or send a token.";
    SessionEnded "session_ended" 401 "The session has ended." "Sign in again.";
    TokenRefused "token_refused" 401 "The token is unknown, has ended or was revoked." "Use another token.";
    SignInRefused "sign_in_refused" 401 "User or password is wrong." "Try again; after several failures there is a pause.";
    PowerMissing "power_missing" 403 "The caller does not hold the power that this operation needs." "Ask an administrator for the power named in the detail.";
    ScopeMissing "scope_missing" 403 "The token is not made for this operation." "Use a token with the scope named in the detail.";
    AddressRefused "address_refused" 403 "The token is not accepted from this address." "Use it from one of its networks.";
    ForgerySuspected "forgery_suspected" 403 "The request does not come from a page of this server." "Send the session's own CSRF token, from the same origin.";
    PasswordChangeNeeded "password_change_needed" 403 "The password must be changed first." "Change it with `change_password`.";
    Denied "denied" 403 "The policy refuses this." "Explain it with the reference; the members stage and refusal say where it fell.";
    MayNotAdminister "may_not_administer" 403 "The caller may not make this change." "The detail says what is missing; nobody grants what they may not delegate.";
    NotInAView "not_in_a_view" 403 "This cannot be done while seeing as somebody else." "Stop seeing as somebody else first; the detail says more.";
    NotFound "not_found" 404 "There is nothing here that the caller may see." "Check the address.";
    UnknownRoute "unknown_route" 404 "There is no such address." "See the list of operations at `/docs`.";
    MethodNotAllowed "method_not_allowed" 405 "The address does not know this method." "Use one of the methods of the header Allow.";
    RequestTooSlow "request_too_slow" 408 "The request did not arrive in time." "Send it again, faster.";
    Conflict "conflict" 409 "Somebody else changed the same in the meantime." "Read again and repeat.";
    AlreadyThere "already_there" 409 "There is one already." "Use another id, or change the one that is there.";
    WindowOpen "window_open" 409 "A window is open; what it relaxes is not changed while it lasts." "Close the window or wait for its end.";
    OverlayEnded "overlay_ended" 409 "An overlay on which the answer so far rests has ended." "What was sent is not whole; ask again from the start.";
    NoWindow "no_window" 409 "No window can be opened on this installation now." "Do what the detail says first.";
    WindowRefused "window_refused" 409 "A rule of the off switch refuses this step." "The member `rule` names the rule and the detail says what to do.";
    WindowInvalid "window_invalid" 422 "A window cannot be asked for so." "The member `rule` names the rule and the detail says what to correct.";
    LastAdministrator "last_administrator" 409 "After the change nobody could administer." "Give the powers that the detail names to somebody else first.";
    NothingChanged "nothing_changed" 409 "The change leaves everything as it is." "Nothing is to be done.";
    StillRunning "still_running" 409 "A request with the same idempotency key is not finished." "Wait and repeat.";
    NotRepeated "not_repeated" 409 "The request was done already, and its answer is not given again." "Look at what it made; a secret is shown once, so make another one.";
    Stale "stale" 412 "It is not in the state that If-Match names." "Read again, look at what changed, and repeat.";
    AddressTooLong "address_too_long" 414 "The address is too long." "Send a shorter filter, or ask in parts.";
    TooLarge "too_large" 413 "The request is too large." "Send less at once.";
    UnsupportedMediaType "unsupported_media_type" 415 "The body has another content type than the operation takes." "Send `application/json` unless the operation says otherwise.";
    WrongShape "wrong_shape" 422 "The body does not have the shape of the operation." "Correct the member that the detail names; unknown members are refused.";
    Invalid "invalid" 422 "The content cannot be kept." "Correct what the member problems lists.";
    KeyReused "key_reused" 422 "The idempotency key was used for another request." "Use a new key for a new request.";
    PreconditionNeeded "precondition_needed" 428 "The operation needs If-Match." "Send the ETag of the state that the change was made from.";
    TooManyRequests "too_many_requests" 429 "Too many requests." "Wait as long as Retry-After says.";
    RevealLimit "reveal_limit" 429 "No more masked values are revealed for now." "The detail says from when on; the limit is a setting of the organization.";
    SignInPaused "sign_in_paused" 429 "Too many failed attempts to sign in." "Wait as long as Retry-After says.";
    Fault "fault" 500 "Something went wrong inside Guan." "Tell the operator the request; the log has the rest.";
    Overloaded "overloaded" 503 "The server has more to do than it can." "Wait as long as Retry-After says and repeat.";
    Unavailable "unavailable" 503 "The database cannot be reached or written." "Nothing was changed; repeat in a moment.";
    OutcomeUnknown "outcome_unknown" 503 "It is not known whether the change was made, or how far." "Look what is there before repeating; nothing more is done for the request.";
    Behind "behind" 503 "This node has not yet seen the revision that was asked for." "Repeat, here or on another node.";
    TookTooLong "took_too_long" 503 "The answer took too long and was given up; nothing was to be changed." "Ask for less at once, or start a job.";
    StorageFull "storage_full" 507 "The disk is full; nothing was changed." "Free some space and repeat.";
}

impl Code {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code for a status that something else than Guan's own code answered with.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::UnknownRoute,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::URI_TOO_LONG => Self::AddressTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::WrongShape,
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests,
            StatusCode::SERVICE_UNAVAILABLE => Self::Overloaded,
            status if status.is_client_error() => Self::BadHeader,
            _ => Self::Fault,
        }
    }
}

/// The page of the documentation, made from the table.
pub fn document() -> String {
    let mut page = String::from(
        "# Problems\n\nEvery refusal and every fault of the HTTP interface is `application/problem+json` (RFC 9457) with these members.\n\n\
         | Member | Meaning |\n|---|---|\n\
         | `type` | `urn:guan:problem:` and the code |\n\
         | `title` | the same sentence for every occurrence |\n\
         | `status` | the HTTP status |\n\
         | `code` | stable; program against this |\n\
         | `detail` | what is wrong this time, if that can be told |\n\
         | `request` | the id of the request, also in the header `X-Request-Id` and in the log |\n\
         | `reference` | the row of the ledger; `explain` accepts it |\n\
         | `stage`, `refusal` | at `denied`: where the decision fell and why |\n\
         | `problems` | at `invalid`: every place that cannot be kept |\n\
         | `rule` | at `window_refused` and `window_invalid`: the rule of the off switch |\n\n\
         This page is made from the table in the code.\n\n\
         | Code | Status | Meaning | What to do |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        // Writing to a text never fails.
        let _written = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            code.name(),
            code.number(),
            code.title(),
            code.advice()
        );
    }
    page
}
