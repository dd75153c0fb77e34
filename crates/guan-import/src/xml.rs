//! XML as a small tree with line numbers: no entities but the five, no DTD, bounded depth and size.

use crate::text;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// Elements inside elements.
const DEPTH_MAX: usize = 64;
/// Elements of one file.
const ELEMENTS_MAX: usize = 4_000_000;

/// An element. Attributes are left out: no permission file carries meaning in them.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Its local name.
    pub name: String,
    /// Its text on one line, trimmed, without that of its children.
    pub text: String,
    /// The line where it starts, from 1.
    pub line: u64,
    /// Its children.
    pub children: Vec<Self>,
}

/// Text that is not acceptable XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct BadXml {
    /// The line, from 1.
    pub line: u64,
    what: String,
}

/// Equal when names, texts and children are; lines do not matter.
impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text && self.children == other.children
    }
}
impl Eq for Element {}

impl Element {
    /// Parses a document of one root element.
    ///
    /// # Errors
    ///
    /// With the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, BadXml> {
        Parser { lines: Lines::new(text), open: Vec::new(), root: None, count: 0 }.run(text)
    }
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
    /// The children of this name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
    /// The text of the first child of this name; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }
}

struct Parser<'t> {
    lines: Lines<'t>,
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
}

impl Parser<'_> {
    fn run(mut self, text: &str) -> Result<Element, BadXml> {
        let mut reader = Reader::from_str(text);
        loop {
            let at = reader.buffer_position();
            let event = reader.read_event().map_err(|error| {
                let at = reader.error_position();
                BadXml { line: self.lines.of(at), what: format!("not well-formed XML: {error}") }
            })?;
            let line = self.lines.of(at);
            match event {
                Event::Start(start) => self.start(start.local_name().as_ref(), line)?,
                Event::Empty(start) => {
                    self.start(start.local_name().as_ref(), line)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(part) => self.text(&part.xml10_content(), line)?,
                Event::CData(part) => self.text(&part.xml10_content(), line)?,
                Event::GeneralRef(reference) => self.reference(&reference, line)?,
                Event::Decl(declaration) => {
                    if let Some(Ok(encoding)) = declaration.encoding() {
                        check_encoding(&encoding, line)?;
                    }
                }
                Event::DocType(_) => {
                    return Err(bad(line, "a DOCTYPE is refused; remove it"));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(open) = self.open.last() {
            let what = format!("the end tag of `{}` is missing", open.name);
            return Err(BadXml { line: open.line, what });
        }
        self.root.ok_or_else(|| bad(1, "no element in the file"))
    }

    fn start(&mut self, name: impl AsRef<[u8]>, line: u64) -> Result<(), BadXml> {
        if self.open.len() >= DEPTH_MAX {
            return Err(BadXml { line, what: format!("nested deeper than {DEPTH_MAX} elements") });
        }
        if self.root.is_some() {
            return Err(bad(line, "a second root element"));
        }
        self.count += 1;
        if self.count > ELEMENTS_MAX {
            return Err(BadXml { line, what: format!("more than {ELEMENTS_MAX} elements") });
        }
        let name = String::from_utf8_lossy(name.as_ref()).into_owned();
        self.open.push(Element { name, line, ..Element::default() });
        Ok(())
    }

    fn end(&mut self) {
        let Some(mut element) = self.open.pop() else { return };
        element.text = text::tidy(&element.text);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str, line: u64) -> Result<(), BadXml> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(bad(line, "text outside of the root element")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, line: u64) -> Result<(), BadXml> {
        if let Some(character) = reference
            .resolve_char_ref()
            .map_err(|error| BadXml { line, what: format!("bad character reference: {error}") })?
        {
            return self.text(character.encode_utf8(&mut [0; 4]), line);
        }
        let name = reference.xml10_content();
        let character = match &*name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            _ => {
                let what = format!("the entity `&{name};` is refused; write the character itself");
                return Err(BadXml { line, what });
            }
        };
        self.text(character, line)
    }
}

fn bad(line: u64, what: &str) -> BadXml {
    BadXml { line, what: what.to_owned() }
}

/// The text was decoded before; a declaration of another encoding than it had is a lie or a risk.
fn check_encoding(encoding: &str, line: u64) -> Result<(), BadXml> {
    let known = ["utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"];
    if known.contains(&encoding.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(BadXml { line, what: format!("the encoding `{encoding}` is not read; save it as UTF-8") })
}

/// Line numbers of growing offsets, counted once.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }
    fn of(&mut self, offset: u64) -> u64 {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.get(self.at..offset) {
            self.line += passed.split(|byte| *byte == b'\n').skip(1).count() as u64;
            self.at = offset;
        }
        self.line
    }
}
