import { words } from "./words";

/** Kinds of rows of the ledger. */
export const ledgerKinds = words({
  organization_created: ["Organization created", "创建组织"],
  revision_created: ["Policy changed", "策略变更"],
  revision_made_current: ["Revision made current", "切换当前修订版"],
  overlay_requested: ["Window requested", "申请权限窗口"],
  overlay_approved: ["Window approved", "批准权限窗口"],
  overlay_refused: ["Window refused", "拒绝权限窗口"],
  overlay_opened: ["Window opened", "开启权限窗口"],
  overlay_closed: ["Window closed", "关闭权限窗口"],
  overlay_reviewed: ["Window reviewed", "复核权限窗口"],
  self_test_done: ["Self-test done", "完成自检"],
  record_written: ["Record written", "写入记录"],
  record_deleted: ["Record deleted", "删除记录"],
  record_shared: ["Sharing of a record changed", "记录共享已变更"],
  decision_denied: ["Refused", "拒绝"],
  would_deny: ["Would have been refused", "本应拒绝"],
  list_relaxed: ["List relaxed by a window", "列表因窗口放宽"],
  protected_read: ["Protected data read", "读取受保护数据"],
  data_exported: ["Data exported", "导出数据"],
  backup_taken: ["Backup taken", "执行备份"],
  restore_done: ["Restored", "恢复"],
  undo_done: ["Undone", "撤销"],
  import_applied: ["Import applied", "应用导入"],
  import_prepared: ["Import prepared", "准备导入"],
  shadow_changed: ["Shadow started or stopped", "启停观察"],
  access_requested: ["Access requested or refused", "访问申请"],
  seen_as: ["Seen as somebody else", "以用户视角查看"],
  user_changed: ["User changed", "用户变更"],
  credential_changed: ["Credentials changed", "凭据变更"],
  session_opened: ["Signed in", "登录"],
  session_renewed: ["Session went on", "会话续期"],
  session_refused: ["Sign-in refused", "登录被拒"],
  setting_changed: ["Setting changed", "设置变更"],
  clock_alarm: ["Clock alarm", "时钟告警"],
  storage_alarm: ["Storage alarm", "存储告警"],
  ledger_read: ["Audit log read", "读取审计日志"],
  ledger_exported: ["Audit log exported", "导出审计日志"],
  ledger_pruned: ["Audit log pruned", "清理审计日志"],
  erasure_done: ["Erased", "擦除"],
});

/** What was known about the wall clock. */
export const ledgerClocks = words({
  synced: ["synchronized", "已同步"],
  unsynced: ["not synchronized", "未同步"],
  stepped: ["was set", "曾被调整"],
  unknown: ["not compared with outside", "未与外部比对"],
});

/** How somebody proved who they are. */
export const ledgerMethods = words({
  pwd: ["password", "密码"],
  token: ["token", "令牌"],
  local: ["at the machine itself", "服务器本机"],
});

/** How a window was closed, and what its self-test came to: the ledger keeps it in the server's words. */
export const ledgerPurposes = words({
  by_hand: ["by hand", "手动"],
  deadline: ["at its end", "到时"],
  idle: ["not used", "闲置"],
  safety: ["for safety", "安全原因"],
  tested: ["of {all} asked again, {n} refused", "再次询问 {all} 项判定，其中 {n} 项被拒绝"],
});
