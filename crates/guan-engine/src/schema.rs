//! Descriptions, for an `OpenAPI` document, of the types that are written as text or in a form of their own.

use crate::condition::Condition;
use crate::model::{
    Action, AddressRange, Assigned, FieldAccess, Grant, Moment, Number, Owner, Power, Principal,
    Record, RightName, Rights, Span, Value,
};
use crate::question::Cursor;
use crate::visible::{Visible, VisibleRecord};
use std::borrow::Cow;
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

fn plain(of: Type, description: &str) -> Schema {
    ObjectBuilder::new().schema_type(of).description(Some(description)).into()
}

macro_rules! described {
    ($($name:ident $of:ident $description:literal,)+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                plain(Type::$of, $description).into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

described! {
    Action String "The name of an action: `read`, `create`, `edit`, `delete`, `assign`, `share`, `append`, `append_to`, `export`, `import`, `claim` or one of the organization's own.",
    AddressRange String "`10.0.0.0/8`, `10.0.0.1-10.0.0.9` or one address.",
    Assigned String "`set:ID` or `set_group:ID`.",
    Condition String "A condition, for instance `region == \"north\" and amount > 1000`.",
    Cursor String "Where a page ended; opaque.",
    FieldAccess String "`hidden`, `masked`, `read`, `edit`, `masked+edit` or `only_edit`.",
    Grant String "A scope: `none`, `reachable`, `unit`, `unit_and_below` or `all`, with `+unassigned` where records without owner are covered too.",
    Moment String "An instant in RFC 3339, for instance `2026-01-31T08:00:00Z`.",
    Number Number "A decimal number with at most four places.",
    Owner String "`user:ID` or `group:ID`.",
    Power String "A system permission of Guan itself, for instance `guan.manage_users`.",
    Principal String "`user:ID`, `group:ID`, `node:ID`, `node_and_below:ID`, `above:ID`, `placed:TREE`, `everyone`, `internal`, `external` or `guests`.",
    RightName String "`read`, `edit`, `delete`, `assign`, `share`, `append`, `append_to` or `claim`.",
    Rights String "`none`, `read`, `edit`, `full` or names of rights joined by `+`.",
    Span Integer "A length of time in milliseconds.",
}

impl PartialSchema for Visible<Record> {
    fn schema() -> RefOr<Schema> {
        VisibleRecord::schema()
    }
}
impl ToSchema for Visible<Record> {
    fn name() -> Cow<'static, str> {
        VisibleRecord::name()
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        VisibleRecord::schemas(schemas);
    }
}

impl PartialSchema for Value {
    fn schema() -> RefOr<Schema> {
        let texts = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
        OneOfBuilder::new()
            .item(plain(Type::Boolean, "True or false."))
            .item(plain(Type::Number, "A decimal number with at most four places."))
            .item(plain(Type::String, "Text, a choice, a day, an instant or an id."))
            .item(texts.description(Some("Several choices.")))
            .description(Some("The value of a field; one without value is absent."))
            .into()
    }
}
impl ToSchema for Value {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Value")
    }
}
