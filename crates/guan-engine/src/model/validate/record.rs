//! Records: what they name must exist, and values must be of their field's type.

use super::Check;
use crate::condition::{day, instant};
use crate::model::{FieldId, FieldType, Number, Object, Owner, PoolId, Record, Value};
use std::fmt;

impl Check<'_> {
    pub(super) fn record(&mut self, record: &Record) {
        self.id(format_args!("id"), record.id.as_str());
        let object = self.object(format_args!("object"), &record.object);
        for (at, owner) in record.owners.iter().enumerate() {
            let place = format_args!("owners[{at}]");
            match owner {
                Owner::User(id) => self.user(place, id),
                Owner::Group(id) => self.group(place, id),
            }
        }
        if let Some(unit) = &record.unit {
            self.unit(format_args!("unit"), unit);
        }
        for (at, tag) in record.tags.iter().enumerate() {
            self.tag(format_args!("tags[{at}]"), tag, object);
        }
        for (relation, parent) in &record.parents {
            let place = format_args!("parents.{relation}");
            if let Some(object) = object {
                self.relation(place, object, relation);
            }
            self.id(place, parent.as_str());
        }
        if let Some(pool) = &record.pool {
            self.pool_of(format_args!("pool"), record, pool);
        }
        if let Some(object) = object {
            for (field, value) in &record.fields {
                self.value(format_args!("fields.{field}"), record, object, field, value);
            }
        }
        for (at, share) in record.shares.iter().enumerate() {
            let place = format_args!("shares[{at}]");
            self.principal(format_args!("{place}.to"), &share.to);
            self.levels(format_args!("{place}.child_levels"), &share.child_levels);
        }
        for (at, member) in record.team.iter().enumerate() {
            let place = format_args!("team[{at}]");
            self.user(format_args!("{place}.user"), &member.user);
            self.levels(format_args!("{place}.child_levels"), &member.child_levels);
        }
    }

    fn pool_of(&mut self, place: fmt::Arguments<'_>, record: &Record, id: &PoolId) {
        let pool = self.policy.pools.get(id);
        if let Some(pool) = self.found(place, "pool", id.as_str(), pool)
            && pool.object != record.object
        {
            let object = &pool.object;
            self.add(
                place,
                format_args!("the pool `{id}` holds records of `{object}`; name a pool of the record's own object"),
            );
        }
    }

    fn value(
        &mut self,
        place: fmt::Arguments<'_>,
        record: &Record,
        object: &Object,
        field: &FieldId,
        value: &Value,
    ) {
        let Some(declared) = object.fields.get(field) else {
            self.field(place, &record.object, Some(object), field);
            return;
        };
        self.fits(place, declared.field_type, value);
    }

    pub(super) fn fits(&mut self, place: fmt::Arguments<'_>, field_type: FieldType, value: &Value) {
        if !is_of_type(value, field_type) {
            let wanted = field_type.description();
            self.add(place, format_args!("the value is not {wanted}; mend it or leave it out"));
        }
        let (length, most) = (length(value), field_type.length_max());
        if length > most {
            self.add(
                place,
                format_args!("the value has {length} characters, and {most} are kept; shorten it"),
            );
        }
    }
}

/// Characters of the longest text in a value.
fn length(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.chars().count(),
        Value::List(texts) => {
            texts.iter().map(|text| text.chars().count()).max().unwrap_or_default()
        }
        Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Whether conditions can read the value as one of the type.
fn is_of_type(value: &Value, field_type: FieldType) -> bool {
    use FieldType as T;
    match (field_type, value) {
        (T::Text | T::Choice | T::Reference | T::MultiChoice, Value::Text(_))
        | (T::Text | T::Choice | T::Reference | T::Number, Value::Number(_))
        | (T::MultiChoice, Value::List(_))
        | (T::Boolean, Value::Bool(_)) => true,
        (T::Number, Value::Text(text)) => text.parse::<Number>().is_ok(),
        (T::Boolean, Value::Text(text)) => text.parse::<bool>().is_ok(),
        (T::Date, Value::Text(text)) => day(text).is_some(),
        (T::DateTime, Value::Text(text)) => instant(text).is_some(),
        (_, Value::Bool(_) | Value::Number(_) | Value::List(_)) => false,
    }
}
