import { words } from "./words";

/** Actions of the policy, refusals and kinds of ledger rows, by the names of the server. */
export const actions = words({
  read: ["Read", "查看"],
  create: ["Create", "新建"],
  edit: ["Edit", "编辑"],
  delete: ["Delete", "删除"],
  assign: ["Assign", "分派"],
  share: ["Share", "共享"],
  append: ["Append", "追加"],
  append_to: ["Append to", "追加到"],
  export: ["Export", "导出"],
  import: ["Import", "导入"],
  claim: ["Claim", "领取"],
  transfer: ["Transfer", "转移"],
});

export function actionWord(id: string, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = actions;
  return known[id]?.[at] ?? id;
}

export const refusals = words({
  inactive: ["the user is not active", "用户未启用"],
  access_disabled: ["access is switched off", "权限已停用"],
  network: ["not from this network", "网络不允许"],
  hours: ["not at this hour", "时段不允许"],
  locked_out: ["locked out by a window", "被窗口锁定"],
  no_grant: ["no permission for the action", "没有操作权限"],
  out_of_reach: ["record out of reach", "记录不在可访问范围"],
  unknown_record: ["no such record", "记录不存在"],
  locked: ["the record is locked", "记录已锁定"],
  claim_first: ["has to be claimed first", "须先领取"],
  restricted: ["a restriction rule", "限制规则"],
  field_hidden: ["the field is hidden", "字段不可见"],
  field_read_only: ["the field is read-only", "字段只读"],
});

export function refusalWord(id: string, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = refusals;
  return known[id]?.[at] ?? id.replaceAll("_", " ");
}

export const ledgerKinds = words({
  overlay_requested: ["Request written or prepared", "编写或准备申请"],
  overlay_approved: ["Approved", "批准"],
  overlay_refused: ["Refused", "拒绝"],
  overlay_opened: ["Opened", "开启"],
  overlay_closed: ["Closed", "关闭"],
  overlay_reviewed: ["Reviewed", "复核"],
  self_test_done: ["Self-test", "自检"],
  record_written: ["Record written", "写入记录"],
  record_deleted: ["Record deleted", "删除记录"],
  record_shared: ["Sharing of a record changed", "记录共享已变更"],
  protected_read: ["Protected fields read", "读取受保护字段"],
  data_exported: ["Data exported", "导出数据"],
  backup_taken: ["Backup taken", "备份"],
  undo_done: ["Undone", "撤销"],
  clock_alarm: ["Clock alarm", "时钟告警"],
  storage_alarm: ["Storage alarm", "存储告警"],
});

export function kindWord(id: string, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = ledgerKinds;
  return known[id]?.[at] ?? id.replaceAll("_", " ");
}
