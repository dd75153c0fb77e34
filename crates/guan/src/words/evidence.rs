//! Evidence in words: the path by which somebody reaches a record.

use crate::names::Names;
use guan_engine::answer::{Evidence, Source};
use guan_engine::model::Owner;

impl Names<'_> {
    /// One path, with what it yields.
    pub(crate) fn evidence(&self, evidence: &Evidence) -> String {
        let say = |english, chinese| self.say(english, chinese);
        let yields = |text: String, rights| {
            format!("{text}{}{}", say(": ", "："), self.language.rights(rights))
        };
        match evidence {
            Evidence::Scope { scope } => {
                let scope = self.language.scope(*scope);
                format!(
                    "{} {scope}",
                    say("the scope of a set covers it:", "权限集的数据范围覆盖它")
                )
            }
            Evidence::Unassigned => {
                say("a set covers records without owner", "权限集覆盖无负责人的记录").to_owned()
            }
            Evidence::Owner { owner: Owner::User(user) } => {
                format!("{} {}", say("owner:", "负责人"), self.user(user))
            }
            Evidence::Owner { owner: Owner::Group(group) } => {
                let group = self.group(group);
                format!("{} {group}", say("member of the owning group", "所属小组为负责人"))
            }
            Evidence::Baseline { rights } => yields(
                say("default access of the object", "对象的默认访问级别").to_owned(),
                *rights,
            ),
            Evidence::Parent { relation, parent, rights } => {
                let head = say("controlled by its parent", "由父级控制，父级");
                yields(format!("{head} {parent} ({relation})"), *rights)
            }
            Evidence::RollUp { roll_up, source, rights, .. } => {
                let tree = self.roll_up(roll_up);
                let head = say("above in", "层级在上");
                let source = self.source(source);
                yields(format!("{head} {tree}, {source}"), *rights)
            }
            Evidence::Rule { rule, rights } => {
                yields(format!("{} {}", say("sharing rule", "共享规则"), self.rule(rule)), *rights)
            }
            Evidence::Share { to, rights } => {
                let head = say("shared with", "手动共享给");
                yields(format!("{head} {}", self.principal(to)), *rights)
            }
            Evidence::Team { rights } => {
                yields(say("member of the record's team", "相关团队成员").to_owned(), *rights)
            }
            Evidence::Dimension { node, rights } => {
                yields(format!("{} {}", say("territory", "区域"), self.node(node)), *rights)
            }
            Evidence::ImplicitParent { child, .. } => {
                let head = say("a child record opens it for reading:", "子记录使其可查看");
                format!("{head} {child}")
            }
            Evidence::ImplicitChild { parent, source, rights, .. } => {
                let head = say("through its parent", "经由父记录");
                yields(format!("{head} {parent}, {}", self.source(source)), *rights)
            }
            Evidence::Pool { pool, rights } => {
                yields(format!("{} {}", say("pool", "公海"), self.pool(pool)), *rights)
            }
        }
    }

    /// What a path starts from.
    fn source(&self, source: &Source) -> String {
        let (word, name) = match source {
            Source::Owner(owner) => (self.say("from the owner", "来自负责人"), self.owner(owner)),
            Source::Share(to) => (self.say("from the share to", "来自共享"), self.principal(to)),
            Source::Team(user) => (self.say("from team member", "来自团队成员"), self.user(user)),
            Source::Rule(rule) => (self.say("from rule", "来自规则"), self.rule(rule)),
            Source::Unit(node) => (self.say("from unit", "来自部门"), self.node(node)),
            Source::Dimension(node) => (self.say("from territory", "来自区域"), self.node(node)),
        };
        format!("{word} {name}")
    }
}
