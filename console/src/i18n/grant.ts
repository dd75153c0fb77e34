import { words } from "./words";

export const grant = words({
  title: ["Give a set", "分配权限集"],
  change: ["Change the grant", "修改授权"],
  what: ["Permission set", "权限集"],
  to: ["To", "授予"],
  person: ["One person", "一个人"],
  many: ["A group or a department", "小组或部门"],
  starts: ["From", "开始"],
  now: ["At once", "立即"],
  ends: ["Until", "截止"],
  endsWhy: ["It ends by itself; nobody has to take it back.", "到期自动失效，无需人工收回。"],
  noEnd: ["Without an end", "不设截止时间"],
  noEndWhy: [
    "Prefer an end: a grant without one is easily forgotten.",
    "建议设置截止时间：长期授权容易被遗忘。",
  ],
  days: ["{n} {n|day|days}", "{n} 天"],
  preview: ["Preview", "预览"],
});
