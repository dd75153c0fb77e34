import { words } from "./words";

/** Terms of the glossary, each with one sentence; the guide says more. */
export const terms = words({
  session: ["Session", "会话"],
  sessionWhy: [
    "The user with the address and the moment of a request. Assignments may admit only some networks or hours.",
    "用户连同请求的地址与时刻。分配可以只允许某些网络或时段。",
  ],
  verb: ["Verb", "操作授权"],
  verbWhy: [
    "What a permission set grants on an object. Reach never supplies it: who may not edit customers cannot edit one that is shared.",
    "权限集在对象上授予的操作。可达从不提供操作授权：不能编辑客户的人，也不能编辑共享给他的客户。",
  ],
  reach: ["Reach", "可达"],
  reachWhy: [
    "All ways to a record together: owner, default access, roll-up, rules, shares, team, tags, pool.",
    "通向记录的所有路径的总和：负责人、默认访问级别、上卷、规则、共享、团队、维度、公海。",
  ],
  restriction: ["Restriction", "限制规则"],
  restrictionWhy: [
    "It takes records away that would otherwise be reached; a lock takes changes away.",
    "收回本可达的记录；锁定则收回更改。",
  ],
  field: ["Field", "字段"],
  fieldWhy: [
    "Hidden, masked, read or edit. Filtering and sorting by a field is reading it.",
    "隐藏、脱敏、只读或可编辑。按字段筛选和排序即为读取该字段。",
  ],
  scope: ["Scope", "范围"],
  scopeWhy: [
    "How far a granted action goes: records that some way leads to, the unit's, those below, or all.",
    "授予的操作所及：可达的记录、本部门、本部门及下级，或全部。",
  ],
  rollUp: ["Roll-up", "上卷"],
  rollUpWhy: [
    "What flows up a tree: who stands above an owner reaches what the owner has.",
    "沿层级向上流动：位于负责人之上的人可达其所有。",
  ],
  grant: ["Assignment", "分配"],
  grantWhy: [
    "A set given to somebody, with times, networks and hours. One with an end is a time-bound grant.",
    "授予某人的权限集，可带时间、网络与时段。有截止时间的即为限时授权。",
  ],
  request: ["Access request", "访问申请"],
  requestWhy: [
    "Who was refused asks, who may give decides. What is given has an end and needs nobody to take it back.",
    "被拒绝的人提出申请，有权给予的人审批。所给予的访问带有截止时间，无需有人收回。",
  ],
  viewAs: ["View as", "以用户视角查看"],
  viewAsWhy: [
    "Seeing as somebody else sees: read-only, for a while, and never more than one may see oneself.",
    "以他人的视角查看：只读、限时，且不超过自己可见的范围。",
  ],
  chain: ["Hash chain", "哈希链"],
  chainWhy: [
    "Each row carries a hash over itself and all before it, so a change or a gap shows.",
    "每条记录都带有涵盖自身及之前全部内容的哈希，任何改动或缺失都会暴露。",
  ],
  revision: ["Revision", "修订版"],
  revisionWhy: [
    "A policy is never edited in place: each change is a new revision with author, reason and digest.",
    "策略从不就地编辑：每次更改都是带有作者、原因和摘要的新修订版。",
  ],
  loss: ["Loss", "损失"],
  lossWhy: [
    "What an import could not take over exactly. What widens access stands first.",
    "导入时无法精确接收的内容。放宽访问的排在最前。",
  ],
});
