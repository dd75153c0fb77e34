//! Objects: fields, relations, default access and dimensions.

use super::Check;
use crate::model::{Baseline, Field, FieldId, LIMITS, Object, RelationId, TreeKind};
use std::collections::BTreeSet;
use std::fmt;

impl Check<'_> {
    pub(super) fn objects(&mut self) {
        for (id, object) in &self.policy.objects {
            let place = format_args!("objects.{id}");
            self.id(place, id.as_str());
            for (side, baseline) in
                [("internal", &object.baseline.internal), ("external", &object.baseline.external)]
            {
                if let Baseline::ControlledByParent(relation) = baseline {
                    self.relation(format_args!("{place}.baseline.{side}"), object, relation);
                }
            }
            for (at, roll_up) in object.roll_ups.iter().enumerate() {
                let found = self.policy.roll_ups.get(roll_up);
                self.found(
                    format_args!("{place}.roll_ups[{at}]"),
                    "roll-up",
                    roll_up.as_str(),
                    found,
                );
            }
            self.at_most(
                format_args!("{place}.fields"),
                "fields",
                object.fields.len(),
                LIMITS.fields_max,
            );
            for (id, field) in &object.fields {
                let place = format_args!("{place}.fields.{id}");
                self.id(place, id.as_str());
                self.demand(place, (object, id), field);
            }
            for (relation, link) in &object.relations {
                let place = format_args!("{place}.relations.{relation}");
                self.id(place, relation.as_str());
                self.object(format_args!("{place}.parent"), &link.parent);
            }
            self.dimensions(format_args!("{place}.dimensions"), object);
            for (at, set) in object.lock_exempt.iter().enumerate() {
                self.giving_set(format_args!("{place}.lock_exempt[{at}]"), set);
            }
        }
    }

    /// What a field asks of new records must be something that a record can have.
    fn demand(
        &mut self,
        place: fmt::Arguments<'_>,
        (object, id): (&Object, &FieldId),
        field: &Field,
    ) {
        match &field.default {
            Some(_) if object.relations.contains_key(id.as_str()) => self.add(
                format_args!("{place}.default"),
                format_args!("the field is a relation too, and no record is the parent of every new one; leave the default out"),
            ),
            Some(value) => self.fits(format_args!("{place}.default"), field.field_type, value),
            None if field.required && field.read_only => self.add(
                format_args!("{place}.required"),
                format_args!("nobody may set the field, so no record could be made; add a default or leave it out"),
            ),
            None => {}
        }
    }

    pub(super) fn relation(
        &mut self,
        place: fmt::Arguments<'_>,
        object: &Object,
        relation: &RelationId,
    ) {
        if !object.relations.contains_key(relation) {
            self.add(
                place,
                format_args!("the object has no relation `{relation}`; add it or name another"),
            );
        }
    }

    fn dimensions(&mut self, place: fmt::Arguments<'_>, object: &Object) {
        let mut seen = BTreeSet::new();
        for (at, dimension) in object.dimensions.iter().enumerate() {
            let place = format_args!("{place}[{at}].tree");
            let id = &dimension.tree;
            if self.tree_id(place, id).is_some_and(|tree| tree.kind != TreeKind::Dimension) {
                self.add(
                    place,
                    format_args!("the tree `{id}` is not of kind dimension; name one that is"),
                );
            }
            if !seen.insert(id) {
                self.add(
                    place,
                    format_args!(
                        "the tree `{id}` is a dimension of the object already; unite the two"
                    ),
                );
            }
        }
    }
}
