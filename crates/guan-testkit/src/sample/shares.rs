//! Rows that open single records: shares and record teams.

use super::Files;
use super::customers::Account;
use super::deals::{Opportunity, random_account};
use super::directory::role_group_id;
use super::id::id;
use super::people::{Kind, PEOPLE, ROLES, user_id};
use super::random::Random;
use super::sharing::group_id;
use super::table::Table;

const ACCOUNT_TEAM_ROWS: u32 = 150;
const DEAL_TEAM_ROWS: u32 = 160;
const MANUAL_ROWS: u32 = 40;
const REVIEW_ROWS: u32 = 24;

const TEAM_ROLES: &[&str] =
    &["Account Manager", "Sales Engineer", "Service Contact", "Executive Sponsor"];

/// The table of account shares while it grows.
struct AccountShares(Table);

impl AccountShares {
    /// Adds a row; `levels` are the ones on the account, its opportunities, cases and contacts.
    fn add(&mut self, account: &str, target: &str, levels: [&str; 4], cause: &str) {
        let own = id("00r", self.0.next_number());
        let [level, opportunity, case, contact] = levels;
        self.0.row(&[&own, account, target, level, opportunity, case, contact, cause]);
    }
}

/// Writes account shares and teams, opportunity shares and teams, contract review shares.
pub(super) fn write(files: &mut Files, accounts: &[Account], deals: &[Opportunity], seed: u64) {
    let mut shares = AccountShares(Table::new(&[
        "Id",
        "AccountId",
        "UserOrGroupId",
        "AccountAccessLevel",
        "OpportunityAccessLevel",
        "CaseAccessLevel",
        "ContactAccessLevel",
        "RowCause",
    ]));
    derived_shares(&mut shares, accounts);
    manual_shares(&mut shares, accounts, seed);
    write_account_team(files, &mut shares, accounts, seed);
    files.rows("AccountShare", shares.0);
    write_deal_team(files, deals, seed);
    write_review_shares(files, seed);
}

/// Rows that only repeat what owners, rules and children give; an export contains them too.
fn derived_shares(shares: &mut AccountShares, accounts: &[Account]) {
    for account in accounts.iter().take(10) {
        let owner = user_id(account.owner);
        shares.add(&account.id, &owner, ["All", "None", "None", "None"], "Owner");
    }
    if let Some(first) = accounts.first() {
        let colleague = user_id("chen.jie");
        let levels = ["Read", "None", "None", "None"];
        shares.add(&first.id, &colleague, levels, "ImplicitParent");
    }
    let finance = group_id("Finance_Reviewers");
    for account in accounts.iter().filter(|account| account.is_strategic) {
        shares.add(&account.id, &finance, ["Read", "Read", "None", "Read"], "Rule");
    }
}

fn manual_shares(shares: &mut AccountShares, accounts: &[Account], seed: u64) {
    let mut random = Random::new(seed, 9);
    if let Some(vienna) = accounts.get(5) {
        let levels = ["Read", "None", "None", "Read"];
        shares.add(&vienna.id, &user_id("li.wei"), levels, "Manual");
    }
    for _ in 1..MANUAL_ROWS {
        let Some((_, account)) = random_account(accounts, &mut random) else {
            break;
        };
        let target = if random.happens(20) {
            let roles: Vec<&str> = ROLES.iter().map(|role| role.name).collect();
            role_group_id(random.choose(&roles))
        } else {
            user_id(random_employee(&mut random))
        };
        let level = random.choose(&["Read", "Read", "Edit"]);
        shares.add(&account.id, &target, [level, "None", "None", "Read"], "Manual");
    }
}

/// Somebody who may be in a team: employed, with a role.
fn random_employee(random: &mut Random) -> &'static str {
    let employees: Vec<&'static str> = PEOPLE
        .iter()
        .filter(|person| person.kind == Kind::Employee && person.role.is_some())
        .map(|person| person.login)
        .collect();
    random.choose(&employees)
}

fn write_account_team(
    files: &mut Files,
    shares: &mut AccountShares,
    accounts: &[Account],
    seed: u64,
) {
    let mut random = Random::new(seed, 10);
    let mut table = Table::new(&[
        "Id",
        "AccountId",
        "UserId",
        "TeamMemberRole",
        "AccountAccessLevel",
        "OpportunityAccessLevel",
        "CaseAccessLevel",
        "ContactAccessLevel",
    ]);
    let mut taken = std::collections::BTreeSet::new();
    for number in 1..=ACCOUNT_TEAM_ROWS {
        let is_story = number == 1;
        let account = if is_story {
            accounts.get(6)
        } else {
            random_account(accounts, &mut random).map(|(_, account)| account)
        };
        let Some(account) = account else { break };
        let login = if is_story { "li.wei" } else { random_employee(&mut random) };
        if login == account.owner || !taken.insert((account.number, login)) {
            continue;
        }
        let user = user_id(login);
        let levels = if is_story {
            ["Edit", "Read", "None", "Edit"]
        } else {
            random.choose(&[
                ["Read", "None", "None", "Read"],
                ["Read", "Read", "Read", "Read"],
                ["Edit", "Read", "None", "Edit"],
                ["Edit", "Edit", "Edit", "Edit"],
            ])
        };
        let role = if is_story { "Sales Engineer" } else { random.choose(TEAM_ROLES) };
        let own = id("01M", table.next_number());
        let [level, opportunity, case, contact] = levels;
        table.row(&[&own, &account.id, &user, role, level, opportunity, case, contact]);
        shares.add(&account.id, &user, levels, "Team");
    }
    files.rows("AccountTeamMember", table);
}

fn write_deal_team(files: &mut Files, deals: &[Opportunity], seed: u64) {
    let mut random = Random::new(seed, 11);
    let mut team =
        Table::new(&["Id", "OpportunityId", "UserId", "TeamMemberRole", "OpportunityAccessLevel"]);
    let mut shares =
        Table::new(&["Id", "OpportunityId", "UserOrGroupId", "OpportunityAccessLevel", "RowCause"]);
    let mut taken = std::collections::BTreeSet::new();
    // The deals of the story keep the people they have.
    let others = deals.get(5..).unwrap_or_default();
    let count = u32::try_from(others.len()).unwrap_or(0);
    for _ in 0..DEAL_TEAM_ROWS {
        let at = usize::try_from(random.below(count)).unwrap_or(0);
        let Some(deal) = others.get(at) else { break };
        let login = random_employee(&mut random);
        if login == deal.owner || !taken.insert((at, login)) {
            continue;
        }
        let user = user_id(login);
        let level = random.choose(&["Read", "Edit"]);
        let cause = if random.happens(85) {
            let own = id("00q", team.next_number());
            team.row(&[&own, &deal.id, &user, random.choose(TEAM_ROLES), level]);
            "Team"
        } else {
            "Manual"
        };
        let own = id("00t", shares.next_number());
        shares.row(&[&own, &deal.id, &user, level, cause]);
    }
    files.rows("OpportunityTeamMember", team);
    files.rows("OpportunityShare", shares);
}

fn write_review_shares(files: &mut Files, seed: u64) {
    let mut random = Random::new(seed, 12);
    let mut table = Table::new(&["Id", "ParentId", "UserOrGroupId", "AccessLevel", "RowCause"]);
    for number in 1..=REVIEW_ROWS {
        // One row for every tenth review, the first two left as they are.
        let review = id("a01", number * 10);
        let user = user_id(random_employee(&mut random));
        let level = random.choose(&["Read", "Edit"]);
        table.row(&[&id("02c", number), &review, &user, level, "Manual"]);
    }
    files.rows("Contract_Review__Share", table);
}
