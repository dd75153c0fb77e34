//! Records, logs and forgeries that the tests share.

use guan_ledger::{
    Change, ChangeKind, ClockState, Commitment, Completion, Decision, Digest, Entry, EntryId,
    Envelope, Kind, Obligation, Origin, OverlayMode, Row, SCHEMA, Status, Suspension, Time, Tip,
    Verdict, What, Who, append, chain_hash, leaf_hash,
};

pub(crate) const START_US: i64 = 1_700_000_000_000_000;

pub(crate) fn origin() -> Origin {
    Origin { organization: "acme".to_owned(), instance: "i-1".to_owned() }
}

/// The smallest record, one millisecond after the one before.
pub(crate) fn record(sequence: u64) -> Entry {
    let unix_ms = 1_700_000_000_000 + sequence;
    let envelope = Envelope {
        schema: SCHEMA,
        id: EntryId::new(unix_ms, [7; 10]),
        sequence,
        organization: "acme".to_owned(),
        instance: "i-1".to_owned(),
        incarnation: 1,
        boot: "b-1".to_owned(),
    };
    let wall_us = START_US + i64::try_from(sequence).unwrap() * 1000;
    let time = Time {
        wall_us,
        since_boot_us: sequence * 1000,
        clock: ClockState::Synced,
        recorded_at_us: None,
    };
    let who = Who {
        caller: "u-1".to_owned(),
        session: None,
        auth_method: None,
        on_behalf_of: None,
        source_address: None,
    };
    let what = What {
        operation: "write_record".to_owned(),
        object: None,
        record: None,
        fields: [].into(),
        query: None,
        purpose: None,
        request: None,
    };
    Entry::new(envelope, Kind::RecordWritten, time, who, what)
}

/// A record with every group and every field.
pub(crate) fn full_record(sequence: u64) -> Entry {
    let mut entry = record(sequence);
    entry.kind = Kind::WouldDeny;
    entry.time.recorded_at_us = Some(START_US + 5);
    entry.who.session = Some("s-1".to_owned());
    entry.who.auth_method = Some("mfa".to_owned());
    entry.who.on_behalf_of = Some("u-2".to_owned());
    entry.who.source_address = Some("192.0.2.7".parse().unwrap());
    entry.what.object = Some("Opportunity".to_owned());
    entry.what.record = Some("006-1".to_owned());
    entry.what.fields = ["Phone".to_owned(), "Amount".to_owned()].into();
    entry.what.query = Some(Digest::of(b"query").into());
    entry.what.purpose = Some("季度\"清理\"".to_owned());
    entry.what.request = Some("r-1".to_owned());
    entry.decision = Some(Decision {
        outcome: Verdict::Allow,
        normal_outcome: Verdict::Deny,
        stage: Some("reach".to_owned()),
        rules: vec!["rule-2".to_owned(), "rule-1".to_owned()],
        policy: Some(Digest::of(b"policy")),
        sets: ["sales".to_owned()].into(),
        obligation: Some(Obligation {
            masked_fields: ["Phone".to_owned()].into(),
            rows_max: Some(200),
        }),
    });
    entry.suspension = Some(Suspension {
        overlay: "o-1".to_owned(),
        mode: OverlayMode::Suspension,
        scope_match: Some("object:Opportunity".to_owned()),
        audience_match: Some("user:u-1".to_owned()),
        floor_hit: Some("field:Opportunity.Phone".to_owned()),
    });
    entry.change = Some(Change {
        kind: ChangeKind::Updated,
        before: Some(Commitment::new(&[1; 32], b"before").into()),
        after: Some(Commitment::new(&[2; 32], b"after").into()),
        affected: 1,
        revision: Some(4),
    });
    entry.result = Some(Completion {
        status: Status::Done,
        error_class: Some("none".to_owned()),
        rows: Some(1),
        bytes: Some(512),
        ids: Some(Digest::of(b"006-1\n")),
    });
    entry
}

/// Appends the records in order, starting from nothing.
pub(crate) fn log_of(entries: &[Entry]) -> Vec<Row> {
    let mut tip = Tip::genesis(&origin());
    let mut rows = Vec::new();
    for entry in entries {
        let row = append(&tip, entry).unwrap();
        tip = row.tip();
        rows.push(row);
    }
    rows
}

/// A log of `size` records, every third of them full.
pub(crate) fn log(size: u64) -> Vec<Row> {
    let entries: Vec<_> = (0..size)
        .map(|sequence| if sequence % 3 == 2 { full_record(sequence) } else { record(sequence) })
        .collect();
    log_of(&entries)
}

/// What somebody with write access to the database would store: any bytes with hashes that fit.
pub(crate) fn forge(previous: &Tip, bytes: &[u8]) -> Row {
    let leaf = leaf_hash(bytes);
    let chain = chain_hash(&previous.chain, &leaf);
    Row { sequence: previous.size, bytes: bytes.to_vec(), leaf, previous: previous.chain, chain }
}
