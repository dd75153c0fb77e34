//! Rows in the binary form of `COPY`: no text to quote, no number to print.

use crate::database::value::Value;
use crate::error::StorageError;

/// How many bytes are collected before they are sent.
pub(super) const PIECE: usize = 1 << 16;

/// What comes before the first row: the signature, no flags, no extension.
pub(super) fn header() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * PIECE);
    bytes.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
    bytes.extend_from_slice(&[0; 8]);
    bytes
}

/// One row: the number of its columns, then each with its length.
pub(super) fn row(bytes: &mut Vec<u8>, values: &[Value<'_>]) -> Result<(), StorageError> {
    let too_long = || StorageError::unreadable("a row that is too long for `PostgreSQL`");
    let columns = i16::try_from(values.len()).map_err(|_| too_long())?;
    bytes.extend_from_slice(&columns.to_be_bytes());
    for value in values {
        let number;
        let body: &[u8] = match value {
            Value::Null => {
                bytes.extend_from_slice(&(-1_i32).to_be_bytes());
                continue;
            }
            Value::Integer(integer) => {
                number = integer.to_be_bytes();
                &number
            }
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(body) => body,
        };
        let length = i32::try_from(body.len()).map_err(|_| too_long())?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(body);
    }
    Ok(())
}

/// What comes after the last row.
pub(super) fn end(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(-1_i16).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use crate::database::values;

    #[test]
    fn a_row_has_its_columns_with_their_lengths() {
        let mut bytes = Vec::new();
        super::row(&mut bytes, values![7_i64, "关", None::<&str>]).unwrap();
        assert_eq!(
            bytes,
            b"\0\x03\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x03\xe5\x85\xb3\xff\xff\xff\xff"
        );
    }
}
