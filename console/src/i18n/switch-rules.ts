import { words } from "./words";

/** Why the switch refuses a step, by the code of the rule; each says what to do. */
export const rules = words({
  unreadable_network: [
    "A network cannot be read. Write it as 10.1.0.0/16 or as one address.",
    "网络地址无法识别。请写成 10.1.0.0/16 或单个地址。",
  ],
  unknown_scope: ["What is to be relaxed cannot be read.", "申请放宽的内容无法识别。"],
  stale: [
    "Somebody else changed this request since you looked. Look at it again, then decide.",
    "您查看之后，此申请已被他人更改。请重新查看后再操作。",
  ],
  other_organization: ["This request belongs to another organization.", "此申请属于其他组织。"],
  other_incarnation: [
    "The installation was restored from a backup since this was written. Write a new request.",
    "提交此申请之后，系统曾从备份恢复。请重新提交申请。",
  ],
  not_in_state: [
    "This step does not fit where the request is now. Look at it again.",
    "此步骤与申请的当前状态不符。请重新查看。",
  ],
  already_closed: [
    "The window is closed already. Nothing is left to do.",
    "窗口已经关闭，无需再操作。",
  ],
  expired: [
    "The request ran out of time. Write a new one; you can copy this one.",
    "此申请已超时失效。请重新提交，可复制本申请。",
  ],
  not_expired: ["No timer has run out yet.", "尚无计时器到期。"],
  clock_set_back: [
    "The clock of the server is behind what was recorded before. Set it right on the server, or confirm it there.",
    "服务器时钟早于已有记录的时间。请在服务器上校正时钟或予以确认。",
  ],
  no_boot_clock: [
    "The server cannot read the clock that counts since it started, so no window can be timed safely.",
    "服务器无法读取开机计时时钟，因此不能安全地为窗口计时。",
  ],
  stale_view: [
    "This server has not heard from the others for too long. Try again in a moment, or on another one.",
    "此节点与其他节点失去联系过久。请稍后再试，或换一个节点。",
  ],
  no_journal: [
    "What a window lets through cannot be recorded now, so none opens.",
    "当前无法记录窗口放行的操作，因此不能开启。",
  ],
  hindered: [
    "The installation is not ready for a window: safe mode, a full disk, the ledger, a migration, its key, or a receiver of notices that was not reached for a day.",
    "系统暂不具备开启窗口的条件：安全模式、磁盘空间、账本、迁移、密钥存在问题，或通知接收方已一天无法送达。",
  ],
  may_not: ["You may not do this to this request.", "您不能对此申请执行该操作。"],
  needs_person: ["A person has to do this, not a program.", "此操作须由人执行，不能由程序执行。"],
  approval_does_not_count: [
    "Your approval would not count: you asked for it, edited it, or are not entitled.",
    "您的审批不计入：您是申请人、修改过申请，或没有审批资格。",
  ],
  replayed: [
    "This approval was sent before. Look again and approve anew.",
    "此审批已提交过。请重新查看后再审批。",
  ],
  no_key: [
    "The approval came without its own key. Reload and approve again.",
    "审批缺少唯一标识。请刷新后重新审批。",
  ],
  nothing_to_take_back: ["There is no approval of yours that counts.", "没有可撤回的有效审批。"],
  not_approved: [
    "Not enough people have approved. See who is missing under “Approval”.",
    "审批人数不足。请在“审批”中查看还缺谁。",
  ],
  too_short: ["A window lasts at least one second.", "窗口时长至少为 1 秒。"],
  too_long: [
    "That is longer than the settings allow. Ask for less time.",
    "时长超过设置允许的上限。请缩短时长。",
  ],
  in_the_past: [
    "The start lies in the past. Choose a later time.",
    "开始时间已过。请选择更晚的时间。",
  ],
  too_far_ahead: [
    "Approvals would have run out before the start. Ask closer to the time.",
    "到开始时审批将已失效。请在更接近的时间提交申请。",
  ],
  not_yet: [
    "Its planned start has not come. Open it then.",
    "尚未到计划的开始时间。请到时再开启。",
  ],
  problems: [
    "The request names something that is not part of the policy now.",
    "申请中包含当前策略里不存在的内容。",
  ],
  policy_changed: [
    "Permissions have changed since the preview. Preview it again.",
    "预览之后权限策略已变更。请重新预览。",
  ],
  no_preview: [
    "What was previewed is not the policy in force. Preview it again.",
    "预览所依据的不是当前策略。请重新预览。",
  ],
  backup_of_other_policy: [
    "The backup holds other permissions than were previewed. Take a new backup.",
    "备份中的权限与预览不一致。请重新备份。",
  ],
  backup_not_verified: [
    "The backup was not verified for this step. Take it again.",
    "备份未针对此步骤完成校验。请重新备份。",
  ],
  backup_elsewhere: [
    "The backup is not on this node. Open the window at the node that took it, or preview and back up again.",
    "备份不在本节点上。请在完成备份的节点上打开，或重新预览并备份。",
  ],
  overlap_unseen: [
    "Another window is open in the same scope, and the preview did not show it. Preview again, or wait for its end.",
    "同一范围内有另一个窗口正在进行，而预览中未显示。请重新预览，或等待其结束。",
  ],
  daily_total: [
    "This scope would be off for too long within 24 hours. Ask for less, or wait.",
    "该范围 24 小时内的累计关闭时长将超限。请缩短时长或稍后再试。",
  ],
  extended_is_closed: [
    "The window that this one extends is not open any more. Ask for a new window.",
    "要延长的窗口已经关闭。请申请新的窗口。",
  ],
  extends_other: [
    "The window that this one extends is about something else. Ask for a new window.",
    "要延长的窗口与此申请内容不同。请申请新的窗口。",
  ],
  emergency_too_wide: [
    "Too wide for an emergency: name objects and people one by one, without groups, protected fields or bulk actions.",
    "紧急申请范围过宽：须逐一指定对象和人员，不含小组、受保护字段或批量操作。",
  ],
  emergency_too_lasting: [
    "An emergency starts at once, extends nothing and ends with a restart of the server.",
    "紧急窗口须立即开始，不能延长其他窗口，并随服务器重启而结束。",
  ],
  step_up: [
    "Prove who you are first: type your password again.",
    "请先重新输入密码，证明是您本人操作。",
  ],
  emergency_not_reviewed: [
    "The last emergency is not reviewed yet. Have it reviewed first.",
    "上一次紧急窗口尚未复核。请先完成复核。",
  ],
  emergency_opener: [
    "An emergency is opened by the person who asked for it.",
    "紧急窗口须由申请人本人开启。",
  ],
  not_ended: ["The end of the window has not come.", "窗口尚未结束。"],
  reviewer_took_part: [
    "Whoever asked for, wrote or opened a window does not review it. Somebody else has to.",
    "申请、编写或开启窗口的人不能复核。须由其他人复核。",
  ],
  no_words: ["Say in words what was found.", "请用文字说明发现的问题。"],
  not_whole: [
    "The stored request was altered outside this program and leads to nothing any more. Write a new one.",
    "存储的申请曾被程序之外的途径改动，已不再有效。请重新提交。",
  ],
});

/** Why an approval counts for nothing. */
export const discounts = words({
  author: ["asked for or edited the request", "是申请人或修改过此申请"],
  authors_other_account: ["may be another account of the requester", "可能是申请人的另一个账户"],
  made_by_author: [
    "the requester gave them their account, password or power less than 24 hours ago",
    "账户、密码或审批权由申请人在 24 小时内授予",
  ],
  counted_already: ["the same person has approved already", "同一人已审批过"],
  unknown: ["the account is not known", "账户不存在"],
  inactive: ["the account is not active", "账户未启用"],
  no_person: ["no known person stands behind the account", "账户背后没有可确认的人员"],
  not_entitled: ["is not entitled to approve", "没有审批资格"],
  not_named: ["the settings name other approvers", "不在设置指定的审批人之列"],
  outdated: ["the request changed since then", "审批之后申请已更改"],
  expired: ["the approval is too old", "审批已过期"],
  from_the_future: [
    "it bears a moment still to come; the clock was moved",
    "审批时间在未来，时钟曾被调整",
  ],
  taken_back: ["it was taken back", "已撤回"],
});
