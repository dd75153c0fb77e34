//! Records as plain rows in memory, as a store would hand them over.

use super::{OBJECT, People, SORTED_BY, group, role_principal, user};
use crate::random::Random;
use crate::scale::Scale;
use guan_engine::model::{
    Moment, Number, Owner, Principal, Record, Rights, Share as RecordShare, TeamMember, Value,
};

/// Records by number.
#[derive(Debug, Default)]
pub struct Rows {
    /// Owner.
    pub owner: Vec<u32>,
    /// The values that criteria read, as a number below [`Kinds::COUNT`].
    pub kind: Vec<u16>,
    /// The key of the main order.
    pub key: Vec<i64>,
    /// Where the shares of each record begin, and the end of the last.
    pub shares_at: Vec<u32>,
    /// Shares and team members.
    pub shares: Vec<Share>,
}

/// A share or team membership in 32 bits.
#[derive(Clone, Copy, Debug)]
pub struct Share(u32);

/// To whom a share goes, by the generator's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// A user.
    User(usize),
    /// A user in the team.
    Team(usize),
    /// A group.
    Group(usize),
    /// A role; with those below or not.
    Role(usize, bool),
}

impl Share {
    fn new(to: To, edit: bool) -> Self {
        let (kind, number) = match to {
            To::User(number) => (0, number),
            To::Team(number) => (1, number),
            To::Group(number) => (2, number),
            To::Role(number, false) => (3, number),
            To::Role(number, true) => (4, number),
        };
        Self(kind << 29 | u32::from(edit) << 28 | number as u32)
    }
    /// To whom.
    pub const fn to(self) -> To {
        let number = (self.0 & 0x0fff_ffff) as usize;
        match self.0 >> 29 {
            0 => To::User(number),
            1 => To::Team(number),
            2 => To::Group(number),
            3 => To::Role(number, false),
            _ => To::Role(number, true),
        }
    }
    /// Whether it gives edit beside read.
    pub const fn edits(self) -> bool {
        self.0 >> 28 & 1 != 0
    }
    /// What it gives.
    pub const fn rights(self) -> Rights {
        if self.edits() { Rights::EDIT } else { Rights::READ }
    }
    /// To whom, as the model names them.
    pub fn principal(self) -> Principal {
        match self.to() {
            To::User(number) | To::Team(number) => Principal::User(user(number)),
            To::Group(number) => Principal::Group(group(number)),
            To::Role(number, below) => role_principal(number, below),
        }
    }
}

/// The combinations of values that criteria read.
#[derive(Debug)]
pub struct Kinds;

impl Kinds {
    /// How many there are.
    pub const COUNT: usize = 20 * 15 * 8 * 2;
    /// Region, industry, stage, and whether the amount is great.
    pub const fn parts(kind: usize) -> (usize, usize, usize, bool) {
        (kind / 240, kind / 16 % 15, kind / 2 % 8, kind % 2 == 1)
    }
    /// A record with the values of a kind.
    pub fn record(kind: usize, id: &str) -> Record {
        let (region, industry, stage, great) = Self::parts(kind);
        let mut record = Record::new(OBJECT, id);
        for (field, value) in [
            ("region", format!("r{region}")),
            ("industry", format!("i{industry}")),
            ("stage", format!("s{stage}")),
        ] {
            record.fields.insert(field.into(), Value::Text(value));
        }
        let amount = if great { 200_000 } else { 40_000 };
        record.fields.insert("amount".into(), Value::Number(Number::whole(amount)));
        record
    }
}

impl Rows {
    /// The shares of a record.
    pub fn shares_of(&self, record: usize) -> &[Share] {
        &self.shares[self.shares_at[record] as usize..self.shares_at[record + 1] as usize]
    }
    /// A record as the model knows it; its id is its number.
    pub fn record(&self, number: usize) -> Record {
        let mut record = Kinds::record(usize::from(self.kind[number]), &number.to_string());
        record.owners.insert(Owner::User(user(self.owner[number] as usize)));
        let changed = Moment(self.key[number]).to_string();
        record.fields.insert(SORTED_BY.into(), Value::Text(changed));
        for share in self.shares_of(number) {
            if let To::Team(member) = share.to() {
                record.team.push(TeamMember {
                    user: user(member),
                    role: String::new(),
                    rights: share.rights(),
                    ends: None,
                    by: None,
                    child_levels: Default::default(),
                });
            } else {
                record.shares.push(RecordShare::manual(share.principal(), share.rights()));
            }
        }
        record
    }
}

/// The records of a world.
pub fn rows(random: &mut Random, scale: Scale, people: &People) -> Rows {
    let mut rows = Rows { shares_at: vec![0], ..Rows::default() };
    let owners = owners(random, people);
    for number in 0..scale.records {
        let owner = *random.one(&owners) as usize;
        rows.owner.push(owner as u32);
        let great = random.happens(0.5);
        rows.kind.push((random.below(Kinds::COUNT / 2) * 2 + usize::from(great)) as u16);
        rows.key.push(1_600_000_000_000 + random.below(126_000_000) as i64 * 1_000);
        let shares = match number % 100 {
            7 => random.below(21),
            _ => usize::from(random.happens(0.2)) + usize::from(random.happens(0.2)),
        };
        for _ in 0..shares {
            let to = share_target(random, scale, people, owner);
            rows.shares.push(Share::new(to, random.happens(0.3)));
        }
        if random.happens(0.1) {
            for _ in 0..3 + random.below(6) {
                let member = if random.happens(0.7) {
                    people.neighbour(random, owner, 3)
                } else {
                    random.below(scale.users)
                };
                rows.shares.push(Share::new(To::Team(member), random.happens(0.5)));
            }
        }
        rows.shares_at.push(rows.shares.len() as u32);
    }
    rows
}

/// Users, each as often as they are likely to own a record; one integration owns a hundredth.
fn owners(random: &mut Random, people: &People) -> Vec<u32> {
    let mut owners = Vec::new();
    for (number, role) in people.role.iter().enumerate() {
        let weight = 2f64.powf(random.share() * 4.0)
            * match people.level[*role] {
                0..=2 => 0.1,
                3 => 0.3,
                _ => 1.0,
            };
        owners.extend(std::iter::repeat_n(number as u32, weight.round() as usize));
    }
    let integration = owners[random.below(owners.len())];
    let hundredth = owners.len() / 99;
    owners.extend(std::iter::repeat_n(integration, hundredth));
    owners
}

fn share_target(random: &mut Random, scale: Scale, people: &People, owner: usize) -> To {
    let drawn = random.share();
    if drawn < 0.7 {
        return To::User(if random.happens(0.5) {
            people.neighbour(random, owner, 2)
        } else {
            random.below(scale.users)
        });
    }
    if drawn < 0.9 {
        return To::Group((random.share() * random.share() * scale.groups as f64) as usize);
    }
    let level = 3 + random.below(3);
    To::Role(people.some_role(random, level), random.happens(0.5))
}
