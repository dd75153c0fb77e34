//! The case corpus: organizations in TOML with questions, expected decisions and their reasons.
//!
//! One corpus is asked of every evaluator: the reference, the engine, the store, the server. How to
//! read and write a file: `cases/README.md`.

mod check;
mod grid;
mod parse;
mod words;

pub use check::{Answers, Mismatch, check};
pub use grid::{compare_grid, grid};
pub use words::{StatedPath, StatedRefusal};

use guan_engine::activity::{NodeFacts, OverlayRow, Standing};
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{
    Action, FieldAccess, FieldId, Moment, ObjectId, OrganizationId, OverlayId, Policy, Problem,
    Record, RecordId, RecordKey, UserId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// A file that cannot be taken as cases.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The file or folder cannot be read or written.
    #[error("`{}` cannot be used", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not TOML of the expected shape: an unknown key, a wrong type, a value with no meaning.
    #[error("{}:{line}: {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there and what to do.
        what: String,
    },
    /// Its policy, a record or an overlay is not fit to be kept.
    #[error("{}: {subject}: {problem}", path.display())]
    Organization {
        /// The file.
        path: PathBuf,
        /// `policy`, or which record or overlay.
        subject: String,
        /// The first problem.
        #[source]
        problem: Problem,
    },
}

/// One file: an organization, its records, and cases about them.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// What it is about.
    pub title: String,
    /// Which rule of which vendor it states, in the vendor's words.
    pub source: String,
    /// The policy.
    pub policy: Policy,
    /// The records, after the changes of owner that the file states.
    pub records: Vec<Record>,
    /// Suspensions, elevations and disablements beside the policy, in the order of their ids.
    pub overlays: Vec<OverlayRow>,
    /// What the node knows of time and of itself when a case says nothing else.
    pub node: NodeFacts,
    /// Where sessions come from when a case says nothing else.
    pub address: Option<IpAddr>,
    /// The cases, in the order of the file.
    pub cases: Vec<Case>,
    /// Whether a grid of the file is kept beside it.
    pub has_grid: bool,
}

/// One question with the answer that is expected.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: String,
    /// The line of the name in its file, from 1.
    pub line: usize,
    /// The organization of the session.
    pub organization: OrganizationId,
    /// Where the session comes from.
    pub address: Option<IpAddr>,
    /// The overlays that exist in this case; `None` decides by the policy alone.
    pub overlays: Option<Vec<OverlayRow>>,
    /// The facts of the node; its wall clock is the instant of the question.
    pub node: NodeFacts,
    /// What is asked and expected.
    pub expect: Expect,
}

/// A question with its expected answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A decision.
    Decision {
        /// What is asked.
        ask: Ask,
        /// What the answer must be.
        outcome: Outcome,
    },
    /// The access to fields; fields that are not named are not looked at.
    Sees {
        /// Who is asked about.
        subject: UserId,
        /// Where.
        on: Target,
        /// The expected access.
        fields: BTreeMap<FieldId, FieldAccess>,
    },
    /// Exactly these records, in any order.
    List {
        /// Who is asked about.
        subject: UserId,
        /// The action.
        action: Action,
        /// The object.
        object: ObjectId,
        /// The expected records.
        records: BTreeSet<RecordId>,
    },
    /// So many records.
    Count {
        /// Who is asked about.
        subject: UserId,
        /// The action.
        action: Action,
        /// The object.
        object: ObjectId,
        /// The expected number.
        count: usize,
    },
    /// Exactly these users.
    Who {
        /// The action.
        action: Action,
        /// The record.
        record: RecordKey,
        /// The expected users.
        users: BTreeSet<UserId>,
    },
}

/// May the subject do this?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Who.
    pub subject: UserId,
    /// What.
    pub action: Action,
    /// To what.
    pub on: Target,
    /// Fields that it touches.
    pub fields: Vec<FieldId>,
    /// One or many.
    pub extent: Extent,
}

/// What a decision must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Allowed, where paths are given by exactly these.
    Allow(Option<Vec<StatedPath>>),
    /// Refused by the policy, relaxed by an overlay.
    Relaxed(OverlayId, StatedRefusal),
    /// Refused; where paths are given they are found nevertheless.
    Deny(StatedRefusal, Option<Vec<StatedPath>>),
}

impl Case {
    /// The session of the case for `subject`.
    pub fn session(&self, subject: &UserId) -> Session<'_> {
        let mut session = Session::new(self.organization.clone(), subject.clone(), self.node.wall);
        session.address = self.address;
        session.standing = self.overlays.as_deref().map(|rows| Standing::of(rows, &self.node));
        session
    }

    /// The request that `ask` states in the situation of the case.
    pub fn request(&self, ask: &Ask) -> Request<'_> {
        Request {
            session: self.session(&ask.subject),
            action: ask.action.clone(),
            on: ask.on.clone(),
            fields: ask.fields.clone(),
            extent: ask.extent,
        }
    }
}

impl CaseFile {
    /// Reads one file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, and with file and line when it is not what `cases/README.md` says.
    pub fn load(path: &Path) -> Result<Self, CaseError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| CaseError::File { path: path.to_owned(), source })?;
        parse::file(path, &text)
    }

    /// Where the grid of the file is kept.
    pub fn grid_path(&self) -> PathBuf {
        self.path.with_extension("grid")
    }

    /// The instant of the file, for questions that no case states.
    pub const fn at(&self) -> Moment {
        self.node.wall
    }
}

/// Reads every `.toml` file of `folder` and of the folders below it, in the order of their paths.
///
/// # Errors
///
/// The first file that cannot be read or is not what `cases/README.md` says.
pub fn load_dir(folder: &Path) -> Result<Vec<CaseFile>, CaseError> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    paths.iter().map(|path| CaseFile::load(path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), CaseError> {
    let wrong = |source| CaseError::File { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    Ok(())
}
