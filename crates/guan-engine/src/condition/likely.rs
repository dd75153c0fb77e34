//! Which of many conditions can hold of a record at all, found by its values instead of asked one by one.

use super::Comparison;
use super::eval::{Plain, text};
use super::settled::{Filled, Node, Settled};
use crate::dense::{TextMap, to_u32};

/// Conditions by the texts that they ask for.
///
/// Of a hundred rules that each ask for another region, a record can be covered by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likely {
    /// By place on the sheet: conditions that hold only where one of their texts stands there.
    fields: Vec<(usize, Texts)>,
    /// Conditions that may hold of any record.
    rest: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
struct Texts {
    by_text: TextMap<String, Vec<u32>>,
    all: Vec<u32>,
}

impl Likely {
    /// Sorts conditions out; what is not ready may hold of any record.
    pub(crate) fn of(conditions: &[Option<Settled>]) -> Self {
        let mut likely = Self::default();
        for (at, condition) in conditions.iter().enumerate() {
            let at = to_u32(at);
            let asked = condition.as_ref().and_then(|condition| asks_for(condition.node()));
            let Some((place, texts)) = asked else {
                likely.rest.push(at);
                continue;
            };
            let known = likely.fields.iter_mut().find(|(known, _)| *known == place);
            let known = if let Some((_, known)) = known {
                known
            } else {
                likely.fields.push((place, Texts::default()));
                let Some((_, known)) = likely.fields.last_mut() else { continue };
                known
            };
            known.all.push(at);
            for text in texts {
                let of_text = known.by_text.entry(text.to_owned()).or_default();
                if of_text.last() != Some(&at) {
                    of_text.push(at);
                }
            }
        }
        likely
    }

    /// Shows the places of all conditions that can hold of the record of a filled sheet, each once, in no order.
    pub(crate) fn each(&self, filled: &Filled<'_>, mut show: impl FnMut(u32)) {
        self.rest.iter().copied().for_each(&mut show);
        for (place, texts) in &self.fields {
            let value = filled.value(*place);
            let found: &[u32] = if matches!(value, Plain::Absent) {
                &[]
            } else {
                text(value).map_or(&texts.all, |text| texts.of(text))
            };
            found.iter().copied().for_each(&mut show);
        }
    }
}

impl Texts {
    fn of(&self, text: &str) -> &[u32] {
        self.by_text.get(text).map_or(&[], Vec::as_slice)
    }
}

/// The place on the sheet and the texts of which one has to stand there, where a condition says so.
fn asks_for(node: &Node) -> Option<(usize, Vec<&str>)> {
    match node {
        Node::Compare(at, Comparison::Equal, value) => Some((*at, vec![text(value)?])),
        Node::In(at, values) => {
            let texts: Option<Vec<&str>> = values.iter().map(text).collect();
            Some((*at, texts?))
        }
        // All parts have to hold, so any of them will do.
        Node::And(parts) => parts.iter().find_map(asks_for),
        Node::Constant(_)
        | Node::Or(_)
        | Node::Not(_)
        | Node::Compare(..)
        | Node::CompareTurned(..)
        | Node::IsNull(_)
        | Node::IsNotNull(_) => None,
    }
}
