import { words } from "./words";

export const overview = words({
  title: ["Overview", "概览"],
  about: ["How access stands right now.", "当前的访问管控状况。"],
  enforced: ["Permissions are enforced", "权限管控：开启"],
  enforcedWhy: [
    "No window relaxes anything that concerns you.",
    "目前没有任何与您有关的放宽窗口。",
  ],
  relaxed: ["{n} open {n|window|windows}", "{n} 个放宽窗口进行中"],
  relaxedWhy: ["The band above counts down to the end.", "顶部横幅显示剩余时间。"],
  safeMode: ["Safe mode: {why}", "安全模式：{why}"],
  users: ["Users", "用户"],
  records: ["Records", "记录"],
  revision: ["Policy revision", "策略版本"],
  ledger: ["Rows in the ledger", "账本行数"],
  byObject: ["Records by object", "各对象记录数"],
  powers: ["What you may administer", "您的管理权限"],
  noPowers: [
    "Nothing: you work with records, and their lists show what is open to you.",
    "无管理权限。您可以处理业务记录，列表只显示对您开放的内容。",
  ],
});

/** The powers in words, by the names that the server gives them. */
export const powers = words({
  "guan.manage_users": ["Users", "管理用户"],
  "guan.manage_structure": ["Departments, positions and groups", "管理部门、岗位与小组"],
  "guan.manage_objects": ["Objects, fields and masks", "管理对象、字段与脱敏"],
  "guan.manage_sets": ["Permission sets", "管理权限集"],
  "guan.manage_assignments": ["Who holds which set", "分配权限集"],
  "guan.manage_sharing": ["Sharing and pools", "管理共享与公海"],
  "guan.manage_delegations": ["Who administers what", "管理委派"],
  "guan.manage_overlays": ["Open and close windows of the switch", "开启与关闭权限窗口"],
  "guan.approve_overlays": ["Approve windows of the switch", "审批权限窗口"],
  "guan.manage_credentials": ["Passwords and sessions of others", "管理他人的密码与会话"],
  "guan.run_imports": ["Imports", "执行导入"],
  "guan.manage_backups": ["Backups", "管理备份"],
  "guan.manage_settings": ["Settings", "管理设置"],
  "guan.ask_about_others": ["Explain the access of others", "诊断他人的权限"],
  "guan.read_ledger": ["Read the audit log", "查看审计日志"],
  "guan.review_overlays": ["Review closed windows", "复核已关闭的窗口"],
  "guan.manage_recycle_bin": ["The recycle bin of everybody", "管理回收站"],
});
