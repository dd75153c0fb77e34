//! The policy while it is put together, with the report beside it.

use super::{Options, standard};
use crate::report::{Loss, LossReport, Rating};
use guan_engine::model::{
    Field, FieldId, FieldType, Object, ObjectId, Policy, Principal, RollUpId, SetId, TreeId,
};
use std::collections::{BTreeMap, BTreeSet};

/// The tree of roles.
pub(super) const ROLES: &str = "role";
/// The tree of territories.
pub(super) const TERRITORIES: &str = "territory";
/// The reporting line.
pub(super) const MANAGERS: &str = "manager";
/// The roll-up along roles.
pub(super) const ROLE_HIERARCHY: &str = "role_hierarchy";

/// Where something stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'f> {
    pub(super) file: &'f str,
    pub(super) line: u64,
}

/// Remarks that bend an element; none leaves it exact.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: BTreeSet<String>,
    pub(super) widens: bool,
}

impl Notes {
    pub(super) fn add(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
    }
    pub(super) fn add_widening(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
        self.widens = true;
    }
    pub(super) fn rating(&self) -> Rating {
        if self.notes.is_empty() {
            return Rating::Exact;
        }
        Rating::approximated(self.notes.iter().cloned().collect::<Vec<_>>().join("; "))
    }
}

/// Session limits of a profile, for the assignments of its users.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionLimits {
    pub(super) networks: Vec<guan_engine::model::AddressRange>,
    pub(super) hours: Option<guan_engine::model::Hours>,
    /// Element, file, line and rating of each limit: rated when the users are known.
    pub(super) sites: Vec<(&'static str, String, u64, Rating)>,
}

/// The policy in the making.
#[derive(Debug)]
pub(super) struct Draft<'o> {
    pub(super) options: &'o Options,
    pub(super) policy: Policy,
    pub(super) report: LossReport,
    pub(super) limits: BTreeMap<SetId, SessionLimits>,
    /// Users of each profile by the profile's name in lower case.
    pub(super) users_by_profile: BTreeMap<String, BTreeSet<Principal>>,
    /// The vendor's labels of sensitivity of each field, joined by `;`.
    pub(super) labels: BTreeMap<(ObjectId, FieldId), String>,
    /// Nodes and groups that are named and that nothing states.
    pub(super) unstated: BTreeSet<String>,
    /// Where a node was stated first, for what is found out later.
    pub(super) node_sites: BTreeMap<guan_engine::model::NodeId, (String, u64)>,
    object_names: BTreeMap<String, String>,
    assumed_types: BTreeSet<(ObjectId, FieldId)>,
    pub(super) declared_objects: BTreeSet<ObjectId>,
    assumed_fields: BTreeMap<ObjectId, u64>,
}

impl<'o> Draft<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        let mut policy = Policy::default();
        policy.organization.id = options.organization.as_str().into();
        policy.organization.utc_offset_minutes = options.utc_offset_minutes;
        let object_names = standard::OBJECTS
            .iter()
            .map(|name| (name.to_lowercase(), (*name).to_owned()))
            .collect();
        Self {
            options,
            policy,
            report: LossReport::default(),
            limits: BTreeMap::new(),
            users_by_profile: BTreeMap::new(),
            labels: BTreeMap::new(),
            unstated: BTreeSet::new(),
            node_sites: BTreeMap::new(),
            object_names,
            assumed_types: BTreeSet::new(),
            declared_objects: BTreeSet::new(),
            assumed_fields: BTreeMap::new(),
        }
    }

    /// Rates one element.
    pub(super) fn rate(&mut self, site: Site<'_>, element: &str, name: &str, rating: Rating) {
        self.rate_many(site, element, name, rating, 1);
    }

    /// Rates several alike in one entry.
    pub(super) fn rate_many(
        &mut self,
        site: Site<'_>,
        element: &str,
        name: &str,
        rating: Rating,
        count: u64,
    ) {
        self.report.add(Loss {
            element: element.to_owned(),
            name: name.to_owned(),
            rating,
            widens: false,
            file: site.file.to_owned(),
            line: site.line,
            count,
        });
    }

    /// Rates an element whose difference may give more than the vendor does.
    pub(super) fn rate_widening(
        &mut self,
        site: Site<'_>,
        element: &str,
        name: &str,
        rating: Rating,
    ) {
        self.rate(site, element, name, rating);
        if let Some(loss) = self.report.entries.last_mut() {
            loss.widens = true;
        }
    }

    /// Rates an element by its notes.
    pub(super) fn rate_noted(&mut self, site: Site<'_>, element: &str, name: &str, notes: &Notes) {
        if notes.widens {
            self.rate_widening(site, element, name, notes.rating());
        } else {
            self.rate(site, element, name, notes.rating());
        }
    }

    /// Counts an exact data row.
    pub(super) fn count_row(&mut self, element: &str) {
        self.report.count(element, &Rating::Exact, 1);
    }

    pub(super) fn assume(&mut self, what: impl Into<String>) {
        self.report.assume(what);
    }

    /// The spelling of an object's name that the policy uses.
    pub(super) fn object_name(&mut self, name: &str) -> ObjectId {
        let spelt = self.object_names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        ObjectId::new(spelt.as_str())
    }

    /// The object of this name if there is one already, in any spelling.
    pub(super) fn known_object(&self, name: &str) -> Option<ObjectId> {
        let spelt = self.object_names.get(&name.to_lowercase())?;
        self.policy.objects.contains_key(spelt.as_str()).then(|| ObjectId::new(spelt.as_str()))
    }

    /// The object of this name; one without a file is private.
    pub(super) fn object(&mut self, name: &str) -> ObjectId {
        let id = self.object_name(name);
        if !self.policy.objects.contains_key(&id) {
            let mut object = Object { name: id.to_string(), ..Object::default() };
            object.roll_ups.insert(RollUpId::new(ROLE_HIERARCHY));
            object.owner_change.drops_manual_shares = true;
            standard::add_system_fields(&mut object);
            self.policy.objects.insert(id.clone(), object);
            super::objects::add_standard_relations(self, &id);
        }
        id
    }

    /// The field of this name; one without a definition gets the type that it usually has.
    pub(super) fn field(&mut self, object: &ObjectId, name: &str) -> FieldId {
        let id = FieldId::new(name);
        let Some(known) = self.policy.objects.get_mut(object) else { return id };
        if known.fields.contains_key(&id) {
            return id;
        }
        let other_case =
            known.fields.keys().find(|known| known.as_str().eq_ignore_ascii_case(name)).cloned();
        if let Some(known) = other_case {
            return known;
        }
        let field_type = standard::field_type(object.as_str(), name);
        if field_type.is_none() {
            self.assumed_types.insert((object.clone(), id.clone()));
            *self.assumed_fields.entry(object.clone()).or_default() += 1;
        }
        let secured = standard::is_always_visible(object.as_str(), name).then_some(false);
        let field_type = field_type.unwrap_or_default();
        let indexed = standard::is_sorted_by(name);
        let read_only = standard::is_set_by_the_system(object.as_str(), name);
        let field = Field { field_type, secured, indexed, read_only, ..Field::default() };
        known.fields.insert(id.clone(), field);
        id
    }

    /// Corrects a type that was assumed, when a use tells better.
    pub(super) fn refine_type(&mut self, object: &ObjectId, field: &FieldId, to: FieldType) {
        if self.assumed_types.remove(&(object.clone(), field.clone()))
            && let Some(known) =
                self.policy.objects.get_mut(object).and_then(|known| known.fields.get_mut(field))
        {
            known.field_type = to;
        }
    }

    pub(super) fn field_type(&self, object: &ObjectId, field: &FieldId) -> FieldType {
        self.policy
            .objects
            .get(object)
            .and_then(|known| known.fields.get(field))
            .map(|known| known.field_type)
            .unwrap_or_default()
    }

    /// Drops what would dangle, states the general assumptions, and hands everything over.
    pub(super) fn finish(mut self) -> (Policy, LossReport) {
        let undeclared: Vec<String> = self
            .policy
            .objects
            .keys()
            .filter(|id| !self.declared_objects.contains(*id))
            .map(ToString::to_string)
            .collect();
        for id in undeclared {
            self.assume(format!("object `{id}` has no file with a sharing model: it is private"));
        }
        for (object, count) in std::mem::take(&mut self.assumed_fields) {
            self.assume(format!(
                "{count} field(s) of `{object}` are named without a definition: taken as text"
            ));
        }
        if !self.policy.objects.is_empty() {
            self.assume(
                "every object grants access using the role hierarchy; the files do not say",
            );
        }
        self.drop_dangling_levels();
        for problem in self.policy.validate() {
            // Nobody may keep such a policy, so this is a loss of the whole.
            let site = Site { file: "", line: 0 };
            self.rate_widening(site, "policy", &problem.place, Rating::not_supported(problem.what));
        }
        self.report.sort();
        (self.policy, self.report)
    }

    /// Levels on objects that the organization does not have decide nothing.
    fn drop_dangling_levels(&mut self) {
        let objects: BTreeSet<ObjectId> = self.policy.objects.keys().cloned().collect();
        for node in self.policy.nodes.values_mut() {
            node.levels.retain(|object, _| objects.contains(object));
        }
        for rule in self.policy.rules.values_mut() {
            rule.child_levels.retain(|object, _| objects.contains(object));
        }
        let trees: BTreeSet<TreeId> = self.policy.trees.keys().cloned().collect();
        if !trees.contains(&TreeId::new(ROLES)) {
            self.policy.roll_ups.clear();
            for object in self.policy.objects.values_mut() {
                object.roll_ups.clear();
            }
        }
    }
}
