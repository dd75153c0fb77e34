//! Off and on: who is relaxed, what is recorded, and everything that ends it.

use crate::world::World;
use guan::Exit;
use guan_engine::model::Span;
use guan_store::{Caller, Change, Entity, EntityKind, Store};
use insta::assert_snapshot;

const OFF: &str = "guan off --objects Account --layers record --for li.wei --length 10m --reason \"merge duplicates\" --yes";
const MUNICH: &str = "read Account 0015g000000CaSIAA0";

fn ask(world: &mut World, user: &str) -> Exit {
    world.run(&format!("guan check --as {user} {MUNICH}")).exit
}

fn open() -> World {
    let mut world = World::sample();
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
    world.run(OFF).expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    world
}

fn status(world: &mut World) -> serde_json::Value {
    serde_json::from_str(&world.run("guan status --format json").expect(Exit::Done)).unwrap()
}

/// The window is over, says so, and leaves a record; the ledger holds.
#[track_caller]
fn is_enforced(world: &mut World, because: &str) {
    assert_eq!(ask(world, "li.wei"), Exit::Denied);
    let now = status(world);
    assert_eq!(now["effective_end"], serde_json::Value::Null);
    assert_eq!(now["overlays"].as_array().unwrap().len(), 0, "the end is written");
    let report = world.run("guan report").expect(Exit::Done);
    assert!(report.contains(because), "{report}");
    assert!(report.contains("equal: nothing of the policy was touched"), "{report}");
    world.run("guan ledger verify").expect(Exit::Done);
}

#[test]
fn a_window_relaxes_its_audience_and_nobody_else() {
    let mut world = open();
    let out = world.run(&format!("guan check --as li.wei {MUNICH}")).expect(Exit::Done);
    assert!(out.starts_with("ALLOWED by a window"), "{out}");
    assert!(out.contains("the policy refuses at stage 3"), "{out}");
    assert_eq!(ask(&mut world, "chen.jie"), Exit::Denied);
    let out = world.run("guan check --as li.wei delete Account 0015g000000CaSIAA0");
    assert_eq!(out.exit, Exit::Denied, "the function permission stays closed");
}

#[test]
fn every_would_deny_is_in_the_report() {
    let mut world = open();
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    world.run("guan on").expect(Exit::Done);
    let out = world.run("guan report --format json").expect(Exit::Done);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["would_denies"]["total"], 2);
    assert_eq!(report["would_denies"]["refusals"]["out_of_reach"], 2);
    assert_eq!(report["policy"]["unchanged"], true);
    assert_eq!(report["backup"]["holds"], true);
    let told = world.run("guan report").expect(Exit::Done);
    let sum = "refused: 2 questions, 0 records and lists, 0 writes";
    assert!(told.contains(sum), "{told}");
    // People read words; programs got the codes.
    assert!(told.contains("record out of reach") && !told.contains("out_of_reach"), "{told}");
    assert!(!told.contains("overlay_opened") && told.contains("opened"), "{told}");
}

#[test]
fn lists_and_counts_under_a_window_are_recorded() {
    let mut world = open();
    let alone = world.run("guan count --as chen.jie Account").expect(Exit::Done);
    assert!(!alone.contains("window"), "{alone}");
    let counted = world.run("guan count --as li.wei Account").expect(Exit::Done);
    assert!(counted.contains("only by a window"), "{counted}");
    world.run("guan list --as li.wei Account --limit 5").expect(Exit::Done);
    world.run("guan on").expect(Exit::Done);
    let out = world.run("guan report --format json").expect(Exit::Done);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["lists"].as_array().unwrap().len(), 2, "{report}");
}

#[test]
fn closing_by_hand_ends_it_at_once() {
    let mut world = open();
    world.run("guan on --reason done").expect(Exit::Done);
    is_enforced(&mut world, "by hand: done");
}

#[test]
fn the_end_comes_by_itself_and_the_next_command_records_it() {
    let mut world = open();
    world.wait(Span::minutes(10));
    let ran = world.run(&format!("guan check --as li.wei {MUNICH}"));
    assert!(ran.err.contains("ended at"), "{}", ran.err);
    ran.expect(Exit::Denied);
    is_enforced(&mut world, "deadline");
}

#[test]
fn a_reboot_ends_it() {
    let mut world = open();
    world.reboot();
    is_enforced(&mut world, "the machine was started anew");
}

#[test]
fn a_window_that_survives_a_reboot_goes_on_and_still_ends() {
    let mut world = World::sample();
    world.run(&format!("{OFF} --survives-reboot")).expect(Exit::Done);
    world.reboot();
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    world.wait(Span::minutes(10));
    is_enforced(&mut world, "deadline");
}

#[test]
fn a_wall_clock_set_back_or_forward_ends_it() {
    for (moved, because) in [
        (Span::minutes(-30), "the wall clock was set back"),
        (Span::minutes(5), "the clocks disagree"),
        (Span::minutes(600), "change of the clock"),
    ] {
        let mut world = open();
        world.clock.wall = world.clock.wall.plus(moved);
        is_enforced(&mut world, because);
    }
}

#[test]
fn a_boot_clock_that_cannot_be_read_enforces_and_opens_nothing() {
    let mut world = open();
    let seen = world.clock.boot_clock.take();
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
    assert!(status(&mut world)["overlays"][0]["dormant"] == "no_boot_clock");
    let err = world.run(OFF).complains(Exit::Failed);
    assert!(err.contains("boot clock"), "{err}");
    world.clock.boot_clock = seen;
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
}

#[test]
fn another_moment_is_asked_of_the_policy_alone() {
    let mut world = open();
    let line = format!("guan check --as li.wei --at 2026-01-15T02:02:00Z {MUNICH}");
    world.run(&line).expect(Exit::Denied);
}

#[test]
fn nothing_opens_without_audience_scope_reason_length_or_consent() {
    let mut world = World::sample();
    for (line, missing) in [
        ("guan off --objects Account --reason x --yes", "a window needs an audience"),
        ("guan off --for li.wei --reason x --yes", "--everything"),
        ("guan off --objects Account --for li.wei --yes", "--reason"),
        ("guan off --objects Account --for li.wei --reason \"  \" --yes", "--reason"),
        ("guan off --objects Account --for li.wei --reason x --length 5h --yes", "(too_long)"),
        ("guan off --objects Account --for li.wei --reason x --length 0s --yes", "(too_short)"),
        ("guan off --objects Account --for li.wei --reason x --length=-5m --yes", "(too_short)"),
        (
            "guan off --objects Account --for li.wei --reason x --starts 2020-01-01T00:00:00Z --yes",
            "(in_the_past)",
        ),
        (
            "guan off --objects Account --for li.wei --networks 10.0.0.0/99 --reason x --yes",
            "10.0.0.0/99` is not a network",
        ),
        (
            "guan off --objects Account --for li.wei --networks 10.0.0.0/8,home --reason x --yes",
            "(unreadable_network)",
        ),
        ("guan off --layers planets --for li.wei --reason x --yes", "planets"),
        ("guan off --objects Account --for li.wei --reason x", "--yes"),
        ("guan off --objects Acount --for li.wei --reason x --yes", "did you mean Account"),
        ("guan off --objects Account --for nobody.at.all --reason x --yes", "nobody.at.all"),
    ] {
        let err = world.run(line).complains(Exit::Usage);
        assert!(err.contains(missing), "{line}: {err}");
    }
    assert_eq!(status(&mut world)["overlays"].as_array().unwrap().len(), 0);
}

/// A request of the administrator that waits for Wang Fang, with her password.
fn waiting() -> (World, &'static str, String) {
    let mut world = World::sample();
    let wang = "wang.fang@lanhai.example";
    let password = world.approvers(&[wang]).remove(0);
    world.run("guan switch --usual 1").expect(Exit::Done);
    (world, wang, password)
}

#[test]
fn nothing_opens_for_the_requester_under_another_name() {
    let (mut world, wang, password) = waiting();
    let caller = Caller::local("test");
    let mut store = Store::open(world.data(), &caller, &world.clock).unwrap();
    let organization = store.organizations().unwrap().remove(0);
    let mut user = store.policy(&organization).unwrap().1.users.remove(wang).unwrap();
    user.attributes.insert("Email".to_owned(), " ADMIN".into());
    let expected = store.current_revision(&organization).unwrap();
    let put = vec![Entity::new(EntityKind::User, wang, &user).unwrap()];
    let (remove, reason) = (vec![], "the same person".to_owned());
    let change = Change::EditPolicy { organization, expected, put, remove, reason };
    store.write(&caller, &world.clock, &change).unwrap();
    drop(store);
    world.run(OFF).expect(Exit::Done);
    world.password = Some(password);
    let err = world.run(&format!("guan approve --by {wang}")).complains(Exit::Failed);
    assert!(err.contains("(approval_does_not_count)"), "{err}");
    let err = world.run("guan approve --by admin").complains(Exit::Failed);
    assert!(err.contains("password"), "{err}");
    world.run("guan open").complains(Exit::Usage);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
}

#[test]
fn nothing_opens_by_a_row_that_was_forged_or_with_a_key_that_has_ended() {
    let (mut world, wang, password) = waiting();
    world.run(OFF).expect(Exit::Done);
    let asked = world.run("guan windows --format json").expect(Exit::Done);
    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    let id = asked[0]["request"]["id"].as_str().unwrap();
    let database = rusqlite::Connection::open(world.data().join("guan.db")).unwrap();
    let original: (String, String) = database
        .query_row("SELECT state, body FROM window_request", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let forged = original.1.replace("\"state\":\"backed_up\"", "\"state\":\"approved\"");
    assert_ne!(forged, original.1);
    let put = "UPDATE window_request SET state = ?1, body = ?2";
    database.execute(put, ["approved", &forged]).unwrap();
    let err = world.run(&format!("guan open {id}")).complains(Exit::Failed);
    assert!(err.contains("was changed from outside") && err.contains("(not_whole)"), "{err}");
    database.execute(put, [&original.0, &original.1]).unwrap();
    drop(database);
    world.password = Some(password);
    world.run(&format!("guan approve --by {wang}")).expect(Exit::Done);
    let again = world.run(&format!("guan approve {id} --by {wang}")).complains(Exit::Failed);
    assert!(again.contains("(approval_does_not_count)"), "{again}");
    let side = world.data().join("installation.toml");
    let text = std::fs::read_to_string(&side).unwrap();
    std::fs::write(&side, format!("key_ends = \"2026-01-01T00:00:00Z\"\n{text}")).unwrap();
    let err = world.run("guan open").complains(Exit::Failed);
    assert!(err.contains("key") && err.contains("(hindered)"), "{err}");
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
}

#[test]
fn the_preview_says_who_gains_how_much() {
    let mut world = World::sample();
    let line = OFF.replace(" --yes", "");
    assert_snapshot!(world.run(&line).expect(Exit::Usage), @r"
    suspension of objects Account · layers records · others enforced
    for 李薇 (li.wei@lanhai.example)
    length 10 min · merge duplicates
    preview: what would change
      1 user is concerned
      李薇 (li.wei@lanhai.example): read Account: +37 −0 records
      李薇 (li.wei@lanhai.example): edit Account: +38 −0 records
      the largest gain: 李薇 (li.wei@lanhai.example), 38 records of Account (edit)
      stay closed: protected fields Account.Bank_Account__c, Account.Credit_Limit__c
      stay closed: sign-in, other organizations, export, import, bulk changes, Guan itself
    ");
}

#[test]
fn others_can_be_locked_out_while_it_lasts() {
    let mut world = World::sample();
    world.run(&format!("{OFF} --others locked-out")).expect(Exit::Done);
    let out = world.run("guan check --as anna.bauer read Account 0015g000000CaSIAA0");
    assert!(out.expect(Exit::Denied).contains("locks everybody else out"));
    world.run("guan on").expect(Exit::Done);
    assert_eq!(ask(&mut world, "anna.bauer"), Exit::Done);
}

#[test]
fn a_set_can_be_given_and_a_rule_taken_for_a_while() {
    let mut world = World::sample();
    let (one, other) = ("wang.fang@lanhai.example", "chen.jie@lanhai.example");
    let passwords = world.approvers(&[one, other]);
    let out = world
        .run("guan off --elevate Audit_View_All --for li.wei --reason audit --yes")
        .expect(Exit::Done);
    assert!(out.contains("somebody else has to agree"), "it shows protected fields: {out}");
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
    for (user, password) in [one, other].into_iter().zip(passwords) {
        world.password = Some("not this".to_owned());
        let err = world.run(&format!("guan approve --by {user}")).complains(Exit::Failed);
        assert!(err.contains("the password is not theirs"), "{err}");
        world.password = Some(password);
        world.run(&format!("guan approve --by {user}")).expect(Exit::Done);
    }
    world.run("guan open").expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    world.run("guan on --all").expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
    let strategic = "guan check --as ma.li read Account 0015g000000CaStAAK";
    world.run(strategic).expect(Exit::Done);
    let rule = "rule:Account/criteria/Strategic_Accounts_to_Finance";
    world.run(&format!("guan off --disable {rule} --reason mend --yes")).expect(Exit::Done);
    world.run(strategic).expect(Exit::Denied);
    world.run("guan on").expect(Exit::Done);
    world.run(strategic).expect(Exit::Done);
}

#[test]
fn a_window_is_approved_by_somebody_else_and_reviewed_by_them() {
    let mut world = World::sample();
    let wang = "wang.fang@lanhai.example";
    let password = world.approvers(&[wang]).remove(0);
    world.run("guan switch --usual 1").expect(Exit::Done);
    let out = world.run(OFF).expect(Exit::Done);
    assert!(out.contains("not open yet"), "{out}");
    let err = world.run("guan open").complains(Exit::Usage);
    assert!(err.contains("no such request"), "{err}");
    let err = world.run(&format!("guan approve --by {wang}")).complains(Exit::Usage);
    assert!(err.contains("GUAN_PASSWORD"), "{err}");
    world.password = Some(password);
    world.run(&format!("guan approve --by {wang}")).expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
    world.run("guan open").expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    world.run("guan on").expect(Exit::Done);
    let listed = world.run("guan windows --format json").expect(Exit::Done);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["request"]["state"], "reported");
    world.run(&format!("guan review --by {wang}")).expect(Exit::Done);
    let out = world.run("guan report --format json").expect(Exit::Done);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["request"]["review"]["by"], wang);
    assert_eq!(report["self_test"]["refused"], 1);
    assert_eq!(report["floor"]["touched"], serde_json::json!([]));
    let out = world.run("guan undo --dry-run").expect(Exit::Done);
    assert!(out.contains("nothing to undo"), "{out}");
}

#[test]
fn an_emergency_is_opened_with_a_password_and_ends_in_a_quarter_of_an_hour() {
    let mut world = World::sample();
    let out = world.run("guan user password admin --format json").expect(Exit::Done);
    let out: serde_json::Value = serde_json::from_str(&out).unwrap();
    let line =
        "guan off --objects Account --layers record --for li.wei --emergency --reason fire --yes";
    world.run(line).complains(Exit::Usage);
    world.password = out["password"].as_str().map(str::to_owned);
    world.run(line).expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Done);
    let listed = world.run("guan windows").expect(Exit::Done);
    assert!(listed.contains("open · emergency"), "{listed}");
    let listed = world.run("guan windows --format csv").expect(Exit::Done);
    assert!(listed.contains(",open,emergency,"), "{listed}");
    let err = world.run(line).complains(Exit::Failed);
    assert!(err.contains("not reviewed yet"), "{err}");
    world.wait(Span::minutes(15));
    is_enforced(&mut world, "deadline");
}

#[test]
fn two_windows_need_a_name_or_all() {
    let mut world = open();
    world.run(OFF).expect(Exit::Done);
    let err = world.run("guan on").complains(Exit::Usage);
    assert!(err.contains("--all"), "{err}");
    world.run("guan on --all").expect(Exit::Done);
    assert_eq!(ask(&mut world, "li.wei"), Exit::Denied);
}

#[test]
fn a_policy_waits_while_a_window_is_open() {
    let mut world = open();
    let sample = crate::world::examples();
    let line = format!("guan import salesforce {} --yes", sample.join("force-app").display());
    let before = world.run("guan matrix --subject li.wei --format csv").expect(Exit::Done);
    let out = world.run(&line).expect(Exit::Losses);
    assert!(out.contains("it waits as e-"), "{out}");
    let after = world.run("guan matrix --subject li.wei --format csv").expect(Exit::Done);
    assert_eq!(before, after, "nothing of it holds while the window is open");
}
