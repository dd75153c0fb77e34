//! Files of records out and in again: every column under the name it is shown by, nothing that runs, nothing that is not whole.

use axum::body::Body;
use axum::http::{Method, header};
use guan_engine::model::{
    Action, Assignment, Field, FieldAccess, Grant, Mask, PermissionSet, Principal,
};
use guan_import::Sheet;
use guan_store::{Caller, Change, RecordsChange};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, org, request, world};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Anna does everything with visits, which belong to accounts, units, a territory and a pool; she sees `Phone` masked.
fn visiting() -> World {
    let world = world();
    let (_, mut policy) = world.gate(|gate| gate.read(|reader| reader.policy(&org()))).unwrap();
    policy.trees.insert("units".into(), read(json!({ "kind": "unit" })));
    policy.trees.insert("area".into(), read(json!({ "kind": "dimension" })));
    for (node, tree) in [("north", "units"), ("coast", "area"), ("port", "area")] {
        policy.nodes.insert(node.into(), read(json!({ "tree": tree })));
    }
    policy.objects.insert(
        "Visit".into(),
        read(json!({
            "fields": { "Id": {}, "Came": { "type": "date_time" }, "Name": {}, "Amount": { "type": "number" }, "Kinds": { "type": "multi_choice" },
                "account": { "type": "reference" }, "Secret": {} },
            "relations": { "account": { "parent": "Account" }, "host": { "parent": "Account" } },
            "dimensions": [{ "tree": "area", "rights": "read" }]
        })),
    );
    let visit = policy.objects.get_mut("Visit").unwrap();
    visit.fields.insert(
        "Phone".into(),
        Field { mask: Some(Mask::Keep { first: 3, last: 4 }), ..Field::default() },
    );
    policy.pools.insert("sea".into(), read(json!({ "object": "Visit" })));
    let mut set = PermissionSet::default();
    let all = [
        Action::Read,
        Action::Create,
        Action::Edit,
        Action::Assign,
        Action::Import,
        Action::Export,
    ];
    let permission = set.objects.entry("Visit".into()).or_default();
    permission.actions.extend(all.into_iter().map(|action| (action, Grant::ALL)));
    let fields = set.fields.entry("Visit".into()).or_default();
    for (field, access) in [
        ("Name", FieldAccess::EDIT),
        ("Id", FieldAccess::READ),
        ("Came", FieldAccess::READ),
        ("Amount", FieldAccess::READ),
        ("Kinds", FieldAccess::EDIT),
        ("account", FieldAccess::EDIT),
        ("Phone", FieldAccess::MASKED),
    ] {
        fields.insert(field.into(), access);
    }
    policy.sets.insert("visitor".into(), set);
    let what = "set:visitor".parse().unwrap();
    let given = Assignment::new(what, Principal::User("anna".into()));
    policy.assignments.insert("as-7".into(), given);
    let visits = [
        json!({ "object": "Visit", "id": "v-1", "owners": ["user:anna", "user:bo"], "unit": "north",
            "tags": ["coast", "port"], "parents": { "account": "acme-a-1", "host": "acme-a-2" },
            "fields": { "Id": "v-1", "Came": "2026-01-31T16:00:00+08:00", "Name": "=1+1", "Amount": -7, "Kinds": ["x", "y"], "account": "acme-a-1",
                "Phone": "13800001234", "Secret": "takeover" } }),
        json!({ "object": "Visit", "id": "v-2", "pool": "sea",
            "fields": { "Name": "+86 138 \"a\"; b,\n'c", "Phone": "+8613800001" } }),
    ];
    let kept = ["a-1", "a-2"].map(
        |id| json!({ "object": "Account", "id": format!("acme-{id}"), "owners": ["user:anna"] }),
    );
    let records = kept.into_iter().chain(visits).map(read);
    let expected = world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap();
    let change = Change::ReplacePolicy {
        policy: Box::new(policy),
        expected,
        records: RecordsChange::Replace(records.collect()),
        reason: "visiting".into(),
    };
    world.gate(|gate| gate.write(&Caller::local("installer"), &world.clock, change)).unwrap();
    world
}

fn read<T: serde::de::DeserializeOwned>(content: Value) -> T {
    serde_json::from_value(content).unwrap()
}

async fn export(world: &World, query: &str) -> Vec<u8> {
    let path = format!("/api/v1/record-exports/Visit?{query}");
    let response = world.raw(request(Kind::Reader, (Method::POST, &path), None)).await;
    assert_eq!(response.status(), 200);
    axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()
}

async fn import(world: &World, query: &str, (kind, file): (&str, Vec<u8>)) -> Answer {
    let path = format!("/api/v1/record-imports/Visit?{query}");
    let mut sent = request(Kind::Reader, (Method::POST, &path), None);
    *sent.body_mut() = Body::from(file);
    sent.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
    world.send(sent).await
}

#[tokio::test]
async fn what_goes_out_has_the_columns_that_records_are_shown_with() {
    let world = visiting();
    let usual = Sheet::parse(&export(&world, "").await).unwrap();
    let columns = ["id", "owners", "account", "host", "Amount", "Came", "Kinds", "Name", "Phone"];
    assert_eq!(usual.columns, columns);
    assert_eq!(
        usual.rows[0].cells,
        [
            "v-1",
            "user:anna;user:bo",
            "acme-a-1",
            "acme-a-2",
            "-7",
            "2026-01-31T16:00:00+08:00",
            "x;y",
            "'=1+1",
            "138****1234"
        ]
    );
    let chosen = export(&world, "columns=Name,unit,tags,pool,host").await;
    let chosen = Sheet::parse(&chosen).unwrap();
    assert_eq!(chosen.columns, ["Name", "unit", "tags", "pool", "host"]);
    assert_eq!(chosen.rows[0].cells[1..], ["north", "coast;port", "", "acme-a-2"]);
    assert_eq!(chosen.rows[1].cells[1..], ["", "", "sea", ""]);
    // The ledger names the fields that left and no others.
    let tip =
        world.gate(|gate| gate.read(|reader| reader.ledger_tip("acme"))).unwrap().unwrap().size;
    let rows =
        world.gate(|gate| gate.read(|reader| reader.ledger_rows("acme", tip - 1..tip))).unwrap();
    let row = String::from_utf8_lossy(&rows[0].bytes).into_owned();
    assert!(row.contains("Name") && !row.contains("Phone"), "{row}");
}

#[tokio::test]
async fn a_column_that_is_hidden_is_told_as_one_that_does_not_exist() {
    let world = visiting();
    let asked = async |columns: &str| {
        let path = format!("/api/v1/record-exports/Visit?columns={columns}");
        let answer = world.call(Kind::Reader, (Method::POST, &path), None).await;
        (answer.status, answer.code().to_owned(), answer.body["detail"].to_string())
    };
    let (hidden, unknown) = (asked("Name,Secret").await, asked("Name,Nothin").await);
    assert_eq!((hidden.0.as_u16(), hidden.1.as_str()), (400, "bad_query"));
    assert_eq!(hidden.2, unknown.2.replace("Nothin", "Secret"));
    assert_eq!(asked("Name,Name").await.1, "bad_query");
}

#[tokio::test]
async fn what_went_out_comes_in_again_and_changes_nothing() {
    let world = visiting();
    let columns = "id,owners,unit,tags,pool,account,host,Amount,Came,Kinds,Name,Phone";
    for (form, kind) in [("csv", "text/csv"), ("xlsx", WORKBOOK)] {
        for query in [format!("form={form}"), format!("form={form}&columns={columns}")] {
            let file = export(&world, &query).await;
            let rows = world.rows();
            let again = import(&world, "", (kind, file)).await;
            assert_eq!(again.status, 200, "{query}: {}", again.body);
            let counts = ["unchanged", "updated", "created", "failed"];
            let counts = counts.map(|name| again.body[name].as_u64().unwrap());
            assert_eq!(counts, [2, 0, 0, 0], "{query}: {}", again.body);
            assert_eq!(world.rows(), rows, "{query}");
        }
    }
}

#[tokio::test]
async fn a_file_without_ids_makes_the_same_records_elsewhere() {
    let world = visiting();
    let file = export(&world, "columns=owners,unit,tags,pool,account,host,Kinds,Name").await;
    let again = import(&world, "", ("text/csv", file)).await;
    assert_eq!(again.body["created"], json!(2), "{}", again.body);
    let sheet = Sheet::parse(
        &export(&world, "columns=Name,owners,unit,tags,pool,account,host,Kinds").await,
    )
    .unwrap();
    let rows: Vec<_> = sheet.rows.iter().map(|row| &row.cells).collect();
    assert_eq!((rows.len(), rows[0], &rows[1][1..]), (4, rows[2], &rows[3][1..]));
    assert_eq!(rows[1][0], rows[3][0]);
}

#[tokio::test]
async fn a_workbook_says_what_the_table_says_and_nothing_in_it_is_a_formula() {
    use calamine::Reader as _;
    let world = visiting();
    let (csv, workbook) = (export(&world, "").await, export(&world, "form=xlsx").await);
    let (csv, sheet) = (Sheet::parse(&csv).unwrap(), Sheet::parse(&workbook).unwrap());
    assert_eq!(sheet.columns, csv.columns);
    let cells = |sheet: &Sheet| sheet.rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&sheet), cells(&csv));
    let mut read = calamine::Xlsx::new(std::io::Cursor::new(workbook)).unwrap();
    assert!(read.worksheet_formula("records 1").unwrap().is_empty());
}

#[tokio::test]
async fn an_export_that_a_window_ends_under_is_never_whole() {
    use tokio_stream::StreamExt as _;
    for form in ["csv", "xlsx"] {
        let world = visiting();
        // More than one page.
        let new: Vec<u8> = (0..2_400).flat_map(|at| format!("n{at}\r\n").into_bytes()).collect();
        for part in new.chunks(new.len() / 2) {
            let text = String::from_utf8_lossy(part).into_owned();
            let file = format!("Name\r\n{}", text.trim_start_matches(['\r', '\n']));
            assert_eq!(import(&world, "", ("text/csv", file.into_bytes())).await.status, 200);
        }
        let path = format!("/api/v1/record-exports/Visit?form={form}");
        let response = world.raw(request(Kind::Reader, (Method::POST, &path), None)).await;
        let mut body = response.into_body().into_data_stream();
        let mut bytes = body.next().await.unwrap().unwrap().to_vec();
        let change = Change::EditPolicy {
            organization: org(),
            expected: world.gate(|gate| gate.view(&org())).unwrap().revision(),
            put: Vec::new(),
            remove: vec![(guan_store::EntityKind::Assignment, "as-7".to_owned())],
            reason: "she left".to_owned(),
        };
        world.gate(|gate| gate.write(&Caller::local("installer"), &world.clock, change)).unwrap();
        let mut is_cut = false;
        while let Some(next) = body.next().await {
            match next {
                Ok(next) => bytes.extend(next),
                Err(_) => is_cut = true,
            }
        }
        assert!(is_cut, "{form}: the connection is cut");
        let text = String::from_utf8_lossy(&bytes);
        let says_so =
            text.trim_end().lines().last().is_some_and(|line| line.contains("guan: not whole"));
        assert!(says_so || Sheet::parse(&bytes).is_err(), "{form}");
    }
}
