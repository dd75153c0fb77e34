//! What conditions see: one record or none, one subject, one instant.

use guan_engine::condition::{Condition, Facts, Truth};
use guan_engine::model::{
    FieldId, FieldType, Moment, ObjectId, Owner, Policy, Record, UserId, Value,
};

/// The facts for one evaluation.
pub(super) struct Given<'a> {
    pub(super) policy: &'a Policy,
    pub(super) object: &'a ObjectId,
    pub(super) record: Option<&'a Record>,
    pub(super) subject: &'a UserId,
    pub(super) at: Moment,
}

impl Given<'_> {
    pub(super) fn judge(&self, condition: &Condition) -> Truth {
        condition.evaluate(self)
    }
}

impl Facts for Given<'_> {
    fn field(&self, field: &FieldId) -> Option<&Value> {
        self.record?.fields.get(field)
    }
    fn field_type(&self, field: &FieldId) -> Option<FieldType> {
        Some(self.policy.objects.get(self.object)?.fields.get(field)?.field_type)
    }
    fn owners(&self) -> Vec<String> {
        let owners = self.record.iter().flat_map(|record| &record.owners);
        owners
            .map(|owner| match owner {
                Owner::User(id) => id.to_string(),
                Owner::Group(id) => id.to_string(),
            })
            .collect()
    }
    fn attribute(&self, name: &str) -> Option<Value> {
        if name == "id" {
            return Some(Value::Text(self.subject.to_string()));
        }
        self.policy.users.get(self.subject)?.attributes.get(name).cloned()
    }
    fn now(&self) -> Moment {
        self.at
    }
    fn utc_offset_minutes(&self) -> i32 {
        self.policy.organization.utc_offset_minutes
    }
}
