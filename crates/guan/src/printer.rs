//! The only door to the terminal.

use indicatif::ProgressBar;
use serde::Serialize;
use std::cell::RefCell;
use std::fmt;
use std::io::{self, BufRead, IsTerminal, Write};
use std::rc::Rc;
use std::time::Duration;

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// Whether a person sits in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Terminal {
    Person,
    Pipe,
}

/// Where output goes, and where answers come from.
pub struct Printer {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    terminal: Terminal,
    notes: Notes,
}

/// Whether remarks beside the answer are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notes {
    /// Shown, on the error stream.
    Shown,
    /// Left out.
    Quiet,
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

impl Printer {
    /// Standard output and error of this process.
    pub fn standard() -> Self {
        let is_person =
            io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal();
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            terminal: if is_person { Terminal::Person } else { Terminal::Pipe },
            notes: Notes::Shown,
        }
    }

    /// Into memory, with nobody in front of it.
    pub fn captured() -> (Self, Captured) {
        let captured = Captured::default();
        let printer = Self {
            out: Box::new(Buffer(Rc::clone(&captured.out))),
            err: Box::new(Buffer(Rc::clone(&captured.err))),
            terminal: Terminal::Pipe,
            notes: Notes::Shown,
        };
        (printer, captured)
    }

    /// Whether remarks are shown from here on.
    pub(crate) const fn set(&mut self, notes: Notes) {
        self.notes = notes;
    }

    /// Whether a person can be asked.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal == Terminal::Person
    }

    /// A line of the answer.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "{}", plain(text.as_ref()))
    }

    /// Several lines of the answer.
    pub(crate) fn lines<T: AsRef<str>>(
        &mut self,
        lines: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    /// Bytes of the answer as they are: files that are written to the output.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// The answer as JSON.
    pub(crate) fn json<T: Serialize>(&mut self, value: &T) -> anyhow::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, value)?;
        writeln!(self.out)?;
        Ok(())
    }

    /// The answer as CSV, the head first. Cells that a spreadsheet would run are defused.
    pub(crate) fn csv<R, C>(&mut self, rows: R) -> anyhow::Result<()>
    where
        R: IntoIterator<Item = Vec<C>>,
        C: Into<String>,
    {
        let mut writer = csv::Writer::from_writer(&mut self.out);
        for row in rows {
            writer.write_record(row.into_iter().map(|cell| defused(cell.into())))?;
        }
        writer.flush()?;
        Ok(())
    }

    /// A remark beside the answer.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        match self.notes {
            Notes::Shown => writeln!(self.err, "{}", plain(text.as_ref())),
            Notes::Quiet => Ok(()),
        }
    }

    /// A mistake or a warning that must be seen, also when remarks are not wanted.
    pub(crate) fn warn(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.err, "{}", plain(text.as_ref()))
    }

    /// Asks the person in front of it; nobody there means no.
    pub(crate) fn confirm(&mut self, question: &str) -> io::Result<bool> {
        if !self.is_terminal() {
            return Ok(false);
        }
        write!(self.err, "{} [y/N] ", plain(question))?;
        self.err.flush()?;
        let answer = read_line()?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是" | "好"))
    }

    /// Asks the person in front of it for something that is not shown; nobody there means no answer.
    pub(crate) fn secret(&mut self, question: &str) -> io::Result<Option<String>> {
        if !self.is_terminal() {
            return Ok(None);
        }
        write!(self.err, "{} ", plain(question))?;
        self.err.flush()?;
        let terminal = io::stdin();
        let before = rustix::termios::tcgetattr(&terminal)?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(rustix::termios::LocalModes::ECHO);
        let now = rustix::termios::OptionalActions::Now;
        rustix::termios::tcsetattr(&terminal, now, &unseen)?;
        let answer = read_line();
        rustix::termios::tcsetattr(&terminal, now, &before)?;
        writeln!(self.err)?;
        answer.map(Some)
    }

    /// Waits until the person in front of it has read; nobody there means no waiting.
    pub(crate) fn pause(&mut self, words: &str) -> io::Result<()> {
        if self.is_terminal() {
            write!(self.err, "{words}")?;
            self.err.flush()?;
            read_line()?;
        }
        Ok(())
    }

    /// Shows that something takes its time, to a person only.
    pub(crate) fn working(&self, words: &str) -> ProgressBar {
        if !self.is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(words.to_owned());
        bar.enable_steady_tick(TICK);
        bar
    }

    /// Makes everything printed so far visible.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.err.flush()
    }
}

/// Where the lines of a server's log go; what they hold was made plain by who wrote them.
pub(crate) fn log_stream() -> io::Stderr {
    io::stderr()
}

fn read_line() -> io::Result<String> {
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Text from files must not move the cursor or colour the terminal.
fn plain(text: &str) -> String {
    let is_harmful = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    if !text.contains(is_harmful) {
        return text.to_owned();
    }
    text.chars().map(|letter| if is_harmful(letter) { '\u{fffd}' } else { letter }).collect()
}

fn defused(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell }
}

/// What was printed into memory.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    out: Rc<RefCell<Vec<u8>>>,
    err: Rc<RefCell<Vec<u8>>>,
}

impl Captured {
    /// Takes what went to standard output so far.
    pub fn take_out(&self) -> String {
        text_of(&self.out)
    }
    /// Takes what went to standard error so far.
    pub fn take_err(&self) -> String {
        text_of(&self.err)
    }
}

fn text_of(buffer: &RefCell<Vec<u8>>) -> String {
    String::from_utf8_lossy(&buffer.take()).into_owned()
}

struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
