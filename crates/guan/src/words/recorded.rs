//! What the ledger keeps as codes, in words: kinds of rows, refusals, what ended a window.

use crate::language::Language;
use guan_engine::lifecycle::ClosedBy;
use guan_engine::model::Action;
use guan_ledger::Kind;

impl Language {
    /// What a row of the ledger is about.
    pub(crate) fn kind(self, kind: Kind) -> String {
        let (english, chinese) = match kind {
            Kind::OrganizationCreated => ("organization created", "创建组织"),
            Kind::RevisionCreated => ("policy changed", "策略变更"),
            Kind::RevisionMadeCurrent => ("revision made current", "切换当前修订版"),
            Kind::OverlayRequested => ("window requested", "申请权限窗口"),
            Kind::OverlayApproved => ("window approved", "批准权限窗口"),
            Kind::OverlayRefused => ("window refused", "拒绝权限窗口"),
            Kind::OverlayOpened => ("window opened", "开启权限窗口"),
            Kind::OverlayClosed => ("window closed", "关闭权限窗口"),
            Kind::OverlayReviewed => ("window reviewed", "复核权限窗口"),
            Kind::SelfTestDone => ("self-test done", "完成自检"),
            Kind::RecordWritten => ("record written", "写入记录"),
            Kind::RecordDeleted => ("record deleted", "删除记录"),
            Kind::RecordShared => ("sharing of a record changed", "记录共享已变更"),
            Kind::DecisionDenied => ("refused", "拒绝"),
            Kind::WouldDeny => ("would have been refused", "本应拒绝"),
            Kind::ListRelaxed => ("list relaxed by a window", "列表因窗口放宽"),
            Kind::ProtectedRead => ("protected data read", "读取受保护数据"),
            Kind::DataExported => ("data exported", "导出数据"),
            Kind::BackupTaken => ("backup taken", "执行备份"),
            Kind::RestoreDone => ("restored", "恢复"),
            Kind::UndoDone => ("undone", "撤销"),
            Kind::ImportApplied => ("import applied", "应用导入"),
            Kind::ImportPrepared => ("import prepared", "准备导入"),
            Kind::ShadowChanged => ("shadow started or stopped", "启停观察"),
            Kind::AccessRequested => ("access requested or refused", "访问申请"),
            Kind::SeenAs => ("seen as somebody else", "以用户视角查看"),
            Kind::UserChanged => ("user changed", "用户变更"),
            Kind::CredentialChanged => ("credentials changed", "凭据变更"),
            Kind::SessionOpened => ("signed in", "登录"),
            Kind::SessionRefused => ("sign-in refused", "登录被拒"),
            Kind::SettingChanged => ("setting changed", "设置变更"),
            Kind::ClockAlarm => ("clock alarm", "时钟告警"),
            Kind::StorageAlarm => ("storage alarm", "存储告警"),
            Kind::LedgerRead => ("audit log read", "读取审计日志"),
            Kind::LedgerExported => ("audit log exported", "导出审计日志"),
            Kind::LedgerPruned => ("audit log pruned", "清理审计日志"),
            Kind::ErasureDone => ("erased", "擦除"),
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
