import { words } from "./words";

/** Words of the recycle bin. */
export const bin = words({
  title: ["Recycle bin", "回收站"],
  about: [
    "Deleted records wait here until their day of removal. What you deleted yourself is listed; who manages the bin sees everything.",
    "已删除的记录在清除日期前保留于此。此处列出您本人删除的记录；回收站管理员可看到全部。",
  ],
  object: ["Kind of record", "对象"],
  id: ["Record", "记录"],
  deleted: ["Deleted", "删除时间"],
  by: ["By", "删除人"],
  purge: ["Removed for good on", "永久清除日期"],
  restore: ["Restore", "恢复"],
  restored: ["Restored: {id}", "已恢复：{id}"],
  open: ["Open", "打开"],
  purgeAct: ["Remove for good", "永久清除"],
  purgeTitle: ["Remove {id} for good", "永久清除 {id}"],
  purgeWhy: [
    "The record and its history are taken out and cannot be brought back by anybody. That it happened, and why, stays in the log.",
    "记录及其历史将被永久清除，任何人都无法恢复。清除行为及原因会保留在日志中。",
  ],
  reason: ["Reason", "原因"],
  purged: ["Removed: {id}", "已清除：{id}"],
  empty: ["The bin is empty", "回收站为空"],
  emptyWhy: ["What you delete of this kind waits here.", "您删除的此类记录会保留在这里。"],
  why: [
    "You see what you deleted yourself. Holders of “manage the recycle bin” see the deletions of everybody.",
    "您只能看到自己删除的记录。拥有“管理回收站”权力的人员可看到所有人的删除记录。",
  ],
});
