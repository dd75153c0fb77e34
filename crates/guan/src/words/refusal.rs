//! Refusals in words: why the answer is no, by name and id.

use crate::language::Language;
use crate::names::Names;
use guan_engine::answer::Refusal;
use guan_engine::model::ObjectId;

impl Names<'_> {
    /// Why something is refused.
    pub(crate) fn refusal(&self, refusal: &Refusal, object: &ObjectId) -> String {
        match self.language {
            Language::English => self.refusal_in_english(refusal, object),
            Language::Chinese => self.refusal_in_chinese(refusal, object),
        }
    }

    fn refusal_in_english(&self, refusal: &Refusal, object: &ObjectId) -> String {
        match refusal {
            Refusal::WrongOrganization => "the session belongs to another organization".to_owned(),
            Refusal::UnknownSubject => "there is no such user".to_owned(),
            Refusal::Inactive => "the user is not active".to_owned(),
            Refusal::AccessDisabled { overlay } => {
                format!("all access of the user is disabled by {overlay}")
            }
            Refusal::Network { assignment } => format!(
                "the address is not one that the assignment {} allows",
                self.assignment(assignment)
            ),
            Refusal::Hours { assignment } => format!(
                "it is not an hour that the assignment {} allows",
                self.assignment(assignment)
            ),
            Refusal::LockedOut { overlay } => {
                format!("window {overlay} locks everybody else out while it lasts")
            }
            Refusal::UnknownObject => format!("there is no object `{object}`"),
            Refusal::UnknownAction => {
                "there is no such action, or it cannot be asked of this".to_owned()
            }
            Refusal::NoGrant => {
                format!("no set in force grants this on {}", self.object(object))
            }
            Refusal::UnknownRecord => "there is no such record".to_owned(),
            Refusal::OutOfReach => {
                "a set grants the action, but neither its scope nor any path reaches this record"
                    .to_owned()
            }
            Refusal::Locked => "the record is locked".to_owned(),
            Refusal::ClaimFirst { pool } => {
                format!("the record waits in pool {} and must be claimed first", self.pool(pool))
            }
            Refusal::Restricted { restriction } => {
                format!("restriction {} takes the record away", self.restriction(restriction))
            }
            Refusal::UnknownField { field } => format!("there is no field `{field}`"),
            Refusal::FieldHidden { field } => {
                format!("field {} is hidden from this user", self.field(object, field))
            }
            Refusal::FieldReadOnly { field } => {
                format!("field {} may be seen, not changed", self.field(object, field))
            }
        }
    }

    fn refusal_in_chinese(&self, refusal: &Refusal, object: &ObjectId) -> String {
        match refusal {
            Refusal::WrongOrganization => "会话属于其他组织".to_owned(),
            Refusal::UnknownSubject => "没有该用户".to_owned(),
            Refusal::Inactive => "用户已停用".to_owned(),
            Refusal::AccessDisabled { overlay } => format!("该用户的全部访问已被 {overlay} 停用"),
            Refusal::Network { assignment } => {
                format!("来源地址不在分配「{}」允许的网络内", self.assignment(assignment))
            }
            Refusal::Hours { assignment } => {
                format!("当前时间不在分配「{}」允许的时段内", self.assignment(assignment))
            }
            Refusal::LockedOut { overlay } => format!("窗口 {overlay} 期间其他人被锁定在外"),
            Refusal::UnknownObject => format!("没有对象 `{object}`"),
            Refusal::UnknownAction => "没有该操作，或不能对此提出".to_owned(),
            Refusal::NoGrant => {
                format!("生效的权限集中没有任何一个授予「{}」上的该操作", self.object(object))
            }
            Refusal::UnknownRecord => "没有该记录".to_owned(),
            Refusal::OutOfReach => "有功能权限，但数据范围和任何路径都到不了该记录".to_owned(),
            Refusal::Locked => "记录已锁定".to_owned(),
            Refusal::ClaimFirst { pool } => {
                format!("记录在公海「{}」中，须先领取", self.pool(pool))
            }
            Refusal::Restricted { restriction } => {
                format!("被限制规则「{}」排除", self.restriction(restriction))
            }
            Refusal::UnknownField { field } => format!("没有字段 `{field}`"),
            Refusal::FieldHidden { field } => {
                format!("字段「{}」对该用户隐藏", self.field(object, field))
            }
            Refusal::FieldReadOnly { field } => {
                format!("字段「{}」只读", self.field(object, field))
            }
        }
    }
}
