//! Every operation leaves exactly one row, or nothing at all: an operation without its arm here does not compile.

use std::path::Path;

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::Target;
use guan_engine::lifecycle::{Actor, SwitchSettings};
use guan_engine::model::{Action, Closing, Organization, RecordKey, Span};
use guan_ledger::Entry;
use guan_store::{
    Change, DecisionRecord, ExportDone, Faults, INSTALLATION_LOG, ImportApplied, JobChange,
    JobState, Operation, RecordVerb, RecordWrite, RecordsChange, RevealDone, Store, SwitchChange,
    UndoOrder, UndoPlace, Which, WindowCall, restore,
};

use crate::life::{govern, wanted};
use crate::policy::rename;
use crate::waiting::{keep, rename_object};
use crate::world::{World, account, caller, org, policy, world};

fn decision(
    world: &mut World,
    decision: fn(guan_engine::model::OverlayId) -> Decision,
) -> DecisionRecord {
    let overlay = world.store().overlay_rows(&org()).unwrap().first().map(|row| row.id.clone());
    DecisionRecord {
        subject: "bo".into(),
        address: None,
        action: Action::Read,
        on: Target::Record(RecordKey::new("Account", "a-1")),
        fields: vec!["Name".into()],
        decision: decision(overlay.unwrap_or_else(|| "w-1".into())),
        many: None,
    }
}

fn reveal() -> RevealDone {
    RevealDone {
        organization: org(),
        subject: "anna".into(),
        address: None,
        key: RecordKey::new("Account", "a-1"),
        field: "Phone".into(),
        reason: "the customer asked to be called".into(),
    }
}

fn renamed(id: &str, name: &str) -> guan_engine::model::Record {
    let mut record = account(id);
    record.fields.insert("Name".into(), name.into());
    record
}

/// Brings the world to where the operation can be done, without doing it.
fn prepare(operation: Operation, world: &mut World) {
    let clock = world.clock.clone();
    match operation {
        Operation::CloseOverlay
        | Operation::ChangeWaiting
        | Operation::RecordRelaxedLists
        | Operation::RecordWouldDenies => {
            world.open_window();
        }
        Operation::MakeCurrent => {
            world.write(&rename("Other", 2));
        }
        Operation::Restore => {
            world.store().backup(&caller(), &clock, "before").unwrap();
            world.store = None;
        }
        Operation::FoundOtherDatabase if world.is_on_server() => {
            world.write(&rename("Lost", 2));
            world.store = None;
            world.tamper("DELETE FROM ledger WHERE org = 'acme' AND revision = 3");
        }
        Operation::FoundOtherDatabase => {
            world.store = None;
            std::fs::copy(world.path().join("guan.db"), world.path().join("older")).unwrap();
            world.restart();
            world.write(&rename("Lost", 2));
            world.store = None;
            std::fs::rename(world.path().join("older"), world.path().join("guan.db")).unwrap();
        }
        Operation::ClockAlarm | Operation::ConfirmClock => {
            world.later(Span::minutes(-5));
        }
        Operation::ForgetReceivers => {
            world.gate().keep_receivers(&clock, &["mail".to_owned()]).unwrap();
            world.restart();
        }
        Operation::AcknowledgeSafeMode => {
            prepare(Operation::FoundOtherDatabase, world);
            world.restart();
        }
        Operation::PurgeRecords => {
            let key = RecordKey::new("Account", "a-1");
            world.write(&Change::DeleteRecord { organization: org(), key, under: None });
        }
        Operation::UndoWrites => {
            let overlay = world.open_window().id;
            let (organization, records) = (org(), vec![renamed("a-1", "x")]);
            let under = Some(overlay.clone());
            world.write(&Change::PutRecords { organization, records, under });
            world.store().close_overlay(&caller(), &clock, &org(), &overlay, "").unwrap();
        }
        Operation::StepWindow => {
            world.write(&govern(2));
        }
        Operation::ChangeSwitch
        | Operation::WriteRecords
        | Operation::DeleteRecords
        | Operation::RecordExport
        | Operation::RecordReveal
        | Operation::RefuseReveal
        | Operation::CreateOrganization
        | Operation::ReplacePolicy
        | Operation::EditPolicy
        | Operation::PutRecords
        | Operation::DeleteRecord
        | Operation::OpenOverlay
        | Operation::ChangeCredentials
        | Operation::ChangeJob
        | Operation::ChangeShadow
        | Operation::ChangeAccess
        | Operation::ChangeSeeing
        | Operation::RecordDenial
        | Operation::BackupTaken => {}
        Operation::ApplyImport => {
            world.write(&job(JobChange::Begin {
                id: "j-1".into(),
                kind: "import".into(),
                options: "{}".into(),
                input: vec![1, 2, 3],
                under: [].into(),
            }));
            let found = "{}".into();
            world.write(&job(JobChange::Find { id: "j-1".into(), state: JobState::Ready, found }));
        }
    }
}

/// Does the operation once; whose log has its row. What went wrong is told in words.
fn perform(operation: Operation, world: &mut World) -> Result<String, String> {
    let (caller, clock) = (caller(), world.clock.clone());
    let change = match operation {
        Operation::CreateOrganization => Change::CreateOrganization {
            organization: Organization { id: "second".into(), ..Organization::default() },
            reason: "a daughter".into(),
        },
        Operation::ReplacePolicy => {
            let mut policy = policy();
            policy.users.remove("bo");
            let records = RecordsChange::Put(vec![account("a-7")]);
            let policy = Box::new(policy);
            Change::ReplacePolicy { policy, expected: 2, records, reason: "import".into() }
        }
        Operation::EditPolicy => rename("Bo Li", 2),
        Operation::MakeCurrent => Change::MakeCurrent {
            organization: org(),
            expected: 3,
            revision: 2,
            reason: "back".into(),
        },
        Operation::PutRecords => {
            Change::PutRecords { organization: org(), records: vec![account("a-8")], under: None }
        }
        Operation::WriteRecords => Change::WriteRecords(Box::new(RecordWrite::one(
            org(),
            RecordVerb::Edit,
            account("a-1"),
        ))),
        Operation::DeleteRecords => Change::DeleteRecords {
            organization: org(),
            keys: vec![RecordKey::new("Account", "a-1")],
            under: None,
        },
        Operation::PurgeRecords => Change::PurgeRecords {
            organization: org(),
            keys: vec![RecordKey::new("Account", "a-1")],
            reason: "asked for".into(),
        },
        Operation::UndoWrites => {
            let overlay = world.store().overlays(&org(), Which::All).unwrap().remove(0).id;
            let place = UndoPlace { organization: org(), overlay, run: None };
            let gate = world.gate();
            let everything = UndoOrder::everything();
            let done = gate.undo((&caller, &clock), &place, &everything, "wrong").map_err(chain)?;
            assert_eq!(done.references.len(), 1);
            drop(gate);
            world.restart();
            return Ok(org().to_string());
        }
        Operation::RecordExport => Change::RecordExport(ExportDone {
            organization: org(),
            subject: "anna".into(),
            address: None,
            object: "Account".into(),
            fields: vec!["Name".into()],
            rows: 1,
            ids: guan_ledger::Digest::of(b"a-1\n"),
        }),
        Operation::RecordReveal => Change::RecordReveal(reveal()),
        Operation::RefuseReveal => Change::RefuseReveal(reveal()),
        Operation::DeleteRecord => Change::DeleteRecord {
            organization: org(),
            key: RecordKey::new("Account", "a-1"),
            under: None,
        },
        Operation::StepWindow => {
            let gate = world.gate();
            let call = WindowCall {
                caller,
                clock,
                organization: org(),
                by: Actor::User("ann".into()),
                stepped_up: None,
            };
            let drafted = gate.draft_window(&call, wanted()).map_err(chain);
            drop(gate);
            world.restart();
            return drafted.map(|_| org().to_string());
        }
        Operation::ChangeSwitch => Change::ChangeSwitch(Box::new(SwitchChange {
            organization: org(),
            settings: SwitchSettings { idle: None, ..SwitchSettings::default() },
            expected: 0,
            at_once: false,
            reason: "long work".into(),
        })),
        Operation::OpenOverlay => {
            let request = crate::world::request();
            let opened = world.store().open_overlay(&caller, &clock, &request);
            return opened.map(|opened| opened.written.organization).map_err(chain);
        }
        Operation::CloseOverlay => Change::CloseOverlay {
            organization: org(),
            overlay: world.store().overlay_rows(&org()).unwrap().remove(0).id,
            closing: Closing { at: clock.wall, why: "by_hand".into() },
        },
        Operation::RecordWouldDenies => Change::RecordWouldDenies {
            organization: org(),
            decisions: vec![decision(world, |overlay| Decision::Relaxed {
                overlay,
                refusal: Refusal::NoGrant,
            })],
        },
        Operation::RecordRelaxedLists => Change::RecordRelaxedLists {
            organization: org(),
            lists: vec![guan_store::RelaxedList {
                subject: "bo".into(),
                address: None,
                action: Action::Read,
                object: "Account".into(),
                overlay: world.store().overlay_rows(&org()).unwrap().remove(0).id,
                record: None,
                rows: 3,
                ids: None,
            }],
        },
        Operation::RecordDenial => Change::RecordDenial {
            organization: org(),
            decision: decision(world, |_| Decision::Deny { refusal: Refusal::OutOfReach }),
        },
        Operation::ChangeJob => job(JobChange::Begin {
            id: "j-1".into(),
            kind: "import".into(),
            options: "{}".into(),
            input: vec![1, 2, 3],
            under: [].into(),
        }),
        Operation::ChangeShadow => Change::ChangeShadow {
            organization: org(),
            change: guan_store::ShadowChange::Start {
                id: "s-1".into(),
                draft: guan_store::ShadowDraft::Policy { revision: 2, put: vec![], remove: vec![] },
                ends: clock.wall.plus(Span::minutes(60)),
                reason: "to see".into(),
            },
        },
        Operation::ChangeWaiting => keep("e-1", rename_object("Firm")),
        Operation::ChangeAccess => Change::ChangeAccess {
            organization: org(),
            change: guan_store::AccessChange::Ask {
                id: "a-1".into(),
                wanted: guan_store::AccessWanted {
                    action: Action::Read,
                    object: "Account".into(),
                    record: Some("a-1".into()),
                    length: Span::minutes(60),
                    reason: "the offer is due".into(),
                    reference: None,
                },
            },
        },
        Operation::ChangeSeeing => Change::ChangeSeeing {
            organization: org(),
            change: guan_store::SeeingChange::Begin {
                id: "v-1".into(),
                subject: "bo".into(),
                length: Span::minutes(15),
                reason: "the list looks short".into(),
            },
        },
        Operation::ApplyImport => {
            let mut policy = policy();
            policy.organization.name = "Imported".into();
            Change::ApplyImport(ImportApplied {
                job: "j-1".into(),
                policy: Box::new(policy),
                expected: 2,
                records: RecordsChange::Keep,
                reason: "moving".into(),
            })
        }
        Operation::ChangeCredentials => Change::ChangeCredentials {
            organization: org(),
            change: guan_store::CredentialChange::SetPassword {
                user: "bo".into(),
                hash: "$argon2id$".into(),
                must_change: true,
                keep: None,
            },
        },
        Operation::BackupTaken => {
            let taken = world.store().backup(&caller, &clock, "weekly");
            return taken.map(|(_, written)| written.organization).map_err(chain);
        }
        Operation::Restore => {
            let backups = std::fs::read_dir(world.path().join("backups")).unwrap();
            let backup = backups.map(|entry| entry.unwrap().path()).next().unwrap();
            let faults = Faults::default();
            restore(&world.path(), &backup, &caller, &clock, "try", &faults).map_err(chain)?;
            world.restart();
            return Ok(INSTALLATION_LOG.to_owned());
        }
        Operation::FoundOtherDatabase => {
            world.store = Some(Store::open(world.path(), &caller, &clock).map_err(chain)?);
            return Ok(INSTALLATION_LOG.to_owned());
        }
        Operation::ClockAlarm => {
            world.store().sweep(&caller, &clock).map_err(chain)?;
            return Ok(INSTALLATION_LOG.to_owned());
        }
        Operation::ConfirmClock => Change::ConfirmClock { reason: "radio clock".into() },
        Operation::ForgetReceivers => {
            Change::ForgetReceivers { organization: org(), receivers: vec!["mail".into()] }
        }
        Operation::AcknowledgeSafeMode => {
            Change::AcknowledgeSafeMode { reason: "disk was replaced".into() }
        }
    };
    assert_eq!(change.operation(), operation);
    let written = world.store().write(&caller, &clock, &change).map_err(chain)?;
    assert_eq!(written.rows, 1);
    Ok(written.organization)
}

fn chain(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn size(world: &World, log: &str) -> u64 {
    world.rows_of(log)
}

#[test]
fn every_operation_leaves_exactly_one_row_that_names_it() {
    for operation in Operation::ALL {
        let mut world = world();
        prepare(*operation, &mut world);
        let before = (size(&world, "acme"), size(&world, "second"), size(&world, ""));
        let log = perform(*operation, &mut world).unwrap();
        let after = (size(&world, "acme"), size(&world, "second"), size(&world, ""));
        let added = (after.0 - before.0) + (after.1 - before.1) + (after.2 - before.2);
        assert_eq!(added, 1, "{operation:?}");
        let tip = world.store().ledger_tip(&log).unwrap().unwrap();
        let rows = world.store().ledger_rows(&log, tip.size - 1..tip.size).unwrap();
        let entry = Entry::from_bytes(&rows[0].bytes).unwrap();
        let name = match operation {
            Operation::RecordWouldDenies
            | Operation::RecordRelaxedLists
            | Operation::RecordDenial => "read",
            Operation::RefuseReveal => "reveal",
            Operation::WriteRecords => "edit_record",
            Operation::ChangeCredentials => "set_password",
            Operation::ChangeJob => "begin_job",
            Operation::StepWindow => "draft_window",
            Operation::ChangeShadow => "start_shadow",
            Operation::ChangeWaiting => "keep_edit",
            Operation::ChangeAccess => "ask_for_access",
            Operation::ChangeSeeing => "see_as",
            other => other.name(),
        };
        assert_eq!(entry.what.operation, name);
        world.verify_all();
    }
}

fn job(change: JobChange) -> Change {
    Change::ChangeJob { organization: org(), change }
}

/// Everything in the database, table by table.
fn contents(world: &World) -> Vec<String> {
    let connection = rusqlite::Connection::open(world.path().join("guan.db")).unwrap();
    let mut lines = Vec::new();
    for table in TABLES.iter().chain(&["installation"]) {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> =
                (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect();
            lines.push(format!("{table}: {}", values.join(", ")));
        }
    }
    lines
}

const TABLES: &[&str] = &[
    "organization",
    "revision",
    "entity",
    "record",
    "ledger",
    "overlay",
    "overlay_closing",
    "journal",
    "record_bin",
    "record_history",
    "record_words",
    "record_claim",
    "undo_run",
    "undone",
    "window_request",
    "window_document",
    "switch_settings",
    "account",
    "job",
    "shadow",
    "shadow_tally",
    "born",
    "outbox",
    "waiting_edit",
    "access_request",
    "seeing_as",
];

/// The same installation in a folder of its own; `open` as the first was.
pub(crate) fn copy(world: &World, is_open: bool) -> World {
    let folder = tempfile::TempDir::new().unwrap();
    copy_folder(&world.path(), folder.path());
    let mut copy =
        World { folder, store: None, clock: world.clock.clone(), place: world.place.clone() };
    if is_open {
        copy.restart();
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy_folder(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}

/// Makes every change of a table fail.
fn refuse(world: &World, table: &str) {
    let connection = rusqlite::Connection::open(world.path().join("guan.db")).unwrap();
    for verb in ["INSERT", "UPDATE", "DELETE"] {
        let sql = format!(
            "CREATE TRIGGER no_{verb} BEFORE {verb} ON {table} BEGIN SELECT raise(ABORT, 'not today'); END"
        );
        connection.execute_batch(&sql).unwrap();
    }
}

#[test]
fn a_statement_that_fails_undoes_its_whole_change() {
    let mut failures = 0;
    for operation in Operation::ALL {
        let mut original = world();
        // A folder is copied here with its database.
        if original.is_on_server() {
            return;
        }
        prepare(*operation, &mut original);
        let is_open = original.store.take().is_some();
        for table in TABLES.iter().chain(&["installation"]) {
            let mut world = copy(&original, is_open);
            refuse(&world, table);
            let before = contents(&world);
            match perform(*operation, &mut world) {
                Err(words) => {
                    assert!(!words.is_empty());
                    failures += 1;
                    assert_eq!(contents(&world), before, "{operation:?} {table}");
                }
                Ok(_) => assert_ne!(contents(&world), before, "{operation:?} {table}"),
            }
        }
    }
    // At least the ledger and the clock mark are part of every one, a restore apart, which writes another file.
    assert!(failures >= 2 * (Operation::ALL.len() - 1), "{failures}");
}
