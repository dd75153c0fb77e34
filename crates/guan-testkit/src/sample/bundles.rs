//! What each profile and permission set of the sample grants, as tables.

/// Which fields a bundle opens.
pub(super) enum Fields {
    /// Read and edit on all but the listed ones, which are written out as closed.
    AllBut(&'static [&'static str]),
    /// Read on all but the listed ones, which are written out as closed.
    ReadAllBut(&'static [&'static str]),
    /// Read on the listed ones only.
    Read(&'static [&'static str]),
    /// Read and edit on the listed ones only.
    Edit(&'static [&'static str]),
}

/// A profile or permission set.
pub(super) struct Bundle {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) description: &'static str,
    /// Object and its rights as letters: create, read, edit, delete, view all, modify all, all fields (`F`).
    pub(super) objects: &'static [(&'static str, &'static str)],
    pub(super) fields: Fields,
    pub(super) system: &'static [&'static str],
    pub(super) custom: &'static [&'static str],
}

const SENSITIVE: &[&str] = &[
    "Account.Credit_Limit__c",
    "Account.Bank_Account__c",
    "Contact.ID_Number__c",
    "Opportunity.Cost__c",
    "Contract_Review__c.Legal_Opinion__c",
];

const SENSITIVE_AND_PERSONAL: &[&str] = &[
    "Account.Credit_Limit__c",
    "Account.Bank_Account__c",
    "Contact.Phone",
    "Contact.MobilePhone",
    "Contact.ID_Number__c",
    "Opportunity.Cost__c",
    "Lead.Phone",
    "Contract_Review__c.Legal_Opinion__c",
];

const EVERYTHING: &[(&str, &str)] = &[
    ("Account", "CREDVM"),
    ("Case", "CREDVM"),
    ("Contact", "CREDVM"),
    ("Contract_Review__c", "CREDVM"),
    ("Lead", "CREDVM"),
    ("Opportunity", "CREDVM"),
];

/// All profiles, internal ones first.
pub(super) const PROFILES: &[Bundle] = &[
    Bundle {
        name: "Admin",
        label: "System Administrator",
        description: "",
        objects: EVERYTHING,
        fields: Fields::AllBut(&[]),
        system: &[
            "ApiEnabled",
            "ExportReport",
            "ManageUsers",
            "ModifyAllData",
            "RunReports",
            "ViewAllData",
            "ViewSetup",
        ],
        custom: &["Approve_Contract"],
    },
    Bundle {
        name: "Lanhai Sales",
        label: "Lanhai Sales",
        description: "Sales people in all regions 各区域销售",
        objects: &[
            ("Account", "CRE"),
            ("Case", "CR"),
            ("Contact", "CRE"),
            ("Contract_Review__c", "CRE"),
            ("Lead", "CRE"),
            ("Opportunity", "CRE"),
        ],
        fields: Fields::AllBut(SENSITIVE),
        system: &["RunReports"],
        custom: &[],
    },
    Bundle {
        name: "Lanhai Service",
        label: "Lanhai Service",
        description: "Service engineers; office networks and working hours only 售后工程师，仅限办公网络与工作时间",
        objects: &[("Account", "R"), ("Case", "CRE"), ("Contact", "R")],
        fields: Fields::ReadAllBut(SENSITIVE),
        system: &["RunReports"],
        custom: &[],
    },
    Bundle {
        name: "Lanhai Read Only",
        label: "Lanhai Read Only",
        description: "Base of all office staff, auditors and integrations 职能部门、审计与集成用户的基础简档",
        objects: &[
            ("Account", "R"),
            ("Case", "R"),
            ("Contact", "R"),
            ("Contract_Review__c", "R"),
            ("Lead", "R"),
            ("Opportunity", "R"),
        ],
        fields: Fields::ReadAllBut(SENSITIVE_AND_PERSONAL),
        system: &["RunReports"],
        custom: &[],
    },
    Bundle {
        name: "Lanhai Customer Portal",
        label: "Lanhai Customer Portal",
        description: "Customers in the support portal 客户门户用户",
        objects: &[("Account", "R"), ("Case", "CRE"), ("Contact", "R")],
        fields: Fields::Read(&[
            "Account.Phone",
            "Account.Website",
            "Case.AccountId",
            "Case.Priority",
            "Case.Serial_Number__c",
            "Contact.AccountId",
            "Contact.Title",
        ]),
        system: &[],
        custom: &[],
    },
    Bundle {
        name: "Lanhai Support Site",
        label: "Lanhai Support Site",
        description: "Visitors without a login 未登录访客",
        objects: &[("Account", "R")],
        fields: Fields::Read(&["Account.Industry", "Account.Website"]),
        system: &[],
        custom: &[],
    },
];

/// All permission sets; the position fixes the id.
pub(super) const SETS: &[Bundle] = &[
    Bundle {
        name: "Sales_Core",
        label: "Sales Core 销售基础",
        description: "Daily work of sales: delete own leads, transfer them",
        objects: &[("Lead", "CRED"), ("Opportunity", "CRED")],
        fields: Fields::Edit(&["Lead.LeadSource", "Opportunity.Amount"]),
        system: &["TransferAnyLead"],
        custom: &[],
    },
    Bundle {
        name: "Sales_Insight",
        label: "Sales Insight 销售分析",
        description: "Reports and their export",
        objects: &[("Account", "R"), ("Opportunity", "R")],
        fields: Fields::Read(&["Account.AnnualRevenue", "Opportunity.Amount"]),
        system: &["ExportReport", "RunReports"],
        custom: &[],
    },
    Bundle {
        name: "Customer_Export",
        label: "Customer Export 客户导出",
        description: "Export of customer lists; give it for a limited time",
        objects: &[("Account", "R"), ("Contact", "R")],
        fields: Fields::Read(&["Contact.Email"]),
        system: &["ExportReport"],
        custom: &[],
    },
    Bundle {
        name: "Finance_Review",
        label: "Finance Review 财务评审",
        description: "Credit limits and contract reviews",
        objects: &[("Account", "R"), ("Contract_Review__c", "CRE"), ("Opportunity", "R")],
        fields: Fields::Read(&[
            "Account.Bank_Account__c",
            "Account.Credit_Limit__c",
            "Opportunity.Cost__c",
        ]),
        system: &[],
        custom: &[],
    },
    Bundle {
        name: "Contract_Approver",
        label: "Contract Approver 合同审批",
        description: "Approves and deletes contract reviews; works only in an activated session",
        objects: &[("Contract_Review__c", "RED")],
        fields: Fields::Edit(&[
            "Contract_Review__c.Legal_Opinion__c",
            "Contract_Review__c.Stage__c",
        ]),
        system: &[],
        custom: &["Approve_Contract"],
    },
    Bundle {
        name: "Marketing_Leads",
        label: "Marketing Leads 市场线索",
        description: "Import and care of leads",
        objects: &[("Lead", "CRED")],
        fields: Fields::Edit(&["Lead.Email", "Lead.LeadSource", "Lead.Phone", "Lead.Region__c"]),
        system: &["ImportLeads"],
        custom: &[],
    },
    Bundle {
        name: "Service_Desk",
        label: "Service Desk 服务台",
        description: "Head of service: all cases",
        objects: &[("Case", "CREDVM")],
        fields: Fields::Edit(&["Case.Priority", "Case.Serial_Number__c"]),
        system: &[],
        custom: &[],
    },
    Bundle {
        name: "Personal_Data_Reader",
        label: "Personal Data Reader 个人信息查看",
        description: "Telephone and identity numbers of contacts",
        objects: &[("Contact", "R")],
        fields: Fields::Read(&["Contact.ID_Number__c", "Contact.MobilePhone", "Contact.Phone"]),
        system: &[],
        custom: &["Reveal_Id_Number"],
    },
    Bundle {
        name: "Integration_Sync",
        label: "Integration Sync 系统集成",
        description: "Customer master data to and from the ERP system",
        objects: &[("Account", "CREDVM"), ("Contact", "CREDVM")],
        fields: Fields::Edit(&["Account.Bank_Account__c", "Account.Credit_Limit__c"]),
        system: &["ApiEnabled"],
        custom: &[],
    },
    Bundle {
        name: "Audit_View_All",
        label: "Audit View All 审计只读",
        description: "Everything, reading only; all fields of customers",
        objects: &[("Account", "RVF"), ("Contract_Review__c", "RV"), ("Opportunity", "RV")],
        fields: Fields::Read(&["Contract_Review__c.Legal_Opinion__c", "Opportunity.Cost__c"]),
        system: &["ViewAllData"],
        custom: &[],
    },
];
