//! Two thousand customers and their contacts.

use std::collections::BTreeSet;

use super::Files;
use super::id::id;
use super::names;
use super::people::{Kind, PEOPLE, user_id};
use super::random::Random;
use super::table::{Table, truth};

/// How many accounts there are, the ones of the story included.
pub(super) const ACCOUNTS: u32 = 2_000;

/// A sales region: stored value, its share of the customers in percent, the role that sells there.
pub(super) struct Region {
    pub(super) name: &'static str,
    share: u32,
    role: &'static str,
    /// City of the sales office when the role has several.
    office: Option<&'static str>,
    pub(super) language: Language,
    cities: &'static [(&'static str, &'static str)],
}

/// The language customers of a region have their names in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Chinese,
    German,
    English,
}

#[rustfmt::skip]
pub(super) const REGIONS: &[Region] = &[
    region("East China", 30, "Rep_East_China", None, Language::Chinese, &[("上海", "中国"), ("苏州", "中国"), ("杭州", "中国"), ("南京", "中国"), ("无锡", "中国")]),
    region("South China", 25, "Rep_South_China", None, Language::Chinese, &[("深圳", "中国"), ("广州", "中国"), ("东莞", "中国"), ("佛山", "中国")]),
    region("North China", 13, "Rep_North_West_China", Some("Beijing"), Language::Chinese, &[("北京", "中国"), ("天津", "中国"), ("青岛", "中国")]),
    region("West China", 10, "Rep_North_West_China", Some("Chengdu"), Language::Chinese, &[("成都", "中国"), ("重庆", "中国"), ("西安", "中国")]),
    region("Europe", 12, "Rep_Europe", None, Language::German, &[("München", "Germany"), ("Nürnberg", "Germany"), ("Stuttgart", "Germany"), ("Wien", "Austria"), ("Zürich", "Switzerland"), ("Lyon", "France"), ("Torino", "Italy")]),
    region("Asia Pacific", 10, "Rep_Asia_Pacific", None, Language::English, &[("Singapore", "Singapore"), ("Kuala Lumpur", "Malaysia"), ("Melbourne", "Australia"), ("Auckland", "New Zealand")]),
];

const fn region(
    name: &'static str,
    share: u32,
    role: &'static str,
    office: Option<&'static str>,
    language: Language,
    cities: &'static [(&'static str, &'static str)],
) -> Region {
    Region { name, share, role, office, language, cities }
}

/// One customer; `owner` is a login.
pub(super) struct Account {
    pub(super) number: u32,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: &'static Region,
    pub(super) city: String,
    country: &'static str,
    pub(super) owner: &'static str,
    tier: &'static str,
    industry: &'static str,
    pub(super) is_strategic: bool,
    is_reference: bool,
}

/// What is fixed about a customer of the story: name, region, city, owner, tier, industry.
type Fixed = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const STORY: &[Fixed] = &[
    ("深圳南屿精密仪器有限公司", "South China", "深圳", "li.wei", "B", "Semiconductor"),
    ("Isarwinkel Messtechnik GmbH", "Europe", "München", "anna.bauer", "B", "Automotive"),
    ("上海澄远芯材科技有限公司", "East China", "上海", "zhao.min", "B", "Semiconductor"),
    ("Harbour Lantern Precision Pte. Ltd.", "Asia Pacific", "Singapore", "tan.weiming", "A", "Energy"),
    ("成都锦岭医疗设备有限公司", "West China", "成都", "yang.fan", "B", "Medical"),
    ("Donaublick Optik GmbH", "Europe", "Wien", "elena.rossi", "C", "Research"),
    ("上海屿光自动化有限公司", "East China", "上海", "qian.jun", "B", "Machinery"),
    ("Redgum Ridge Laboratories Pty. Ltd.", "Asia Pacific", "Melbourne", "priya.nair", "C", "Research"),
    ("Alpensteig Sensorik GmbH", "Europe", "München", "sophie.martin", "C", "Machinery"),
    ("深圳礁石动力有限公司", "South China", "深圳", "he.lin", "C", "Energy"),
];

/// How many of the first accounts belong to the story; nothing random is attached to them.
pub(super) const STORY_ACCOUNTS: u32 = 10;

const INDUSTRIES: &[&str] =
    &["Semiconductor", "Medical", "Automotive", "Energy", "Research", "Machinery"];

/// All customers of a seed.
pub(super) fn accounts(seed: u64) -> Vec<Account> {
    let mut random = Random::new(seed, 1);
    let mut taken = BTreeSet::new();
    let mut accounts: Vec<Account> =
        STORY.iter().zip(1..).filter_map(|(fixed, number)| story_account(fixed, number)).collect();
    taken.extend(accounts.iter().map(|account| account.name.clone()));
    for number in STORY_ACCOUNTS + 1..=ACCOUNTS {
        if let Some(account) = random_account(number, &mut random, &mut taken) {
            accounts.push(account);
        }
    }
    accounts
}

fn story_account(fixed: &Fixed, number: u32) -> Option<Account> {
    let (name, region, city, owner, tier, industry) = *fixed;
    let region = REGIONS.iter().find(|own| own.name == region)?;
    let (_, country) = region.cities.iter().find(|(own, _)| *own == city)?;
    Some(Account {
        number,
        id: id("001", number),
        name: name.to_owned(),
        region,
        city: city.to_owned(),
        country,
        owner,
        tier,
        industry,
        is_strategic: number == 3,
        is_reference: number == 8,
    })
}

fn random_account(
    number: u32,
    random: &mut Random,
    taken: &mut BTreeSet<String>,
) -> Option<Account> {
    let mut left = random.below(100);
    let region = REGIONS.iter().find(|region| {
        let is_here = left < region.share;
        left = left.saturating_sub(region.share);
        is_here
    })?;
    let (city, country) = random.choose(region.cities);
    let mut name = names::company(region.language, city, random);
    while !taken.insert(name.clone()) {
        name = names::company(region.language, city, random);
    }
    Some(Account {
        number,
        id: id("001", number),
        name,
        region,
        city: city.to_owned(),
        country,
        owner: random_seller(region, random),
        tier: random.choose(&["A", "B", "B", "B", "C", "C", "C", "C", "C", "C"]),
        industry: random.choose(INDUSTRIES),
        is_strategic: random.happens(4),
        is_reference: random.happens(2),
    })
}

/// A seller of the region; those who left keep what they had.
pub(super) fn random_seller(region: &Region, random: &mut Random) -> &'static str {
    let sellers: Vec<&'static str> = PEOPLE
        .iter()
        .filter(|person| person.role == Some(region.role))
        .filter(|person| region.office.is_none_or(|city| city == person.city))
        .filter(|person| matches!(person.kind, Kind::Employee) || random.happens(30))
        .map(|person| person.login)
        .collect();
    random.choose(&sellers)
}

/// A telephone number out of blocks that nobody has.
pub(super) fn phone(language: Language, number: u32) -> String {
    match language {
        Language::Chinese => format!("+86 100 0000 {:04}", number % 10_000),
        Language::German => format!("+44 20 7946 0{:03}", number % 1_000),
        Language::English => format!("+1-202-555-01{:02}", number % 100),
    }
}

/// Writes `Account.csv` and `Contact.csv`.
pub(super) fn write(files: &mut Files, accounts: &[Account], seed: u64) {
    let mut random = Random::new(seed, 2);
    let mut table = Table::new(&[
        "Id",
        "Name",
        "OwnerId",
        "Phone",
        "Website",
        "Industry",
        "AnnualRevenue",
        "City__c",
        "Country__c",
        "Region__c",
        "Tier__c",
        "Strategic__c",
        "Public_Reference__c",
        "Credit_Limit__c",
        "Bank_Account__c",
    ]);
    for account in accounts {
        let revenue = u64::from(random.between(20, 9_000)) * 100_000;
        let limit = random.between(1, 80) * 50_000;
        table.row(&[
            &account.id,
            &account.name,
            &user_id(account.owner),
            &phone(account.region.language, account.number),
            &format!("https://c{:04}.example", account.number),
            account.industry,
            &revenue.to_string(),
            &account.city,
            account.country,
            account.region.name,
            account.tier,
            truth(account.is_strategic),
            truth(account.is_reference),
            &limit.to_string(),
            &format!("TEST-0000-0000-{:04}", account.number),
        ]);
    }
    files.rows("Account", table);
    write_contacts(files, accounts, seed);
}

fn write_contacts(files: &mut Files, accounts: &[Account], seed: u64) {
    let mut random = Random::new(seed, 3);
    let mut table = Table::new(&[
        "Id",
        "AccountId",
        "OwnerId",
        "LastName",
        "FirstName",
        "Title",
        "Phone",
        "MobilePhone",
        "Email",
        "ID_Number__c",
    ]);
    for account in accounts {
        // One contact at each account of the story, so that their numbers are the same for every seed.
        let is_story = account.number <= STORY_ACCOUNTS;
        let more = u32::from(!is_story && random.happens(45));
        for _ in 0..=more {
            let number = table.next_number();
            let language = account.region.language;
            let (last, first) = names::person(language, &mut random);
            let (last, first) = if number == 5 { ("柳", "燕") } else { (last, first) };
            let has_document = language == Language::Chinese && (is_story || random.happens(30));
            // Region 000000 does not exist, so no identity document has such a number.
            let document =
                if has_document { format!("00000019000101{number:04}") } else { String::new() };
            table.row(&[
                &id("003", number),
                &account.id,
                &user_id(account.owner),
                last,
                first,
                names::title(language, &mut random),
                &phone(language, 3_000 + number),
                &phone(language, 6_000 + number),
                &format!("p{number:04}@c{:04}.example", account.number),
                &document,
            ]);
        }
    }
    files.rows("Contact", table);
}
