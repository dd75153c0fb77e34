//! Which names are near a mistyped one.

/// How many names are offered.
const OFFERED: usize = 3;

/// The names nearest to `text`, the nearest first: those that contain it, then those a few letters
/// away. A candidate is an id and the name that people see.
pub(crate) fn nearest<'c>(
    text: &str,
    candidates: impl IntoIterator<Item = (&'c str, &'c str)>,
) -> Vec<&'c str> {
    let wanted = text.to_lowercase();
    let bound = (wanted.chars().count() / 3).clamp(1, 4);
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|(id, name)| {
            let score = [id, name].into_iter().filter_map(|known| score(&wanted, known, bound));
            score.min().map(|score| (score, id))
        })
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(OFFERED).map(|(_, id)| id).collect()
}

/// Lower is nearer; nothing when it is too far away.
fn score(wanted: &str, known: &str, bound: usize) -> Option<usize> {
    let known = known.to_lowercase();
    if known.is_empty() {
        return None;
    }
    if known.contains(wanted) {
        return Some(0);
    }
    let head = known.split('@').next().unwrap_or(&known);
    let distance = distance(wanted, head).min(distance(wanted, &known));
    (distance <= bound).then_some(distance)
}

/// Letters added, dropped, changed or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (number, letter) in left.chars().enumerate() {
        let mut next = vec![number + 1];
        for (column, other) in right.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let changed = at(&row, column) + usize::from(letter != *other);
            let mut cost = changed.min(at(&row, column + 1) + 1).min(at(&next, column) + 1);
            let swapped =
                column > 0 && previous == Some(*other) && right.get(column - 1) == Some(&letter);
            if swapped && !before.is_empty() {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_swap_a_drop_and_a_change_are_one_step_each() {
        assert_eq!(distance("lanhai", "lanhai"), 0);
        assert_eq!(distance("lnahai", "lanhai"), 1);
        assert_eq!(distance("lanha", "lanhai"), 1);
        assert_eq!(distance("lanhay", "lanhai"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn names_and_ids_are_looked_through_and_strangers_left_out() {
        let known = [("li.wei@lanhai.example", "李薇"), ("lin.zhiyuan@lanhai.example", "林志远")];
        assert_eq!(nearest("li.wie", known), ["li.wei@lanhai.example"]);
        assert_eq!(nearest("李薇", known), ["li.wei@lanhai.example"]);
        assert!(nearest("somebody.else", known).is_empty());
    }
}
