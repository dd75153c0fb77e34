import { words } from "./words";

export const backups = words({
  title: ["Backups", "备份恢复"],
  about: [
    "Policy, records and ledger in one file with a digest. A window of the switch takes one before it opens.",
    "策略、记录与账本保存在同一带摘要的文件中。权限窗口开启前会自动备份。",
  ],
  take: ["Take a backup", "立即备份"],
  reason: ["Reason", "原因"],
  cancel: ["Cancel", "取消"],
  taken: ["Taken and read again: {name}", "已备份并回读校验：{name}"],
  at: ["Taken", "备份时间"],
  name: ["Name", "名称"],
  verify: ["Verify", "校验"],
  sound: ["Sound", "完好"],
  bytes: ["Size", "大小"],
  digest: ["Digest", "摘要"],
  content: ["Content", "内容"],
  contentOf: [
    "revision {revision} · {records} records · {overlays} windows",
    "修订版 {revision} · {records} 条记录 · {overlays} 个窗口",
  ],
  nothing: ["No backup yet", "尚无备份"],
  nothingWhy: [
    "Take one now; keep a copy on another machine.",
    "请立即备份，并在另一台机器保存副本。",
  ],
  restore: [
    "Restoring is done at the command line, with the server stopped: guan restore NAME. Windows of before never act again.",
    "恢复须停止服务后在命令行执行：guan restore NAME。恢复前的权限窗口不再生效。",
  ],
});

export const delegations = words({
  few: [
    "Every delegation of the organization is listed. Who holds a power through a set administers without one.",
    "列出组织的全部委派。通过权限集拥有管理权的人员不需要委派。",
  ],
  title: ["Delegations & posts", "分级授权与岗位"],
  about: [
    "Who administers a part of the organization, and whether the posts of administration are kept apart.",
    "谁管理组织的一部分，以及管理岗位是否相互分离。",
  ],
  create: ["New delegation", "新建分级授权"],
  edit: ["Edit", "编辑"],
  remove: ["Remove", "移除"],
  removeTitle: ["Remove the delegation {name}", "移除分级授权 {name}"],
  name: ["Name", "名称"],
  to: ["Administrator", "管理员"],
  node: ["Over", "管理范围"],
  powers: ["Powers", "管理权"],
  sets: ["May give these sets", "可分配的权限集"],
  preview: ["Preview", "预览"],
  nothing: ["Nobody administers only a part", "没有仅管理部分组织的人员"],
  nothingWhy: [
    "Let the head of a department administer its own people, without the rest.",
    "可让部门负责人仅管理本部门人员。",
  ],
  posts: ["Posts", "岗位"],
  apart: ["Kept apart", "相互分离"],
  together: ["Not kept apart", "未分离"],
  postsWhy: [
    "System, security and audit are three posts. Kept apart, nobody holds powers of two, nobody grants to themselves, and an edit cannot put them together again.",
    "系统、安全与审计为三个岗位。分离后，任何人不得兼有两个岗位的管理权，也不能自我授权，且无法通过编辑重新合并。",
  ],
  keepApart: ["Keep them apart", "启用岗位分离"],
  acts: ["Acts", "操作"],
});
