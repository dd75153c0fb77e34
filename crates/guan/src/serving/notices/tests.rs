//! Receivers on this machine: one that was down hears everything later and in order, and one that was cut off hears it again.

use super::deliver;
use super::receiver::{Receiver, WrittenNotices, signature};
use guan_engine::model::{
    Audience, Moment, Object, Organization, Others, OverlayEffect, Policy, Principal, Span,
    SuspensionScope, User,
};
use guan_store::{
    Caller, Change, ClockReading, Gate, Opened, OutboxNotice, OverlayRequest, RecordsChange, Store,
};
use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

const SECRET: &str = "a secret of the tests";

/// An installation with one organization, and a clock that is moved by hand.
struct Here {
    _folder: tempfile::TempDir,
    gate: Arc<Gate>,
    clock: RefCell<ClockReading>,
}

impl Here {
    fn new() -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let clock = ClockReading::new(Moment(1_769_846_400_000), Span(0), "boot-1");
        let caller = Caller::local("ada");
        let mut store = Store::create(folder.path(), &caller, &clock).unwrap();
        let organization = Organization { id: "acme".into(), ..Organization::default() };
        let change =
            Change::CreateOrganization { organization: organization.clone(), reason: "x".into() };
        store.write(&caller, &clock, &change).unwrap();
        let mut policy = Policy { organization, ..Policy::default() };
        policy.objects.insert("Account".into(), Object::default());
        policy.users.insert("bo".into(), User { active: true, ..User::default() });
        let change = Change::ReplacePolicy {
            policy: Box::new(policy),
            expected: 1,
            records: RecordsChange::Keep,
            reason: "x".into(),
        };
        store.write(&caller, &clock, &change).unwrap();
        let gate = Gate::over(store, &clock);
        Self { _folder: folder, gate, clock: RefCell::new(clock) }
    }

    fn now(&self) -> ClockReading {
        self.clock.borrow().clone()
    }

    fn later(&self, span: Span) {
        let mut clock = self.clock.borrow_mut();
        clock.wall = clock.wall.plus(span);
        clock.boot_clock = clock.boot_clock.map(|clock| Span(clock.0 + span.0));
    }

    fn open(&self) -> Opened {
        let objects = ["Account".into()].into();
        let scope = SuspensionScope { objects, ..SuspensionScope::default() };
        let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
        let users = [Principal::User("bo".into())].into();
        let audience = Audience { users, networks: vec![] };
        let request = OverlayRequest::new("acme", effect, audience, "the firm Secret & Co");
        self.gate.open_overlay(&Caller::local("ada"), &self.now(), &request).unwrap()
    }

    /// The whole life of a window: opened, half time, five minutes left, closed by its deadline.
    fn a_window(&self) {
        self.open();
        for _ in 0..2 {
            self.gate.remind(&self.now()).unwrap();
            self.later(Span::minutes(16));
            self.gate.remind(&self.now()).unwrap();
            self.later(Span::minutes(10));
            self.gate.remind(&self.now()).unwrap();
        }
        self.gate.sweep(&Caller::system(), &self.now()).unwrap();
    }

    fn keep(&self, receiver: &Receiver) {
        self.gate.keep_receivers(&self.now(), std::slice::from_ref(&receiver.name)).unwrap();
    }

    fn deliver(&self, receiver: &Receiver) {
        deliver(&self.gate, &|| self.now(), receiver).unwrap();
    }

    fn waiting(&self) -> (u64, u64) {
        let lag = self.gate.read(|reader| reader.notice_lag(&"acme".into())).unwrap();
        (lag[0].waiting, lag[0].failures)
    }
}

fn receiver(settings: &str) -> Receiver {
    let written: WrittenNotices = toml::from_str(settings).unwrap();
    written.receivers().unwrap().receivers.remove(0)
}

fn webhook(port: u16) -> Receiver {
    receiver(&format!(
        "[[webhooks]]\nurl = \"http://127.0.0.1:{port}/hook\"\nsecret = \"{SECRET}\"\n"
    ))
}

/// A request as a webhook gets it: head in small letters, and body.
fn request(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let head = head.to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Answers so many requests with these statuses, and gives what came.
fn answering(listener: TcpListener, statuses: &[u16]) -> JoinHandle<Vec<(String, String)>> {
    let statuses = statuses.to_vec();
    std::thread::spawn(move || {
        let mut came = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            came.push(request(&stream));
            let answer =
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
        came
    })
}

fn kinds(came: &[(String, String)]) -> Vec<String> {
    let kind = |body: &str| {
        let value: serde_json::Value = serde_json::from_str(body).unwrap();
        value["kind"].as_str().unwrap().to_owned()
    };
    came.iter().map(|(_, body)| kind(body)).collect()
}

#[test]
fn a_webhook_that_was_down_hears_everything_later_in_order_and_signed() {
    let here = Here::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let receiver = webhook(port);
    here.keep(&receiver);
    here.a_window();
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (4, 1));
    // Paused: not even tried.
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (4, 1));
    here.later(Span::seconds(6));
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let answering = answering(listener, &[503, 200, 200, 204, 200]);
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (4, 2), "it was up and did not take it");
    here.later(Span::seconds(11));
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (0, 0));
    let came = answering.join().unwrap();
    assert_eq!(kinds(&came), ["opened", "opened", "half_time", "five_minutes_left", "closed"]);
    for (head, body) in &came {
        let signed = signature(SECRET, body.as_bytes()).unwrap();
        assert!(head.contains(&format!("guan-signature: {signed}")), "{head}");
        assert!(!body.contains("Secret & Co"), "no words of people: {body}");
    }
    assert!(came[4].1.contains("\"cause\":\"deadline\""), "{}", came[4].1);
}

#[test]
fn a_process_that_ends_between_sending_and_noting_sends_again() {
    let here = Here::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let receiver = webhook(listener.local_addr().unwrap().port());
    here.keep(&receiver);
    here.open();
    let answering = answering(listener, &[200, 200]);
    let notice = here.gate.next_notice(&here.now(), &receiver.name).unwrap().unwrap();
    receiver.send(&notice).unwrap();
    // Nothing was noted. Another process does not send the same at once, and does later.
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (1, 0));
    here.later(Span::minutes(2));
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (0, 0));
    let came = answering.join().unwrap();
    assert_eq!(came[0].1, came[1].1);
}

/// Takes what one connection brings, and gives all that was said.
fn mail_server(listener: TcpListener) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let (mut reader, mut writer) = (BufReader::new(&stream), &stream);
        let (mut all, mut is_data) = (String::new(), false);
        writer.write_all(b"220 here\r\n").unwrap();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap() == 0 {
                return all;
            }
            all.push_str(&line);
            let answer = match line.trim_end() {
                "." if is_data => "250 taken",
                _ if is_data => continue,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            is_data = answer.starts_with("354");
            writer.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
            if answer.starts_with("221") {
                return all;
            }
        }
    })
}

#[test]
fn mail_goes_to_everybody_in_both_languages() {
    let here = Here::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let receiver = receiver(&format!(
        "smtp = \"smtp://127.0.0.1:{port}\"\nfrom = \"guan@example.com\"\nto = [\"ada@example.com\", \"bo@example.com\"]\n"
    ));
    here.keep(&receiver);
    here.open();
    let server = mail_server(listener);
    here.deliver(&receiver);
    assert_eq!(here.waiting(), (0, 0));
    drop(receiver);
    let all = server.join().unwrap();
    assert!(all.contains("RCPT TO:<ada@example.com>") && all.contains("RCPT TO:<bo@example.com>"));
    assert!(all.contains("Message-ID: <acme.1.w-"), "{all}");
    assert!(all.contains("Content-Transfer-Encoding"), "both languages: {all}");
}

#[test]
fn somebody_who_is_not_in_the_settings_is_mailed_apart_and_who_is_not_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let receiver = receiver(&format!(
        "smtp = \"smtp://127.0.0.1:{port}\"\nfrom = \"guan@example.com\"\nto = [\"ada@example.com\"]\n"
    ));
    assert!(receiver.is_mail() && !webhook(port).is_mail());
    let notice = OutboxNotice {
        organization: "acme".into(),
        number: 3,
        kind: "approval_wanted".into(),
        overlay: "w-1".into(),
        effect: "suspension".into(),
        at: Moment(0),
        starts: None,
        ends: None,
        cause: None,
    };
    // Nobody answers yet, so anything sent would fail.
    receiver.send_also(&notice, "ada@example.com").unwrap();
    assert!(receiver.send_also(&notice, "bob").unwrap_err().contains("`bob`"));
    let server = mail_server(listener);
    receiver.send_also(&notice, "bob@example.com").unwrap();
    drop(receiver);
    let all = server.join().unwrap();
    assert!(all.contains("RCPT TO:<bob@example.com>") && !all.contains("ada@"), "{all}");
    assert!(all.contains("Message-ID: <bob.acme.3.w-1@"), "{all}");
}

#[test]
fn what_would_leave_the_machine_unencrypted_is_refused() {
    for (settings, what) in [
        ("smtp = \"smtp://mail.example.com\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\"]", "smtps://"),
        ("smtp = \"smtp://127.0.0.1\"", "`from`"),
        ("smtp = \"smtp://127.0.0.1\"\nfrom = \"nobody\"\nto = [\"a@b.c\"]", "`nobody`"),
        ("[[webhooks]]\nurl = \"http://example.com\"\nsecret = \"0123456789abcdef\"", "https://"),
        (
            "[[webhooks]]\nurl = \"http://localhost@example.com/\"\nsecret = \"0123456789abcdef\"",
            "https://",
        ),
        ("[[webhooks]]\nurl = \"https://example.com\"\nsecret = \"short\"", "16 bytes"),
    ] {
        let written: WrittenNotices = toml::from_str(settings).unwrap();
        let error = written.receivers().map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(what), "{settings}: {error}");
    }
}
