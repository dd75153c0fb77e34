import { words } from "./words";

/** Why something was refused, by the stable code of the decision, for people who never heard of a permission set. */
export const refusals = words({
  title: ["You cannot do this", "您无法执行此操作"],
  missing: ["Not found", "未找到"],
  missingWhy: [
    "It does not exist, or it is not open to you. If somebody sent you this link, ask them to share the record.",
    "该记录不存在，或未对您开放。如果链接来自同事，请让对方将记录共享给您。",
  ],
  windowOver: ["The window ended at {at}.", "窗口已于 {at} 结束。"],
  windowOverWhy: [
    "What only it showed is closed again; nothing that was not saved before was saved.",
    "仅因该窗口可见的内容已重新关闭；此前未保存的内容均未保存。",
  ],
  no_grant: [
    "Your role does not include this. Ask your manager or administrator if your work needs it.",
    "您的角色不包含此项操作。如工作需要，请联系您的经理或管理员。",
  ],
  out_of_reach: [
    "This record lies outside what you work with. Its owner can share it with you.",
    "该记录不在您的数据范围内。负责人可以将其共享给您。",
  ],
  unknown_record: ["There is no such record that is open to you.", "没有对您开放的此记录。"],
  locked: [
    "The record is locked. Whoever is allowed to change locked records can unlock it.",
    "记录已锁定。由可修改锁定记录的人员解锁后方可操作。",
  ],
  claim_first: [
    "Nobody owns the record. It must be claimed before it can be given to somebody.",
    "该记录暂无负责人，须先领取才能分配。",
  ],
  restricted: [
    "A rule of your company closes this record for this.",
    "贵公司的限制规则不允许对此记录执行此操作。",
  ],
  field_hidden: ["A field that is not open to you takes part in it.", "涉及未对您开放的字段。"],
  field_read_only: [
    "A field that you may read only takes part in it.",
    "涉及您只能查看、不能修改的字段。",
  ],
  reveal_limit: [
    "You have had as many masked values revealed as one person may for now. It is open again after a while.",
    "您目前可显示的明文数量已用完，请稍后再试。",
  ],
  network: ["From this network it is not allowed.", "当前网络不允许此操作。"],
  hours: ["At this hour it is not allowed.", "当前时段不允许此操作。"],
  access_disabled: ["Your access is switched off at the moment.", "您的访问目前已停用。"],
  locked_out: [
    "An administrator works on this data right now; it is closed to others until then.",
    "管理员正在处理这些数据，期间暂不对其他人开放。",
  ],
  other: ["The rules of your company do not allow this.", "贵公司的规则不允许此操作。"],
  pool_refuses: ["The public pool does not allow it now", "公海当前不允许此操作"],
  poolPause: [
    "You held this record before; somebody else gets the chance first.",
    "您曾是该记录的负责人，在限制期内请让其他同事优先领取。",
  ],
  poolHeld: [
    "You hold as many records of this pool as one person may. Return one first.",
    "您持有的记录已达上限，请先退回部分记录。",
  ],
  poolDay: ["You have claimed as many today as one person may.", "您今天的领取数量已达上限。"],
  poolNone: ["The record waits in no pool.", "该记录不在任何公海中。"],
  poolTaken: ["Somebody else has claimed it already.", "该记录已被其他人领取。"],
  why: ["Why? See the explanation", "为什么？查看说明"],
  reference: ["Reference {n}: see why", "参考编号 {n}：查看原因"],
  rowEdit: ["may not be changed by you", "您无权修改"],
  rowDelete: ["may not be deleted by you", "您无权删除"],
  rowAssign: ["may not be given away by you", "您无权转移"],
  rowClaim: ["cannot be claimed by you", "您无法领取"],
  rowMissing: ["no longer there", "记录已不存在"],
  stale: ["somebody changed it meanwhile; reload the list", "内容已被他人修改，请刷新列表"],
});
