//! The objects of a new organization and how sensitive their fields are.

use std::collections::BTreeMap;

use guan_engine::model::{
    Field, FieldAccess, FieldClass, FieldId, FieldMode, FieldType, Mask, Object, ObjectId, Relation,
};

use FieldType::{Boolean, Choice, Date, DateTime, MultiChoice, Number, Text};

type Row = (&'static str, &'static str, FieldType);

const ACCOUNT: &[Row] = &[
    ("Name", "客户名称", Text),
    ("Industry", "行业", Choice),
    ("Level", "客户级别", Choice),
    ("Region", "地区", Choice),
    ("Phone", "电话", Text),
    ("Website", "网站", Text),
    ("Address", "地址", Text),
    ("Tags", "标签", MultiChoice),
    ("AnnualRevenue", "年营业额", Number),
    ("CreditLimit", "信用额度", Number),
    ("BankAccount", "银行账号", Text),
    ("Description", "备注", Text),
];
const CONTACT: &[Row] = &[
    ("Name", "姓名", Text),
    ("Title", "职务", Text),
    ("Mobile", "手机", Text),
    ("Email", "邮箱", Text),
    ("WeChat", "微信", Text),
    ("Birthday", "生日", Date),
    ("IdNumber", "身份证号", Text),
    ("IsDecisionMaker", "是否决策人", Boolean),
    ("Description", "备注", Text),
];
const LEAD: &[Row] = &[
    ("Name", "姓名", Text),
    ("Company", "公司", Text),
    ("Mobile", "手机", Text),
    ("Email", "邮箱", Text),
    ("Source", "来源", Choice),
    ("Status", "状态", Choice),
    ("NextContact", "下次联系", Date),
    ("Description", "备注", Text),
];
const OPPORTUNITY: &[Row] = &[
    ("Name", "商机名称", Text),
    ("Stage", "阶段", Choice),
    ("Amount", "金额", Number),
    ("Cost", "成本", Number),
    ("Probability", "赢率", Number),
    ("CloseDate", "预计成交日期", Date),
    ("Competitors", "竞争对手", MultiChoice),
    ("Description", "备注", Text),
];
const ACTIVITY: &[Row] = &[
    ("Subject", "主题", Text),
    ("Kind", "类型", Choice),
    ("Start", "开始时间", DateTime),
    ("End", "结束时间", DateTime),
    ("IsDone", "是否完成", Boolean),
    ("Notes", "记录", Text),
];

/// How sensitive fields are, and how they are masked. What is sensitive is hidden unless a set lists it.
const CLASSES: &[(&str, &str, FieldClass, Option<Mask>)] = &[
    ("Account", "Phone", FieldClass::Personal, Some(PHONE)),
    ("Account", "AnnualRevenue", FieldClass::Financial, None),
    ("Account", "CreditLimit", FieldClass::Financial, None),
    ("Account", "BankAccount", FieldClass::Sensitive, Some(Mask::Keep { first: 0, last: 4 })),
    ("Contact", "Name", FieldClass::Personal, Some(Mask::Keep { first: 1, last: 0 })),
    ("Contact", "Mobile", FieldClass::Personal, Some(PHONE)),
    ("Contact", "Email", FieldClass::Personal, Some(Mask::Mail)),
    ("Contact", "WeChat", FieldClass::Personal, None),
    ("Contact", "Birthday", FieldClass::Personal, None),
    ("Contact", "IdNumber", FieldClass::Sensitive, Some(Mask::Keep { first: 3, last: 4 })),
    ("Lead", "Mobile", FieldClass::Personal, Some(PHONE)),
    ("Lead", "Email", FieldClass::Personal, Some(Mask::Mail)),
    ("Opportunity", "Amount", FieldClass::Financial, None),
    ("Opportunity", "Cost", FieldClass::Financial, None),
];
const PHONE: Mask = Mask::Keep { first: 3, last: 4 };

/// Fields that nobody sees unless a set lists them.
const SECURED: &[(&str, &str)] = &[
    ("Account", "CreditLimit"),
    ("Account", "BankAccount"),
    ("Contact", "IdNumber"),
    ("Opportunity", "Cost"),
];
/// Fields in whose order lists come quickly.
const INDEXED: &[(&str, &str)] = &[
    ("Account", "Name"),
    ("Contact", "Name"),
    ("Lead", "Name"),
    ("Opportunity", "CloseDate"),
    ("Opportunity", "Amount"),
    ("Activity", "Start"),
];
/// Id, name, fields, parents by relation.
type ObjectRow =
    (&'static str, &'static str, &'static [Row], &'static [(&'static str, &'static str)]);

const OBJECTS: &[ObjectRow] = &[
    ("Account", "客户", ACCOUNT, &[]),
    ("Contact", "联系人", CONTACT, &[("account", "Account")]),
    ("Lead", "线索", LEAD, &[]),
    ("Opportunity", "商机", OPPORTUNITY, &[("account", "Account")]),
    ("Activity", "活动", ACTIVITY, &[("account", "Account"), ("opportunity", "Opportunity")]),
];

/// The objects.
pub(super) fn all() -> BTreeMap<ObjectId, Object> {
    let object = |&(id, name, rows, parents): &ObjectRow| {
        let fields = rows.iter().map(|row| (row.0.into(), field(id, *row))).collect();
        let relations = parents.iter().map(|(relation, parent)| {
            let relation_to =
                Relation { parent: (*parent).into(), implicit_parent: true, implicit_child: false };
            ((*relation).into(), relation_to)
        });
        let object = Object {
            name: name.to_owned(),
            field_mode: FieldMode::Open,
            fields,
            relations: relations.collect(),
            ..Object::default()
        };
        (ObjectId::from(id), object)
    };
    OBJECTS.iter().map(object).collect()
}

fn field(object: &str, (id, name, field_type): Row) -> Field {
    let class = CLASSES.iter().find(|row| (row.0, row.1) == (object, id));
    Field {
        name: name.to_owned(),
        field_type,
        secured: SECURED.contains(&(object, id)).then_some(true),
        class: class.map(|row| row.2),
        mask: class.and_then(|row| row.3),
        // Who sees a number masked may still look whether it is known already.
        searchable: class.is_some_and(|row| row.3 == Some(PHONE)),
        indexed: INDEXED.contains(&(object, id)),
        ..Field::default()
    }
}

/// What sales people see of secured fields; everything else comes with the object.
pub(super) fn seen_by_sales() -> BTreeMap<ObjectId, BTreeMap<FieldId, FieldAccess>> {
    [
        ("Account", [("CreditLimit".into(), FieldAccess::READ)].into()),
        ("Contact", [("IdNumber".into(), FieldAccess::MASKED)].into()),
    ]
    .map(|(object, fields)| (object.into(), fields))
    .into()
}
