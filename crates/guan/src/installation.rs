//! An opened installation with the organization that a command is about.

use crate::exit::usage;
use crate::language::Language;
use crate::names::{Names, both};
use crate::shell::Call;
use guan_engine::Engine;
use guan_engine::activity::{NodeFacts, OverlayRow, Standing};
use guan_engine::ask::Session;
use guan_engine::model::{Moment, OrganizationId, Policy, Record, RecordKey, Span, UserId, Value};
use guan_store::{Access, Caller, Gate, OpenError, Options, StorageError, Store, Swept, View};
use std::path::PathBuf;
use std::sync::Arc;

/// Where an installation is when nobody says.
const FOLDER: &str = "guan-data";

/// Fields that hold what people call a record, the first that has a value.
const TITLES: [&str; 6] = ["Name", "name", "Subject", "Title", "LastName", "title"];

/// An installation, one of its organizations, and who calls.
pub(crate) struct Installation {
    pub(crate) store: Store,
    pub(crate) organization: OrganizationId,
    pub(crate) caller: Caller,
}

/// Whoever runs the program, by the number that the system knows them by.
pub(crate) fn caller() -> Caller {
    Caller::local(format!("uid:{}", rustix::process::getuid().as_raw()))
}

/// The overlays of a moment with the facts that decide whether they act.
pub(crate) struct Overlays {
    rows: Vec<OverlayRow>,
    node: NodeFacts,
}

impl Overlays {
    /// As the engine takes them.
    pub(crate) fn standing(&self) -> Standing<'_> {
        Standing::of(&self.rows, &self.node)
    }
}

impl Call<'_> {
    /// The folder of the installation.
    pub(crate) fn folder(&self) -> PathBuf {
        self.global.data.clone().unwrap_or_else(|| PathBuf::from(FOLDER))
    }

    /// Opens the store, and writes the end of every window that has ended.
    pub(crate) fn open_store(&mut self) -> anyhow::Result<Store> {
        let (caller, clock) = (caller(), self.shell.clock.read());
        let options = Options { access: Access::ReadWrite, faults: self.shell.faults.clone() };
        let folder = self.folder();
        let mut store = match Store::open_with(&folder, options, &caller, &clock) {
            Ok(store) => store,
            Err(error) if is_read_only(&error) => return self.open_to_read(),
            Err(error) => return Err(error.into()),
        };
        match store.sweep(&caller, &clock) {
            Ok(swept) => self.say_swept(&swept)?,
            Err(error) => {
                let text = self.say(
                    "the end of a window could not be recorded; it is enforced all the same",
                    "无法记录窗口的结束；仍按策略执行",
                );
                self.printer().warn(format!("{text}: {error}"))?;
            }
        }
        Ok(store)
    }

    fn open_to_read(&mut self) -> anyhow::Result<Store> {
        let (caller, clock) = (caller(), self.shell.clock.read());
        let options = Options { access: Access::ReadOnly, faults: self.shell.faults.clone() };
        let store = Store::open_with(self.folder(), options, &caller, &clock)?;
        let text = self.say(
            "the installation can only be read here: nothing can be recorded, so no window acts",
            "此处只能读取安装：无法记录，因此任何窗口都不生效",
        );
        self.printer().warn(text)?;
        Ok(store)
    }

    fn say_swept(&mut self, swept: &[Swept]) -> anyhow::Result<()> {
        for Swept { overlay, closing, .. } in swept {
            let text = match self.language {
                Language::English => {
                    format!(
                        "window {overlay} ended at {}: {}; recorded now",
                        closing.at, closing.why
                    )
                }
                Language::Chinese => {
                    format!("窗口 {overlay} 已于 {} 结束：{}；现已记录", closing.at, closing.why)
                }
            };
            self.printer().note(text)?;
        }
        Ok(())
    }

    /// Opens the installation for the organization of the call.
    pub(crate) fn open(&mut self) -> anyhow::Result<Installation> {
        let store = self.open_store()?;
        let organization = self.organization(&store)?;
        Ok(Installation { store, organization, caller: caller() })
    }

    fn organization(&self, store: &Store) -> anyhow::Result<OrganizationId> {
        let known = store.organizations()?;
        let names = || known.iter().map(OrganizationId::as_str).collect::<Vec<_>>().join(", ");
        match (&self.global.org, known.as_slice()) {
            (Some(wanted), _) => match known.iter().find(|id| id.as_str() == wanted) {
                Some(id) => Ok(id.clone()),
                None => Err(usage(format!(
                    "there is no organization `{wanted}` in this installation; there is {}",
                    names()
                ))),
            },
            (None, [only]) => Ok(only.clone()),
            (None, []) => Err(usage("there is no organization yet: make one with `guan init`")),
            (None, _) => Err(usage(format!("say which organization with --org: {}", names()))),
        }
    }

    /// The engine of the organization, with its records.
    pub(crate) fn engine(&mut self, installation: &Installation) -> anyhow::Result<Engine> {
        let words = self.say("loading the policy and its records", "正在载入策略与记录");
        let bar = self.shell.printer.working(words);
        let engine = installation.store.engine(&installation.organization);
        bar.finish_and_clear();
        Ok(engine?)
    }

    /// A gate to the same installation, for questions that may have to be recorded.
    pub(crate) fn gate(&self, installation: &Installation) -> anyhow::Result<Arc<Gate>> {
        let access = installation.store.access();
        let options = Options { access, faults: self.shell.faults.clone() };
        let clock = self.shell.clock.read();
        Ok(Gate::open(self.folder(), options, &installation.caller, &clock)?)
    }

    /// What the gate sees of the organization, loaded.
    pub(crate) fn view(
        &mut self,
        gate: &Gate,
        installation: &Installation,
    ) -> anyhow::Result<View> {
        let words = self.say("loading the policy and its records", "正在载入策略与记录");
        let bar = self.shell.printer.working(words);
        let view = gate.view(&installation.organization);
        bar.finish_and_clear();
        Ok(view?)
    }

    /// The user of `--as`.
    pub(crate) fn subject_text(&self) -> anyhow::Result<&str> {
        let needed = self.say("say who is asked about with --as USER", "请用 --as 用户 指明主体");
        self.global.subject.as_deref().ok_or_else(|| usage(needed))
    }

    /// The user of `--as`, who must exist.
    pub(crate) fn subject(&self, policy: &Policy) -> anyhow::Result<UserId> {
        Ok(Names::new(policy, self.language).find_user(self.subject_text()?)?)
    }

    /// A session by the policy alone, at the moment of `--at` or now.
    pub(crate) fn session(&self, installation: &Installation, subject: UserId) -> Session<'static> {
        let mut session = Session::new(installation.organization.clone(), subject, self.moment());
        session.address = self.global.from;
        session
    }

    /// The moment of `--at`, or now.
    pub(crate) fn moment(&self) -> Moment {
        self.global.at.unwrap_or_else(|| self.shell.clock.read().wall)
    }

    /// The overlays of now; none for another moment, where nobody can say what would act.
    pub(crate) fn overlays(&self, installation: &Installation) -> anyhow::Result<Option<Overlays>> {
        if self.global.at.is_some() {
            return Ok(None);
        }
        let clock = self.shell.clock.read();
        let organization = &installation.organization;
        let node = installation.store.node_facts(organization, &clock, Span(0))?;
        Ok(Some(Overlays { rows: installation.store.overlay_rows(organization)?, node }))
    }
}

impl Installation {
    /// What people call a record, with its id.
    pub(crate) fn title(&self, key: &RecordKey) -> anyhow::Result<String> {
        let record = self.store.record(&self.organization, key)?;
        Ok(record.map_or_else(|| key.id.to_string(), |record| titled(&record)))
    }
}

/// What people call a record, with its id.
pub(crate) fn titled(record: &Record) -> String {
    both(title_of(record).unwrap_or_default(), record.id.as_str())
}

/// What people call a record.
pub(crate) fn title_of(record: &Record) -> Option<&str> {
    TITLES.iter().find_map(|field| match record.fields.get(*field) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    })
}

/// The field that [`title_of`] takes from a record.
pub(crate) fn title_field(record: &Record) -> Option<&'static str> {
    TITLES.into_iter().find(|field| matches!(record.fields.get(*field), Some(Value::Text(_))))
}

fn is_read_only(error: &OpenError) -> bool {
    match error {
        OpenError::Storage(StorageError::ReadOnly) => true,
        OpenError::File(error) => matches!(
            error.source.kind(),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem
        ),
        _ => false,
    }
}
