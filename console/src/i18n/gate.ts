import { words } from "./words";

/** Words of signing in and of the first password. */
export const gate = words({
  title: ["Sign in", "登录"],
  about: ["With the account of your organization.", "使用您组织的账户。"],
  user: ["User", "用户名"],
  password: ["Password", "密码"],
  userMissing: ["Enter your user name.", "请输入用户名。"],
  passwordMissing: ["Enter your password.", "请输入密码。"],
  act: ["Sign in", "登录"],
  refused: ["User name or password is not right.", "用户名或密码不正确。"],
  paused: ["Too many attempts. Wait a little, then try again.", "尝试次数过多，请稍后再试。"],
  pausedSeconds: [
    "Too many attempts. Try again in {n} {n|second|seconds}, at {at}.",
    "尝试次数过多，请在 {n} 秒后（{at}）重试。",
  ],
  pausedMinutes: [
    "Too many attempts. Try again in {n} {n|minute|minutes}, at {at}.",
    "尝试次数过多，请在 {n} 分钟后（{at}）重试。",
  ],
  promise: [
    "Who may see what — decided, explained, recorded.",
    "谁能看什么：有决定，有解释，有记录。",
  ],
  promiseOne: ["Every answer names the rule behind it.", "每个结果都说明依据的规则。"],
  promiseTwo: ["Switching permissions off always ends by itself.", "暂停权限管控总会自动恢复。"],
  promiseThree: [
    "Every act stays in a ledger that shows tampering.",
    "每次操作都写入防篡改的账本。",
  ],
  mustTitle: ["Choose your own password", "设置您自己的密码"],
  mustAbout: [
    "The one you have was given to you and works once. Until you change it, nothing else is open.",
    "当前密码由他人提供，仅可使用一次。修改之前，其他功能均不可用。",
  ],
  current: ["Password you were given", "收到的密码"],
  change: ["Change and go on", "修改并继续"],
  out: ["Sign out", "退出登录"],
});
