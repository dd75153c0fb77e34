//! Who works at Lanhai: the role tree and the sixty users.

use super::id::id;

/// A node of the role tree.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) parent: Option<&'static str>,
    /// User name of the manager of everybody in the role.
    pub(super) lead: &'static str,
}

const fn role(
    name: &'static str,
    label: &'static str,
    parent: Option<&'static str>,
    lead: &'static str,
) -> Role {
    Role { name, label, parent, lead }
}

/// The role tree, parents before children.
#[rustfmt::skip]
pub(super) const ROLES: &[Role] = &[
    role("CEO", "CEO 总经理", None, ""),
    role("VP_Sales_China", "VP Sales China 中国区销售副总", Some("CEO"), "lin.zhiyuan"),
    role("VP_Sales_International", "VP Sales International 国际销售副总", Some("CEO"), "lin.zhiyuan"),
    role("Manager_East_China", "Manager East China 华东区经理", Some("VP_Sales_China"), "zhou.ming"),
    role("Manager_South_China", "Manager South China 华南区经理", Some("VP_Sales_China"), "zhou.ming"),
    role("Rep_East_China", "Sales Rep East China 华东销售代表", Some("Manager_East_China"), "xu.lei"),
    role("Rep_South_China", "Sales Rep South China 华南销售代表", Some("Manager_South_China"), "wang.fang"),
    role("Rep_North_West_China", "Sales Rep North and West China 北方及西部销售代表", Some("VP_Sales_China"), "zhou.ming"),
    role("Rep_Europe", "Sales Rep Europe 欧洲销售代表", Some("VP_Sales_International"), "katrin.vogel"),
    role("Rep_Asia_Pacific", "Sales Rep Asia Pacific 亚太销售代表", Some("VP_Sales_International"), "katrin.vogel"),
    role("Service", "Service 售后服务", Some("CEO"), "song.tao"),
    role("Marketing", "Marketing 市场", Some("CEO"), "bai.xue"),
    role("Finance", "Finance 财务", Some("CEO"), "gao.yuan"),
    role("Operations", "Operations 运营", Some("CEO"), "shi.yu"),
];

/// What sort of account a user row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Employee,
    /// Left the company; the row stays, switched off.
    Former,
    Integration,
    Portal,
    Guest,
}

/// One user.
#[derive(Debug)]
pub(super) struct Person {
    /// Part of the user name before the `@`.
    pub(super) login: &'static str,
    pub(super) last: &'static str,
    pub(super) first: &'static str,
    pub(super) role: Option<&'static str>,
    pub(super) profile: &'static str,
    pub(super) department: &'static str,
    pub(super) city: &'static str,
    pub(super) kind: Kind,
}

const SALES: &str = "Lanhai Sales";
const SERVICE: &str = "Lanhai Service";
const READ_ONLY: &str = "Lanhai Read Only";

const fn sales(
    login: &'static str,
    last: &'static str,
    first: &'static str,
    role: &'static str,
    city: &'static str,
) -> Person {
    employee(login, last, first, role, SALES, "Sales", city)
}

const fn office(
    login: &'static str,
    last: &'static str,
    first: &'static str,
    role: &'static str,
    city: &'static str,
) -> Person {
    employee(login, last, first, role, READ_ONLY, role, city)
}

const fn engineer(
    login: &'static str,
    last: &'static str,
    first: &'static str,
    city: &'static str,
) -> Person {
    employee(login, last, first, "Service", SERVICE, "Service", city)
}

const fn employee(
    login: &'static str,
    last: &'static str,
    first: &'static str,
    role: &'static str,
    profile: &'static str,
    department: &'static str,
    city: &'static str,
) -> Person {
    Person { login, last, first, role: Some(role), profile, department, city, kind: Kind::Employee }
}

const fn former(person: &Person) -> Person {
    Person { kind: Kind::Former, ..*person }
}

const fn special(
    login: &'static str,
    last: &'static str,
    first: &'static str,
    profile: &'static str,
    department: &'static str,
    kind: Kind,
) -> Person {
    Person { login, last, first, role: None, profile, department, city: "Shanghai", kind }
}

/// Everybody; the position in this list fixes the user's id.
#[rustfmt::skip]
pub(super) const PEOPLE: &[Person] = &[
    sales("lin.zhiyuan", "林", "志远", "CEO", "Shanghai"),
    sales("zhou.ming", "周", "明", "VP_Sales_China", "Shanghai"),
    sales("katrin.vogel", "Vogel", "Katrin", "VP_Sales_International", "Munich"),
    sales("xu.lei", "徐", "蕾", "Manager_East_China", "Shanghai"),
    sales("wang.fang", "王", "芳", "Manager_South_China", "Shenzhen"),
    sales("zhao.min", "赵", "敏", "Rep_East_China", "Shanghai"),
    sales("qian.jun", "钱", "军", "Rep_East_China", "Shanghai"),
    sales("sun.yue", "孙", "悦", "Rep_East_China", "Shanghai"),
    sales("wu.gang", "吴", "刚", "Rep_East_China", "Shanghai"),
    sales("zheng.hua", "郑", "华", "Rep_East_China", "Shanghai"),
    sales("feng.xue", "冯", "雪", "Rep_East_China", "Shanghai"),
    sales("jiang.bo", "蒋", "波", "Rep_East_China", "Shanghai"),
    sales("shen.jing", "沈", "静", "Rep_East_China", "Shanghai"),
    sales("li.wei", "李", "薇", "Rep_South_China", "Shenzhen"),
    sales("chen.jie", "陈", "杰", "Rep_South_China", "Shenzhen"),
    sales("huang.qiang", "黄", "强", "Rep_South_China", "Shenzhen"),
    sales("liang.yu", "梁", "雨", "Rep_South_China", "Shenzhen"),
    sales("luo.na", "罗", "娜", "Rep_South_China", "Shenzhen"),
    former(&sales("he.lin", "何", "林", "Rep_South_China", "Shenzhen")),
    sales("tang.ping", "唐", "平", "Rep_South_China", "Shenzhen"),
    sales("deng.xin", "邓", "欣", "Rep_South_China", "Shenzhen"),
    sales("liu.yang", "刘", "洋", "Rep_North_West_China", "Beijing"),
    sales("zhang.wei", "张", "伟", "Rep_North_West_China", "Beijing"),
    sales("guo.feng", "郭", "峰", "Rep_North_West_China", "Beijing"),
    sales("tian.tian", "田", "甜", "Rep_North_West_China", "Beijing"),
    sales("yang.fan", "杨", "帆", "Rep_North_West_China", "Chengdu"),
    sales("zeng.li", "曾", "莉", "Rep_North_West_China", "Chengdu"),
    sales("peng.hao", "彭", "浩", "Rep_North_West_China", "Chengdu"),
    former(&sales("xie.ting", "谢", "婷", "Rep_North_West_China", "Chengdu")),
    sales("anna.bauer", "Bauer", "Anna", "Rep_Europe", "Munich"),
    sales("dieter.huber", "Huber", "Dieter", "Rep_Europe", "Munich"),
    sales("sophie.martin", "Martin", "Sophie", "Rep_Europe", "Munich"),
    sales("jan.novak", "Novák", "Jan", "Rep_Europe", "Munich"),
    sales("elena.rossi", "Rossi", "Elena", "Rep_Europe", "Munich"),
    sales("tan.weiming", "Tan", "Wei Ming", "Rep_Asia_Pacific", "Singapore"),
    sales("nurul.aziz", "Aziz", "Nurul", "Rep_Asia_Pacific", "Singapore"),
    sales("priya.nair", "Nair", "Priya", "Rep_Asia_Pacific", "Singapore"),
    sales("james.lim", "Lim", "James", "Rep_Asia_Pacific", "Singapore"),
    sales("siti.rahman", "Rahman", "Siti", "Rep_Asia_Pacific", "Singapore"),
    engineer("song.tao", "宋", "涛", "Shanghai"),
    engineer("sun.hao", "孙", "昊", "Shanghai"),
    engineer("han.mei", "韩", "梅", "Chengdu"),
    engineer("markus.klein", "Klein", "Markus", "Munich"),
    engineer("du.peng", "杜", "鹏", "Shenzhen"),
    engineer("lucy.ng", "Ng", "Lucy", "Singapore"),
    office("bai.xue", "白", "雪", "Marketing", "Shanghai"),
    office("cao.ying", "曹", "颖", "Marketing", "Shanghai"),
    office("julia.weber", "Weber", "Julia", "Marketing", "Munich"),
    office("pan.yi", "潘", "怡", "Marketing", "Shenzhen"),
    office("gao.yuan", "高", "远", "Finance", "Shanghai"),
    office("ma.li", "马", "丽", "Finance", "Shanghai"),
    office("ren.jie", "任", "洁", "Finance", "Shanghai"),
    office("thomas.graf", "Graf", "Thomas", "Finance", "Munich"),
    employee("shi.yu", "石", "宇", "Operations", "Admin", "Operations", "Shanghai"),
    office("cui.ming", "崔", "明", "Operations", "Shanghai"),
    former(&office("ding.ran", "丁", "冉", "Operations", "Beijing")),
    special("fan.wen", "范", "文", READ_ONLY, "Audit", Kind::Employee),
    special("erp.sync", "Sync", "ERP", READ_ONLY, "Integration", Kind::Integration),
    special("liu.yan", "柳", "燕", "Lanhai Customer Portal", "", Kind::Portal),
    special("support.guest", "Site Guest User", "Lanhai Support", "Lanhai Support Site", "", Kind::Guest),
];

/// A profile: the file name of its metadata, the name that rows use, its licence.
pub(super) const PROFILES: &[(&str, &str, &str)] = &[
    ("Admin", "System Administrator", "Salesforce"),
    (SALES, SALES, "Salesforce"),
    (SERVICE, SERVICE, "Salesforce"),
    (READ_ONLY, READ_ONLY, "Salesforce"),
    ("Lanhai Customer Portal", "Lanhai Customer Portal", "Customer Community Login"),
    ("Lanhai Support Site", "Lanhai Support Site", "Guest User License"),
];

impl Person {
    /// The name as the vendor composes it, family name first for Chinese names.
    pub(super) fn display(&self) -> String {
        if self.last.chars().count() == 1 {
            format!("{}{}", self.last, self.first)
        } else {
            format!("{} {}", self.first, self.last)
        }
    }

    /// The user name, an address in a reserved domain.
    pub(super) fn username(&self) -> String {
        let domain = match self.kind {
            Kind::Portal => "portal.lanhai.example",
            _ => "lanhai.example",
        };
        format!("{}@{domain}", self.login)
    }

    /// User name part of the manager, if there is one.
    pub(super) fn manager(&self) -> Option<&'static str> {
        let role = ROLES.iter().find(|role| Some(role.name) == self.role)?;
        match role.lead {
            "" => None,
            lead if lead == self.login => Some("lin.zhiyuan"),
            lead => Some(lead),
        }
    }
}

/// Id of the user with this login; empty when nobody has it.
pub(super) fn user_id(login: &str) -> String {
    numbered("005", PEOPLE.iter().position(|person| person.login == login))
}

/// Id of the role with this developer name; empty when there is none.
pub(super) fn role_id(name: &str) -> String {
    numbered("00E", ROLES.iter().position(|role| role.name == name))
}

/// Id of the profile with this file name; empty when there is none.
pub(super) fn profile_id(name: &str) -> String {
    numbered("00e", PROFILES.iter().position(|profile| profile.0 == name))
}

/// The id at a position in a list, counted from one; empty for no position.
pub(super) fn numbered(prefix: &str, position: Option<usize>) -> String {
    position
        .and_then(|at| u32::try_from(at + 1).ok())
        .map_or_else(String::new, |number| id(prefix, number))
}
