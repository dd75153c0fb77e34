//! The objects of the sample organization, their default access and their fields.

use super::Files;
use super::xml::Element;

/// An object and its default access for people inside and outside the company.
struct Object {
    name: &'static str,
    internal: &'static str,
    external: &'static str,
    /// Label and plural label; custom objects only.
    labels: Option<(&'static str, &'static str)>,
}

const OBJECTS: &[Object] = &[
    standard("Account", "Private", "Private"),
    standard("Contact", "ControlledByParent", "ControlledByParent"),
    standard("Opportunity", "Private", "Private"),
    standard("Lead", "Read", "Private"),
    standard("Case", "ReadWriteTransfer", "Private"),
    Object {
        name: "Contract_Review__c",
        internal: "Private",
        external: "Private",
        labels: Some(("合同评审 Contract Review", "合同评审 Contract Reviews")),
    },
];

const fn standard(name: &'static str, internal: &'static str, external: &'static str) -> Object {
    Object { name, internal, external, labels: None }
}

/// What a field holds.
enum Kind {
    /// A field the vendor ships; its file carries no type.
    Shipped,
    ShippedChoice(&'static [(&'static str, &'static str)]),
    Text(&'static str),
    LongText,
    Currency,
    Percent,
    Checkbox,
    Choice(&'static [(&'static str, &'static str)]),
    /// Target object and the name of the relation on it.
    Lookup(&'static str, &'static str),
}

/// One field; `None` security means that nobody has classified it.
struct Field {
    object: &'static str,
    name: &'static str,
    label: &'static str,
    kind: Kind,
    security: Option<&'static str>,
    compliance: Option<&'static str>,
}

const fn field(object: &'static str, name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { object, name, label, kind, security: None, compliance: None }
}

const fn classified(
    field: Field,
    security: &'static str,
    compliance: Option<&'static str>,
) -> Field {
    Field { security: Some(security), compliance, ..field }
}

/// Sales regions: stored value and label.
const REGIONS: &[(&str, &str)] = &[
    ("East China", "华东 East China"),
    ("South China", "华南 South China"),
    ("North China", "华北 North China"),
    ("West China", "西部 West China"),
    ("Europe", "欧洲 Europe"),
    ("Asia Pacific", "亚太 Asia Pacific"),
];

const TIERS: &[(&str, &str)] = &[("A", "A 级 Key"), ("B", "B 级 Growing"), ("C", "C 级 Small")];

const INDUSTRIES: &[(&str, &str)] = &[
    ("Semiconductor", "半导体 Semiconductor"),
    ("Medical", "医疗器械 Medical"),
    ("Automotive", "汽车 Automotive"),
    ("Energy", "能源 Energy"),
    ("Research", "科研 Research"),
    ("Machinery", "机械 Machinery"),
];

const STAGES: &[(&str, &str)] = &[
    ("Prospecting", "初步接洽 Prospecting"),
    ("Proposal", "方案报价 Proposal"),
    ("Negotiation", "商务谈判 Negotiation"),
    ("Closed Won", "赢单 Closed Won"),
    ("Closed Lost", "输单 Closed Lost"),
];

const SOURCES: &[(&str, &str)] = &[
    ("Web", "官网 Web"),
    ("Trade Show", "展会 Trade Show"),
    ("Referral", "转介绍 Referral"),
    ("Phone", "电话 Phone"),
];

const REVIEW_STAGES: &[(&str, &str)] = &[
    ("Draft", "草稿 Draft"),
    ("Legal Review", "法务评审 Legal Review"),
    ("Finance Review", "财务评审 Finance Review"),
    ("Signed", "已签署 Signed"),
];

const PII: Option<&str> = Some("PII;GDPR");

/// All fields that field permissions can name; names, owners and other always visible fields have no file.
#[rustfmt::skip]
const FIELDS: &[Field] = &[
    classified(field("Account", "Phone", "电话 Phone", Kind::Shipped), "Internal", None),
    field("Account", "Industry", "行业 Industry", Kind::ShippedChoice(INDUSTRIES)),
    classified(field("Account", "AnnualRevenue", "年营业额 Annual Revenue", Kind::Shipped), "Internal", None),
    field("Account", "Website", "网站 Website", Kind::Shipped),
    field("Account", "City__c", "城市 City", Kind::Text("80")),
    field("Account", "Country__c", "国家 Country", Kind::Text("80")),
    field("Account", "Region__c", "销售区域 Region", Kind::Choice(REGIONS)),
    field("Account", "Tier__c", "客户等级 Tier", Kind::Choice(TIERS)),
    field("Account", "Strategic__c", "战略客户 Strategic Account", Kind::Checkbox),
    field("Account", "Public_Reference__c", "公开案例 Public Reference", Kind::Checkbox),
    classified(field("Account", "Credit_Limit__c", "信用额度 Credit Limit", Kind::Currency), "Confidential", None),
    classified(field("Account", "Bank_Account__c", "银行账号 Bank Account", Kind::Text("34")), "Restricted", Some("PCI")),
    field("Contact", "AccountId", "客户 Account", Kind::Shipped),
    field("Contact", "Title", "职务 Title", Kind::Shipped),
    classified(field("Contact", "Phone", "电话 Phone", Kind::Shipped), "Internal", PII),
    classified(field("Contact", "MobilePhone", "手机 Mobile", Kind::Shipped), "Confidential", PII),
    classified(field("Contact", "Email", "邮箱 Email", Kind::Shipped), "Internal", PII),
    classified(field("Contact", "ID_Number__c", "证件号码 ID Number", Kind::Text("18")), "Restricted", PII),
    field("Opportunity", "AccountId", "客户 Account", Kind::Shipped),
    classified(field("Opportunity", "Amount", "金额 Amount", Kind::Shipped), "Internal", None),
    field("Opportunity", "StageName", "阶段 Stage", Kind::ShippedChoice(STAGES)),
    field("Opportunity", "Discount__c", "折扣 Discount", Kind::Percent),
    classified(field("Opportunity", "Cost__c", "成本 Cost", Kind::Currency), "Confidential", None),
    classified(field("Lead", "Phone", "电话 Phone", Kind::Shipped), "Internal", PII),
    classified(field("Lead", "Email", "邮箱 Email", Kind::Shipped), "Internal", PII),
    field("Lead", "LeadSource", "线索来源 Lead Source", Kind::ShippedChoice(SOURCES)),
    field("Lead", "Region__c", "销售区域 Region", Kind::Choice(REGIONS)),
    field("Case", "AccountId", "客户 Account", Kind::Shipped),
    field("Case", "ContactId", "联系人 Contact", Kind::Shipped),
    field("Case", "Priority", "优先级 Priority", Kind::Shipped),
    field("Case", "Serial_Number__c", "设备序列号 Serial Number", Kind::Text("40")),
    field("Contract_Review__c", "Account__c", "客户 Account", Kind::Lookup("Account", "Contract_Reviews")),
    field("Contract_Review__c", "Opportunity__c", "商机 Opportunity", Kind::Lookup("Opportunity", "Contract_Reviews")),
    field("Contract_Review__c", "Stage__c", "评审阶段 Stage", Kind::Choice(REVIEW_STAGES)),
    classified(field("Contract_Review__c", "Amount__c", "合同金额 Amount", Kind::Currency), "Internal", None),
    field("Contract_Review__c", "Confidential__c", "涉密 Confidential", Kind::Checkbox),
    classified(field("Contract_Review__c", "Legal_Opinion__c", "法务意见 Legal Opinion", Kind::LongText), "Confidential", None),
];

/// `Object.Field` of every field that field permissions can name.
pub(super) fn field_names() -> Vec<String> {
    FIELDS.iter().map(|field| format!("{}.{}", field.object, field.name)).collect()
}

/// Writes the object and field files.
pub(super) fn write(files: &mut Files) {
    for object in OBJECTS {
        let name = object.name;
        files.metadata(&format!("objects/{name}/{name}.object"), &object_file(object));
    }
    for field in FIELDS {
        files.metadata(
            &format!("objects/{}/fields/{}.field", field.object, field.name),
            &field_file(field),
        );
    }
}

fn object_file(object: &Object) -> Element {
    let file = Element::new("CustomObject");
    let Some((label, plural)) = object.labels else {
        return file
            .leaf("externalSharingModel", object.external)
            .leaf("sharingModel", object.internal);
    };
    file.leaf("deploymentStatus", "Deployed")
        .flag("enableReports", true)
        .flag("enableSharing", true)
        .leaf("externalSharingModel", object.external)
        .leaf("label", label)
        .child(
            Element::new("nameField")
                .leaf("displayFormat", "CR-{00000}")
                .leaf("label", "评审编号 Review Number")
                .leaf("type", "AutoNumber"),
        )
        .leaf("pluralLabel", plural)
        .leaf("sharingModel", object.internal)
        .leaf("visibility", "Public")
}

fn field_file(field: &Field) -> Element {
    let file = Element::new("CustomField")
        .leaf("fullName", field.name)
        .optional("complianceGroup", field.compliance);
    let (label, security) = (field.label, field.security);
    let custom = |file: Element| file.leaf("label", label);
    let end =
        |file: Element, kind| file.optional("securityClassification", security).leaf("type", kind);
    match &field.kind {
        Kind::Shipped => {
            file.optional("securityClassification", security).flag("trackHistory", false)
        }
        Kind::ShippedChoice(values) => end(file, "Picklist").child(value_set(values)),
        Kind::Text(length) => end(custom(file).leaf("length", *length), "Text"),
        Kind::LongText => {
            end(custom(file).leaf("length", "32768"), "LongTextArea").leaf("visibleLines", "5")
        }
        Kind::Currency => end(custom(file).leaf("precision", "18").leaf("scale", "2"), "Currency"),
        Kind::Percent => end(custom(file).leaf("precision", "5").leaf("scale", "0"), "Percent"),
        Kind::Checkbox => end(custom(file.flag("defaultValue", false)), "Checkbox"),
        Kind::Choice(values) => end(custom(file), "Picklist").child(value_set(values)),
        Kind::Lookup(target, relation) => end(
            custom(file.leaf("deleteConstraint", "SetNull"))
                .leaf("referenceTo", *target)
                .leaf("relationshipName", *relation),
            "Lookup",
        ),
    }
}

fn value_set(values: &[(&str, &str)]) -> Element {
    let values = values.iter().map(|(value, label)| {
        Element::new("value").leaf("fullName", *value).flag("default", false).leaf("label", *label)
    });
    Element::new("valueSet")
        .flag("restricted", true)
        .child(Element::new("valueSetDefinition").flag("sorted", false).children(values))
}
