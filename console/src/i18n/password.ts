import { words } from "./words";

/** Words of choosing a new password. */
export const password = words({
  next: ["New password", "新密码"],
  hint: [
    "12 characters or more; a sentence is easy to remember.",
    "至少 12 个字符；一句话更易记。",
  ],
  again: ["New password again", "再次输入新密码"],
  short: ["At least 12 characters.", "至少 12 个字符。"],
  unlike: ["The two are not alike.", "两次输入不一致。"],
});
