//! What must survive, once for real: clocks that are stepped under the program itself, a disk that is full, a kill.
//!
//! What the machine does not allow is left out, and said so.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use guan::{Clock, Exit};
use serde_json::{Value, json};

use crate::world::{World, copy, words};

const OFF: &str = "guan off --objects Account --layers record --for li.wei --length 10m --reason \"merge duplicates\" --yes";
pub(crate) const RECORD: &str = "0015g000000CaSIAA0";

/// What moves, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moved {
    wall: i64,
    boot: i64,
}

/// Says that a test is left out, past the test runner, which shows nothing of tests that pass.
fn skip(why: &str) {
    let said = format!("SKIPPED: {why}\n");
    // Nobody who could be told is no reason to fail.
    let _said = io::stderr().write_all(said.as_bytes());
}

/// The preloaded clock library, by which the wall clock of one process is moved.
fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    folders.map(|folder| folder.path().join("faketime/libfaketime.so.1")).find(|file| file.exists())
}

/// The program with its own clocks.
fn at(moved: Moved, program: &str, arguments: &[String]) -> Command {
    let mut command = if moved.boot == 0 {
        Command::new(program)
    } else {
        let mut unshare = Command::new("unshare");
        unshare.args(["--time", "--boottime", &moved.boot.to_string(), "--", program]);
        unshare
    };
    command.args(arguments);
    if moved.wall != 0 {
        command.env("LD_PRELOAD", library().unwrap());
        command.env("FAKETIME", format!("{:+}s", moved.wall));
        command.envs([("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("NO_FAKE_STAT", "1")]);
    }
    command
}

/// Whether both clocks of a process can be moved here; why not otherwise.
fn can_move_clocks() -> Result<(), String> {
    if library().is_none() {
        return Err("no clock library to preload (Debian: apt-get install faketime)".to_owned());
    }
    let ask = |program: &str, arguments: &[&str], moved| {
        let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        let ran = at(moved, program, &arguments).output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        let first = text.split(['.', ' ', '\n']).next().unwrap_or_default();
        first.parse::<i64>().map_err(|_| String::from_utf8_lossy(&ran.stderr).trim().to_owned())
    };
    let (wall, boot) = (Moved { wall: 10_000, boot: 0 }, Moved { wall: 0, boot: 10_000 });
    let walls = [ask("date", &["+%s"], Moved::default())?, ask("date", &["+%s"], wall)?];
    let boots =
        [ask("cat", &["/proc/uptime"], Moved::default())?, ask("cat", &["/proc/uptime"], boot)?];
    for (what, [before, after]) in [("wall clock", walls), ("boot clock", boots)] {
        if after - before < 9_000 {
            return Err(format!("the {what} of a process cannot be moved on this machine"));
        }
    }
    Ok(())
}

/// An installation on the machine's own clocks.
pub(crate) struct Real {
    pub(crate) folder: PathBuf,
}

impl Real {
    fn run(&self, moved: Moved, line: &str) -> (Option<i32>, String) {
        let mut arguments: Vec<String> = words(line).into_iter().skip(1).collect();
        arguments.extend(["--data".to_owned(), self.folder.display().to_string()]);
        let ran = at(moved, env!("CARGO_BIN_EXE_guan"), &arguments).output().unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        (ran.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    #[track_caller]
    fn done(&self, line: &str) -> String {
        let (code, said) = self.run(Moved::default(), line);
        assert_eq!(code, Some(0), "{line}: {said}");
        said
    }

    /// Whether Li Wei may read the record, asked of a process with these clocks.
    fn is_relaxed(&self, moved: Moved) -> bool {
        let (code, said) =
            self.run(moved, &format!("guan check --as li.wei read Account {RECORD}"));
        assert!(matches!(code, Some(0 | 3)), "{moved:?}: {said}");
        code == Some(0)
    }

    /// A secret of Li Wei.
    fn token(&self) -> String {
        self.token_of("li.wei")
    }

    /// A secret for everything that somebody may.
    pub(crate) fn token_of(&self, user: &str) -> String {
        let line = format!("guan token create {user} --name survival --scope all --format json");
        let made = self.done(&line);
        let made: Value = serde_json::from_str(&made).unwrap();
        made["secret"].as_str().unwrap().to_owned()
    }
}

/// A server that is killed when the test is over.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

impl Served {
    pub(crate) fn start(real: &Real, moved: Moved) -> Self {
        let line = "guan serve --listen 127.0.0.1:0 --log off --for 300 --format json";
        let mut arguments: Vec<String> = words(line).into_iter().skip(1).collect();
        arguments.extend(["--data".to_owned(), real.folder.display().to_string()]);
        let mut child = at(moved, env!("CARGO_BIN_EXE_guan"), &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while serde_json::from_str::<Value>(&said).is_err() {
            assert!(lines.read_line(&mut said).unwrap() > 0, "the server ended: {said}");
        }
        let said: Value = serde_json::from_str(&said).unwrap();
        let address = said["address"].as_str().unwrap().replace("http://", "");
        Self { child, address }
    }

    /// As by `kill -9`.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// The status with which the record is answered to Li Wei.
    fn status(&self, token: &str) -> u16 {
        let head = format!("GET /api/v1/records/Account/{RECORD}");
        ask((&self.address, token), &head, &Value::Null).unwrap().0
    }
}

/// One question to a server, and its answer; an error when the server was gone before it had answered.
pub(crate) fn ask(
    (address, token): (&str, &str),
    head: &str,
    body: &Value,
) -> io::Result<(u16, Value)> {
    let mut stream = TcpStream::connect(address)?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\nif-match: *\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let gone = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(gone)?;
    let body = serde_json::from_str(body).map_err(|_| gone())?;
    Ok((status.ok_or_else(gone)?, body))
}

/// The sample under an open window of ten minutes, on the machine's own clocks, copied for each test.
fn opened(to: &Path) -> (Real, String) {
    let world = World::sample();
    copy(&world.data(), to);
    let real = Real { folder: to.to_owned() };
    let token = real.token();
    real.done(OFF);
    assert!(real.is_relaxed(Moved::default()));
    (real, token)
}

#[test]
fn clocks_that_are_really_stepped_end_a_window_and_nothing_brings_it_back() {
    if let Err(why) = can_move_clocks() {
        return skip(&format!("clocks are not stepped for real: {why}"));
    }
    let folder = tempfile::tempdir().unwrap();
    let (template, token) = opened(&folder.path().join("template"));
    for (number, (moved, cause)) in [
        (Moved { wall: -60, boot: 0 }, Some("safety")),
        (Moved { wall: 60, boot: 0 }, Some("safety")),
        (Moved { wall: 700, boot: 0 }, Some("safety")),
        (Moved { wall: 0, boot: 60 }, Some("safety")),
        (Moved { wall: 0, boot: 700 }, Some("deadline")),
        // Like a machine that slept: both went on.
        (Moved { wall: 60, boot: 60 }, None),
        (Moved { wall: 700, boot: 700 }, Some("deadline")),
    ]
    .into_iter()
    .enumerate()
    {
        for is_served in [false, true] {
            let real = Real { folder: folder.path().join(format!("{number}-{is_served}")) };
            copy(&template.folder, &real.folder);
            if is_served {
                let status = Served::start(&real, moved).status(&token);
                assert_eq!(status == 200, cause.is_none(), "{moved:?}: {status}");
            } else {
                assert_eq!(real.is_relaxed(moved), cause.is_none(), "{moved:?}");
            }
            let Some(cause) = cause else { continue };
            // Clocks that are right again bring nothing back.
            assert!(!real.is_relaxed(Moved::default()), "{moved:?}");
            let report = real.done("guan report");
            assert!(report.contains(cause), "{moved:?}: {report}");
            real.done("guan ledger verify");
        }
    }
}

/// A small disk of its own; taken away when the test is over.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(at).unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=96m", "guan-test"]).arg(at);
        let ran = command.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
        ran.status.success().then(|| Self(at.to_owned())).ok_or(said)
    }

    /// Not a byte is left.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.0.join("ballast")).unwrap();
        let mut piece = vec![1_u8; 1 << 20];
        while !piece.is_empty() {
            if file.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn on_a_disk_that_is_really_full_nothing_is_relaxed_closing_works_and_space_brings_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let disk = match Disk::mount(&folder.path().join("disk")) {
        Ok(disk) => disk,
        Err(why) => return skip(&format!("no disk is filled for real: {why}")),
    };
    for is_closed_by_hand in [false, true] {
        let name = format!("guan-{is_closed_by_hand}");
        let (real, token) = opened(&disk.0.join(name));
        let served = Served::start(&real, Moved::default());
        assert_eq!(served.status(&token), 200);
        disk.fill();
        // What is free inside of the files is used up first; every answer until then has its row.
        let refused = (0..5_000).find(|_| served.status(&token) != 200);
        assert!(refused.is_some(), "relaxed without end on a full disk");
        for _ in 0..5 {
            assert_ne!(served.status(&token), 200, "on a full disk");
            let (code, _) = real
                .run(Moved::default(), &format!("guan check --as li.wei read Account {RECORD}"));
            assert_ne!(code, Some(0), "on a full disk");
        }
        if is_closed_by_hand {
            // Closed it is, by this or before, in the space that is kept for it.
            let _closed = real.run(Moved::default(), "guan on");
        }
        disk.free();
        assert_ne!(served.status(&token), 200, "with space again");
        assert!(!real.is_relaxed(Moved::default()), "with space again");
        drop(served);
        assert!(!real.is_relaxed(Moved::default()), "after a restart");
        real.done("guan ledger verify");
        let status = real.done("guan status --format json");
        let status: Value = serde_json::from_str(&status).unwrap();
        assert_eq!(status["overlays"], serde_json::json!([]), "the end is written");
        // And it goes on.
        real.done(OFF);
        assert!(real.is_relaxed(Moved::default()));
        std::fs::remove_dir_all(&real.folder).unwrap();
    }
}

#[test]
fn on_a_disk_that_is_really_full_a_server_refuses_what_it_cannot_keep_and_goes_on_with_space() {
    let folder = tempfile::tempdir().unwrap();
    let disk = match Disk::mount(&folder.path().join("disk")) {
        Ok(disk) => disk,
        Err(why) => return skip(&format!("no disk is filled for real: {why}")),
    };
    let real = Real { folder: disk.0.join("guan") };
    copy(&World::sample().data(), &real.folder);
    let token = real.token_of("lin.zhiyuan");
    let served = Served::start(&real, Moved::default());
    let ask = |head: &str, body: &Value| ask((&served.address, &token), head, body).unwrap();
    let record = format!("/api/v1/records/Account/{RECORD}");
    let name = || ask(&format!("GET {record}"), &Value::Null).1["fields"]["Name"]["clear"].clone();
    let rename =
        |name: &str| ask(&format!("PATCH {record}"), &json!({ "fields": { "Name": name } }));
    disk.fill();
    // What is free inside of the files is used up first; each of these is kept.
    let mut kept = name();
    let (status, problem) = (0..5_000)
        .map(|number| {
            let new = format!("{number:0>200}");
            let answer = rename(&new);
            if answer.0 == 200 {
                kept = new.into();
            }
            answer
        })
        .find(|(status, _)| *status != 200)
        .unwrap();
    assert_eq!((status, &problem["code"]), (507, &json!("storage_full")), "{problem}");
    for _ in 0..3 {
        assert_eq!(name(), kept, "what may be read is read, and nothing is half written");
        assert_eq!(rename("too much").0, 507);
        let question = json!({ "action": "read", "object": "Account", "record": RECORD });
        let (status, decision) = ask("POST /api/v1/check", &question);
        assert_eq!((status, &decision["decision"]), (200, &json!("allow")), "{decision}");
    }
    disk.free();
    assert_eq!(rename("with space again").0, 200);
    assert_eq!(name(), "with space again");
    served.kill();
    real.done("guan ledger verify");
}

#[test]
fn a_server_that_was_killed_relaxes_until_the_end_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::sample();
    world.clock = Clock::Machine.read();
    world.run(OFF).expect(Exit::Done);
    copy(&world.data(), folder.path());
    let real = Real { folder: folder.path().to_owned() };
    let token = real.token();
    let served = Served::start(&real, Moved::default());
    assert_eq!(served.status(&token), 200);
    // As by kill -9.
    drop(served);
    real.done("guan ledger verify");
    let served = Served::start(&real, Moved::default());
    assert_eq!(served.status(&token), 200);
    real.done("guan on");
    assert_ne!(served.status(&token), 200, "closed by another process");
}
