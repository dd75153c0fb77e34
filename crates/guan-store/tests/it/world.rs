//! A folder, a clock that is moved by hand, and a small organization that the tests share.

use std::path::PathBuf;
use std::sync::Arc;

use guan_engine::answer::Decision;
use guan_engine::ask::Request;
use guan_engine::model::{
    Action, Assignment, Audience, Field, Grant, Moment, Object, ObjectPermission, Organization,
    OrganizationId, Others, OverlayEffect, PermissionSet, Policy, Principal, Record, Span,
    SuspensionScope, User, Value,
};
use guan_store::{
    Caller, Change, ClockReading, DatabasePlace, Faults, Gate, Opened, Options, OverlayRequest,
    RecordsChange, Report, Store, View, Written,
};
use tempfile::TempDir;

/// 2026-01-31T08:00:00Z.
pub(crate) const START: Moment = Moment(1_769_846_400_000);

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) store: Option<Store>,
    pub(crate) clock: ClockReading,
    pub(crate) place: DatabasePlace,
}

pub(crate) fn caller() -> Caller {
    Caller::local("admin")
}

pub(crate) fn org() -> OrganizationId {
    OrganizationId::new("acme")
}

/// What the clocks say first.
pub(crate) fn start() -> ClockReading {
    ClockReading::new(START, Span::minutes(600), "boot-1")
}

/// An installation without organizations.
pub(crate) fn empty() -> World {
    let folder = TempDir::new().unwrap();
    let clock = start();
    let place = crate::place();
    let store = Store::create_in(folder.path(), &place, &caller(), &clock).unwrap();
    World { folder, store: Some(store), clock, place }
}

/// One organization at revision 2 with three records.
pub(crate) fn world() -> World {
    let mut world = empty();
    let organization = Organization { id: org(), ..Organization::default() };
    world.write(&Change::CreateOrganization { organization, reason: "start".into() });
    let records = RecordsChange::Replace(vec![account("a-1"), account("a-2"), account("a-3")]);
    world.write(&Change::ReplacePolicy {
        policy: Box::new(policy()),
        expected: 1,
        records,
        reason: "import of acme/".into(),
    });
    world
}

pub(crate) fn account(id: &str) -> Record {
    let mut record = Record::new("Account", id);
    record.owners = ["user:anna".parse().unwrap()].into();
    record.fields.insert("Name".into(), Value::from(id));
    record
}

/// Two users; only Anna may read accounts.
pub(crate) fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.organization.id = org();
    for id in ["anna", "bo"] {
        let user = User { name: id.to_owned(), active: true, ..User::default() };
        policy.users.insert(id.into(), user);
    }
    let mut object = Object::default();
    object.fields.insert("Name".into(), Field::default());
    policy.objects.insert("Account".into(), object);
    let mut permission = ObjectPermission::default();
    permission.actions.insert(Action::Read, Grant::ALL);
    let mut set = PermissionSet::default();
    set.objects.insert("Account".into(), permission);
    policy.sets.insert("reader".into(), set);
    let assignment = Assignment::new("set:reader".parse().unwrap(), Principal::User("anna".into()));
    policy.assignments.insert("as-1".into(), assignment);
    policy
}

/// Off for Bo on accounts.
pub(crate) fn request() -> OverlayRequest {
    let scope =
        SuspensionScope { objects: ["Account".into()].into(), ..SuspensionScope::default() };
    let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
    let users = [Principal::User("bo".into())].into();
    OverlayRequest::new("acme", effect, Audience { users, networks: vec![] }, "cleaning up")
}

/// The plain question to the engine.
pub(crate) fn check(view: &View, asked: &Request<'_>) -> Decision {
    view.engine().check(asked)
}

impl World {
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    pub(crate) fn write(&mut self, change: &Change) -> Written {
        let clock = self.clock.clone();
        self.store().write(&caller(), &clock, change).unwrap()
    }

    /// The store behind a gate, up to date.
    pub(crate) fn gate(&mut self) -> Arc<Gate> {
        Gate::over(self.store.take().unwrap(), &self.clock)
    }

    /// Another process on the same installation.
    pub(crate) fn another_gate(&self) -> Arc<Gate> {
        Gate::open(self.path(), Options::default(), &caller(), &self.clock).unwrap()
    }

    pub(crate) fn report(&self, gate: &Gate, opened: &Opened) -> Report {
        gate.read(|reader| reader.report(&org(), &opened.id, &self.clock)).unwrap()
    }

    pub(crate) fn open_window(&mut self) -> Opened {
        let clock = self.clock.clone();
        self.store().open_overlay(&caller(), &clock, &request()).unwrap()
    }

    /// Both clocks go on alike.
    pub(crate) fn later(&mut self, span: Span) {
        self.clock.wall = self.clock.wall.plus(span);
        self.clock.boot_clock = self.clock.boot_clock.map(|clock| Span(clock.0 + span.0));
    }

    /// The process ends, as by a kill, and another one starts.
    pub(crate) fn restart(&mut self) {
        self.restart_with(Faults::default());
    }

    pub(crate) fn restart_with(&mut self, faults: Faults) {
        self.store = None;
        let options = Options { faults, ..Options::default() };
        let store = Store::open_with(self.path(), options, &caller(), &self.clock).unwrap();
        self.store = Some(store);
    }

    /// Runs SQL behind the store's back, with the triggers taken away first.
    pub(crate) fn tamper(&self, sql: &str) {
        if let Some(address) = self.place.address() {
            return tamper_on_server(address, &of_postgres(sql));
        }
        let connection = rusqlite::Connection::open(self.path().join("guan.db")).unwrap();
        let mut triggers =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        let names: Vec<String> =
            triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        for name in names {
            connection.execute(&format!("DROP TRIGGER {name}"), []).unwrap();
        }
        connection.execute_batch(sql).unwrap();
    }

    /// Whether the database is on a server; what concerns its file alone is not asked there.
    pub(crate) fn is_on_server(&self) -> bool {
        self.place.address().is_some()
    }

    /// The one value of a query as a text, asked behind the store's back.
    pub(crate) fn asked(&self, sql: &str) -> String {
        if let Some(address) = self.place.address() {
            return guan_testkit::postgres::server().unwrap().run(address, sql);
        }
        let connection = rusqlite::Connection::open(self.path().join("guan.db")).unwrap();
        let sql = format!("SELECT CAST(({sql}) AS TEXT)");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// How many rows of the ledger a log has, asked behind the store's back.
    pub(crate) fn rows_of(&self, log: &str) -> u64 {
        let count = self.asked(&format!("SELECT count(*) FROM ledger WHERE org = '{log}'"));
        count.parse().unwrap()
    }

    pub(crate) fn is_relaxed(&mut self) -> bool {
        let clock = self.clock.clone();
        let status = self.store().status(&org(), &clock).unwrap();
        status.effective_end.is_some()
    }

    /// Rows of the log of the organization and of the installation.
    pub(crate) fn row_count(&mut self) -> u64 {
        let store = self.store();
        let logs = store.logs().unwrap();
        logs.iter().map(|log| store.ledger_tip(log).unwrap().unwrap().size).sum()
    }

    pub(crate) fn verify_all(&mut self) {
        let store = self.store();
        for log in store.logs().unwrap() {
            store.ledger_verify(&log).unwrap();
        }
    }
}

/// What the tests write in the words of `SQLite`, as `PostgreSQL` takes it.
fn of_postgres(sql: &str) -> String {
    let sql = sql
        .replace("zeroblob(32)", "decode(repeat('00', 32), 'hex')")
        .replace(
            "CAST(replace(CAST(bytes AS TEXT), ",
            "convert_to(replace(convert_from(bytes, 'UTF8'), ",
        )
        .replace("'nobody') AS BLOB)", "'nobody'), 'UTF8')");
    let Some((head, _)) = sql.split_once("BEGIN SELECT raise(ABORT") else { return sql };
    let refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;";
    let (head, when) = match head.split_once(" WHEN ") {
        Some((head, when)) => (head, format!(" WHEN ({when})")),
        None => (head, String::new()),
    };
    format!("{refuse} {head} FOR EACH ROW{when} EXECUTE FUNCTION refuse()")
}

fn tamper_on_server(address: &str, sql: &str) {
    let server = guan_testkit::postgres::server().unwrap();
    let drops = server.run(
        address,
        "SELECT format('DROP TRIGGER %I ON %I;', tgname, relname) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal",
    );
    server.run(address, &format!("{drops} {sql}"));
}
