//! Laws of what leaves: a revealed record shows what the field gate lets through, and names every
//! would-deny that it rests on.

use crate::run::{load, worlds};
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, Record, RecordKey};
use guan_engine::visible::{Shown, Visible};
use guan_engine::{Engine, model::Mask};

fn check(
    engine: &Engine,
    session: &Session<'_>,
    action: &Action,
    record: &RecordKey,
    fields: &[FieldId],
) -> Decision {
    let on = Target::Record(record.clone());
    let mut request = Request::new(session.clone(), action.clone(), on);
    request.fields = fields.to_vec();
    engine.check(&request)
}

/// What of the raw record a revealed one must show.
fn expected(
    access: FieldAccess,
    mask: Option<Mask>,
    raw: &Record,
    field: &FieldId,
) -> Option<Shown> {
    let value = raw.fields.get(field)?;
    if access.is_readable() {
        Some(Shown::Clear(value.clone()))
    } else if access.is_visible() {
        Some(Shown::Masked(mask.unwrap_or(Mask::Full).apply(&value.to_string())))
    } else {
        None
    }
}

/// Whether the would-deny of a question is among those that the record names.
fn is_named(visible: &Visible<Record>, decision: &Decision, field: Option<&FieldId>) -> bool {
    let Decision::Relaxed { overlay, refusal } = decision else { return false };
    visible.would_denies().iter().any(|deny| {
        let same = match refusal {
            Refusal::FieldHidden { .. } => matches!(deny.refusal, Refusal::FieldHidden { .. }),
            other => deny.refusal == *other,
        };
        deny.record == visible.key()
            && deny.overlay == *overlay
            && same
            && field.is_none_or(|field| deny.fields.contains(field))
    })
}

#[test]
fn a_revealed_record_shows_what_the_fields_and_the_checks_say() {
    let (mut shown, mut masked, mut hidden, mut relaxed) = (0, 0, 0, 0);
    for world in worlds(6) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 6) {
            let page = engine.reveal_page(&session, &Action::Read, world.records.clone());
            for (raw, revealed) in world.records.iter().zip(page) {
                let key = raw.key();
                let of = format!("world {}: {} {key}", world.seed, session.subject);
                assert_eq!(
                    revealed,
                    engine.reveal(&session, &Action::Read, raw.clone()),
                    "a page is its records: {of}"
                );
                let decision = check(&engine, &session, &Action::Read, &key, &[]);
                assert_eq!(decision.is_allowed(), revealed.is_ok(), "{of}");
                let visible = match revealed {
                    Ok(visible) => visible,
                    Err(refusal) => {
                        assert_eq!(decision.refusal(), Some(&refusal), "{of}");
                        continue;
                    }
                };
                if matches!(decision, Decision::Relaxed { .. }) {
                    assert!(is_named(&visible, &decision, None), "{of}");
                    relaxed += 1;
                }
                let fields = engine.fields(&session, &Target::Record(key.clone())).unwrap();
                for (field, model) in &world.policy.objects[&key.object].fields {
                    let of = format!("{of} {field}");
                    let access = fields[field].read_only();
                    assert_eq!(visible.access(field), access, "{of}");
                    let expected = expected(access, model.mask, raw, field);
                    assert_eq!(visible.fields().get(field), expected.as_ref(), "{of}");
                    match expected {
                        Some(Shown::Clear(_)) => shown += 1,
                        Some(Shown::Masked(_)) => masked += 1,
                        None => hidden += 1,
                    }
                    let fields = std::slice::from_ref(field);
                    let decision = check(&engine, &session, &Action::Read, &key, fields);
                    assert_eq!(decision.is_allowed(), access.is_visible(), "{of}");
                    let is_relaxed = matches!(decision, Decision::Relaxed { .. });
                    assert_eq!(is_named(&visible, &decision, Some(field)), is_relaxed, "{of}");
                    if !is_relaxed {
                        let named = visible.would_denies().iter();
                        assert!(named.flat_map(|deny| deny.fields.iter()).all(|f| f != field));
                    }
                }
            }
        }
    }
    assert!(shown > 0 && masked > 0 && hidden > 0 && relaxed > 0);
}

#[test]
fn a_revealed_record_names_the_parents_that_may_be_read_and_no_others() {
    let (mut kept, mut dropped) = (0, 0);
    for world in worlds(6) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 6) {
            for raw in &world.records {
                let Ok(visible) = engine.reveal(&session, &Action::Read, raw.clone()) else {
                    continue;
                };
                for (relation, id) in &raw.parents {
                    let object = &world.policy.objects[&raw.object];
                    let parent = RecordKey {
                        object: object.relations[relation].parent.clone(),
                        id: id.clone(),
                    };
                    let decision = check(&engine, &session, &Action::Read, &parent, &[]);
                    let of = format!("world {}: {} {}", world.seed, session.subject, raw.key());
                    assert_eq!(
                        visible.parents().contains_key(relation),
                        decision.is_allowed(),
                        "{of}"
                    );
                    if let Decision::Relaxed { overlay, .. } = decision {
                        let mut named = visible.would_denies().iter();
                        assert!(named.any(|deny| deny.record == parent && deny.overlay == overlay));
                    }
                    if visible.parents().contains_key(relation) { kept += 1 } else { dropped += 1 }
                }
            }
        }
    }
    assert!(kept > 0 && dropped > 0);
}

#[test]
fn what_is_taken_out_is_what_export_allows() {
    let mut allowed = 0;
    for world in worlds(4) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 6) {
            let page = engine.reveal_page(&session, &Action::Export, world.records.clone());
            for (raw, revealed) in world.records.iter().zip(page) {
                let key = raw.key();
                let of = format!("world {}: {} {key}", world.seed, session.subject);
                let decision = check(&engine, &session, &Action::Export, &key, &[]);
                assert_eq!(decision.is_allowed(), revealed.is_ok(), "{of}");
                let Ok(visible) = revealed else { continue };
                allowed += 1;
                for field in world.policy.objects[&key.object].fields.keys() {
                    let fields = std::slice::from_ref(field);
                    let decision = check(&engine, &session, &Action::Export, &key, fields);
                    assert_eq!(decision.is_allowed(), visible.access(field).is_visible(), "{of}");
                }
            }
        }
    }
    assert!(allowed > 0);
}

#[test]
fn records_are_revealed_for_reading_and_export_alone() {
    for world in worlds(1) {
        let engine = load(&world);
        let session = &world.sessions(world.seed, 1)[0];
        for record in &world.records {
            let revealed = engine.reveal(session, &Action::Edit, record.clone());
            assert_eq!(revealed.err(), Some(Refusal::UnknownAction));
        }
    }
}
