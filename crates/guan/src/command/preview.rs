//! What a window would change, in words.

use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use guan_store::{Amount, PersonPreview, WindowPreview};

/// So many people are told to people; programs get all.
const SHOWN: usize = 20;

/// The preview, in words.
pub(crate) fn tell(
    call: &mut Call<'_>,
    names: &Names<'_>,
    preview: &WindowPreview,
) -> anyhow::Result<()> {
    let head = call.say("preview: what would change", "预览：将发生的变化");
    call.printer().line(head)?;
    let concerned = preview.concerned;
    let text = match call.language {
        Language::English if concerned == 1 => "  1 user is concerned".to_owned(),
        Language::English => format!("  {concerned} users are concerned"),
        Language::Chinese => format!("  涉及 {concerned} 名用户"),
    };
    call.printer().line(text)?;
    for person in preview.people.iter().take(SHOWN) {
        for line in of_person(call, names, person) {
            call.printer().line(line)?;
        }
    }
    if preview.people.is_empty() {
        let text =
            call.say("  no record more or less; fields may change", "  记录不增不减；字段可能变化");
        call.printer().line(text)?;
    }
    if let Some(largest) = &preview.largest {
        let (user, object) = (names.user(&largest.user), names.object(&largest.object));
        let (action, records) = (call.language.action(&largest.action), largest.records);
        let text = match call.language {
            Language::English => {
                format!("  the largest gain: {user}, {records} records of {object} ({action})")
            }
            Language::Chinese => {
                format!("  最大的单项增加：{user}，{object} {records} 条（{action}）")
            }
        };
        call.printer().line(text)?;
    }
    let denials = &preview.denials;
    if denials.allowed > 0 {
        let (allowed, days) = (denials.allowed, denials.days);
        let text = match call.language {
            Language::English => {
                format!("  {allowed} refusals of the last {days} days would have been allowed")
            }
            Language::Chinese => format!("  最近 {days} 天有 {allowed} 次拒绝本会放行"),
        };
        call.printer().line(text)?;
    }
    for window in &preview.overlapping {
        let word = call.say("  overlaps with", "  与之重叠");
        let text = format!("{word} {} — {} — {}", window.id, window.reason, window.ends);
        call.printer().line(text)?;
    }
    if !preview.closed_fields.is_empty() {
        let text = call.say("  stay closed: protected fields", "  保持关闭：受保护字段");
        let fields = preview.closed_fields.iter();
        let fields = fields.map(|closed| format!("{}.{}", closed.object, closed.field));
        let text = format!("{text} {}", fields.collect::<Vec<_>>().join(", "));
        call.printer().line(text)?;
    }
    let floor = call.say(
        "  stay closed: sign-in, other organizations, export, import, bulk changes, Guan itself",
        "  保持关闭：登录、其他组织、导出、导入、批量更改、Guan 自身",
    );
    call.printer().line(floor)?;
    Ok(())
}

fn of_person(call: &Call<'_>, names: &Names<'_>, person: &PersonPreview) -> Vec<String> {
    let user = names.user(&person.user);
    let mut lines = Vec::new();
    for of in &person.objects {
        let object = names.object(&of.object);
        for by in &of.actions {
            let Amount { gained, lost, .. } = by.records;
            let action = call.language.action(&by.action);
            lines.push(match call.language {
                Language::English => {
                    format!("  {user}: {action} {object}: +{gained} −{lost} records")
                }
                Language::Chinese => {
                    format!("  {user}：{action} {object}：+{gained} −{lost} 条记录")
                }
            });
        }
        if of.actions.is_empty() {
            let Amount { gained, lost, .. } = of.readable;
            lines.push(match call.language {
                Language::English => {
                    format!("  {user}: fields of {object}: +{gained} −{lost} readable")
                }
                Language::Chinese => format!("  {user}：{object} 的字段：可读 +{gained} −{lost}"),
            });
        }
    }
    lines
}
