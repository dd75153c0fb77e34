//! Recorded denials, asked again on both sides of a window.

use std::collections::BTreeMap;

use guan_engine::Engine;
use guan_engine::activity::Standing;
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{Action, FieldId, Moment, ObjectId, RecordKey, UserId};
use guan_ledger::{Entry, Kind};

use super::{DenialsPreview, DeniedSample, NameCount};
use crate::database::values;
use crate::error::{ReadError, StorageError};
use crate::sql;
use crate::store::Store;

/// Rows that are read at once.
const PAGE: usize = 500;
/// Names in each list.
const NAMES: usize = 20;
/// Denials that are told one by one.
const SAMPLES: usize = 10;

/// Denials as they were recorded, the latest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Denials {
    days: u32,
    entries: Vec<Entry>,
    cut_short: bool,
}

impl Denials {
    /// The denials of the last days, at most so many.
    pub(crate) fn read(
        store: &Store,
        log: &str,
        (now, days): (Moment, u32),
        most: usize,
    ) -> Result<Self, ReadError> {
        let since = now.0.saturating_sub(i64::from(days).saturating_mul(86_400_000));
        let mut found = Self { days, ..Self::default() };
        let mut before = u64::MAX >> 1;
        loop {
            let page: Vec<(u64, Vec<u8>)> = store.database.rows(
                sql::LEDGER_DENIALS,
                values![log, before, PAGE as u64],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            for (sequence, bytes) in &page {
                before = *sequence;
                let entry = Entry::from_bytes(bytes).map_err(StorageError::unreadable)?;
                if entry.time.wall_us.div_euclid(1_000) < since {
                    return Ok(found);
                }
                if found.entries.len() >= most {
                    found.cut_short = true;
                    return Ok(found);
                }
                found.entries.push(entry);
            }
            if page.len() < PAGE {
                return Ok(found);
            }
        }
    }

    /// Asks them again, each from where it came, at the instant of the window.
    pub(crate) fn replay(
        &self,
        engine: &Engine,
        at: Moment,
        (before, after): (Standing<'_>, Standing<'_>),
    ) -> DenialsPreview {
        let mut told = DenialsPreview {
            days: self.days,
            cut_short: self.cut_short,
            ..DenialsPreview::default()
        };
        let mut names = [(); 3].map(|()| BTreeMap::<String, u64>::new());
        for entry in &self.entries {
            let Some(asked) = Asked::of(entry) else { continue };
            told.looked_at += 1;
            let allows =
                |standing| engine.check(&asked.request(engine, at, entry, standing)).is_allowed();
            if allows(before) {
                told.allowed_anyway += 1;
                continue;
            }
            if !allows(after) {
                continue;
            }
            told.allowed += 1;
            let of =
                [asked.user.to_string(), asked.on.object().to_string(), asked.action.to_string()];
            for (names, name) in names.iter_mut().zip(of) {
                *names.entry(name).or_default() += 1;
            }
            if told.samples.len() < SAMPLES {
                told.samples.push(asked.sample(entry));
            }
        }
        [told.by_user, told.by_object, told.by_action] = names.map(most_often);
        told
    }
}

fn most_often(names: BTreeMap<String, u64>) -> Vec<NameCount> {
    let mut all: Vec<NameCount> =
        names.into_iter().map(|(name, count)| NameCount { name, count }).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    all.truncate(NAMES);
    all
}

/// The question behind a denial, as far as the ledger keeps it.
struct Asked {
    user: UserId,
    action: Action,
    on: Target,
    fields: Vec<FieldId>,
}

impl Asked {
    /// The owners that a record was to have are not kept: making one is asked of the object as such.
    fn of(entry: &Entry) -> Option<Self> {
        if entry.kind != Kind::DecisionDenied {
            return None;
        }
        let object: ObjectId = entry.what.object.clone()?.into();
        let on = match entry.what.record.clone() {
            Some(id) => Target::Record(RecordKey { object, id: id.into() }),
            None => Target::Object(object),
        };
        Some(Self {
            user: entry.who.on_behalf_of.clone()?.into(),
            action: Action::from(entry.what.operation.clone()),
            on,
            fields: entry.what.fields.iter().map(|field| field.as_str().into()).collect(),
        })
    }

    fn request<'a>(
        &self,
        engine: &Engine,
        at: Moment,
        entry: &Entry,
        standing: Standing<'a>,
    ) -> Request<'a> {
        let organization = engine.policy().organization.id.clone();
        let mut session = Session::new(organization, self.user.clone(), at).under(standing);
        session.address = entry.who.source_address;
        Request {
            session,
            action: self.action.clone(),
            on: self.on.clone(),
            fields: self.fields.clone(),
            extent: Extent::Single,
        }
    }

    fn sample(&self, entry: &Entry) -> DeniedSample {
        DeniedSample {
            sequence: entry.envelope.sequence,
            at: Moment(entry.time.wall_us.div_euclid(1_000)),
            user: self.user.clone(),
            action: self.action.clone(),
            object: self.on.object().clone(),
            record: match &self.on {
                Target::Record(key) => Some(key.id.clone()),
                Target::Object(_) | Target::New { .. } => None,
            },
            fields: self.fields.clone(),
        }
    }
}
