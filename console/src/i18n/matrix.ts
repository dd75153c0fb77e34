import { words } from "./words";

export const matrix = words({
  title: ["Matrix of “{name}”", "“{name}”的权限矩阵"],
  ofUser: ["What {name} has", "{name} 的有效权限"],
  about: [
    "What the set gives: how far each action goes on each object, and what of each field is seen.",
    "该权限集授予的内容：每个操作在各对象上的范围，以及各字段的可见程度。",
  ],
  aboutUser: [
    "All sets together, as the server works them out now. To change it, change a set.",
    "服务器合并计算的全部权限集。如需调整，请修改相应权限集。",
  ],
  object: ["Object, field", "对象 / 字段"],
  openFields: ["Show the {n} fields of {object}", "展开 {object} 的 {n} 个字段"],
  closeFields: ["Hide the fields of {object}", "收起 {object} 的字段"],
  openAll: ["Expand all", "全部展开"],
  closeAll: ["Collapse all", "全部收起"],
  showAll: ["Everything", "全部"],
  granted: ["Granted", "已授权"],
  changedOnly: ["Changed", "已修改"],
  riskyOnly: ["Risky", "高风险"],
  show: ["Show", "显示"],
  nothing: ["No row matches", "没有匹配的行"],
  nothingWhy: [
    "The search and the filter leave no object and no field. Take one of them back.",
    "搜索和筛选后没有剩下任何对象或字段，请放宽条件。",
  ],
  system: ["System permissions", "系统权限"],
  systemCount: ["System permissions ({n})", "系统权限（{n}）"],
  systemAbout: [
    "What does not belong to an object. Those that begin with guan. administer Guan itself.",
    "与对象无关的权限。以 guan. 开头的用于管理 Guan 本身。",
  ],
  guan: ["Administers Guan", "管理 Guan"],
  own: ["Of the organization", "组织自有"],
  missing: [
    "There is no such set now. It may have been removed by a later revision.",
    "该权限集现已不存在，可能已在之后的修订版中删除。",
  ],
  mutingNote: [
    "A muting set: what it names is taken away inside its groups of sets.",
    "这是静默集：它所列的权限会在所属权限集组中被去掉。",
  ],
  activationNote: [
    "It needs activation: it gives nothing until an elevation brings it in force.",
    "需要激活：在临时提权使其生效之前不授予任何权限。",
  ],
  heldBy: [
    "Given to {n} {n|user, group or place|users, groups or places}.",
    "已分配给 {n} 个用户、组或节点。",
  ],
  export: ["Export CSV", "导出 CSV"],
  legend: ["Legend", "图例"],
  readSet: ["Back to the sets", "返回权限集列表"],
  compare: ["Compare", "对比"],
  asSaved: [
    "Dashed: acts through another permission of the set, as saved.",
    "虚线：由该权限集中的其他权限带来（按已保存的内容）。",
  ],
});
