import { words } from "./words";

/** Words of every change of the policy that is previewed first. */
export const revise = words({
  preview: ["What would change", "将发生的变化"],
  previewing: ["Working out who gains and loses what…", "正在计算谁获得、谁失去访问…"],
  gains: ["{n} {n|record|records} become reachable", "{n} 条记录变为可达"],
  losses: ["{n} {n|record|records} cease to be reachable", "{n} 条记录不再可达"],
  onlySecond: ["Only the second reaches {n}", "仅第二个可达 {n} 条"],
  onlyFirst: ["only the first reaches {n}", "仅第一个可达 {n} 条"],
  nobody: ["Nobody gains or loses access to a record.", "没有人获得或失去对记录的访问。"],
  noImpact: ["The effect on records was not worked out.", "未计算对记录的影响。"],
  person: ["Who", "谁"],
  object: ["Object", "对象"],
  action: ["Action", "操作"],
  gained: ["Gains", "获得"],
  lost: ["Loses", "失去"],
  cells: ["{n} {n|cell|cells} of the matrix change", "权限矩阵中 {n} 个单元格变化"],
  places: ["{n} {n|place|places} of the policy change", "策略中 {n} 处变化"],
  problems: ["The policy would not be valid", "策略将无效"],
  reason: ["Reason", "原因"],
  reasonWhy: ["Stands in the revision and the audit log.", "将写入修订版和审计日志。"],
  apply: ["Apply", "应用"],
  cancel: ["Cancel", "取消"],
  more: ["{n} more rows", "另有 {n} 行"],
  added: ["added", "新增"],
  changed: ["changed", "修改"],
  removed: ["removed", "移除"],
  waits: [
    "It waits: an open window relaxes what it touches. It counts when the window ends, at the latest {at}.",
    "更改正在等待：已开启的窗口放宽了其涉及的内容。窗口结束时生效，最迟 {at}。",
  ],
  done: ["Done: revision {n}", "已完成：修订版 {n}"],
});
