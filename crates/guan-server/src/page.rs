//! Pages of lists: a bounded number of items and a cursor for the next ones.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Code, Problem};

/// Items on a page when nobody says.
pub const LIMIT_DEFAULT: usize = 50;
/// Items on a page at most.
pub const LIMIT_MAX: usize = 200;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// For the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The suspensions without which the page would be another; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub relaxed_by: Vec<String>,
}

/// Which page is wanted. Take it as `Query<PageQuery>`, or repeat its two members in a query of your own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// The member `next` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many items are wanted.
    ///
    /// Errors: none, or more than [`LIMIT_MAX`].
    pub fn limit(&self) -> Result<usize, Problem> {
        limit(self.limit)
    }

    /// The key after which the page begins.
    ///
    /// Errors: not a cursor of this server.
    pub fn after(&self) -> Result<Option<String>, Problem> {
        self.cursor.as_deref().map(open).transpose()
    }
}

/// Checks a wanted number of items.
pub fn limit(wanted: Option<u32>) -> Result<usize, Problem> {
    match wanted.map(usize::try_from) {
        None => Ok(LIMIT_DEFAULT),
        Some(Ok(limit @ 1..=LIMIT_MAX)) => Ok(limit),
        Some(_) => {
            Err(Problem::new(Code::BadQuery).detail(format!("limit goes from 1 to {LIMIT_MAX}")))
        }
    }
}

impl<T> Page<T> {
    /// Cuts a page out of items in the order of their keys; the caller may know every key.
    pub fn cut<'a, Item, Key>(
        items: impl IntoIterator<Item = Item>,
        query: &PageQuery,
        key: Key,
        show: impl Fn(Item) -> T,
    ) -> Result<Self, Problem>
    where
        Item: Copy + 'a,
        Key: Fn(Item) -> &'a str,
    {
        let (limit, after) = (query.limit()?, query.after()?);
        let mut rest = items
            .into_iter()
            .filter(|item| after.as_deref().is_none_or(|after| key(*item) > after))
            .peekable();
        let mut page = Vec::new();
        let mut last = None;
        while page.len() < limit
            && let Some(item) = rest.next()
        {
            last = Some(key(item));
            page.push(show(item));
        }
        let next = rest.peek().and(last).map(seal);
        Ok(Self::new(page, next))
    }
}

impl<T> Page<T> {
    /// A page that no suspension widens.
    pub const fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next, relaxed_by: Vec::new() }
    }

    /// Cuts a page out of what was made for it, in the order of the keys.
    pub fn of(
        items: Vec<T>,
        query: &PageQuery,
        key: impl Fn(&T) -> &String,
    ) -> Result<Self, Problem> {
        let (limit, after) = (query.limit()?, query.after()?);
        let is_after = |item: &T| after.as_ref().is_none_or(|after| key(item) > after);
        let mut rest = items.into_iter().filter(is_after);
        let items: Vec<T> = rest.by_ref().take(limit).collect();
        let next = rest.next().and(items.last()).map(|last| seal(key(last)));
        Ok(Self::new(items, next))
    }
}

/// A key as a cursor: opaque, without a secret.
pub fn seal(key: &str) -> String {
    hex(key.as_bytes())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut cursor = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a text never fails.
        let _written = write!(cursor, "{byte:02x}");
    }
    cursor
}

pub(crate) fn open(cursor: &str) -> Result<String, Problem> {
    let bad = || Problem::new(Code::BadCursor);
    let digits = cursor.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
        if pair.len() != 2 {
            return Err(bad());
        }
        u8::from_str_radix(pair, 16).map_err(|_| bad())
    });
    let key = String::from_utf8(digits.collect::<Result<_, _>>()?).map_err(|_| bad())?;
    if key.contains('\0') { Err(bad()) } else { Ok(key) }
}

#[cfg(test)]
mod tests {
    use super::{Page, PageQuery};

    #[test]
    fn pages_come_one_after_the_other_without_gaps() {
        let keys = ["a", "b", "c", "d", "客户"];
        let mut query = PageQuery { limit: Some(2), cursor: None };
        let mut seen = Vec::new();
        loop {
            let page: Page<String> =
                Page::cut(&keys, &query, |key| *key, |key| (*key).to_owned()).unwrap();
            seen.extend(page.items);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, keys);
    }

    #[test]
    fn a_cursor_of_somebody_else_is_refused() {
        for cursor in ["x", "abc", "zz", "ff", "00", "é"] {
            let query = PageQuery { limit: None, cursor: Some(cursor.to_owned()) };
            assert!(query.after().is_err(), "{cursor}");
        }
    }
}
