//! The part of a stored record that a filter, a sort or a sum needs, read without building the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use guan_engine::condition::Facts;
use guan_engine::model::{
    FieldId, FieldType, Moment, Object, Owner, RecordId, RelationId, UserId, Value,
};
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use crate::error::StorageError;

/// Which fields are wanted; their places are the places of the values read.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    fields: Vec<FieldId>,
    types: Vec<Option<FieldType>>,
    /// Relations that are asked for like fields; their places come behind those of the fields.
    relations: Vec<RelationId>,
    owners: bool,
}

impl Wanted {
    pub(crate) fn new(
        fields: BTreeSet<FieldId>,
        relations: BTreeSet<RelationId>,
        object: &Object,
        owners: bool,
    ) -> Self {
        let types = fields
            .iter()
            .map(|field| object.fields.get(field).map(|field| field.field_type))
            .collect();
        let relations = relations.into_iter().collect();
        Self { fields: fields.into_iter().collect(), types, relations, owners }
    }

    pub(crate) fn place(&self, field: &FieldId) -> Option<usize> {
        let of_fields = self.fields.binary_search(field).ok();
        of_fields.or_else(|| {
            let relation = RelationId::from(field.as_str());
            Some(self.fields.len() + self.relations.binary_search(&relation).ok()?)
        })
    }

    /// The relations with their places.
    pub(crate) fn relations(&self) -> impl Iterator<Item = (usize, &RelationId)> {
        (self.fields.len()..).zip(&self.relations)
    }

    /// Whether nothing has to be read.
    pub(crate) const fn is_nothing(&self) -> bool {
        self.fields.is_empty() && self.relations.is_empty() && !self.owners
    }

    /// Reads the wanted values of a body, and of an access text the parents and owners that are wanted.
    pub(crate) fn read(&self, body: &str, access: &str) -> Result<Picked, StorageError> {
        let mut deserializer = serde_json::Deserializer::from_str(body);
        let mut values = self.deserialize(&mut deserializer).map_err(StorageError::unreadable)?;
        if !self.owners && self.relations.is_empty() {
            return Ok(Picked { values, owners: BTreeSet::new() });
        }
        let Access { owners, mut parents } =
            serde_json::from_str(access).map_err(StorageError::unreadable)?;
        let parents = self.relations.iter().map(|relation| parents.remove(relation));
        values.extend(parents.map(|parent| Some(Value::Text(parent?.to_string()))));
        Ok(Picked { values, owners })
    }
}

/// The values of one record that were wanted.
#[derive(Debug)]
pub(crate) struct Picked {
    values: Vec<Option<Value>>,
    owners: BTreeSet<Owner>,
}

impl Picked {
    /// Takes a value out, as if there were none.
    pub(crate) fn hide(&mut self, place: usize) {
        if let Some(value) = self.values.get_mut(place) {
            *value = None;
        }
    }
    pub(crate) fn value(&self, place: usize) -> Option<&Value> {
        self.values.get(place)?.as_ref()
    }
}

#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    owners: BTreeSet<Owner>,
    #[serde(default)]
    parents: BTreeMap<RelationId, RecordId>,
}

impl<'de> DeserializeSeed<'de> for &Wanted {
    type Value = Vec<Option<Value>>;
    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &Wanted {
    type Value = Vec<Option<Value>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a record")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.fields.len()];
        while let Some(name) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            let place = self.fields.binary_search_by(|field| field.as_str().cmp(&name)).ok();
            match place.and_then(|place| values.get_mut(place)) {
                Some(slot) => *slot = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// What a filter asks of a record, with who asks and when.
#[derive(Debug)]
pub(crate) struct RowFacts<'a> {
    pub(crate) wanted: &'a Wanted,
    pub(crate) picked: &'a Picked,
    pub(crate) subject: &'a UserId,
    pub(crate) now: Moment,
    pub(crate) utc_offset_minutes: i32,
}

impl Facts for RowFacts<'_> {
    fn field(&self, field: &FieldId) -> Option<&Value> {
        self.picked.value(self.wanted.place(field)?)
    }
    fn field_type(&self, field: &FieldId) -> Option<FieldType> {
        // A parent is compared as the text of its id.
        let place = self.wanted.place(field)?;
        self.wanted.types.get(place).copied().unwrap_or(Some(FieldType::Text))
    }
    fn owners(&self) -> Vec<String> {
        let id = |owner: &Owner| match owner {
            Owner::User(id) => id.to_string(),
            Owner::Group(id) => id.to_string(),
        };
        self.picked.owners.iter().map(id).collect()
    }
    fn attribute(&self, name: &str) -> Option<Value> {
        (name == "id").then(|| Value::Text(self.subject.to_string()))
    }
    fn now(&self) -> Moment {
        self.now
    }
    fn utc_offset_minutes(&self) -> i32 {
        self.utc_offset_minutes
    }
}
