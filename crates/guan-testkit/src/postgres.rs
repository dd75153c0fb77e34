//! A private `PostgreSQL` server for the tests of one process: a Unix socket, no port, and nothing of it left afterwards.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

/// Says where the server's programs are, before any other place.
pub const BINARIES: &str = "GUAN_POSTGRES_BIN";

/// Lives as long as the process that tests, whose end closes its input, however it ended.
const SCRIPT: &str = include_str!("postgres.sh");

/// The server refuses to run as root.
const AS_SERVER: &str =
    r#"cd / && if [ "$(id -u)" -eq 0 ]; then exec runuser -u postgres -- "$@"; else exec "$@"; fi"#;

/// The folder and the name of a server that follows another one.
const FOLLOWER: &str = "follower";
const FOLLOWER_PORT: u16 = 5433;

/// The server of this process.
static SERVER: OnceLock<Option<Server>> = OnceLock::new();

/// A running server.
#[derive(Debug)]
pub struct Server {
    binaries: PathBuf,
    folder: PathBuf,
    databases: AtomicU64,
    /// Open as long as the server is to run.
    _running: (Mutex<Child>, ChildStdin),
}

/// The server of this process, started at the first call; `None` where no server is installed.
///
/// Cost: about a second the first time.
///
/// Panics when a server is installed and does not start.
pub fn server() -> Option<&'static Server> {
    SERVER.get_or_init(|| binaries().map(Server::start)).as_ref()
}

/// A server for one test alone, which may stop it; `None` where no server is installed, and then it is said so.
///
/// Cost: about a second.
///
/// Panics when a server is installed and does not start.
pub fn own_server() -> Option<Server> {
    let server = binaries().map(Server::start);
    if server.is_none() {
        skipped();
    }
    server
}

/// A fresh database on the server of this process, by its address; `None` where no server is installed, and then it is said so.
///
/// Cost: about a tenth of a second.
pub fn fresh_database() -> Option<String> {
    let server = server();
    if server.is_none() {
        skipped();
    }
    server.map(Server::fresh_database)
}

/// Says that tests on `PostgreSQL` are left out, past the test runner, which shows nothing of tests that pass.
fn skipped() {
    use std::io::Write as _;
    static SAID: OnceLock<()> = OnceLock::new();
    SAID.get_or_init(|| {
        let what = "SKIPPED: no PostgreSQL server is installed (Debian: apt-get install postgresql), its tests ran on SQLite alone\n";
        // Nobody who could be told is no reason to fail.
        let _said = std::io::stderr().write_all(what.as_bytes());
    });
}

/// The newest server's programs.
fn binaries() -> Option<PathBuf> {
    let is_complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| folder.join(name).exists())
    };
    if let Some(named) = std::env::var_os(BINARIES) {
        // An empty one means that there is none.
        return Some(PathBuf::from(named)).filter(is_complete);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_complete(folder))
        .collect();
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(is_complete)
    };
    found.pop().map(|(_, folder)| folder).or_else(on_path)
}

impl Server {
    #[expect(clippy::expect_used, reason = "a test that cannot start its server has failed")]
    fn start(binaries: PathBuf) -> Self {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "guan-postgres"])
            .arg(&binaries)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let (input, output) = shell.stdin.take().zip(shell.stdout.take()).expect("both pipes");
        let mut folder = String::new();
        BufReader::new(output).read_line(&mut folder).expect("the server's folder");
        assert!(!folder.trim().is_empty(), "the PostgreSQL server does not start");
        Self {
            binaries,
            folder: PathBuf::from(folder.trim()),
            databases: AtomicU64::new(0),
            _running: (Mutex::new(shell), input),
        }
    }

    /// The address of one of its databases.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://guan@/{database}?host={}", self.folder.display())
    }

    /// The folder of its socket and its data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database and gives its address.
    pub fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run("postgres", &format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// Makes a copy of a database that nobody uses, and gives its address.
    pub fn copy_database(&self, address: &str) -> String {
        let copy = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let original = name(address);
        self.run("postgres", &format!("CREATE DATABASE {copy} TEMPLATE {original}"));
        self.address(&copy)
    }

    /// Ends every connection to a database, as a server that goes away does.
    pub fn disconnect(&self, address: &str) {
        let name = name(address);
        self.run(
            "postgres",
            &format!(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        );
    }

    /// Stops the server as a crash does: connections are cut, nothing is tidied up.
    pub fn stop(&self) {
        self.control("data", &["-m", "immediate", "stop"]);
    }

    /// Starts the server again after [`Server::stop`].
    pub fn start_again(&self) {
        self.control("data", &["-l", "/dev/null", "start"]);
    }

    /// Makes a second server that follows this one, which from here on commits nothing that the other does not have.
    /// Gives the address under which both are known, for a database of this one.
    ///
    /// Cost: about a second.
    pub fn follow(&self, address: &str) -> String {
        let (place, name) = (self.folder.display(), name(address));
        let copy = format!("{place}/{FOLLOWER}");
        let from = format!("host={place} user=guan application_name={FOLLOWER}");
        self.program("pg_basebackup", &["-D", &copy, "-d", &from, "-R", "-c", "fast", "--no-sync"]);
        self.control(FOLLOWER, &["-l", "/dev/null", "-o", &format!("-p {FOLLOWER_PORT}"), "start"]);
        self.run("postgres", &format!("ALTER SYSTEM SET synchronous_standby_names = '{FOLLOWER}'"));
        self.run("postgres", "SELECT pg_reload_conf()");
        let socket = place.to_string().replace('/', "%2F");
        format!("postgres://guan@{socket}:5432,{socket}:{FOLLOWER_PORT}/{name}")
    }

    /// The one that followed takes changes from here on.
    pub fn promote(&self) {
        self.control(FOLLOWER, &["promote"]);
    }

    fn control(&self, data: &str, arguments: &[&str]) {
        let data = format!("{}/{data}", self.folder.display());
        self.program("pg_ctl", &[&["-w", "-D", &data], arguments].concat());
    }

    /// Runs one of the server's programs as whom the server runs as.
    #[expect(clippy::expect_used, reason = "a test whose server does not do as told has failed")]
    fn program(&self, program: &str, arguments: &[&str]) {
        let ran = Command::new("sh")
            .args(["-c", AS_SERVER, program])
            .arg(self.binaries.join(program))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("a shell");
        assert!(ran.success(), "{program} {arguments:?}");
    }

    /// Lets nobody connect to a database any more, or lets them again.
    pub fn let_in(&self, address: &str, door: Door) {
        let (name, allowed) = (name(address), door == Door::Open);
        self.run("postgres", &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"));
    }

    /// Runs SQL in the database of an address, and gives what it prints, a line for each row.
    #[expect(clippy::expect_used, reason = "a test whose server does not answer has failed")]
    pub fn run(&self, address: &str, sql: &str) -> String {
        let output = Command::new(self.binaries.join("psql"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "guan", "-d", name(address), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .output()
            .expect("psql");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{sql}: {said}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
}

/// Whether a database lets anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// It does.
    Open,
    /// It does not.
    Shut,
}

/// The name of a database, from its address or as it is.
fn name(address: &str) -> &str {
    let path = address.rsplit_once("@/").map_or(address, |(_, path)| path);
    path.split_once('?').map_or(path, |(name, _)| name)
}
