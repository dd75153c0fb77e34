import { words } from "./words";

export const viewas = words({
  title: ["View as", "以用户视角查看"],
  about: [
    "The console as somebody else sees it. Read-only: nothing can be done in their name.",
    "以该用户的视角显示控制台。只读：不能以其身份执行任何操作。",
  ],
  who: ["Whose view", "查看谁的视角"],
  reason: ["Reason", "原因"],
  reasonHint: ["e.g. ticket 4711: cannot find the customer", "例如：工单 4711，找不到客户"],
  minutes: ["For", "时长"],
  minutesOf: ["{n} minutes", "{n} 分钟"],
  begin: ["Begin", "开始"],
  limits: [
    "You see what they see, and no record and no field that you may not read yourself. Beginning and end stand in the audit log with both names. Open windows do not count, and lists have no search, filter or order.",
    "您只能看到该用户所见、且您自己也有权查看的记录和字段。开始和结束均以双方姓名写入审计日志。已开启的窗口不生效，列表不支持搜索、筛选和排序。",
  ],
  frame: ["{me} views as {who}", "{me} 正以 {who} 的视角查看"],
  because: ["Reason: {reason}", "原因：{reason}"],
  end: ["End", "结束"],
  over: ["The time is over", "时间已到"],
  overWhy: ["Begin anew, with a reason.", "请填写原因后重新开始。"],
});
