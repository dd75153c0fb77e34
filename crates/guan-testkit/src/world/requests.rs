//! Questions to a random organization: known and unknown, inside and outside, at every boundary.

use super::World;
use super::random::Random;
use super::records::owners;
use super::words::{FIELDS, action, address, instant, on_existing, unit, unknown_action};
use guan_engine::activity::Standing;
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{Action, FieldId, NodeId, ObjectId, Owner, RecordKey, UserId};

impl World {
    /// `count` questions, the same for the same world and `seed`.
    pub fn requests(&self, seed: u64, count: usize) -> Vec<Request<'_>> {
        let mut random = Random::new(self.seed ^ seed.rotate_left(32));
        (0..count).map(|_| self.request(&mut random)).collect()
    }

    /// `count` sessions of users of the organization.
    pub fn sessions(&self, seed: u64, count: usize) -> Vec<Session<'_>> {
        let mut random = Random::new(self.seed ^ seed.rotate_left(16));
        (0..count).map(|_| self.session(&mut random)).collect()
    }

    fn request(&self, random: &mut Random) -> Request<'_> {
        let on = self.target(random);
        let action = match (&on, random.below(50)) {
            (_, 0) => unknown_action(),
            (Target::New { .. }, 1..45) => Action::Create,
            (Target::Record(key), 1..12) if self.is_in_pool(key) => {
                random.one(Action::Assign, &[Action::Claim])
            }
            (Target::Record(_), 1..45) => on_existing(random, &self.policy),
            _ => action(random, &self.policy),
        };
        let mut request = Request::new(self.session(random), action, on);
        if random.happens(35) {
            request.fields = (0..random.between(1, 3)).map(|_| field(random)).collect();
        }
        if random.happens(15) {
            request.extent = Extent::Bulk;
        }
        request
    }

    fn is_in_pool(&self, key: &RecordKey) -> bool {
        self.records.iter().any(|record| record.pool.is_some() && record.key() == *key)
    }

    fn session(&self, random: &mut Random) -> Session<'_> {
        let organization = match random.below(100) {
            0 => "other".into(),
            _ => self.policy.organization.id.clone(),
        };
        let subject = match random.below(50) {
            0 => None,
            _ => random.key(&self.policy.users),
        };
        let subject = subject.unwrap_or_else(|| UserId::from("nobody"));
        let mut session = Session::new(organization, subject, instant(random));
        session.address = address(random);
        let well_or_not = if random.happens(80) { 0 } else { random.below(self.nodes.len()) };
        if random.happens(70)
            && let Some(node) = self.nodes.get(well_or_not)
        {
            session = session.under(Standing::of(&self.overlays, node));
        }
        session
    }

    fn target(&self, random: &mut Random) -> Target {
        match random.below(50) {
            0 => Target::Object(ObjectId::from("unknown")),
            1 => Target::Record(RecordKey::new("unknown", "1")),
            2 => Target::Record(RecordKey::new(self.object(random), "unknown")),
            3..10 => Target::Object(self.object(random)),
            10..14 => self.intended(random),
            _ => match random.any(&self.records) {
                Some(record) => Target::Record(record.key()),
                None => Target::Object(self.object(random)),
            },
        }
    }

    fn intended(&self, random: &mut Random) -> Target {
        let mut owners = owners(random, &self.policy);
        let mut unit = random.maybe(60, |random| unit(random, &self.policy)).flatten();
        match random.below(40) {
            0 => unit = Some(NodeId::from("unknown")),
            1 => {
                owners.insert(Owner::User(UserId::from("nobody")));
            }
            _ => {}
        }
        Target::New { object: self.object(random), owners, unit }
    }

    fn object(&self, random: &mut Random) -> ObjectId {
        random.key(&self.policy.objects).unwrap_or_else(|| ObjectId::from("unknown"))
    }
}

fn field(random: &mut Random) -> FieldId {
    match random.below(60) {
        0 => FieldId::from("unknown"),
        _ => FieldId::from(random.one("f0", &FIELDS)),
    }
}
