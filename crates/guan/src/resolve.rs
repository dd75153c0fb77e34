//! From what somebody typed to what the policy calls it, or to the names that are near.

use crate::exit::{Usage, usage};
use crate::language::Language;
use crate::names::{Names, both};
use crate::nearest::nearest;
use guan_engine::model::{
    Action, Assigned, FieldId, NodeId, ObjectId, Principal, STANDARD_ACTIONS, UserId,
};

/// How many candidates of an ambiguous name are shown.
const SHOWN: usize = 5;

/// Something typed that names nothing, or several things.
#[derive(Debug)]
pub(crate) struct Unknown {
    text: String,
}

impl Unknown {
    /// What is wrong and which names are near.
    pub(crate) fn words(&self) -> &str {
        &self.text
    }
}
impl From<Unknown> for anyhow::Error {
    fn from(unknown: Unknown) -> Self {
        Self::new(Usage(unknown.text))
    }
}

/// How much of a name must be typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    /// All of it.
    Whole,
    /// Any part that fits one only.
    Part,
}

impl Names<'_> {
    /// A user by id, by the part before the @, by name, or by a part that fits one user only.
    pub(crate) fn find_user(&self, text: &str) -> Result<UserId, Unknown> {
        let users = self.policy.users.iter().map(|(id, user)| (id.as_str(), user.name.as_str()));
        self.find(text, self.say("user", "用户"), Typed::Part, users).map(UserId::from)
    }
    /// An object by id or name.
    pub(crate) fn find_object(&self, text: &str) -> Result<ObjectId, Unknown> {
        let objects =
            self.policy.objects.iter().map(|(id, object)| (id.as_str(), object.name.as_str()));
        self.find(text, self.say("object", "对象"), Typed::Whole, objects).map(ObjectId::from)
    }
    /// Several objects.
    pub(crate) fn find_objects(&self, texts: &[String]) -> Result<Vec<ObjectId>, Unknown> {
        texts.iter().map(|text| self.find_object(text)).collect()
    }
    /// A field of an object by id or name.
    pub(crate) fn find_field(&self, object: &ObjectId, text: &str) -> Result<FieldId, Unknown> {
        let fields = self.policy.objects.get(object).into_iter().flat_map(|object| &object.fields);
        let fields = fields.map(|(id, field)| (id.as_str(), field.name.as_str()));
        self.find(text, self.say("field", "字段"), Typed::Whole, fields).map(FieldId::from)
    }
    /// An action of the organization.
    pub(crate) fn find_action(&self, text: &str) -> Result<Action, Unknown> {
        let standard = STANDARD_ACTIONS.iter().map(|action| (action.name(), ""));
        let own = self.policy.actions.keys().map(|name| (name.as_str(), ""));
        let found =
            self.find(text, self.say("action", "操作"), Typed::Whole, standard.chain(own))?;
        Ok(Action::from(found.to_owned()))
    }
    /// A node of any tree by id or name.
    pub(crate) fn find_node(&self, text: &str) -> Result<NodeId, Unknown> {
        let nodes = self.policy.nodes.iter().map(|(id, node)| (id.as_str(), node.name.as_str()));
        self.find(text, self.say("node", "节点"), Typed::Whole, nodes).map(NodeId::from)
    }
    /// A set, or a group of sets, by id or name; `set:` and `set_group:` choose between the two.
    pub(crate) fn find_assigned(&self, text: &str) -> Result<Assigned, Unknown> {
        let kind = self.say("permission set", "权限集");
        let sets = || self.policy.sets.iter().map(|(id, set)| (id.as_str(), set.name.as_str()));
        let groups =
            || self.policy.set_groups.iter().map(|(id, group)| (id.as_str(), group.name.as_str()));
        if let Some(id) = text.strip_prefix("set:") {
            return Ok(Assigned::Set(self.find(id, kind, Typed::Whole, sets())?.into()));
        }
        if let Some(id) = text.strip_prefix("set_group:") {
            return Ok(Assigned::SetGroup(self.find(id, kind, Typed::Whole, groups())?.into()));
        }
        let found = self.find(text, kind, Typed::Whole, sets().chain(groups()))?;
        if self.policy.sets.contains_key(found) {
            return Ok(Assigned::Set(found.into()));
        }
        Ok(Assigned::SetGroup(found.into()))
    }
    /// Users named by something; text without a colon is a population or one user.
    pub(crate) fn find_principal(&self, text: &str) -> anyhow::Result<Principal> {
        match text.parse::<Principal>() {
            Ok(principal) => Ok(principal),
            Err(_) if !text.contains(':') => Ok(Principal::User(self.find_user(text)?)),
            Err(why) => Err(usage(why)),
        }
    }
    /// One of the ids of a collection.
    pub(crate) fn find_id<'c>(
        &self,
        text: &str,
        kind: &str,
        ids: impl Iterator<Item = (&'c str, &'c str)> + Clone,
    ) -> Result<&'c str, Unknown> {
        self.find(text, kind, Typed::Whole, ids)
    }

    fn find<'c>(
        &self,
        text: &str,
        kind: &str,
        typed: Typed,
        known: impl Iterator<Item = (&'c str, &'c str)> + Clone,
    ) -> Result<&'c str, Unknown> {
        if let Some((id, _)) = known.clone().find(|(id, _)| *id == text) {
            return Ok(id);
        }
        let wanted = text.to_lowercase();
        let is_whole = |id: &str, name: &str| {
            let (id, name) = (id.to_lowercase(), name.to_lowercase());
            id == wanted || name == wanted || id.split('@').next() == Some(wanted.as_str())
        };
        let whole: Vec<_> = known.clone().filter(|(id, name)| is_whole(id, name)).collect();
        let is_part = |id: &str, name: &str| {
            !wanted.is_empty()
                && (id.to_lowercase().contains(&wanted) || name.to_lowercase().contains(&wanted))
        };
        let found = if whole.is_empty() && typed == Typed::Part {
            known.clone().filter(|(id, name)| is_part(id, name)).collect()
        } else {
            whole
        };
        match found.as_slice() {
            [(id, _)] => Ok(id),
            [] => Err(self.unknown(text, kind, &nearest(text, known.clone()), known)),
            several => Err(self.ambiguous(text, kind, several)),
        }
    }

    fn unknown<'c>(
        &self,
        text: &str,
        kind: &str,
        near: &[&str],
        known: impl Iterator<Item = (&'c str, &'c str)>,
    ) -> Unknown {
        let head = match self.language {
            Language::English => format!("there is no {kind} `{text}`"),
            Language::Chinese => format!("没有{kind} `{text}`"),
        };
        let known: Vec<_> = known.collect();
        let named = near.iter().filter_map(|id| known.iter().find(|(known, _)| known == id));
        let near: Vec<String> = named.map(|(id, name)| both(name, id)).collect();
        let tail = if near.is_empty() {
            String::new()
        } else {
            format!("{} {}?", self.say("; did you mean", "；是否指"), near.join(", "))
        };
        Unknown { text: format!("{head}{tail}") }
    }

    fn ambiguous(&self, text: &str, kind: &str, found: &[(&str, &str)]) -> Unknown {
        let shown: Vec<String> =
            found.iter().take(SHOWN).map(|(id, name)| both(name, id)).collect();
        let count = found.len();
        let head = match self.language {
            Language::English => format!("`{text}` fits {count} of kind {kind}"),
            Language::Chinese => format!("`{text}` 符合 {count} 个{kind}"),
        };
        let more = if count > SHOWN { " …" } else { "" };
        Unknown { text: format!("{head}: {}{more}", shown.join(", ")) }
    }
}
