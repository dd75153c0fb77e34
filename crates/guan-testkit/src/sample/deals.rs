//! Opportunities, leads, cases and contract reviews.

use super::Files;
use super::customers::{Account, REGIONS, STORY_ACCOUNTS, phone, random_seller};
use super::id::id;
use super::names;
use super::people::user_id;
use super::random::Random;
use super::sharing::group_id;
use super::table::{Table, truth};

const OPPORTUNITIES: u32 = 2_400;
const LEADS: u32 = 500;
const CASES: u32 = 240;
const REVIEWS: u32 = 300;

const OPEN_STAGES: &[&str] = &["Prospecting", "Proposal", "Negotiation"];
const STAGES: &[&str] =
    &["Prospecting", "Proposal", "Negotiation", "Closed Won", "Closed Won", "Closed Lost"];
const REVIEW_STAGES: &[&str] = &["Draft", "Legal Review", "Finance Review", "Signed"];

/// One opportunity, as far as other tables refer to it; `owner` is a login.
pub(super) struct Opportunity {
    pub(super) id: String,
    pub(super) account: usize,
    pub(super) owner: &'static str,
    name: String,
    amount: u32,
    stage: &'static str,
    discount: u32,
}

/// Fixed opportunities: position of the account, owner, name, amount, stage, discount.
#[rustfmt::skip]
const STORY: &[(usize, &str, &str, u32, &str, u32)] = &[
    (0, "li.wei", "南屿 三坐标测量机", 860_000, "Negotiation", 8),
    (0, "chen.jie", "南屿 备件年度框架", 120_000, "Proposal", 5),
    (1, "anna.bauer", "Isarwinkel Prüflinie", 6_400_000, "Proposal", 12),
    (2, "zhao.min", "澄远 晶圆检测平台", 3_200_000, "Negotiation", 10),
    (6, "qian.jun", "屿光 产线升级", 950_000, "Prospecting", 0),
];

/// All opportunities of a seed.
pub(super) fn opportunities(seed: u64, accounts: &[Account]) -> Vec<Opportunity> {
    let mut random = Random::new(seed, 4);
    let mut all = Vec::new();
    for (number, fixed) in (1..).zip(STORY) {
        let (account, owner, name, amount, stage, discount) = *fixed;
        all.push(Opportunity {
            id: id("006", number),
            account,
            owner,
            name: name.to_owned(),
            amount,
            stage,
            discount,
        });
    }
    for number in u32::try_from(STORY.len()).unwrap_or(0) + 1..=OPPORTUNITIES {
        let Some((position, account)) = random_account(accounts, &mut random) else {
            break;
        };
        // Now and then a colleague of the region sells to the customer of another.
        let owner = if random.happens(6) {
            random_seller(account.region, &mut random)
        } else {
            account.owner
        };
        let product = random.choose(&[
            "三坐标测量机 CMM",
            "激光干涉仪 Interferometer",
            "视觉检测线 Vision Line",
            "压力传感器 Sensors",
            "校准服务 Calibration",
            "备件 Spare Parts",
        ]);
        // Most deals are small: the bound itself is drawn first.
        let bound = random.between(20, 640);
        all.push(Opportunity {
            id: id("006", number),
            account: position,
            owner,
            name: format!("{product} {number:04}"),
            amount: random.between(3, bound) * 10_000,
            stage: random.choose(STAGES),
            discount: random.choose(&[0, 0, 0, 5, 8, 10, 12, 15, 20, 30]),
        });
    }
    all
}

/// An account outside the story, with its position.
pub(super) fn random_account<'a>(
    accounts: &'a [Account],
    random: &mut Random,
) -> Option<(usize, &'a Account)> {
    let count = u32::try_from(accounts.len()).ok()?;
    let at = STORY_ACCOUNTS + random.below(count.checked_sub(STORY_ACCOUNTS)?);
    let position = usize::try_from(at).ok()?;
    Some((position, accounts.get(position)?))
}

/// Writes the rows of all four objects.
pub(super) fn write(files: &mut Files, accounts: &[Account], deals: &[Opportunity], seed: u64) {
    write_opportunities(files, accounts, deals, seed);
    write_leads(files, seed);
    write_cases(files, accounts, seed);
    write_reviews(files, accounts, deals, seed);
}

fn write_opportunities(files: &mut Files, accounts: &[Account], deals: &[Opportunity], seed: u64) {
    let mut random = Random::new(seed, 5);
    let mut table = Table::new(&[
        "Id",
        "AccountId",
        "OwnerId",
        "Name",
        "StageName",
        "Amount",
        "CloseDate",
        "Discount__c",
        "Cost__c",
    ]);
    for deal in deals {
        let account = accounts.get(deal.account).map_or("", |account| &account.id);
        let year = if OPEN_STAGES.contains(&deal.stage) { 2026 } else { 2025 };
        let cost = deal.amount / 100 * random.between(45, 75);
        table.row(&[
            &deal.id,
            account,
            &user_id(deal.owner),
            &deal.name,
            deal.stage,
            &deal.amount.to_string(),
            &random.day(year),
            &deal.discount.to_string(),
            &cost.to_string(),
        ]);
    }
    files.rows("Opportunity", table);
}

fn write_leads(files: &mut Files, seed: u64) {
    let mut random = Random::new(seed, 6);
    let mut table = Table::new(&[
        "Id",
        "OwnerId",
        "LastName",
        "FirstName",
        "Company",
        "Status",
        "LeadSource",
        "Region__c",
        "Phone",
        "Email",
    ]);
    for number in 1..=LEADS {
        // The lead of the story is in South China, from the web, in the queue.
        let at = if number == 1 { 1 } else { random.below(6) };
        let Some(region) = usize::try_from(at).ok().and_then(|at| REGIONS.get(at)) else {
            continue;
        };
        let in_queue = number == 1 || (at < 4 && random.happens(30));
        let owner = if in_queue {
            group_id("China_Lead_Queue")
        } else {
            user_id(random_seller(region, &mut random))
        };
        let source = match number {
            1 => "Web",
            _ => random.choose(&["Web", "Trade Show", "Referral", "Phone"]),
        };
        let language = region.language;
        let (last, first) = names::person(language, &mut random);
        table.row(&[
            &id("00Q", number),
            &owner,
            last,
            first,
            &names::company(language, "", &mut random),
            random.choose(&["Open", "Working", "Nurturing"]),
            source,
            region.name,
            &phone(language, 9_000 + number),
            &format!("lead{number:04}@l{number:04}.example"),
        ]);
    }
    files.rows("Lead", table);
}

fn write_cases(files: &mut Files, accounts: &[Account], seed: u64) {
    let mut random = Random::new(seed, 7);
    let mut table = Table::new(&[
        "Id",
        "AccountId",
        "OwnerId",
        "Subject",
        "Status",
        "Priority",
        "Serial_Number__c",
    ]);
    for number in 1..=CASES {
        // The first two cases belong to the company of the portal user.
        let account = match number {
            1 | 2 => accounts.get(4),
            _ => random_account(accounts, &mut random).map(|(_, account)| account),
        };
        let owner = if number == 1 || random.happens(40) {
            group_id("Support_Case_Queue")
        } else {
            let engineers = ["sun.hao", "han.mei", "markus.klein", "du.peng", "lucy.ng"];
            user_id(random.choose(&engineers))
        };
        table.row(&[
            &id("500", number),
            account.map_or("", |account| &account.id),
            &owner,
            random.choose(&[
                "读数漂移 Reading drifts",
                "无法开机 Does not start",
                "校准到期 Calibration due",
                "备件咨询 Spare part question",
            ]),
            random.choose(&["New", "Working", "Closed"]),
            random.choose(&["Low", "Medium", "High"]),
            &format!("LH-{:05}", random.below(100_000)),
        ]);
    }
    files.rows("Case", table);
}

fn write_reviews(files: &mut Files, accounts: &[Account], deals: &[Opportunity], seed: u64) {
    let mut random = Random::new(seed, 8);
    let mut table = Table::new(&[
        "Id",
        "Name",
        "OwnerId",
        "Account__c",
        "Opportunity__c",
        "Stage__c",
        "Amount__c",
        "Confidential__c",
        "Legal_Opinion__c",
    ]);
    let deal_count = u32::try_from(deals.len()).unwrap_or(0);
    for number in 1..=REVIEWS {
        // The first two reviews belong to the first deal: one open, one confidential, both with finance.
        let is_story = number <= 2;
        let at = if is_story { 0 } else { random.below(deal_count) };
        let Some(deal) = usize::try_from(at).ok().and_then(|at| deals.get(at)) else {
            break;
        };
        let (stage, is_confidential) = if is_story {
            ("Finance Review", number == 2)
        } else {
            (random.choose(REVIEW_STAGES), random.happens(20))
        };
        let opinion = match stage {
            "Draft" => "",
            _ => random
                .choose(&["无异议 No objection", "需修改付款条款 Payment terms to be changed"]),
        };
        table.row(&[
            &id("a01", number),
            &format!("CR-{number:05}"),
            &user_id(deal.owner),
            accounts.get(deal.account).map_or("", |account| &account.id),
            &deal.id,
            stage,
            &deal.amount.to_string(),
            truth(is_confidential),
            opinion,
        ]);
    }
    files.rows("Contract_Review__c", table);
}
