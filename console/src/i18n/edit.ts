import { words } from "./words";

/** Words of creating and changing a record. */
export const edit = words({
  create: ["New {what}", "新建{what}"],
  change: ["Edit {what}", "编辑{what}"],
  save: ["Save", "保存"],
  cancel: ["Close", "关闭"],
  kept: ["What you had not saved is back.", "已恢复您尚未保存的内容。"],
  discard: ["Discard it", "放弃修改"],
  protectedPart: ["Protected data", "受保护的信息"],
  basics: ["Details", "基本信息"],
  maskedNow: ["Hidden from you; fill in to replace it", "内容已脱敏；填写后将替换原值"],
  fieldRefused: ["This field may not be set by you.", "您无权填写该字段。"],
  saved: ["Saved.", "已保存。"],
  noFields: ["There is no field that you may set.", "没有您可以填写的字段。"],
  conflict: ["Somebody else changed this meanwhile", "内容已被他人修改"],
  conflictWho: [
    "{who} saved at {at}. Choose for each field which value stays, then save again.",
    "{who} 于 {at} 保存了修改。请为每个字段选择保留的值，然后再次保存。",
  ],
  mine: ["My value", "我的值"],
  theirs: ["Present value", "当前值"],
  field: ["Field", "字段"],
  keepMine: ["Keep my value of {field}", "{field}：保留我的值"],
  takeTheirs: ["Take the present value of {field}", "{field}：采用当前值"],
  overwrite: ["Save with these choices", "按所选保存"],
  empty: ["(empty)", "（空）"],
});
