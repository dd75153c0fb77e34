//! From the options of `guan off` to what is asked for, and an effect and an audience in words.

use crate::arguments::{ClassChoice, OffArguments, OthersChoice};
use crate::exit::usage;
use crate::language::Language;
use crate::names::Names;
use guan_engine::lifecycle::{Rule, Urgency, Wanted};
use guan_engine::model::{
    AddressError, AddressRange, Assigned, AssignmentId, Audience, Disabled, FieldClass, FieldId,
    Layer, NodeId, ObjectId, Others, OverlayEffect, OverlayId, Principal, RestrictionId, SetId,
    SuspensionScope,
};
use guan_store::{LENGTH_DEFAULT, WindowFault};
use std::collections::{BTreeMap, BTreeSet};

/// What the options ask for.
pub(crate) fn wanted(names: &Names<'_>, arguments: &OffArguments) -> anyhow::Result<Wanted> {
    let effect = effect(names, arguments)?;
    let users = arguments.audience.iter().map(|text| names.find_principal(text));
    let audience = Audience {
        users: users.collect::<anyhow::Result<_>>()?,
        networks: arguments.networks.iter().map(|text| network(text)).collect::<Result<_, _>>()?,
    };
    let is_empty = audience.users.is_empty() && audience.networks.is_empty();
    let needs_audience = !matches!(effect, OverlayEffect::Disablement { .. });
    if is_empty && needs_audience {
        return Err(usage(names.say(
            "a window needs an audience: name users with --for, networks with --networks, or both",
            "窗口必须有适用人群：用 --for 指明用户，用 --networks 指明网络，或两者都用",
        )));
    }
    if arguments.reason.trim().is_empty() {
        return Err(usage(names.say("--reason must say why", "--reason 必须写明原因")));
    }
    let mut wanted = Wanted::new(effect, audience, arguments.reason.trim());
    // An emergency is short; the usual length is not meant for it.
    let is_said = arguments.length != LENGTH_DEFAULT;
    wanted.length = (is_said || !arguments.emergency).then_some(arguments.length);
    wanted.starts = arguments.starts;
    wanted.ticket.clone_from(&arguments.ticket);
    wanted.survives_reboot = arguments.survives_reboot;
    wanted.extends = arguments.extends.as_deref().map(OverlayId::new);
    if arguments.emergency {
        wanted.urgency = Urgency::Emergency;
    }
    Ok(wanted)
}

fn network(text: &str) -> Result<AddressRange, WindowFault> {
    text.parse().map_err(|error: AddressError| {
        WindowFault::from(Rule::UnreadableNetwork { what: error.to_string() })
    })
}

fn effect(names: &Names<'_>, arguments: &OffArguments) -> anyhow::Result<OverlayEffect> {
    if let Some(text) = &arguments.elevate {
        return Ok(OverlayEffect::Elevation { set: names.find_assigned(text)? });
    }
    if let Some(text) = &arguments.disable {
        return Ok(OverlayEffect::Disablement { what: disabled(names, text)? });
    }
    let scope = scope(names, arguments)?;
    if scope.is_everything() && !arguments.scope.everything {
        return Err(usage(names.say(
            "say what is to be off: --objects, --fields, --layers … or --everything",
            "请指明暂停管控的范围：--objects、--fields、--layers …… 或 --everything",
        )));
    }
    let others = match arguments.others {
        OthersChoice::Enforced => Others::Enforced,
        OthersChoice::LockedOut => Others::LockedOut,
    };
    Ok(OverlayEffect::Suspension { scope, others })
}

fn scope(names: &Names<'_>, arguments: &OffArguments) -> anyhow::Result<SuspensionScope> {
    let asked = &arguments.scope;
    let mut fields: BTreeMap<ObjectId, BTreeSet<FieldId>> = BTreeMap::new();
    for text in &asked.fields {
        let Some((object, field)) = text.split_once('.') else {
            return Err(usage(format!("`{text}` is not a field; write OBJECT.FIELD")));
        };
        let object = names.find_object(object)?;
        let field = names.find_field(&object, field)?;
        fields.entry(object).or_default().insert(field);
    }
    let layers = asked.layers.iter().map(|layer| match layer {
        crate::arguments::LayerChoice::Object => Layer::Object,
        crate::arguments::LayerChoice::Record => Layer::Record,
        crate::arguments::LayerChoice::Field => Layer::Field,
    });
    let restrictions = asked.restrictions.iter().map(|text| {
        let known = names.policy.restrictions.iter();
        let known = known.map(|(id, restriction)| (id.as_str(), restriction.name.as_str()));
        names.find_id(text, names.say("restriction", "限制规则"), known).map(RestrictionId::from)
    });
    let sets = asked.sets.iter().map(|text| {
        let known = names.policy.sets.iter().map(|(id, set)| (id.as_str(), set.name.as_str()));
        names.find_id(text, names.say("permission set", "权限集"), known).map(SetId::from)
    });
    let users = asked.users.iter().map(|text| names.find_principal(text));
    let actions = asked.actions.iter().map(|text| names.find_action(text));
    Ok(SuspensionScope {
        objects: names.find_objects(&asked.objects)?.into_iter().collect(),
        fields,
        layers: layers.collect(),
        restrictions: restrictions.collect::<Result<_, _>>()?,
        sets: sets.collect::<Result<_, _>>()?,
        users: users.collect::<anyhow::Result<BTreeSet<Principal>>>()?,
        actions: actions.collect::<Result<_, _>>()?,
        protected_classes: asked.protected.iter().map(|class| class_of(*class)).collect(),
        bulk: asked.bulk,
    })
}

const fn class_of(class: ClassChoice) -> FieldClass {
    match class {
        ClassChoice::Sensitive => FieldClass::Sensitive,
        ClassChoice::Protected => FieldClass::Protected,
    }
}

fn disabled(names: &Names<'_>, text: &str) -> anyhow::Result<Disabled> {
    let wrong = || {
        usage(format!(
            "`{text}` cannot be disabled; write rule:ID, set:ID, set_group:ID, assignment:ID, user:ID or placement:USER@NODE"
        ))
    };
    let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok(match kind {
        "rule" => {
            let rules = names.policy.rules.iter();
            let known = rules.map(|(id, rule)| (id.as_str(), rule.name.as_str()));
            Disabled::Rule(names.find_id(id, names.say("rule", "共享规则"), known)?.into())
        }
        "assignment" => {
            let known = names.policy.assignments.keys().map(|id| (id.as_str(), ""));
            let found = names.find_id(id, names.say("assignment", "分配"), known)?;
            Disabled::Assignment(AssignmentId::new(found))
        }
        "set" | "set_group" => match names.find_assigned(text)? {
            Assigned::Set(id) => Disabled::Set(id),
            Assigned::SetGroup(id) => Disabled::SetGroup(id),
        },
        "user" => Disabled::User(names.find_user(id)?),
        "placement" => {
            let (user, node) = id.rsplit_once('@').ok_or_else(wrong)?;
            let (user, node): (_, NodeId) = (names.find_user(user)?, names.find_node(node)?);
            Disabled::Placement { user, node }
        }
        _ => return Err(wrong()),
    })
}

impl Names<'_> {
    /// What an overlay does.
    pub(crate) fn effect(&self, effect: &OverlayEffect) -> String {
        match effect {
            OverlayEffect::Suspension { scope, others } => {
                let head = self.say("suspension of", "暂停管控");
                let others = match others {
                    Others::Enforced => self.say("others enforced", "其他人照常管控"),
                    Others::LockedOut => self.say("others locked out", "其他人锁定在外"),
                };
                format!("{head} {} · {others}", self.suspended(scope))
            }
            OverlayEffect::Elevation { set } => {
                format!("{} {}", self.say("elevation to", "临时提权"), self.assigned(set))
            }
            OverlayEffect::Disablement { what } => {
                format!("{} {}", self.say("disablement of", "临时停用"), self.disabled(what))
            }
        }
    }

    fn suspended(&self, scope: &SuspensionScope) -> String {
        if scope.is_everything() {
            return self.say("everything", "全部").to_owned();
        }
        let fields = scope.fields.iter().flat_map(|(object, fields)| {
            fields.iter().map(move |field| format!("{object}.{field}"))
        });
        let parts: [(&str, Vec<String>); 7] = [
            (self.say("objects", "对象"), scope.objects.iter().map(|id| self.object(id)).collect()),
            (self.say("fields", "字段"), fields.collect()),
            (
                self.say("layers", "层"),
                scope.layers.iter().map(|layer| self.language.layer(*layer).to_owned()).collect(),
            ),
            (
                self.say("restrictions", "限制规则"),
                scope.restrictions.iter().map(|id| self.restriction(id)).collect(),
            ),
            (self.say("holders of", "持有"), scope.sets.iter().map(|id| self.set(id)).collect()),
            (
                self.say("only for", "仅限"),
                scope.users.iter().map(|user| self.principal(user)).collect(),
            ),
            (
                self.say("actions", "操作"),
                scope.actions.iter().map(|action| self.language.action(action)).collect(),
            ),
        ];
        let stated = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let comma = self.say(", ", "、");
        stated
            .map(|(word, names)| format!("{word} {}", names.join(comma)))
            .collect::<Vec<_>>()
            .join(" · ")
    }

    fn disabled(&self, what: &Disabled) -> String {
        match what {
            Disabled::Set(id) => format!("{} {}", self.say("set", "权限集"), self.set(id)),
            Disabled::SetGroup(id) => self.assigned(&Assigned::SetGroup(id.clone())),
            Disabled::Assignment(id) => self.assignment(id),
            Disabled::Rule(id) => format!("{} {}", self.say("rule", "规则"), self.rule(id)),
            Disabled::Placement { user, node } => {
                format!("{} @ {}", self.user(user), self.node(node))
            }
            Disabled::User(id) => {
                format!("{} {}", self.say("all access of", "全部访问"), self.user(id))
            }
        }
    }

    /// Whom an overlay concerns.
    pub(crate) fn audience(&self, audience: &Audience) -> String {
        let users: Vec<String> =
            audience.users.iter().map(|principal| self.principal(principal)).collect();
        let networks: Vec<String> = audience.networks.iter().map(ToString::to_string).collect();
        let comma = self.say(", ", "、");
        let users = if users.is_empty() {
            self.say("everybody", "所有人").to_owned()
        } else {
            users.join(comma)
        };
        if networks.is_empty() {
            return users;
        }
        let from = match self.language {
            Language::English => "from",
            Language::Chinese => "来自",
        };
        format!("{users} {from} {}", networks.join(comma))
    }
}
