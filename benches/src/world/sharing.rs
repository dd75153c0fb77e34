//! Two hundred sharing rules: 120 by owner, 80 by criteria.

use super::{OBJECT, People, group, role_principal};
use crate::random::Random;
use crate::scale::Scale;
use guan_engine::condition::Condition;
use guan_engine::model::{Policy, Principal, Rights, SharingRule};

/// The rules.
pub fn rules(random: &mut Random, scale: Scale, people: &People, policy: &mut Policy) {
    for number in 0..200 {
        let rights = if random.happens(0.3) { Rights::EDIT } else { Rights::READ };
        let mut rule = SharingRule::new(OBJECT, rights);
        rule.to.insert(target(random, scale, people));
        if number < 120 {
            rule.owned_by.insert(owners(random, scale, people));
        } else {
            rule.when = Condition::parse(&criterion(random)).ok();
        }
        policy.rules.insert(format!("rule{number:03}").into(), rule);
    }
}

fn target(random: &mut Random, scale: Scale, people: &People) -> Principal {
    let drawn = random.share();
    if drawn < 0.4 {
        return Principal::Group(group(random.below(scale.groups)));
    }
    if drawn < 0.6 {
        let level = 3 + random.below(3);
        return role_principal(people.some_role(random, level), false);
    }
    let level = *random.one(&[2, 3, 3, 4]);
    role_principal(people.some_role(random, level), true)
}

fn owners(random: &mut Random, scale: Scale, people: &People) -> Principal {
    let drawn = random.share();
    if drawn < 0.4 {
        let level = 3 + random.below(2);
        return role_principal(people.some_role(random, level), true);
    }
    if drawn < 0.6 {
        let level = 3 + random.below(3);
        return role_principal(people.some_role(random, level), false);
    }
    Principal::Group(group(random.below(scale.groups)))
}

fn criterion(random: &mut Random) -> String {
    let (region, industry) = (random.below(20), random.below(15));
    let mut text = format!("region = \"r{region}\" and industry = \"i{industry}\"");
    if random.happens(0.5) {
        text.push_str(&format!(" and stage = \"s{}\"", random.below(8)));
    }
    if random.happens(0.3) {
        text.push_str(" and amount >= 125000");
    }
    text
}
