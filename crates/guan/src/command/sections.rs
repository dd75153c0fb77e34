//! The sections of a report beyond the overlay itself, in words: approvals, self-test, floor, what could be narrower.

use crate::instant::local_and_utc;
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use guan_engine::lifecycle::Urgency;
use guan_store::WindowReport;

pub(crate) fn tell(
    call: &mut Call<'_>,
    names: &Names<'_>,
    report: &WindowReport,
) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    let request = &report.request;
    let word = |english, chinese| names.say(english, chinese);
    lines.push(format!(
        "{}: {}",
        word("asked for by", "申请人"),
        names.user(&request.requested_by)
    ));
    if request.wanted.urgency == Urgency::Emergency {
        let opened = request.opened.as_ref();
        lines.push(if opened.is_some_and(|opened| !opened.in_spite_of.is_empty()) {
            word(
                "an emergency, opened although a receiver of notices was not reached for a day",
                "紧急窗口，打开时已有通知接收方一天无法送达",
            )
            .to_owned()
        } else {
            word("an emergency", "紧急窗口").to_owned()
        });
    }
    for approval in &request.approvals {
        let back = if approval.taken_back.is_some() {
            word(" (taken back)", "（已撤回）")
        } else {
            ""
        };
        let (by, at) = (names.user(&approval.by), local_and_utc(approval.at));
        lines.push(format!("{}: {by} · {at}{back}", word("approved by", "批准人")));
    }
    let reality = &report.reality;
    let (users, records, written) = (reality.users, reality.records, reality.written);
    lines.push(match call.language {
        Language::English => format!(
            "really used: {users} users, {records} records by single questions, {written} writes"
        ),
        Language::Chinese => {
            format!("实际使用：{users} 名用户，逐条访问 {records} 条记录，写入 {written} 处")
        }
    });
    let floor = &report.floor;
    let (rows, touched, outside) = (floor.rows, floor.touched.len(), floor.outside.len());
    lines.push(match call.language {
        Language::English => format!(
            "floor: {rows} rows looked at, {touched} touch it, {outside} lie outside time or audience"
        ),
        Language::Chinese => {
            format!("底线：检查 {rows} 行，触及 {touched} 行，超出时间或人群 {outside} 行")
        }
    });
    if let Some(tested) = &report.self_test {
        let (asked, refused) = (tested.asked, tested.refused);
        lines.push(match call.language {
            Language::English => format!("self-test: {refused} of {asked} asked again are refused"),
            Language::Chinese => format!("自检：重新询问 {asked} 次，{refused} 次被拒绝"),
        });
    }
    let unused = &report.unused;
    let left: Vec<&String> =
        unused.objects.iter().chain(&unused.actions).chain(&unused.users).collect();
    if !left.is_empty() {
        let left: Vec<&str> = left.into_iter().map(String::as_str).collect();
        let head = word("nobody used, so narrower next time", "无人使用，下次可收窄");
        lines.push(format!("{head}: {}", left.join(", ")));
    }
    for one in &report.suggestions {
        let (user, times) = (names.user(&one.user.as_str().into()), one.times);
        let object = names.object(&one.object.as_str().into());
        let (action, why) =
            (call.language.action_named(&one.action), call.language.refused(&one.refusal));
        lines.push(match call.language {
            Language::English => format!(
                "comes back: {user} {action} {object}, {times} times ({why}); perhaps a permanent rule"
            ),
            Language::Chinese => {
                format!("反复出现：{user} {action} {object}，{times} 次（{why}）；可考虑长期规则")
            }
        });
    }
    if let Some(review) = &request.review {
        let (by, at) = (names.user(&review.by), local_and_utc(review.at));
        lines.push(format!("{}: {by} · {at} · {}", word("reviewed by", "复核人"), review.words));
    }
    Ok(call.printer().lines(lines)?)
}
