//! Records over HTTP: a sales person's day, files in and out, and what may not be known.

use axum::body::Body;
use axum::http::{Method, Request, header};
use guan_engine::model::{
    Action, Assignment, Field, FieldAccess, FieldType, Grant, Object, PermissionSet, Principal,
    Record,
};
use guan_store::{Caller, Change, RecordsChange};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, org, request, world};

/// The small organization, where anna sells: everything on `Deal` but the field `Margin`; bo may read `Deal` that he owns.
fn selling() -> World {
    let world = world();
    let (_, mut policy) = world.gate(|gate| gate.read(|reader| reader.policy(&org()))).unwrap();
    let mut deal = Object::default();
    let field = |field_type, indexed| Field { field_type, indexed, ..Field::default() };
    deal.fields.insert("Name".into(), field(FieldType::Text, true));
    deal.fields.insert("Amount".into(), field(FieldType::Number, true));
    deal.fields.insert("Stage".into(), field(FieldType::Choice, false));
    deal.fields.insert("Margin".into(), field(FieldType::Number, true));
    policy.objects.insert("Deal".into(), deal);
    let mut seller = PermissionSet::default();
    let mut bystander = PermissionSet::default();
    let all = [
        Action::Read,
        Action::Create,
        Action::Edit,
        Action::Delete,
        Action::Assign,
        Action::Share,
        Action::Import,
        Action::Export,
    ];
    let deals = seller.objects.entry("Deal".into()).or_default();
    deals.actions.extend(all.into_iter().map(|action| (action, Grant::ALL)));
    let own = bystander.objects.entry("Deal".into()).or_default();
    for action in [Action::Read, Action::Edit] {
        own.actions.insert(action, "reachable".parse().unwrap());
    }
    for field in ["Name", "Amount", "Stage"] {
        let edit = seller.fields.entry("Deal".into()).or_default();
        edit.insert(field.into(), FieldAccess::EDIT);
        let read = bystander.fields.entry("Deal".into()).or_default();
        read.insert(field.into(), FieldAccess::READ);
    }
    policy.sets.insert("seller".into(), seller);
    policy.sets.insert("bystander".into(), bystander);
    for (id, set, user) in [("as-8", "seller", "anna"), ("as-9", "bystander", "bo")] {
        let what = format!("set:{set}").parse().unwrap();
        policy.assignments.insert(id.into(), Assignment::new(what, Principal::User(user.into())));
    }
    let expected = world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap();
    let change = Change::ReplacePolicy {
        policy: Box::new(policy),
        expected,
        records: RecordsChange::Keep,
        reason: "selling".into(),
    };
    world.gate(|gate| gate.write(&Caller::local("installer"), &world.clock, change)).unwrap();
    world
}

async fn create(world: &World, fields: Value) -> String {
    let wanted = json!({ "fields": fields });
    let answer =
        world.call(Kind::Reader, (Method::POST, "/api/v1/records/Deal"), Some(&wanted)).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let place = format!("/api/v1/records/Deal/{}", answer.body["id"].as_str().unwrap());
    assert_eq!(answer.headers[header::LOCATION], place.as_str());
    answer.body["id"].as_str().unwrap().to_owned()
}

/// A call with `If-Match`.
async fn change(
    world: &World,
    kind: Kind,
    (method, path): (Method, &str),
    version: &str,
    body: Option<&Value>,
) -> Answer {
    let mut request = request(kind, (method, path), body);
    request.headers_mut().insert(header::IF_MATCH, version.parse().unwrap());
    world.send(request).await
}

/// Sends a file.
async fn upload(world: &World, kind: Kind, path: &str, file: &'static str) -> Answer {
    let mut request: Request<Body> = request(kind, (Method::POST, path), None);
    *request.body_mut() = Body::from(file);
    request.headers_mut().insert(header::CONTENT_TYPE, "text/csv".parse().unwrap());
    world.send(request).await
}

async fn text(world: &World, kind: Kind, (method, path): (Method, &str)) -> String {
    use tower::ServiceExt;
    let response = world.router.clone().oneshot(request(kind, (method, path), None)).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_record_is_made_changed_deleted_and_brought_back() {
    let world = selling();
    let id = create(&world, json!({ "Name": "晨光光学", "Amount": 12.5 })).await;
    let path = format!("/api/v1/records/Deal/{id}");
    let shown = world.get(Kind::Reader, &path).await;
    assert_eq!(shown.body["fields"]["Name"], json!({ "clear": "晨光光学" }));
    assert_eq!(shown.body["owners"], json!(["user:anna"]));
    let tag = shown.headers[header::ETAG].to_str().unwrap().to_owned();

    let patch = json!({ "fields": { "Amount": 20, "Stage": "won" } });
    let edited = change(&world, Kind::Reader, (Method::PATCH, &path), &tag, Some(&patch)).await;
    assert_eq!(edited.status, 200, "{:?}", edited.body);
    let after = world.get(Kind::Reader, &path).await;
    assert_eq!(edited.headers[header::ETAG], after.headers[header::ETAG]);
    let stale = change(&world, Kind::Reader, (Method::PATCH, &path), &tag, Some(&patch)).await;
    assert_eq!((stale.status.as_u16(), stale.code()), (412, "stale"));
    let blind = world.call(Kind::Reader, (Method::PATCH, &path), Some(&patch)).await;
    assert_eq!(blind.code(), "precondition_needed");

    let history = world.get(Kind::Reader, &format!("{path}/history")).await;
    let fields: Vec<&str> = history.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"Amount") && fields.contains(&"Stage"), "{fields:?}");

    let gone = change(&world, Kind::Reader, (Method::DELETE, &path), "*", None).await;
    assert_eq!(gone.status, 200, "{:?}", gone.body);
    assert_eq!(world.get(Kind::Reader, &path).await.code(), "not_found");
    let bin = world.get(Kind::Reader, "/api/v1/bin/Deal").await;
    assert_eq!(bin.body["items"][0]["id"], json!(id));
    let back = format!("/api/v1/bin/Deal/{id}/restore");
    assert_eq!(world.call(Kind::Reader, (Method::POST, &back), None).await.status, 200);
    let shown = world.get(Kind::Reader, &path).await;
    assert_eq!(shown.body["fields"]["Amount"], json!({ "clear": 20 }));
}

#[tokio::test]
async fn what_may_not_be_seen_may_not_be_asked_for_either() {
    let world = selling();
    let id = create(&world, json!({ "Name": "A", "Amount": 1 })).await;
    // Somebody else's record and one that does not exist are told alike.
    let theirs = world.get(Kind::NoPermission, &format!("/api/v1/records/Deal/{id}")).await;
    let none = world.get(Kind::NoPermission, "/api/v1/records/Deal/none").await;
    assert_eq!((theirs.status, theirs.code()), (none.status, none.code()));
    assert_eq!(theirs.code(), "not_found");
    // A field that is hidden and one that does not exist are told alike, wherever they are asked for.
    for place in [
        "records/Deal?filter={} > 1",
        "record-counts/Deal?filter={} > 1",
        "records/Deal?sort={}",
        "record-groups/Deal?group_by={}",
        "record-groups/Deal?measures=sum:{}",
    ] {
        let place = place.replace(' ', "%20").replace('>', "%3E");
        let hidden =
            world.get(Kind::Reader, &format!("/api/v1/{}", place.replace("{}", "Margin"))).await;
        let unknown =
            world.get(Kind::Reader, &format!("/api/v1/{}", place.replace("{}", "Nothing"))).await;
        assert_eq!(hidden.status, 422, "{place}: {:?}", hidden.body);
        let words =
            |answer: &Answer| answer.body["detail"].to_string().replace("Margin", "Nothing");
        assert_eq!(words(&hidden), words(&unknown), "{place}");
    }
    // Nor may it be written.
    let wanted = json!({ "fields": { "Name": "B", "Margin": 3 } });
    let refused =
        world.call(Kind::Reader, (Method::POST, "/api/v1/records/Deal"), Some(&wanted)).await;
    assert!(refused.status.is_client_error(), "{:?}", refused.body);
    let listed = world.get(Kind::NoPermission, "/api/v1/records/Deal").await;
    assert_eq!(listed.body["items"], json!([]));
}

#[tokio::test]
async fn lists_counts_and_groups_agree() {
    let world = selling();
    for (name, amount, stage) in [("A", 1, "won"), ("B", 2, "lost"), ("C", 3, "won")] {
        create(&world, json!({ "Name": name, "Amount": amount, "Stage": stage })).await;
    }
    let listed = world.get(Kind::Reader, "/api/v1/records/Deal?sort=-Amount&limit=2").await;
    let names = |answer: &Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["fields"]["Name"]["clear"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&listed), ["C", "B"]);
    let next = listed.body["next"].as_str().unwrap();
    let path = format!("/api/v1/records/Deal?sort=-Amount&limit=2&cursor={next}");
    let rest = world.get(Kind::Reader, &path).await;
    assert_eq!(names(&rest), ["A"]);
    let path = "/api/v1/record-counts/Deal?filter=Stage%20%3D%20%22won%22";
    let won = world.get(Kind::Reader, path).await;
    assert_eq!(won.body, json!({ "count": 2 }), "{:?}", won.body);
    let path = "/api/v1/record-groups/Deal?group_by=Stage&measures=count,sum:Amount";
    let groups = world.get(Kind::Reader, path).await;
    let mut rows = groups.body.as_array().unwrap().clone();
    rows.sort_by_key(|row| row["group"].to_string());
    assert_eq!(
        Value::from(rows),
        json!([{ "group": ["lost"], "values": [1, 2] }, { "group": ["won"], "values": [2, 4] }])
    );
}

#[tokio::test]
async fn files_go_out_without_formulas_and_come_back_the_same() {
    let world = selling();
    create(&world, json!({ "Name": "=HYPERLINK(\"x\")", "Amount": 7 })).await;
    let file = text(&world, Kind::Reader, (Method::POST, "/api/v1/record-exports/Deal")).await;
    assert!(file.contains("'=HYPERLINK"), "{file}");
    assert!(!file.contains("Margin"), "{file}");
    let file: &'static str = Box::leak(file.into_boxed_str());
    let again = upload(&world, Kind::Reader, "/api/v1/record-imports/Deal", file).await;
    assert_eq!(again.status, 200, "{:?}", again.body);
    assert_eq!((&again.body["unchanged"], &again.body["failed"]), (&json!(1), &json!(0)));
    let table = "Titel,Amount\r\nNeu,3\r\nSchlecht,viel\r\n , \r\n";
    let mapping = "mapping=%7B%22Titel%22%3A%22Name%22%7D";
    let dry = format!("/api/v1/record-imports/Deal?{mapping}&dry_run=true");
    let tried = upload(&world, Kind::Reader, &dry, table).await;
    assert_eq!((&tried.body["created"], &tried.body["failed"]), (&json!(1), &json!(2)));
    let path = format!("/api/v1/record-imports/Deal?{mapping}");
    let done = upload(&world, Kind::Reader, &path, table).await;
    assert_eq!((&done.body["created"], &done.body["failed"]), (&json!(1), &json!(2)));
    assert_eq!(done.body["errors"][0]["line"], json!(3));
    assert_eq!(done.body["errors"][1]["why"], json!("the row is empty"));
    let count = world.get(Kind::Reader, "/api/v1/record-counts/Deal").await;
    assert_eq!(count.body, json!({ "count": 2 }));
}

#[tokio::test]
async fn a_colleague_sees_what_is_shared_until_it_is_taken_back() {
    let world = selling();
    let id = create(&world, json!({ "Name": "A" })).await;
    let path = format!("/api/v1/records/Deal/{id}");
    let share = json!({ "to": "user:bo", "rights": "read" });
    let shares = format!("{path}/shares");
    let patch = json!({ "fields": { "Name": "B" } });
    let edited = async |path: &str| {
        change(&world, Kind::NoPermission, (Method::PATCH, path), "*", Some(&patch)).await
    };
    for path in [path.as_str(), "/api/v1/records/Deal/none"] {
        assert_eq!(edited(path).await.code(), "not_found", "not shared yet, or not there");
    }
    let shared = change(&world, Kind::Reader, (Method::POST, &shares), "*", Some(&share)).await;
    assert_eq!(shared.status, 200, "{:?}", shared.body);
    assert_eq!(world.get(Kind::NoPermission, &path).await.status, 200);
    assert_ne!(world.get(Kind::NoPermission, &shares).await.status, 200);
    // That there is such a record is known to whom it is shown, so it is said why not.
    let refused = edited(&path).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["refusal"], &refused.body["stage"]),
        (403, &json!("out_of_reach"), &json!("reach")),
        "{:?}",
        refused.body
    );
    let taken = format!("{shares}/user:bo");
    assert_eq!(change(&world, Kind::Reader, (Method::DELETE, &taken), "*", None).await.status, 200);
    assert_eq!(world.get(Kind::NoPermission, &path).await.code(), "not_found");
    assert_eq!(edited(&path).await.code(), "not_found", "it is shared no more");
}

#[tokio::test]
async fn many_records_are_changed_in_one_act() {
    let world = selling();
    let one = create(&world, json!({ "Name": "A" })).await;
    let two = create(&world, json!({ "Name": "B" })).await;
    let rows = world.rows();
    let wanted = json!({ "ids": [one, two, "none"], "patch": { "fields": { "Stage": "won" } } });
    let path = "/api/v1/record-edits/Deal";
    let done = world.call(Kind::Reader, (Method::POST, path), Some(&wanted)).await;
    assert_eq!(
        (&done.body["done"], done.body["refused"].as_array().unwrap().len()),
        (&json!(2), 1)
    );
    // One row of the act, one of the refusal, which has a number.
    assert_eq!(world.rows(), rows + 2);
    assert!(done.body["refused"][0]["reference"].is_u64(), "{}", done.body);
    let path = "/api/v1/record-assignments/Deal";
    let mut wanted = json!({ "ids": [one, two], "owners": ["user:bo"], "dry_run": true });
    let tried = world.call(Kind::Reader, (Method::POST, path), Some(&wanted)).await;
    assert_eq!((&tried.body["done"], world.rows()), (&json!(2), rows + 2), "{}", tried.body);
    wanted["dry_run"] = json!(false);
    let done = world.call(Kind::Reader, (Method::POST, path), Some(&wanted)).await;
    assert_eq!((&done.body["done"], world.rows()), (&json!(2), rows + 3), "{}", done.body);
}

#[tokio::test]
async fn who_may_share_a_record_is_told_who_reads_it_and_who_may_not_is_refused() {
    let world = selling();
    let id = create(&world, json!({ "Name": "A" })).await;
    let path = format!("/api/v1/records/Deal/{id}/readers");
    let found = world.get(Kind::Reader, &path).await;
    let items = found.body["items"].as_array().unwrap();
    assert_eq!(items[0]["user"], json!("anna"), "{}", found.body);
    assert!(items[0]["path"].is_object(), "{}", found.body);
    assert_eq!(world.get(Kind::NoPermission, &path).await.status, 404);
}

#[tokio::test]
async fn what_is_shared_with_somebody_is_told_to_them_and_who_may_ask_of_records_they_read() {
    let world = selling();
    let mut ids = Vec::new();
    for name in ["By name", "By kind", "In the team", "Not at all"] {
        ids.push(create(&world, json!({ "Name": name })).await);
    }
    let ends = "2026-02-01T00:00:00Z";
    for (id, rest, given) in [
        (&ids[0], "shares", json!({ "to": "user:bo", "rights": "read" })),
        (&ids[1], "shares", json!({ "to": "internal", "rights": "edit", "ends": ends })),
        (&ids[2], "team", json!({ "user": "bo", "role": "helps", "rights": "read" })),
        (&ids[3], "shares", json!({ "to": "user:anna", "rights": "read" })),
    ] {
        let path = format!("/api/v1/records/Deal/{id}/{rest}");
        let made = change(&world, Kind::Reader, (Method::POST, &path), "*", Some(&given)).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }
    let told = [
        json!({ "object": "Deal", "record": ids[0], "team": [],
            "shares": [{ "to": "user:bo", "rights": "read", "cause": "manual", "by": "anna" }] }),
        json!({ "object": "Deal", "record": ids[1], "team": [],
            "shares": [{ "to": "internal", "rights": "edit", "ends": ends, "cause": "manual",
                "by": "anna" }] }),
        json!({ "object": "Deal", "record": ids[2], "shares": [],
            "team": [{ "role": "helps", "rights": "read", "by": "anna" }] }),
    ];
    let path = "/api/v1/users/bo/shares";
    // Anna reads all of them and may not ask about Bo; Ada may ask and reads none of them; nobody is told of others.
    assert_eq!(world.get(Kind::Reader, path).await.status, 404);
    assert_eq!(world.get(Kind::NoPermission, "/api/v1/users/anna/shares").await.status, 404);
    assert_eq!(world.get(Kind::Administrator, path).await.body, json!({ "items": [] }));
    let items = |body: &Value| body["items"].as_array().unwrap().clone();
    assert_eq!(items(&world.get(Kind::NoPermission, path).await.body), told);
    // What Ada may read is what she is told: first what is shared with everybody inside, then all of it.
    for (id, set, expected) in [("ada-1", "bystander", &told[1..2]), ("ada-2", "seller", &told)] {
        let given =
            json!({ "id": id, "content": { "what": format!("set:{set}"), "to": "user:ada" } });
        let post = (Method::POST, "/api/v1/assignments");
        assert_eq!(world.call(Kind::Administrator, post, Some(&given)).await.status, 201);
        assert_eq!(items(&world.get(Kind::Administrator, path).await.body), expected);
    }
    // Page by page, with a place that is good for who got it alone.
    let first = world.get(Kind::Administrator, &format!("{path}?limit=2")).await.body;
    assert_eq!(items(&first), told[..2]);
    let next = format!("{path}?limit=2&cursor={}", first["next"].as_str().unwrap());
    let second = world.get(Kind::Administrator, &next).await.body;
    assert_eq!((items(&second), second.get("next")), (told[2..].to_vec(), None));
    assert_eq!(world.get(Kind::NoPermission, &next).await.status, 400);
    // Who put whom into a team is not told with the record, as shares are not.
    let record = format!("/api/v1/records/Deal/{}", ids[2]);
    let shown = world.get(Kind::NoPermission, &record).await.body;
    assert_eq!(shown["team"], json!([{ "user": "bo", "role": "helps", "rights": "read" }]));
    // What has ended is no share any more.
    world.hand.later(guan_engine::model::Span::minutes(60 * 24));
    let left = world.get(Kind::NoPermission, path).await.body;
    assert_eq!(items(&left), [told[0].clone(), told[2].clone()]);
}

#[tokio::test]
async fn revealing_a_value_is_refused_with_a_number_where_no_action_is_defined_for_it() {
    let world = selling();
    let id = create(&world, json!({ "Name": "A" })).await;
    let path = format!("/api/v1/records/Deal/{id}/reveal");
    let wanted = json!({ "field": "Name", "reason": "call back" });
    let refused = world.call(Kind::Reader, (Method::POST, &path), Some(&wanted)).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert!(refused.body["reference"].is_u64(), "{}", refused.body);
}

#[tokio::test]
async fn an_export_is_not_given_again_under_its_key() {
    let world = selling();
    create(&world, json!({ "Name": "A" })).await;
    let export = || {
        let path = (Method::POST, "/api/v1/record-exports/Deal");
        let mut request = request(Kind::Reader, path, None);
        request.headers_mut().insert("idempotency-key", "once".parse().unwrap());
        request
    };
    assert_eq!(world.send(export()).await.status, 200);
    assert_eq!(world.send(export()).await.code(), "not_repeated");
}

/// An import of records once nobody works on it any more.
async fn ended(world: &World, id: &str) -> Answer {
    loop {
        let job = world.get(Kind::Reader, &format!("/api/v1/me/record-imports/{id}")).await;
        let state = job.body["state"].as_str().unwrap_or_default().to_owned();
        // Whoever asks as often as this may be told to ask less often.
        let is_asked_again = job.status == 429 || state == "waiting" || state == "applying";
        if !is_asked_again {
            return job;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_long_file_is_tried_looked_at_applied_and_told_as_a_job() {
    let world = selling();
    let mut file = "Name,Amount\r\n".to_owned();
    for at in 0..2_500 {
        for part in ["D", &at.to_string(), ",", &at.to_string(), "\r\n"] {
            file.push_str(part);
        }
    }
    file.push_str("Bad,much\r\n");
    let file: &'static str = Box::leak(file.into_boxed_str());
    let at_once = upload(&world, Kind::Reader, "/api/v1/record-imports/Deal", file).await;
    assert_eq!(at_once.code(), "too_much_at_once", "{:?}", at_once.body);
    let refused =
        upload(&world, Kind::NoPermission, "/api/v1/record-imports/Deal/jobs", file).await;
    assert!(refused.body["reference"].is_u64(), "{:?}", refused.body);
    let brought = upload(&world, Kind::Reader, "/api/v1/record-imports/Deal/jobs", file).await;
    assert_eq!(brought.status, 202, "{:?}", brought.body);
    let id = brought.body["id"].as_str().unwrap();
    let tried = ended(&world, id).await.body;
    assert_eq!((&tried["state"], &tried["rows"]), (&json!("ready"), &json!(2_501)), "{tried}");
    let tally = |body: &Value, part: &str| {
        let part = &body[part];
        [&part["done"], &part["created"], &part["failed"]].map(|count| count.as_u64().unwrap())
    };
    assert_eq!(tally(&tried, "tried"), [2_501, 2_500, 1]);
    assert_eq!(tally(&tried, "applied"), [0, 0, 0]);
    let path = format!("/api/v1/me/record-imports/{id}");
    let errors = text(&world, Kind::Reader, (Method::GET, &format!("{path}/errors"))).await;
    assert!(errors.contains("Bad,much") && errors.contains("line 2502"), "{errors}");
    // Nobody else has such an import.
    assert_eq!(world.get(Kind::Administrator, &path).await.code(), "not_found");
    let rows = world.rows();
    let apply = format!("{path}/apply");
    let begun = world.call(Kind::Reader, (Method::POST, &apply), None).await;
    assert_eq!(begun.status, 202, "{:?}", begun.body);
    let applied = ended(&world, id).await.body;
    assert_eq!(applied["state"], json!("applied"), "{applied}");
    assert_eq!(tally(&applied, "applied"), [2_501, 2_500, 1]);
    assert_eq!(world.rows() - rows, 4, "begun, two batches, ended");
    let count = world.get(Kind::Reader, "/api/v1/record-counts/Deal").await;
    assert_eq!(count.body, json!({ "count": 2_500 }));
    assert_eq!(world.call(Kind::Reader, (Method::POST, &apply), None).await.code(), "conflict");
}

#[tokio::test]
async fn a_page_of_a_history_says_that_more_follows_where_the_caller_sees_more() {
    let world = selling();
    for margin in [json!(1), json!(2), json!(3)] {
        let mut deal = Record::new("Deal", "d-1");
        deal.owners = ["user:anna".parse().unwrap()].into();
        deal.fields.insert("Margin".into(), serde_json::from_value(margin).unwrap());
        deal.fields.insert("Name".into(), "A".into());
        let change = Change::PutRecords { organization: org(), records: vec![deal], under: None };
        world.gate(|gate| gate.write(&Caller::local("installer"), &world.clock, change)).unwrap();
    }
    let path = "/api/v1/records/Deal/d-1";
    let patch = |name: &str| json!({ "fields": { "Name": name } });
    let page =
        async |at: &str| world.get(Kind::Reader, &format!("{path}/history?limit=1{at}")).await.body;
    change(&world, Kind::Reader, (Method::PATCH, path), "*", Some(&patch("B"))).await;
    let only = page("").await;
    assert_eq!(only["items"].as_array().unwrap().len(), 1, "{only}");
    assert_eq!(only.get("next"), None, "what is older is hidden: {only}");
    change(&world, Kind::Reader, (Method::PATCH, path), "*", Some(&patch("C"))).await;
    let first = page("").await;
    let next = first["next"].as_str().unwrap();
    let last = page(&format!("&cursor={next}")).await;
    assert_eq!(last["items"][0]["before"], json!({ "clear": "A" }), "{last}");
    assert_eq!(last.get("next"), None, "{last}");
}

#[tokio::test]
async fn an_import_that_a_process_left_goes_on_behind_the_rows_that_are_done() {
    use guan_store::JobChange;
    let world = selling();
    let change = |change: JobChange| {
        let change = Change::ChangeJob { organization: org(), change };
        world.gate(|gate| gate.write(&Caller::local("anna"), &world.clock, change)).map(|_| ())
    };
    let options = json!({ "object": "Deal", "mapping": {}, "utc_offset_minutes": 0 }).to_string();
    let (id, kind) = ("left".to_owned(), "record_import".to_owned());
    let input = b"Name\r\nA\r\nB\r\nC\r\n".to_vec();
    let under = [].into();
    change(JobChange::Begin { id: id.clone(), kind, options, input, under }).unwrap();
    let tally = |done: u64| json!({ "done": done, "created": done, "updated": 0, "unchanged": 0, "failed": 0, "errors": {} });
    let found =
        |done: u64| json!({ "rows": 3, "tried": tally(3), "applied": tally(done) }).to_string();
    let state = guan_store::JobState::Ready;
    change(JobChange::Find { id: id.clone(), state, found: found(0) }).unwrap();
    change(JobChange::Apply { id: id.clone() }).unwrap();
    // A batch of two rows was written with its mark, then the process ended.
    let mark = guan_store::JobMark { id: id.clone(), before: found(0), found: found(2) };
    change(JobChange::Mark(mark.clone())).unwrap();
    // Who read the job before that batch does not do it again.
    assert!(change(JobChange::Mark(mark)).is_err());
    guan_server::jobs::resume(&world.server).await.unwrap();
    let applied = ended(&world, "left").await.body;
    assert_eq!((&applied["state"], &applied["applied"]["done"]), (&json!("applied"), &json!(3)));
    let listed = world.get(Kind::Reader, "/api/v1/records/Deal").await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["items"][0]["fields"]["Name"], json!({ "clear": "C" }));
}

#[tokio::test]
async fn an_import_that_is_given_up_writes_nothing_more() {
    let world = selling();
    let path = "/api/v1/record-imports/Deal/jobs";
    let brought = upload(&world, Kind::Reader, path, "Name\r\nA\r\n").await;
    let id = brought.body["id"].as_str().unwrap();
    ended(&world, id).await;
    let path = format!("/api/v1/me/record-imports/{id}");
    let given_up = world.call(Kind::Reader, (Method::POST, &format!("{path}/cancel")), None).await;
    assert_eq!(given_up.body["state"], json!("cancelled"), "{:?}", given_up.body);
    let apply = world.call(Kind::Reader, (Method::POST, &format!("{path}/apply")), None).await;
    assert_eq!(apply.code(), "conflict");
    let count = world.get(Kind::Reader, "/api/v1/record-counts/Deal").await;
    assert_eq!(count.body, json!({ "count": 0 }));
}

#[tokio::test]
async fn a_refused_export_names_a_row_that_can_be_explained() {
    let world = selling();
    let path = "/api/v1/record-exports/Deal";
    let refused = world.call(Kind::NoPermission, (Method::POST, path), None).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "denied"), "{:?}", refused.body);
    let reference = refused.body["reference"].as_u64().unwrap();
    let path = format!("/api/v1/explanations/{reference}");
    let explained = world.get(Kind::NoPermission, &path).await;
    assert_eq!(explained.body["action"], json!("export"), "{:?}", explained.body);
}
