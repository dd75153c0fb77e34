//! Groups and sums: folds over the list, by fields that the subject sees clear on all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use guan_engine::model::{Action, FieldId, FieldType, Number, Object, ObjectId, RecordId, Value};
use serde::{Deserialize, Serialize};

use super::RecordFault;
use super::find::Question;
use super::list::{RecordQuery, comparable};
use super::scan::{Added, BLOCK, Chosen, Scan};
use crate::gate::{Asking, Gate};
use crate::query::Filter;

/// Groups of one answer.
const GROUPS_MAX: usize = 10_000;
/// Fields to group by, and measures.
const PARTS_MAX: usize = 16;

/// What is summed up.
#[derive(Debug, Clone)]
pub struct Aggregation {
    /// The object.
    pub object: ObjectId,
    /// Only records that match.
    pub filter: Option<Filter>,
    /// Only records in which these words are found.
    pub search: Option<String>,
    /// One row for each combination of the values of these fields, or parents by these relations; none: one row over all.
    pub group_by: Vec<FieldId>,
    /// What each row says.
    pub measures: Vec<Measure>,
}

/// A number over the records of a group. Records without value do not count; over none there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many records.
    Count,
    /// The sum of a number field.
    Sum(FieldId),
    /// The average of a number field, rounded to four places.
    Average(FieldId),
    /// The smallest value.
    Smallest(FieldId),
    /// The largest value.
    Largest(FieldId),
}

impl Measure {
    const fn field(&self) -> Option<&FieldId> {
        match self {
            Self::Count => None,
            Self::Sum(field)
            | Self::Average(field)
            | Self::Smallest(field)
            | Self::Largest(field) => Some(field),
        }
    }
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AggregateRow {
    /// The values that its records have in common, in the order of `group_by`.
    pub group: Vec<Option<Value>>,
    /// In the order of `measures`.
    pub values: Vec<Option<Value>>,
}

/// One measure under way.
#[derive(Default)]
struct Fold {
    count: u64,
    sum: i128,
    /// The value and how it compares.
    best: Option<(Value, Value)>,
}

type Groups = BTreeMap<Vec<Option<Value>>, Vec<Fold>>;

impl Gate {
    /// Sums up the records that the subject may read: what a fold over the list gives.
    ///
    /// # Errors
    ///
    /// As [`Gate::list_records`]; a field that is not seen clear, or a sum of what is no number.
    pub fn aggregate_records(
        &self,
        asking: &Asking,
        aggregation: &Aggregation,
    ) -> Result<Vec<AggregateRow>, RecordFault> {
        for parts in [aggregation.group_by.len(), aggregation.measures.len()] {
            if parts > PARTS_MAX {
                return Err(RecordFault::TooMany { what: "fields or measures", most: PARTS_MAX });
            }
        }
        let mut question = self.question(asking)?;
        loop {
            let summed = self.groups(&question, aggregation);
            let summed = self.traced(asking, (&Action::Read, &aggregation.object), summed);
            let (groups, added, scan) = summed?;
            let lists = added.lists(&question, &scan);
            if lists.is_empty() || self.record_relaxed(asking, lists).is_ok() {
                return Ok(rows(groups, &aggregation.measures));
            }
            question = question.enforced();
        }
    }

    fn groups(
        &self,
        question: &Question<'_>,
        aggregation: &Aggregation,
    ) -> Result<(Groups, Added, Scan), RecordFault> {
        let query = RecordQuery {
            filter: aggregation.filter.clone(),
            search: aggregation.search.clone(),
            ..RecordQuery::first(aggregation.object.clone(), 1)
        };
        let measured = aggregation.measures.iter().filter_map(Measure::field);
        let clear: BTreeSet<FieldId> =
            aggregation.group_by.iter().chain(measured).cloned().collect();
        let scan = Gate::scan_of(question, &Action::Read, &query, &clear)?;
        let plan = Plan::new(question, &scan, aggregation)?;
        let (mut groups, mut added) = (Groups::new(), Added::default());
        if aggregation.group_by.is_empty() {
            groups.insert(Vec::new(), plan.folds());
        }
        let (mut block, mut fault) = (Vec::new(), None);
        let mut judge = |block: &mut Vec<Chosen>| {
            let judged = plan.take(question, &scan, block, (&mut groups, &mut added));
            block.clear();
            match judged {
                Ok(()) => ControlFlow::Continue(()),
                Err(found) => {
                    fault = Some(found);
                    ControlFlow::Break(())
                }
            }
        };
        self.scan(question, &scan, |chosen| {
            block.push(chosen);
            if block.len() < BLOCK { ControlFlow::Continue(()) } else { judge(&mut block) }
        })?;
        let _last = judge(&mut block);
        match fault {
            Some(fault) => Err(fault),
            None => Ok((groups, added, scan)),
        }
    }
}

/// Where the values of groups and measures stand, and their types.
struct Plan<'p> {
    group: Vec<usize>,
    measures: Vec<(&'p Measure, Option<(usize, FieldType)>)>,
}

impl<'p> Plan<'p> {
    fn new(
        question: &Question<'_>,
        scan: &Scan,
        aggregation: &'p Aggregation,
    ) -> Result<Self, RecordFault> {
        let objects = &question.engine().policy().objects;
        let model = objects.get(&aggregation.object);
        let place = |field: &FieldId| {
            let model: &Object = model?;
            Some((scan.wanted.place(field)?, model.fields.get(field)?.field_type))
        };
        let missing = |field: &FieldId| RecordFault::Field {
            field: field.clone(),
            what: "there is no such field that you may use so".to_owned(),
        };
        let mut group = Vec::new();
        for field in &aggregation.group_by {
            group.push(scan.wanted.place(field).ok_or_else(|| missing(field))?);
        }
        let mut measures = Vec::new();
        for measure in &aggregation.measures {
            let Some(field) = measure.field() else {
                measures.push((measure, None));
                continue;
            };
            let (at, field_type) = place(field).ok_or_else(|| missing(field))?;
            let is_sum = matches!(measure, Measure::Sum(_) | Measure::Average(_));
            if is_sum && field_type != FieldType::Number {
                let what = format!("its values are {}, not numbers", field_type.description());
                return Err(RecordFault::Field { field: field.clone(), what });
            }
            measures.push((measure, Some((at, field_type))));
        }
        Ok(Self { group, measures })
    }

    fn folds(&self) -> Vec<Fold> {
        self.measures.iter().map(|_| Fold::default()).collect()
    }

    /// Judges a block and folds what the subject may see of it.
    fn take(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        block: &[Chosen],
        (groups, added): (&mut Groups, &mut Added),
    ) -> Result<(), RecordFault> {
        let ids: Vec<RecordId> = block.iter().map(|chosen| chosen.id.clone()).collect();
        let selection = scan.judge(question, &ids)?;
        added.take(&selection);
        for chosen in selection.places().filter_map(|at| block.get(at)) {
            let key = self.group.iter().map(|at| chosen.picked.value(*at).cloned()).collect();
            if groups.len() >= GROUPS_MAX && !groups.contains_key(&key) {
                return Err(RecordFault::TooMany { what: "groups", most: GROUPS_MAX });
            }
            let folds = groups.entry(key).or_insert_with(|| self.folds());
            for (fold, (measure, place)) in folds.iter_mut().zip(&self.measures) {
                match place {
                    None => fold.count += 1,
                    Some((at, field_type)) => {
                        if let Some(value) = chosen.picked.value(*at) {
                            fold.take(measure, value, *field_type);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl Fold {
    fn take(&mut self, measure: &Measure, value: &Value, field_type: FieldType) {
        let order = comparable(value, field_type);
        self.count += 1;
        match (measure, &order) {
            (Measure::Sum(_) | Measure::Average(_), Value::Number(number)) => {
                self.sum = self.sum.saturating_add(i128::from(number.0));
            }
            (Measure::Sum(_) | Measure::Average(_), _) => self.count -= 1,
            (Measure::Smallest(_), _) => {
                if self.best.as_ref().is_none_or(|(best, _)| order < *best) {
                    self.best = Some((order, value.clone()));
                }
            }
            (Measure::Largest(_), _) => {
                if self.best.as_ref().is_none_or(|(best, _)| order > *best) {
                    self.best = Some((order, value.clone()));
                }
            }
            (Measure::Count, _) => {}
        }
    }

    fn value(self, measure: &Measure) -> Option<Value> {
        let number =
            |units: i128| i64::try_from(units).ok().map(|units| Value::Number(Number(units)));
        match measure {
            Measure::Count => number(i128::from(self.count) * 10_000),
            Measure::Smallest(_) | Measure::Largest(_) => self.best.map(|(_, value)| value),
            Measure::Sum(_) | Measure::Average(_) if self.count == 0 => None,
            Measure::Sum(_) => number(self.sum),
            Measure::Average(_) => {
                let count = i128::from(self.count);
                let half = if self.sum < 0 { -count / 2 } else { count / 2 };
                number((self.sum + half) / count)
            }
        }
    }
}

fn rows(groups: Groups, measures: &[Measure]) -> Vec<AggregateRow> {
    groups
        .into_iter()
        .map(|(group, folds)| AggregateRow {
            group,
            values: folds
                .into_iter()
                .zip(measures)
                .map(|(fold, measure)| fold.value(measure))
                .collect(),
        })
        .collect()
}
