import { words } from "./words";

/** What the engine answers, in words. Keys are the names of the interface. */
export const verdicts = words({
  allow: ["Allowed", "允许"],
  deny: ["Denied", "拒绝"],
  relaxed: ["Allowed by an open window", "因权限窗口而放行"],
});

export const stages = words({
  session: ["Session", "会话"],
  verb: ["Verb", "操作授权"],
  reach: ["Reach", "可达"],
  restriction: ["Restriction", "限制规则"],
  field: ["Field", "字段"],
});

/** What each stage asks. */
export const stageAsks = words({
  session: [
    "Is the user active, and does an assignment admit this address and hour?",
    "用户是否启用？分配是否允许此地址和时段？",
  ],
  verb: [
    "Does a set in force grant this action on the object?",
    "生效的权限集是否授予对该对象的此操作？",
  ],
  reach: [
    "Does a scope cover the record, or does evidence lead to it?",
    "范围是否覆盖该记录，或是否有依据可达？",
  ],
  restriction: [
    "Does a restriction, a lock or a pool take the record away?",
    "限制规则、锁定或公海是否收回该记录？",
  ],
  field: ["May these fields be read or changed?", "是否可以查看或修改这些字段？"],
});

export const refusals = words({
  reveal_limit: [
    "They had as many masked values revealed as one person may within an hour or a day.",
    "该用户一小时或一天内显示的明文数量已达上限。",
  ],
  wrong_organization: ["The user belongs to another organization.", "该用户属于其他组织。"],
  unknown_subject: ["There is no such user.", "没有此用户。"],
  inactive: ["The user is deactivated.", "该用户已停用。"],
  access_disabled: ["The window {overlay} disables their access.", "窗口 {overlay} 停用了其访问。"],
  network: [
    "The assignment {assignment} does not admit this address.",
    "分配 {assignment} 不允许此地址。",
  ],
  hours: [
    "The assignment {assignment} does not admit this hour.",
    "分配 {assignment} 不允许此时段。",
  ],
  locked_out: [
    "The window {overlay} shuts out everybody who is not in its audience.",
    "窗口 {overlay} 将适用人群以外的人员拒之门外。",
  ],
  unknown_object: ["There is no such object.", "没有此对象。"],
  unknown_action: ["There is no such action.", "没有此操作。"],
  no_grant: ["No set in force grants this action.", "没有任何生效的权限集授予此操作。"],
  unknown_record: ["There is no such record.", "没有此记录。"],
  out_of_reach: [
    "No scope covers the record, and nothing else leads to it.",
    "没有范围覆盖该记录，也没有其他依据可达。",
  ],
  locked: ["The record is locked.", "记录已锁定。"],
  claim_first: [
    "It stands in the pool {pool} and must be claimed first.",
    "记录在公海 {pool} 中，须先领取。",
  ],
  restricted: [
    "The restriction {restriction} takes it away.",
    "限制规则 {restriction} 收回了该记录。",
  ],
  unknown_field: ["There is no field {field}.", "没有字段 {field}。"],
  field_hidden: ["The field {field} is hidden.", "字段 {field} 被隐藏。"],
  field_read_only: ["The field {field} is read-only.", "字段 {field} 只读。"],
});

export const paths = words({
  scope: ["A set covers it with the scope {scope}", "权限集以范围“{scope}”覆盖该记录"],
  unassigned: [
    "The record has no owner, and a scope covers such records",
    "记录没有负责人，且范围覆盖此类记录",
  ],
  owner: ["Owner: {owner}", "负责人：{owner}"],
  baseline: ["Default access of the object: {rights}", "对象的默认访问级别：{rights}"],
  parent: ["Controlled by the parent {parent} ({relation})", "由父级 {parent} 控制（{relation}）"],
  roll_up: ["Rolled up ({roll_up}) from {source}", "由 {source} 沿层级上卷（{roll_up}）"],
  rule: ["Sharing rule {rule}: {rights}", "共享规则 {rule}：{rights}"],
  share: ["Shared by hand with {to}: {rights}", "手动共享给 {to}：{rights}"],
  team: ["Member of the record team: {rights}", "相关团队成员：{rights}"],
  dimension: ["Tag {node}: {rights}", "维度 {node}：{rights}"],
  implicit_parent: [
    "Sees the child {child}, so the parent is readable ({relation})",
    "可见其子记录 {child}，因此父级可查看（{relation}）",
  ],
  implicit_child: [
    "Reaches the parent {parent} from {source}, so the child too ({relation})",
    "可达父级 {parent}（{source}），因此子记录亦可达（{relation}）",
  ],
  pool: ["Member of the pool {pool}: {rights}", "公海 {pool} 的成员：{rights}"],
});

export const sources = words({
  owner: ["the owner {it}", "负责人 {it}"],
  share: ["a share with {it}", "对 {it} 的共享"],
  team: ["the record team ({it})", "相关团队（{it}）"],
  rule: ["the sharing rule {it}", "共享规则 {it}"],
  unit: ["the unit {it}", "单元 {it}"],
  dimension: ["the tag {it}", "维度 {it}"],
});

export const remedies = words({
  share_record: ["Share the record: {rights}", "共享该记录：{rights}"],
  assign_set: ["Assign {set}", "分配 {set}"],
  wider_scope: ["Assign {set}, whose scope is wide enough", "分配范围足够的 {set}"],
  join_group: ["Add the user to the group {group}", "将用户加入小组 {group}"],
  place_at: ["Place the user at {node}", "将用户置于 {node}"],
  activate: ["Activate the user", "启用该用户"],
  meet_assignment: [
    "Come from an address and hour that {assignment} admits",
    "使用 {assignment} 允许的地址与时段",
  ],
  end_overlay: ["Close the window {overlay}", "关闭窗口 {overlay}"],
  unlock: ["Unlock the record", "解锁该记录"],
  claim: ["Claim the record from its pool", "从公海领取该记录"],
  lift_restriction: [
    "Lift or narrow the restriction {restriction}",
    "取消或收窄限制规则 {restriction}",
  ],
  grant_field: ["Grant the field {field} in a set", "在权限集中授予字段 {field}"],
});

export const actions = words({
  read: ["Read", "查看"],
  create: ["Create", "新建"],
  edit: ["Edit", "编辑"],
  delete: ["Delete", "删除"],
  assign: ["Transfer", "转移"],
  share: ["Share", "共享"],
  append: ["Append", "追加"],
  append_to: ["Append to", "追加到"],
  export: ["Export", "导出"],
  import: ["Import", "导入"],
  claim: ["Claim", "领取"],
});

export const rights = words({
  read: ["read", "查看"],
  edit: ["edit", "编辑"],
  edit_assign: ["edit and transfer", "编辑与转移"],
  full: ["full", "完全"],
  private: ["private", "私有"],
});

/** Values of the cells of a matrix: scopes and field access. */
export const scopes = words({
  none: ["none", "无"],
  reachable: ["reachable", "可达"],
  unit: ["unit", "本部门"],
  unit_and_below: ["unit and below", "本部门及下级"],
  all: ["all", "全部"],
  hidden: ["hidden", "隐藏"],
  masked: ["masked", "脱敏"],
  read: ["read", "只读"],
  edit: ["edit", "可编辑"],
  granted: ["granted", "已授予"],
});

export const principals = words({
  user: ["{name}", "{name}"],
  group: ["group {name}", "小组 {name}"],
  node: ["everybody at {name}", "{name} 的成员"],
  node_and_below: ["everybody at {name} and below", "{name} 及下级的成员"],
  above: ["everybody above {name}", "{name} 的上级"],
  placed: ["everybody placed in {name}", "层级 {name} 中的所有人"],
  everyone: ["everybody", "所有人"],
  internal: ["all internal users", "所有内部用户"],
  external: ["all external users", "所有外部用户"],
  guests: ["guests", "访客"],
  set: ["{name}", "{name}"],
  set_group: ["{name} (group of sets)", "{name}（权限集组）"],
});

/** Words of pickers. */
export const choice = words({
  user: ["User", "用户"],
  userHint: ["Name or user id", "姓名或用户 ID"],
  object: ["Object", "对象"],
  action: ["Action", "操作"],
  record: ["Record", "记录"],
  recordHint: ["Name or record id; empty: the object itself", "名称或记录 ID；留空表示对象本身"],
  fields: ["Fields", "字段"],
  fieldsHint: ["Only when the question is about fields", "仅当问题涉及字段时填写"],
  set: ["Permission set", "权限集"],
  setHint: ["Name of a set or a group of sets", "权限集或权限集组名称"],
  node: ["Node", "节点"],
  principal: ["For whom", "授予对象"],
  reason: ["Reason", "原因"],
  reasonWhy: ["Stands in the revision and the audit log.", "将写入修订版和审计日志。"],
});
