//! Remedies in words: the smallest changes that would turn a refusal.

use crate::names::Names;
use guan_engine::answer::Remedy;
use guan_engine::model::ObjectId;

impl Names<'_> {
    /// One change that would be enough.
    pub(crate) fn remedy(&self, remedy: &Remedy, object: &ObjectId) -> String {
        let with =
            |english, chinese, name: String| format!("{} {name}", self.say(english, chinese));
        match remedy {
            Remedy::ShareRecord { rights } => with(
                "share the record with the user:",
                "把记录共享给该用户",
                self.language.rights(*rights),
            ),
            Remedy::AssignSet { set } => with("assign", "分配", self.assigned(set)),
            Remedy::WiderScope { set } => with(
                "assign a set that reaches every record:",
                "分配可达全部记录的权限集",
                self.assigned(set),
            ),
            Remedy::JoinGroup { group } => with("add to group", "加入小组", self.group(group)),
            Remedy::PlaceAt { node } => with("place at", "归属到", self.node(node)),
            Remedy::Activate => self.say("activate the user", "启用该用户").to_owned(),
            Remedy::MeetAssignment { assignment } => with(
                "come from where and when the assignment allows, or change it:",
                "在分配允许的网络和时段内访问，或修改该分配",
                self.assignment(assignment),
            ),
            Remedy::EndOverlay { overlay } => {
                with("wait for its end, or close", "等待其结束，或关闭", overlay.to_string())
            }
            Remedy::Unlock => self.say("unlock the record", "解锁该记录").to_owned(),
            Remedy::Claim => self.say("claim it first", "先领取").to_owned(),
            Remedy::LiftRestriction { restriction } => with(
                "change the restriction, or the record so that it passes:",
                "修改限制规则，或使记录符合它",
                self.restriction(restriction),
            ),
            Remedy::GrantField { field } => with(
                "grant the field in a set that the user holds:",
                "在用户持有的权限集中授予字段",
                self.field(object, field),
            ),
        }
    }
}
