//! A log as a file of JSON lines, so that an auditor verifies it without the server and without the database.
//!
//! First a line that says whose log it is and where it begins, then one line a row, at last a line with the end, which
//! tells a file that was cut short on its way:
//!
//! ```text
//! {"format":"guan-ledger-1","organization":"acme","instance":"i-1","from":{"size":0,"chain":"sha256:…"}}
//! {"sequence":0,"leaf":"sha256:…","previous":"sha256:…","chain":"sha256:…","bytes":"{\"envelope\":…}"}
//! {"end":{"size":1,"chain":"sha256:…"}}
//! ```

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::chain::{Origin, Row, Tip};
use crate::digest::Digest;
use crate::verification::{Broken, Verified, Verifier};

const FORMAT: &str = "guan-ledger-1";

/// The longest line that is read; twice the largest record fits.
pub const LINE_BYTES_MAX: usize = 4 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderLine {
    format: String,
    organization: String,
    instance: String,
    from: Tip,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowLine<'a> {
    sequence: u64,
    leaf: Digest,
    previous: Digest,
    chain: Digest,
    #[serde(borrow)]
    bytes: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    end: Tip,
}

/// Why a log cannot be written as a file.
#[derive(Debug, Error)]
pub enum Unexportable {
    /// The stream refused.
    #[error("the export cannot be written")]
    Write(#[from] io::Error),
    /// The row was damaged: canonical bytes are always text.
    #[error(
        "record {sequence}: the bytes are no text, so the row was edited: verify the log where it is stored"
    )]
    NotText {
        /// The row.
        sequence: u64,
    },
}

/// Writes rows as lines, in constant memory. It checks nothing, so that a broken log can be shown to somebody.
#[derive(Debug)]
pub struct ExportWriter<W: Write> {
    output: W,
    end: Tip,
}

impl<W: Write> ExportWriter<W> {
    /// Writes the first line. `from` is the end of the log before the first row given: [`Tip::genesis`] for a whole log.
    pub fn new(output: W, origin: &Origin, from: &Tip) -> Result<Self, Unexportable> {
        let Origin { organization, instance } = origin.clone();
        let header = HeaderLine { format: FORMAT.to_owned(), organization, instance, from: *from };
        let mut writer = Self { output, end: *from };
        writer.line(&header)?;
        Ok(writer)
    }

    /// Writes one row.
    pub fn row(&mut self, row: &Row) -> Result<(), Unexportable> {
        let text = str::from_utf8(&row.bytes)
            .map_err(|_| Unexportable::NotText { sequence: row.sequence })?;
        let Row { sequence, leaf, previous, chain, .. } = *row;
        self.line(&RowLine { sequence, leaf, previous, chain, bytes: Cow::Borrowed(text) })?;
        self.end = row.tip();
        Ok(())
    }

    /// Writes the last line, flushes and gives the stream back. Without this the file counts as cut short.
    pub fn finish(mut self) -> Result<W, Unexportable> {
        let end = self.end;
        self.line(&EndLine { end })?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn line<T: Serialize>(&mut self, line: &T) -> Result<(), Unexportable> {
        serde_json::to_writer(&mut self.output, line).map_err(io::Error::from)?;
        self.output.write_all(b"\n")?;
        Ok(())
    }
}

/// Why a file is not a log. Lines count from 1.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Unimportable {
    /// The stream refused.
    #[error("line {line}: the export cannot be read")]
    Read {
        /// The line.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// The file is something else, or of a newer Guan.
    #[error("line 1: the format is `{found}`, this program reads `guan-ledger-1`")]
    Format {
        /// What the file says.
        found: String,
    },
    /// The line is not what belongs there.
    #[error("line {line}: not a line of an exported log: {problem}")]
    Line {
        /// The line.
        line: u64,
        /// What the parser said.
        problem: String,
    },
    /// The line is longer than [`LINE_BYTES_MAX`].
    #[error("line {line}: longer than {LINE_BYTES_MAX} bytes, which no record is")]
    Length {
        /// The line.
        line: u64,
    },
    /// The last line is missing.
    #[error("line {line}: the file stops before its last line: it was cut short, export it again")]
    Stopped {
        /// The line that is missing.
        line: u64,
    },
    /// Something follows the last line.
    #[error("line {line}: the log ended on the line before, nothing may follow")]
    Surplus {
        /// The line.
        line: u64,
    },
}

/// Reads the rows of a file, in the memory of one line.
///
/// As an iterator it ends after the last line or after the first error.
#[derive(Debug)]
pub struct ExportReader<R> {
    input: R,
    line: u64,
    origin: Origin,
    from: Tip,
    end: Option<Tip>,
    has_failed: bool,
}

impl<R: BufRead> ExportReader<R> {
    /// Reads the first line.
    pub fn new(mut input: R) -> Result<Self, Unimportable> {
        let Some(bytes) = read_line(&mut input, 1)? else {
            return Err(Unimportable::Stopped { line: 1 });
        };
        let header: HeaderLine = serde_json::from_slice(&bytes)
            .map_err(|problem| Unimportable::Line { line: 1, problem: problem.to_string() })?;
        let HeaderLine { format, organization, instance, from } = header;
        if format != FORMAT {
            return Err(Unimportable::Format { found: format });
        }
        let origin = Origin { organization, instance };
        Ok(Self { input, line: 1, origin, from, end: None, has_failed: false })
    }

    /// Whose log the file says it is; compare it with whose log you asked for.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the file says its rows begin.
    pub const fn from(&self) -> Tip {
        self.from
    }

    /// Where the file says its rows end; known once the last line was read.
    pub const fn end(&self) -> Option<Tip> {
        self.end
    }

    fn next_row(&mut self) -> Result<Option<Row>, Unimportable> {
        self.line += 1;
        let line = self.line;
        let Some(bytes) = read_line(&mut self.input, line)? else {
            return Err(Unimportable::Stopped { line });
        };
        match serde_json::from_slice::<RowLine<'_>>(&bytes) {
            Ok(RowLine { sequence, leaf, previous, chain, bytes }) => Ok(Some(Row {
                sequence,
                bytes: bytes.into_owned().into_bytes(),
                leaf,
                previous,
                chain,
            })),
            Err(problem) => match serde_json::from_slice::<EndLine>(&bytes) {
                Ok(EndLine { end }) => {
                    self.end = Some(end);
                    self.expect_nothing().map(|()| None)
                }
                Err(_) => Err(Unimportable::Line { line, problem: problem.to_string() }),
            },
        }
    }

    fn expect_nothing(&mut self) -> Result<(), Unimportable> {
        let line = self.line + 1;
        match read_line(&mut self.input, line)? {
            Some(_) => Err(Unimportable::Surplus { line }),
            None => Ok(()),
        }
    }
}

impl<R: BufRead> Iterator for ExportReader<R> {
    type Item = Result<Row, Unimportable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed || self.end.is_some() {
            return None;
        }
        let row = self.next_row();
        self.has_failed = row.is_err();
        row.transpose()
    }
}

/// The next line with its line feed, or nothing at the end of the stream.
fn read_line(input: &mut impl BufRead, line: u64) -> Result<Option<Vec<u8>>, Unimportable> {
    let mut bytes = Vec::new();
    let limit = LINE_BYTES_MAX as u64 + 1;
    let length = input
        .take(limit)
        .read_until(b'\n', &mut bytes)
        .map_err(|source| Unimportable::Read { line, source })?;
    match length {
        0 => Ok(None),
        _ if length > LINE_BYTES_MAX => Err(Unimportable::Length { line }),
        _ => Ok(Some(bytes)),
    }
}

/// Why a file does not verify.
#[derive(Debug, Error)]
pub enum Offline {
    /// The file cannot be read as an exported log.
    #[error(transparent)]
    Unimportable(#[from] Unimportable),
    /// The log in it does not hold.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The rows are not those that the last line speaks of.
    #[error(
        "the file says that it ends at `{stated}`, its rows end at `{found}`: rows were removed or edited"
    )]
    End {
        /// What the last line says.
        stated: Tip,
        /// What the rows give.
        found: Tip,
    },
}

/// Verifies an exported file. For a part of a log, [`Verified::from`] says where it begins; nothing before was seen.
///
/// The file itself says whose log it is: compare [`ExportReader::origin`] before, and give the `remembered` end.
///
/// Cost: the memory of one line, one pass.
pub fn verify_export<R: BufRead>(
    mut reader: ExportReader<R>,
    remembered: Option<Tip>,
) -> Result<Verified, Offline> {
    let mut verifier = Verifier::resume(reader.origin.clone(), reader.from, remembered);
    for row in reader.by_ref() {
        verifier.accept(&row?)?;
    }
    let verified = verifier.finish()?;
    match reader.end {
        Some(stated) if stated != verified.tip => Err(Offline::End { stated, found: verified.tip }),
        _ => Ok(verified),
    }
}
