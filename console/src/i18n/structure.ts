import { words } from "./words";

export const structure = words({
  title: ["Objects & fields", "对象与字段"],
  about: [
    "The kinds of records that the CRM has, their fields and their parents. Custom ones are made here.",
    "CRM 中的记录类型及其字段和父级关系，可在此新建自定义对象和字段。",
  ],
  search: ["Name or id", "名称或 ID"],
  name: ["Name", "名称"],
  id: ["Id", "ID"],
  fields: ["Fields", "字段数"],
  parents: ["Parents", "父级"],
  custom: ["Custom", "自定义"],
  sort: ["Sort", "类别"],
  standard: ["Standard", "标准"],
  newFields: ["New fields", "新字段默认"],
  newObject: ["New object", "新建对象"],
  newField: ["New field", "新建字段"],
  create: ["Create", "新建"],
  type: ["Type", "类型"],
  reason: ["Reason", "原因"],
  created: ["Revision {n} is in effect: “{name}” is there.", "修订版 {n} 已生效：已新建“{name}”。"],
  remove: ["Remove", "删除"],
  removeTitle: ["Remove the field “{name}”", "删除字段“{name}”"],
  removeAbout: [
    "Its values are no longer shown to anybody, and sets, rules and masks that name it must be changed before. An earlier revision brings it back.",
    "任何人都不再看到该字段的值；引用它的权限集、规则和脱敏需先调整。可通过恢复历史修订版找回。",
  ],
  removed: ["Revision {n} is in effect: the field is gone.", "修订版 {n} 已生效：字段已删除。"],
  masks: ["Access & masks", "权限与脱敏"],
  idHint: [
    "Letters, digits and underscores; it cannot be changed later.",
    "字母、数字和下划线，之后不能修改。",
  ],
  nothing: ["No object matches", "没有匹配的对象"],
  nothingWhy: ["Search looks at names and ids.", "搜索范围为名称和 ID。"],
  private: [
    "Nobody but owners and their superiors reaches its records until you say more.",
    "在另行设置之前，只有负责人及其上级可以触达其记录。",
  ],
  few: [
    "Every object of the organization is listed, also those whose records you may not read.",
    "列出组织的全部对象，包括您无权查看其记录的对象。",
  ],
});
