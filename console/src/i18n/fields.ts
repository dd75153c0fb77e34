import { words } from "./words";

/** Fields that many CRMs have and whose import brings no name. */
export const fields = words({
  AccountId: ["Customer", "客户"],
  Amount: ["Amount", "金额"],
  AnnualRevenue: ["Annual revenue", "年营业额"],
  CloseDate: ["Close date", "预计成交日期"],
  Company: ["Company", "公司"],
  ContactId: ["Contact", "联系人"],
  CreatedById: ["Created by", "创建人"],
  CreatedDate: ["Created", "创建时间"],
  Department: ["Department", "部门"],
  Description: ["Description", "描述"],
  Email: ["E-mail", "邮箱"],
  FirstName: ["First name", "名"],
  Id: ["Id in the source system", "源系统 ID"],
  Industry: ["Industry", "行业"],
  LastModifiedById: ["Changed by", "修改人"],
  LastModifiedDate: ["Changed", "修改时间"],
  LastName: ["Last name", "姓"],
  LeadSource: ["Source", "来源"],
  MobilePhone: ["Mobile", "手机"],
  Name: ["Name", "名称"],
  OpportunityId: ["Opportunity", "商机"],
  ParentId: ["Parent", "上级"],
  Phone: ["Phone", "电话"],
  Priority: ["Priority", "优先级"],
  Probability: ["Probability", "成交概率"],
  StageName: ["Stage", "阶段"],
  Status: ["Status", "状态"],
  Subject: ["Subject", "主题"],
  SystemModstamp: ["System time stamp", "系统时间戳"],
  Title: ["Title", "职务"],
  Type: ["Type", "类型"],
  Website: ["Website", "网站"],
});

const BOTH = /^(\p{Script=Han}[^A-Za-z]*?)\s+([A-Za-z][\x20-\x7e]*)$/u;
const BOTH_TURNED = /^([A-Za-z][\x20-\x7e]*?)\s+(\p{Script=Han}[^A-Za-z]*)$/u;

/** A name that an organization wrote in both languages, `城市 City`, in the one of the person. */
export function inOneLanguage(name: string, at: 0 | 1): string {
  const [, zh, en] = BOTH.exec(name) ?? [];
  if (zh && en) return at === 0 ? en : zh;
  const [, first, second] = BOTH_TURNED.exec(name) ?? [];
  if (first && second) return at === 0 ? first : second;
  return name;
}

/** All that a field may be sought by: its id and its name in both languages. */
export const soughtBy = (id: string, name: string): string =>
  [id, name, fieldName(id, name, 0), fieldName(id, name, 1)].join(" ").toLowerCase();

/** The name of a field as people read it: its own, else a well-known one, else its id taken apart. */
export function fieldName(id: string, name: string, at: 0 | 1): string {
  const known: Readonly<Record<string, readonly [string, string]>> = fields;
  const told = name && name !== id ? inOneLanguage(name, at) : known[id]?.[at];
  if (told) return told;
  return id
    .replace(/__c$/, "")
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2");
}
