import { words } from "./words";

/** Words of the plain components. */
export const ui = words({
  machine: ["At the machine itself", "服务器本机"],
  retry: ["Try again", "重试"],
  loading: ["Loading…", "加载中…"],
  empty: ["Nothing here yet", "暂无内容"],
  forbidden: ["Not open to you", "您没有权限"],
  forbiddenWhy: [
    "Your permissions do not include this. An administrator can say why and change it.",
    "您的权限不包含此项。管理员可以查明原因并调整。",
  ],
  unreachable: ["Guan cannot be reached", "无法连接 Guan"],
  unreachableWhy: [
    "Check the network; what you entered is kept.",
    "请检查网络；已填写的内容会保留。",
  ],
  failed: ["That did not work", "操作未成功"],
  stale: ["Somebody else changed it meanwhile", "内容已被他人修改"],
  staleWhy: [
    "Load the present state, then make your change again.",
    "请重新加载最新内容后再修改。",
  ],
  missing: ["Not found", "未找到"],
  missingWhy: ["It does not exist, or you may not know of it.", "该内容不存在，或您无权得知。"],
  inView: ["Not while you see as somebody else", "以他人视角查看时不可用"],
  inViewWhy: [
    "Only records can be read, in their own order, without search and filter. End the view to do this in your own name.",
    "此时只能按默认顺序查看记录，不能搜索、筛选或修改。如需操作，请先结束以他人视角查看。",
  ],
  busy: ["Too many requests", "请求过于频繁"],
  reference: ["Reference {n}: why?", "参考编号 {n}：查看原因"],
  request: ["Request {id}", "请求编号 {id}"],
  typeToConfirm: ["Type {what} to confirm", "请输入 {what} 以确认"],
  cancel: ["Cancel", "取消"],
  close: ["Close", "关闭"],
  help: ["What is “{term}”?", "什么是“{term}”？"],
  guide: ["Read more in the guide", "在使用指南中了解更多"],
  left: ["{time} left", "剩余 {time}"],
  over: ["ended", "已结束"],
  unsaved: [
    "Leave without saving? What you changed is lost.",
    "尚未保存，确定离开吗？修改将丢失。",
  ],
  before: ["Before", "修改前"],
  after: ["After", "修改后"],
  what: ["What", "项目"],
  same: ["No difference", "没有差异"],
  now: ["now", "现在"],
  chart: ["Chart: {title}", "图表：{title}"],
});
