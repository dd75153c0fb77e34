//! An installation of its own for every test, with the story of the sample and clocks that obey.

use guan::{Captured, Clock, Exit, Printer, Shell};
use guan_engine::model::{Moment, Span};
use guan_store::{Caller, Change, ClockReading, Entity, EntityKind, Faults, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The wall clock when the sample was imported: 2026-01-15T02:00:00Z, a Thursday.
const START: Moment = Moment(1_768_442_400_000);
/// So many rows of each file are imported; the records of the story come first.
const ROWS: usize = 40;

/// What one command line came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: Exit,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The output of a command that ended so.
    #[track_caller]
    pub(crate) fn expect(self, exit: Exit) -> String {
        assert_eq!(self.exit, exit, "out: {}\nerr: {}", self.out, self.err);
        self.out
    }
    /// What a command that ended so said on the error stream.
    #[track_caller]
    pub(crate) fn complains(self, exit: Exit) -> String {
        assert_eq!(self.exit, exit, "out: {}\nerr: {}", self.out, self.err);
        self.err
    }
}

/// An installation with clocks that a test moves.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) clock: ClockReading,
    pub(crate) faults: Faults,
    /// What `GUAN_PASSWORD` says, if it says something.
    pub(crate) password: Option<String>,
}

impl World {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let clock = ClockReading::new(START, Span::minutes(60), "boot-1");
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock,
            faults: Faults::default(),
            password: None,
        }
    }

    /// The sample, imported a minute ago.
    pub(crate) fn sample() -> Self {
        static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let mut world = Self::empty();
            world.run("guan init").expect(Exit::Done);
            let rows = world.folder.path().join("rows");
            shorten(&examples().join("rows"), &rows);
            let line = format!(
                "guan import salesforce {} --rows {} --utc-offset +08:00",
                examples().join("force-app").display(),
                rows.display()
            );
            world.run(&line).expect(Exit::Losses);
            world.folder
        });
        let mut world = Self::empty();
        copy(template.path(), world.folder.path());
        world.wait(Span::minutes(1));
        world
    }

    /// These users approve and review windows from now on; gives the password of each.
    pub(crate) fn approvers(&mut self, users: &[&str]) -> Vec<String> {
        let caller = Caller::local("test");
        let mut store = Store::open(self.data(), &caller, &self.clock).unwrap();
        let organization = store.organizations().unwrap().remove(0);
        let set =
            r#"{"name":"approval","system":["guan.approve_overlays","guan.review_overlays"]}"#;
        let mut put =
            vec![Entity { kind: EntityKind::Set, id: "approval".into(), body: set.into() }];
        put.extend(users.iter().map(|user| Entity {
            kind: EntityKind::Assignment,
            id: format!("approval-{user}"),
            body: format!(r#"{{"what":"set:approval","to":"user:{user}"}}"#),
        }));
        let expected = store.current_revision(&organization).unwrap();
        let (remove, reason) = (vec![], "approvers".to_owned());
        let change = Change::EditPolicy { organization, expected, put, remove, reason };
        store.write(&caller, &self.clock, &change).unwrap();
        drop(store);
        let given = users.iter().map(|user| {
            let out = self.run(&format!("guan user password {user} --format json"));
            let out: serde_json::Value = serde_json::from_str(&out.expect(Exit::Done)).unwrap();
            out["password"].as_str().unwrap().to_owned()
        });
        given.collect()
    }

    /// The folder of the installation.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("guan-data")
    }

    /// Both clocks go on.
    pub(crate) fn wait(&mut self, span: Span) {
        self.clock.wall = self.clock.wall.plus(span);
        self.clock.boot_clock = self.clock.boot_clock.map(|clock| Span(clock.0 + span.0));
    }

    /// The machine is started anew: another boot, its clock from the beginning.
    pub(crate) fn reboot(&mut self) {
        self.clock.boot_id = Some("boot-2".to_owned());
        self.clock.boot_clock = Some(Span::seconds(20));
        self.clock.wall = self.clock.wall.plus(Span::seconds(40));
    }

    /// Runs one command line; quotes keep words together.
    pub(crate) fn run(&mut self, line: &str) -> Ran {
        let (mut shell, captured) = self.shell();
        let mut words = words(line);
        words.extend(["--data".to_owned(), self.data().display().to_string()]);
        let exit = guan::run(words, &mut shell);
        Ran { exit, out: captured.take_out(), err: captured.take_err() }
    }

    fn shell(&self) -> (Shell, Captured) {
        let (printer, captured) = Printer::captured();
        let shell = Shell {
            clock: Clock::Stopped(self.clock.clone()),
            environment: self
                .password
                .iter()
                .map(|password| ("GUAN_PASSWORD".to_owned(), password.clone()))
                .collect(),
            faults: self.faults.clone(),
            printer,
        };
        (shell, captured)
    }
}

/// The sample in the repository.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai").canonicalize().unwrap()
}

/// The words of a command line.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Copies CSV files with their first rows; files about users, roles and sets whole.
fn shorten(from: &Path, to: &Path) {
    const LONG: [&str; 6] = [
        "Account.csv",
        "Contact.csv",
        "Opportunity.csv",
        "Lead.csv",
        "Case.csv",
        "Contract_Review__c.csv",
    ];
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let is_long = LONG.contains(&name);
        let rows = if is_long { ROWS + 1 } else { usize::MAX };
        let short: String = text.split_inclusive('\n').take(rows).collect();
        fs::write(to.join(name), short).unwrap();
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
