//! What the engine answers, in words: English, and the usual Chinese terms of the field.

mod evidence;
mod recorded;
mod refusal;
mod remedy;

use crate::language::Language;
use guan_engine::activity::Dormant;
use guan_engine::answer::{Decision, Stage};
use guan_engine::lifecycle::State;
use guan_engine::model::{Action, Layer, Right, Rights, Scope, Span};

impl Language {
    /// The verdict, as the first word of an answer.
    pub(crate) const fn verdict(self, decision: &Decision) -> &'static str {
        match decision {
            Decision::Allow { .. } => self.pick("ALLOWED", "允许"),
            Decision::Relaxed { .. } => self.pick("ALLOWED by a window", "因暂停管控而允许"),
            Decision::Deny { .. } => self.pick("DENIED", "拒绝"),
        }
    }
    /// A stage of a decision.
    pub(crate) const fn stage(self, stage: Stage) -> &'static str {
        match stage {
            Stage::Session => self.pick("1 session", "1 会话"),
            Stage::Verb => self.pick("2 function permission", "2 功能权限"),
            Stage::Reach => self.pick("3 reach of the record", "3 数据权限（可达）"),
            Stage::Restriction => self.pick("4 restriction", "4 限制规则"),
            Stage::Field => self.pick("5 field permission", "5 字段权限"),
        }
    }
    /// An action.
    pub(crate) fn action(self, action: &Action) -> String {
        let chinese = match action {
            Action::Read => "查看",
            Action::Create => "新建",
            Action::Edit => "编辑",
            Action::Delete => "删除",
            Action::Assign => "分派",
            Action::Share => "共享",
            Action::Append => "追加",
            Action::AppendTo => "追加到",
            Action::Export => "导出",
            Action::Import => "导入",
            Action::Claim => "领取",
            Action::Custom(name) => name.as_str(),
        };
        self.pick(action.name(), chinese).to_owned()
    }
    /// A scope as the heads of columns and cells show it.
    pub(crate) const fn scope(self, scope: Scope) -> &'static str {
        match scope {
            Scope::None => self.pick("none", "无"),
            Scope::Reachable => self.pick("reachable", "可达"),
            Scope::Unit => self.pick("unit", "本部门"),
            Scope::UnitAndBelow => self.pick("unit and below", "本部门及下级"),
            Scope::All => self.pick("all", "全部"),
        }
    }
    /// Rights on a record.
    pub(crate) fn rights(self, rights: Rights) -> String {
        if self == Self::English {
            return rights.to_string().replace('+', " + ");
        }
        if rights.bits() == Rights::FULL.bits() {
            return "完全".to_owned();
        }
        let names = rights.iter().map(|right| match right {
            Right::Read => "查看",
            Right::Edit => "编辑",
            Right::Delete => "删除",
            Right::Assign => "分派",
            Right::Share => "共享",
            Right::Append => "追加",
            Right::AppendTo => "追加到",
            Right::Claim => "领取",
        });
        names.collect::<Vec<_>>().join("、")
    }
    /// A layer of a decision.
    pub(crate) const fn layer(self, layer: Layer) -> &'static str {
        match layer {
            Layer::Object => self.pick("function permissions", "功能权限"),
            Layer::Record => self.pick("records", "数据权限"),
            Layer::Field => self.pick("fields", "字段权限"),
        }
    }
    /// Why a window does not act.
    pub(crate) fn dormant(self, dormant: Dormant) -> String {
        let chinese = match dormant {
            Dormant::BrokenSeal => "封印验证失败：该行被改动过",
            Dormant::OtherOrganization => "属于其他组织",
            Dormant::OtherIncarnation => "在本安装恢复或重建之前打开",
            Dormant::Closed => "已关闭",
            Dormant::Superseded => "已被另一个窗口取代",
            Dormant::NotStarted => "尚未开始",
            Dormant::Ended => "已到结束时间",
            Dormant::NoBootClock => "无法读取启动时钟",
            Dormant::Rebooted => "机器已重新启动",
            Dormant::LengthUsedUp => "按启动时钟时长已用完",
            Dormant::ClockSetBack => "系统时钟被回拨",
            Dormant::ClocksDisagree => "系统时钟与启动时钟不一致",
            Dormant::StaleView => "本节点的状态已过期",
            Dormant::NoJournal => "无法写入记录",
        };
        match self {
            Self::English => dormant.to_string(),
            Self::Chinese => chinese.to_owned(),
        }
    }
    /// How far a request for a window is.
    pub(crate) const fn state(self, state: State) -> &'static str {
        match state {
            State::Draft => self.pick("draft", "草稿"),
            State::Previewed => self.pick("previewed", "已预览"),
            State::BackedUp => self.pick("waits for approval", "待批准"),
            State::Approved => self.pick("approved", "已批准"),
            State::Armed => self.pick("ready", "待打开"),
            State::Open => self.pick("open", "已打开"),
            State::Closed => self.pick("closed", "已关闭"),
            State::Reported => self.pick("waits for review", "待复核"),
            State::Reviewed => self.pick("reviewed", "已复核"),
            State::Refused => self.pick("refused", "已拒绝"),
            State::Expired => self.pick("expired", "已过期"),
        }
    }

    /// A length of time, for people.
    pub(crate) fn length(self, span: Span) -> String {
        let seconds = span.0.max(0) / 1_000;
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let parts = [
            (hours, self.pick("h", "小时")),
            (minutes, self.pick("min", "分钟")),
            (rest, self.pick("s", "秒")),
        ];
        let shown: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, unit)| format!("{number} {unit}"))
            .collect();
        if shown.is_empty() { format!("0 {}", self.pick("s", "秒")) } else { shown.join(" ") }
    }
}

#[cfg(test)]
mod tests {
    use crate::language::Language;
    use guan_engine::model::{Rights, Span};

    #[test]
    fn lengths_are_short_in_both_languages() {
        assert_eq!(Language::English.length(Span::minutes(90)), "1 h 30 min");
        assert_eq!(Language::Chinese.length(Span::seconds(61)), "1 分钟 1 秒");
        assert_eq!(Language::English.length(Span(0)), "0 s");
    }

    #[test]
    fn rights_are_named_in_both_languages() {
        assert_eq!(Language::English.rights(Rights::READ), "read");
        assert_eq!(Language::Chinese.rights(Rights::EDIT), "查看、编辑");
        assert_eq!(Language::Chinese.rights(Rights::FULL), "完全");
    }
}
