//! Descriptions, for an `OpenAPI` document, of the types that are written as text.

use std::borrow::Cow;

use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::{Commitment, Digest, EntryId, Imprint};

macro_rules! texts {
    ($($name:ident $description:literal,)+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                Schema::from(text.description(Some($description))).into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

texts! {
    Commitment "`salted-sha256:` and 64 lower-case hexadecimal digits.",
    Digest "`sha256:` and 64 lower-case hexadecimal digits.",
    EntryId "The id of a record of the ledger.",
    Imprint "A digest, or a commitment where the content is personal.",
}
