//! Values as `PostgreSQL` takes and gives them: `BIGINT`, `TEXT` and `BYTEA`, and what expressions make of them.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::database::value::{Cell, Value};
use crate::error::StorageError;

/// The parameters as the driver wants them.
pub(super) fn all<'v>(values: &'v [Value<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => match *kind {
                Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
                Type::BOOL => (*number != 0).to_sql(kind, out),
                Type::INT8 => number.to_sql(kind, out),
                _ => Err(format!("a number for {kind}").into()),
            },
            Value::Text(text) => match *kind {
                Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                    text.as_ref().to_sql(kind, out)
                }
                Type::JSON => text.as_ref().to_sql(&Type::TEXT, out),
                Type::JSONB => {
                    // The version of the form, then the text.
                    out.extend_from_slice(&[1]);
                    text.as_ref().to_sql(&Type::TEXT, out)
                }
                _ => Err(format!("a text for {kind}").into()),
            },
            Value::Bytes(bytes) => match *kind {
                Type::BYTEA => bytes.as_ref().to_sql(kind, out),
                _ => Err(format!("bytes for {kind}").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column of a row.
pub(in crate::database) fn cell(
    row: &postgres::Row,
    index: usize,
) -> Result<Cell<'_>, StorageError> {
    let missing = || StorageError::unreadable(format!("there is no column {}", index + 1));
    let kind = row.columns().get(index).ok_or_else(missing)?.type_();
    let number = |number: Option<i64>| number.map_or(Cell::Null, Cell::Integer);
    Ok(match *kind {
        Type::INT8 => number(row.try_get(index)?),
        Type::INT4 => number(row.try_get::<_, Option<i32>>(index)?.map(Into::into)),
        Type::INT2 => number(row.try_get::<_, Option<i16>>(index)?.map(Into::into)),
        Type::BOOL => number(row.try_get::<_, Option<bool>>(index)?.map(Into::into)),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(index)?.map_or(Cell::Null, Cell::Bytes),
        Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<&str>>(index)?.map_or(Cell::Null, Cell::Text)
        }
        _ => {
            let what = format!("column {} is of the type `{kind}`", index + 1);
            return Err(StorageError::unreadable(what));
        }
    })
}
