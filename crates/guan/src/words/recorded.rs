//! What the ledger keeps as codes, in words: kinds of rows, refusals, what ended a window.

use crate::language::Language;
use guan_engine::lifecycle::ClosedBy;
use guan_engine::model::Action;
use guan_ledger::Kind;

impl Language {
    /// What a row of a window's timeline is about.
    pub(crate) fn kind(self, kind: Kind) -> String {
        let (english, chinese) = match kind {
            Kind::OverlayRequested => ("asked for or prepared", "编写或准备申请"),
            Kind::OverlayApproved => ("approved", "批准"),
            Kind::OverlayRefused => ("refused", "拒绝"),
            Kind::OverlayOpened => ("opened", "开启"),
            Kind::OverlayClosed => ("closed", "关闭"),
            Kind::OverlayReviewed => ("reviewed", "复核"),
            Kind::SelfTestDone => ("self-test", "自检"),
            Kind::RecordWritten => ("record written", "写入记录"),
            Kind::RecordDeleted => ("record deleted", "删除记录"),
            Kind::RecordShared => ("sharing of a record changed", "记录共享已变更"),
            Kind::WouldDeny => ("would have been refused", "本应拒绝"),
            Kind::ListRelaxed => ("list that held more", "列表因窗口放宽"),
            Kind::BackupTaken => ("backup taken", "执行备份"),
            Kind::UndoDone => ("undone", "撤销"),
            // What stands in no window's timeline is told by its name.
            other => return other.name().replace('_', " "),
        };
        self.pick(english, chinese).to_owned()
    }

    /// A refusal of which the code alone was kept; an unknown code is told as it is.
    pub(crate) fn refused(self, code: &str) -> String {
        let (english, chinese) = match code {
            "wrong_organization" => ("another organization", "属于其他组织"),
            "unknown_subject" => ("no such user", "没有该用户"),
            "inactive" => ("the user is not active", "用户已停用"),
            "access_disabled" => ("all access is disabled", "全部访问已停用"),
            "network" => ("not from this network", "网络不允许"),
            "hours" => ("not at this hour", "时段不允许"),
            "locked_out" => ("locked out by a window", "被窗口锁定"),
            "unknown_object" => ("no such object", "没有该对象"),
            "unknown_action" => ("no such action", "没有该操作"),
            "no_grant" => ("no set grants the action", "没有操作权限"),
            "unknown_record" => ("no such record", "记录不存在"),
            "out_of_reach" => ("record out of reach", "记录不在可访问范围"),
            "locked" => ("the record is locked", "记录已锁定"),
            "claim_first" => ("has to be claimed first", "须先领取"),
            "restricted" => ("a restriction takes it away", "限制规则"),
            "unknown_field" => ("no such field", "没有该字段"),
            "field_hidden" => ("the field is hidden", "字段不可见"),
            "field_read_only" => ("the field is read-only", "字段只读"),
            other => return other.to_owned(),
        };
        self.pick(english, chinese).to_owned()
    }

    /// An action of which the name was kept.
    pub(crate) fn action_named(self, name: &str) -> String {
        self.action(&Action::from(name.to_owned()))
    }

    /// What ended a window, with what was said of it.
    pub(crate) fn ended(self, why: &str) -> String {
        let (by, words) = ClosedBy::read(why);
        let by = match by {
            ClosedBy::Deadline => self.pick("by its deadline", "到期"),
            ClosedBy::Hand => self.pick("by hand", "手动关闭"),
            ClosedBy::Safety => self.pick("for safety", "出于安全"),
            ClosedBy::Idle => self.pick("because nobody used it", "因无人使用"),
        };
        if words.is_empty() {
            return by.to_owned();
        }
        format!("{by}{}{words}", self.pick(": ", "："))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guan_engine::answer::Refusal;
    use guan_store::refusal_code;

    #[test]
    fn every_refusal_has_words_and_what_is_not_known_is_told_as_it_is() {
        let (overlay, assignment) = ("w-1".into(), "as-1".into());
        let all = [
            Refusal::WrongOrganization,
            Refusal::UnknownSubject,
            Refusal::Inactive,
            Refusal::AccessDisabled { overlay },
            Refusal::Network { assignment },
            Refusal::Hours { assignment: "as-1".into() },
            Refusal::LockedOut { overlay: "w-1".into() },
            Refusal::UnknownObject,
            Refusal::UnknownAction,
            Refusal::NoGrant,
            Refusal::UnknownRecord,
            Refusal::OutOfReach,
            Refusal::Locked,
            Refusal::ClaimFirst { pool: "sea".into() },
            Refusal::Restricted { restriction: "r-1".into() },
            Refusal::UnknownField { field: "Name".into() },
            Refusal::FieldHidden { field: "Name".into() },
            Refusal::FieldReadOnly { field: "Name".into() },
        ];
        for refusal in &all {
            let code = refusal_code(refusal);
            assert_ne!(Language::English.refused(code), code);
            assert_ne!(Language::Chinese.refused(code), code);
        }
        assert_eq!(Language::English.refused("of_tomorrow"), "of_tomorrow");
    }

    #[test]
    fn what_ended_a_window_is_told_with_its_words() {
        assert_eq!(Language::English.ended("by_hand: done"), "by hand: done");
        assert_eq!(Language::Chinese.ended("deadline"), "到期");
        assert_eq!(Language::English.ended("a riddle"), "for safety: a riddle");
        assert_eq!(Language::Chinese.action_named("read"), "查看");
    }
}
