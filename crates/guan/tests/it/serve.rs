//! Serving: the first start, settings with their places, credentials at the command line, a stop that is asked for.

use crate::world::World;
use guan::Exit;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

const SERVE: &str = "guan serve --listen 127.0.0.1:0 --log off --for 0 --format json";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_first_start_makes_an_administrator_whose_password_is_shown_once() {
    let mut world = World::empty();
    let first = json(&world.run(SERVE).expect(Exit::Done));
    assert_eq!(first["administrator"]["user"], "admin");
    assert!(first["administrator"]["password"].as_str().unwrap().len() > 20);
    let second = json(&world.run(SERVE).expect(Exit::Done));
    assert_eq!(second["administrator"], Value::Null);
    assert!(second["address"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    world.run("guan ledger verify").expect(Exit::Done);
}

#[test]
fn a_setting_that_cannot_be_meant_stops_the_start_and_names_its_place() {
    let mut world = World::sample();
    std::fs::write(world.data().join("guan.toml"), "caller_rates = 5\n").unwrap();
    let said = world.run(SERVE).complains(Exit::Usage);
    assert!(said.contains("guan.toml") && said.contains("caller_rates"), "{said}");
    world.run("guan serve --config nowhere.toml --for 0").complains(Exit::Failed);
}

#[test]
fn a_token_shows_its_secret_once_and_ends_when_it_is_revoked() {
    let mut world = World::sample();
    let line = "guan token create li.wei --name reports --network 10.0.0.0/8 --format json";
    let made = json(&world.run(line).expect(Exit::Done));
    let secret = made["secret"].as_str().unwrap().to_owned();
    let listed = world.run("guan token list").expect(Exit::Done);
    let id = made["id"].as_str().unwrap();
    assert!(listed.contains(id) && !listed.contains(&secret), "{listed}");
    world.run(&format!("guan token revoke {id}")).expect(Exit::Done);
    assert!(!world.run("guan token list").expect(Exit::Done).contains(id));
    world.run(&format!("guan token revoke {id}")).complains(Exit::Usage);
    world.run("guan token create li.wei --name x --scope everything").complains(Exit::Usage);
    world.run("guan token create li.wei --name x --network here").complains(Exit::Usage);
}

#[test]
fn a_password_for_one_time_is_another_one_each_time() {
    let mut world = World::sample();
    let first = world.run("guan user password li.wei").expect(Exit::Done);
    assert_ne!(first, world.run("guan user password li.wei").expect(Exit::Done));
    world.run("guan user password nobody.here").complains(Exit::Usage);
}

#[test]
fn whoever_runs_the_machine_puts_an_administrator_into_office() {
    let mut world = World::sample();
    let made = world.run("guan user administrator li.wei").expect(Exit::Done);
    assert!(made.contains("is an administrator now"), "{made}");
    let again = world.run("guan user administrator li.wei --lang zh").expect(Exit::Done);
    assert!(again.contains("已是管理员"), "{again}");
    let log = world.run("guan ledger export").expect(Exit::Done);
    assert!(log.contains("put into office at the machine"), "it is in the ledger");
    world.run("guan user administrator nobody.here").complains(Exit::Usage);
}

/// Sends one request and gives the whole answer; the server closes the connection.
fn ask(address: &str, (head, token): (&str, Option<&str>), body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{token}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The log of a server that answered one question of access and refused another.
fn log_of_two_questions(world: &World, secret: &str, log_questions: &str) -> String {
    let mut server = Command::new(env!("CARGO_BIN_EXE_guan"))
        .args(["serve", "--listen", "127.0.0.1:0", "--for", "300", "--log", "json", "--data"])
        .arg(world.data())
        .args(["--format", "json"])
        .env("GUAN_LOG_QUESTIONS", log_questions)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = serde_json::Deserializer::from_reader(server.stdout.take().unwrap());
    let said: Value = said.into_iter().next().unwrap().unwrap();
    let address = said["address"].as_str().unwrap().replace("http://", "");
    let question = r#"{"action":"read","object":"Account"}"#;
    let asking = ("POST /api/v1/check", Some(secret));
    let answer = ask(&address, asking, question);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(ask(&address, asking, "[]").starts_with("HTTP/1.1 422"));
    assert!(
        Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success()
    );
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(server.wait().unwrap().success());
    log
}

#[test]
fn questions_that_were_answered_are_in_the_log_when_that_is_wanted() {
    let world = World::sample();
    // By the clock of the machine, as the server.
    let made = Command::new(env!("CARGO_BIN_EXE_guan"))
        .args(["token", "create", "li.wei", "--name", "asks", "--scope", "read"])
        .args(["--format", "json", "--data"])
        .arg(world.data())
        .output()
        .unwrap();
    let made = json(&String::from_utf8(made.stdout).unwrap());
    let secret = made["secret"].as_str().unwrap().to_owned();
    for (wanted, lines) in [("false", 1), ("true", 2)] {
        let log = log_of_two_questions(&world, &secret, wanted);
        let asked = log.lines().filter(|line| line.contains(r#""operation":"check""#));
        assert_eq!(asked.count(), lines, "log_questions = {wanted}: {log}");
        assert!(!log.contains(&secret), "{log}");
    }
}

#[test]
fn the_demo_lets_its_accounts_in_and_ends_well_when_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_guan"))
        .args(["demo", "--listen", "127.0.0.1:0", "--for", "300", "--data"])
        .arg(folder.path().join("guan-data"))
        .env("GUAN_LANG", "en")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(demo.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let words = |start: &str| -> Vec<String> {
        let line = said.iter().find(|line| line.trim().starts_with(start)).unwrap();
        line.split_whitespace().map(str::to_owned).collect()
    };
    let address = words("address:")[1].replace("http://", "");
    for role in ["administrator", "manager", "sales"] {
        let account = words(role);
        let body = format!(r#"{{"user":"{}","password":"{}"}}"#, account[1], account[2]);
        let answer = ask(&address, ("POST /api/v1/sessions", None), &body);
        assert!(answer.starts_with("HTTP/1.1 201"), "{role}: {answer}");
    }
    let stopped = Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert!(demo.wait().unwrap().success());
}
