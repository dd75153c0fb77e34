//! Questions and their answers in every form.

use crate::world::{World, copy, examples};
use guan::Exit;
use insta::assert_snapshot;
use std::fs;

/// The customer of Li Wei, and the one in Munich.
const HERS: &str = "0015g000000CaRhAAK";
const MUNICH: &str = "0015g000000CaSIAA0";

#[test]
fn an_allowed_answer_names_the_path_by_name_and_id() {
    let out = World::sample().run(&format!("guan check --as wang.fang read Account {HERS}"));
    assert_snapshot!(out.expect(Exit::Done), @r"
    ALLOWED  王芳 (wang.fang@lanhai.example) · read · Account 深圳南屿精密仪器有限公司 (0015g000000CaRhAAK)
      by above in Role hierarchy (role), from the owner 李薇 (li.wei@lanhai.example): full
    ");
}

#[test]
fn a_refusal_names_stage_and_reason_and_what_would_be_enough() {
    let out = World::sample().run(&format!("guan explain --as li.wei read Account {MUNICH}"));
    assert_snapshot!(out.expect(Exit::Denied), @r"
    DENIED  李薇 (li.wei@lanhai.example) · read · Account Isarwinkel Messtechnik GmbH (0015g000000CaSIAA0)
      refused at stage 3 reach of the record
      because a set grants the action, but neither its scope nor any path reaches this record
      any of these would be enough:
        - share the record with the user: read
        - place at Service 售后服务 (Service)
        - assign a set that reaches every record: Integration Sync 系统集成 (Integration_Sync)
        - assign a set that reaches every record: Audit View All 审计只读 (Audit_View_All)
        - assign a set that reaches every record: Admin (profile/Admin)
    ");
}

#[test]
fn a_hidden_field_refuses_at_the_last_stage() {
    let line = format!("guan check --as li.wei read Account {HERS} --fields Credit_Limit__c");
    assert_snapshot!(World::sample().run(&line).expect(Exit::Denied), @r"
    DENIED  李薇 (li.wei@lanhai.example) · read · Account 深圳南屿精密仪器有限公司 (0015g000000CaRhAAK) · fields 信用额度 Credit Limit (Credit_Limit__c)
      refused at stage 5 field permission
      because field 信用额度 Credit Limit (Credit_Limit__c) is hidden from this user
    ");
}

#[test]
fn programs_get_the_decision_as_json() {
    let line = format!("guan check --as li.wei read Account {MUNICH} --format json");
    let out = World::sample().run(&line).expect(Exit::Denied);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["decision"], "deny");
    assert_eq!(value["why"], "out_of_reach");
    assert_eq!(value["stage"], "reach");
    assert_eq!(value["subject"], "li.wei@lanhai.example");
    assert_eq!(value["revision"], 3);
}

#[test]
fn spreadsheets_get_one_row() {
    let line = format!("guan check --as li.wei read Account {HERS} --format csv");
    assert_snapshot!(World::sample().run(&line).expect(Exit::Done), @r"
    subject,action,object,record,decision,why
    li.wei@lanhai.example,read,Account,0015g000000CaRhAAK,allow,
    ");
}

#[test]
fn unknown_names_are_refused_and_the_nearest_are_offered() {
    let mut world = World::sample();
    for (line, near) in [
        (format!("guan check --as li.wie read Account {HERS}"), "李薇 (li.wei@lanhai.example)"),
        (format!("guan check --as li.wei raed Account {HERS}"), "did you mean read?"),
        (format!("guan check --as li.wei read Acount {HERS}"), "did you mean Account?"),
        ("guan check --as li.wei read Account 南屿".to_owned(), HERS),
        (
            format!("guan check --as li.wei read Account {HERS} --fields Credit_Limt__c"),
            "(Credit_Limit__c)?",
        ),
    ] {
        let out = world.run(&line).expect(Exit::Denied);
        assert!(out.starts_with("DENIED"), "{out}");
        assert!(out.contains(near), "{line}: {out}");
    }
}

#[test]
fn a_part_of_a_name_must_fit_one_user_only() {
    let mut world = World::sample();
    let line = format!("guan check --as 李薇 read Account {HERS}");
    world.run(&line).expect(Exit::Done);
    let out = world.run("guan count --as li Account").complains(Exit::Usage);
    assert!(out.contains("fits"), "{out}");
}

#[test]
fn a_question_needs_a_subject() {
    let err = World::sample().run("guan check read Account").complains(Exit::Usage);
    assert!(err.contains("--as"), "{err}");
}

#[test]
fn address_and_moment_of_the_session_count() {
    let mut world = World::sample();
    let ask = |from: &str, at: &str| {
        format!("guan check --as sun.hao --from {from} --at {at} read Account 0015g000000CaU5AAK")
    };
    world.run(&ask("192.0.2.15", "2026-01-15T02:00:00Z")).expect(Exit::Done);
    let out = world.run(&ask("203.0.113.9", "2026-01-15T02:00:00Z")).expect(Exit::Denied);
    assert!(out.contains("1 session"), "{out}");
    world.run(&ask("192.0.2.15", "2026-01-18T02:00:00Z")).expect(Exit::Denied);
}

#[test]
fn a_list_goes_on_behind_its_cursor_and_count_is_its_length() {
    let mut world = World::sample();
    let count: usize =
        world.run("guan count --as wang.fang Account").expect(Exit::Done).trim().parse().unwrap();
    let all = world.run("guan list --as wang.fang Account --all --format csv").expect(Exit::Done);
    assert_eq!(all.lines().count() - 1, count);
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let line = format!("guan list --as wang.fang Account --limit 3 --format json{after}");
        let page: serde_json::Value =
            serde_json::from_str(&world.run(&line).expect(Exit::Done)).unwrap();
        ids.extend(page["records"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!(" --after {next}"),
            None => break,
        }
    }
    assert_eq!(ids.len(), count);
}

#[test]
fn who_and_check_agree() {
    let mut world = World::sample();
    let out = world.run(&format!("guan who read Account {MUNICH} --format csv")).expect(Exit::Done);
    let named: Vec<&str> =
        out.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    for (user, may) in [("li.wei", false), ("ma.li", true), ("anna.bauer", true)] {
        let exit = if may { Exit::Done } else { Exit::Denied };
        world.run(&format!("guan check --as {user} read Account {MUNICH}")).expect(exit);
        let id = format!("{user}@lanhai.example");
        assert_eq!(named.contains(&id.as_str()), may, "{user}");
    }
}

#[test]
fn the_matrix_of_a_subject_is_whole_and_readable_by_machines() {
    let mut world = World::sample();
    let out = world.run("guan matrix --subject li.wei --format csv").expect(Exit::Done);
    assert_eq!(out.lines().next(), Some("kind,subject,object,field,action,value"));
    for row in [
        "object,li.wei@lanhai.example,Account,,read,reachable",
        "object,li.wei@lanhai.example,Account,,delete,none",
        "field,li.wei@lanhai.example,Account,Credit_Limit__c,,hidden",
    ] {
        assert!(out.lines().any(|line| line == row), "{row} is missing");
    }
    let text = world.run("guan matrix --subject li.wei --objects Account").expect(Exit::Done);
    assert!(text.starts_with("■ 李薇 (li.wei@lanhai.example)\nobject "), "{text}");
    assert!(text.contains("\nAccount  reachable  all "), "{text}");
    assert!(text.contains("    hidden: Bank_Account__c, Credit_Limit__c"), "{text}");
}

#[test]
fn a_simulation_tells_gains_and_changes_nothing() {
    let mut world = World::sample();
    let line = "guan simulate --assign Audit_View_All --to li.wei --objects Account";
    let out = world.run(line).expect(Exit::Done);
    assert!(out.contains("李薇") && out.contains("decisions gained"), "{out}");
    world.run(&format!("guan check --as li.wei read Account {MUNICH}")).expect(Exit::Denied);
}

#[test]
fn two_users_and_two_revisions_can_be_compared() {
    let mut world = World::sample();
    let out = world.run("guan compare li.wei anna.bauer --objects Account").expect(Exit::Done);
    assert!(out.contains("decisions gained"), "{out}");
    let project = world.folder.path().join("project");
    copy(&examples().join("force-app"), &project);
    fs::remove_file(project.join("main/default/sharingRules/Account.sharingRules-meta.xml"))
        .unwrap();
    let rows = world.folder.path().join("rows");
    let (project, rows) = (project.display(), rows.display());
    let line = format!("guan import salesforce {project} --rows {rows} --utc-offset +08:00 --yes");
    world.run(&line).expect(Exit::Losses);
    let out = world.run("guan compare --revisions 3 4 --format json").expect(Exit::Done);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["gained"], 0);
    assert!(value["lost"].as_u64().unwrap() > 0, "{value}");
    let out = world.run("guan compare --revisions 3 4 --objects Account").expect(Exit::Done);
    assert!(out.contains("- rule Account/criteria/Strategic_Accounts_to_Finance"), "{out}");
}

#[test]
fn users_are_listed_shown_and_found() {
    let mut world = World::sample();
    let out = world.run("guan user list --format csv").expect(Exit::Done);
    assert_eq!(out.lines().count(), 62);
    let out = world.run("guan user show li.wei").expect(Exit::Done);
    assert!(out.contains("Sales_Kit") && out.contains("Rep_South_China"), "{out}");
    let out = world.run("guan user nearest liwei").expect(Exit::Done);
    assert!(out.contains("li.wei@lanhai.example"), "{out}");
}

#[test]
fn without_an_installation_the_way_to_one_is_told() {
    let err = World::empty().run("guan status").complains(Exit::Failed);
    assert!(err.contains("guan init"), "{err}");
}
