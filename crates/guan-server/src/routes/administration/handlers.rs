//! The operations that every kind of entity has, written once.

use std::borrow::Borrow;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use guan_engine::administration::Domain;
use guan_engine::model::Policy;
use guan_store::{ClockReading, Entity, EntityKind, View};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::path::HttpMethod;
use uuid::Uuid;

use super::describe::{self, Shape};
use super::edit::{self, Edit, Made, NotMade};
use super::narrow::{self, Listing};
use super::resource::Resource;
use super::standing::{UserStanding, standings};
use crate::caller::{Caller, takes_caller};
use crate::etag::{IfMatch, Tagged};
use crate::extract::{Json, Path, Query};
use crate::operation::{Guarded, Operation, Routes};
use crate::page::Page;
use crate::problem::{Code, Problem};
use crate::state::Server;

/// An entity with its id.
#[derive(Debug, Serialize)]
pub(super) struct Kept<C> {
    id: String,
    content: C,
    /// Beside users of a list alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<UserStanding>,
}

/// An entity as it is after a change, and what the change came to.
#[derive(Debug, Serialize)]
struct Changed<C> {
    id: String,
    content: C,
    #[serde(flatten)]
    made: Made,
}

/// A new entity.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation<C> {
    #[serde(default)]
    id: Option<String>,
    content: C,
    #[serde(default)]
    reason: String,
}

/// Another content.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement<C> {
    content: C,
    #[serde(default)]
    reason: String,
}

/// Members that change; `null` takes one out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    content: Map<String, Value>,
    #[serde(default)]
    reason: String,
}

/// Why something is taken out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// The operations of one kind.
pub(super) fn routes<R: Resource>() -> Routes {
    takes_caller(&list::<R>);
    takes_caller(&show::<R>);
    takes_caller(&create::<R>);
    takes_caller(&replace::<R>);
    takes_caller(&change::<R>);
    takes_caller(&remove::<R>);
    let guarded = |operation: Operation, method: HttpMethod, shape: Shape, routed| {
        let path =
            if matches!(shape, Shape::List | Shape::Create) { R::PATH } else { R::PATH_OF_ONE };
        Guarded::new(operation, describe::operation::<R>((method, path), shape, routed))
    };
    Routes::new()
        .with(guarded(R::LIST, HttpMethod::Get, Shape::List, get(list::<R>)))
        .with(guarded(R::SHOW, HttpMethod::Get, Shape::Show, get(show::<R>)))
        .with(guarded(R::CREATE, HttpMethod::Post, Shape::Create, post(create::<R>)))
        .with(guarded(R::REPLACE, HttpMethod::Put, Shape::Replace, put(replace::<R>)))
        .with(guarded(R::CHANGE, HttpMethod::Patch, Shape::Change, patch(change::<R>)))
        .with(guarded(R::REMOVE, HttpMethod::Delete, Shape::Remove, delete(remove::<R>)))
}

async fn list<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<R::Wanted>,
) -> Result<Json<Page<Kept<R::Content>>>, Problem> {
    let Listing { page, search, narrowing } = query.into();
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let domain = seen(&view, &caller, &clock)?;
        let policy = view.engine().policy();
        let narrowed = narrowing.of((&view, &caller, &clock))?;
        let is_found = |(key, content): &(&R::Id, &R::Content)| {
            let id: &str = (*key).borrow();
            if !R::is_inside(policy, &domain, (key, content)) || !narrowed.takes(id) {
                return false;
            }
            let is_user = R::KIND == EntityKind::User;
            let mail = if is_user { narrow::mail_in(policy, id) } else { None };
            search.is_in(&[id, R::name(content), mail.unwrap_or_default()])
        };
        let all = R::all(policy).iter().filter(is_found);
        let show = |(id, content): (&R::Id, &R::Content)| Kept {
            id: id.borrow().to_owned(),
            content: content.clone(),
            standing: None,
        };
        let mut found = Page::cut(all, &page, |(id, _)| id.borrow(), show)?;
        if R::KIND == EntityKind::User {
            let ids: Vec<&str> = found.items.iter().map(|kept| kept.id.as_str()).collect();
            let standings = standings(gate, (&view, &caller, &clock), &ids)?;
            for (kept, standing) in found.items.iter_mut().zip(standings) {
                kept.standing = Some(standing);
            }
        }
        Ok::<_, Problem>(found)
    });
    found.await.map(Json)
}

async fn show<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Tagged<Kept<R::Content>>, Problem> {
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let domain = seen(&view, &caller, &clock)?;
        let content = visible::<R>(view.engine().policy(), &domain, &id)?.clone();
        Ok::<_, Problem>(Kept { id, content, standing: None })
    });
    let kept = found.await?;
    let entity = entity::<R>(&kept.id, &kept.content)?;
    Ok(Tagged(edit::state(&entity), kept))
}

async fn create<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<Creation<R::Content>>,
) -> Result<Response, NotMade> {
    let id = asked.id.unwrap_or_else(|| Uuid::now_v7().to_string());
    good_id(&id)?;
    let entity = entity::<R>(&id, &asked.content)?;
    let clock = server.now();
    let (state, put, reason) = (edit::state(&entity), vec![entity], asked.reason);
    let taken = id.clone();
    let made = server.blocking(move |gate| {
        edit::act(gate, (&caller, &clock), |policy, _| {
            if R::all(policy).contains_key(taken.as_str()) {
                return Err(Problem::new(Code::AlreadyThere)
                    .detail(format!("there is a {} `{taken}` already", R::KIND)));
            }
            let folded = folded(&taken);
            let mut others = R::all(policy).keys().map(Borrow::borrow);
            if let Some(other) = others.find(|other: &&str| self::folded(other) == folded) {
                return Err(Problem::new(Code::AlreadyThere).detail(format!(
                    "there is a {} `{other}`, from which people would not tell `{taken}`",
                    R::KIND
                )));
            }
            Ok((Edit { put, remove: Vec::new(), reason }, ()))
        })
    });
    let (outcome, ()) = made.await?;
    let made = outcome.now()?;
    let location = format!("{}/{}", R::PATH, describe::escaped(&id));
    let answer = Tagged(state, Changed { id, content: asked.content, made });
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

async fn replace<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(asked): Json<Replacement<R::Content>>,
) -> Result<Tagged<Changed<R::Content>>, NotMade> {
    let Replacement { content, reason } = asked;
    put_over::<R>((caller, server), (id, if_match, reason), move |_| Ok(content)).await
}

async fn change<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(asked): Json<Members>,
) -> Result<Tagged<Changed<R::Content>>, NotMade> {
    let Members { content: members, reason } = asked;
    put_over::<R>((caller, server), (id, if_match, reason), move |before| {
        let mut whole = serde_json::to_value(before).map_err(|error| Problem::fault(&error))?;
        merge(&mut whole, Value::Object(members));
        serde_json::from_value(whole)
            .map_err(|error| Problem::new(Code::WrongShape).detail(error.to_string()))
    })
    .await
}

/// Puts what `make` makes of the content that is there in its place.
async fn put_over<R: Resource>(
    (caller, server): (Caller, Server),
    (id, if_match, reason): (String, IfMatch, String),
    make: impl FnOnce(&R::Content) -> Result<R::Content, Problem> + Send + 'static,
) -> Result<Tagged<Changed<R::Content>>, NotMade> {
    let clock = server.now();
    let done = server.blocking(move |gate| {
        let (outcome, (state, content)) = edit::act(gate, (&caller, &clock), |policy, domain| {
            let before = visible::<R>(policy, domain, &id)?;
            if_match.check(&edit::state(&entity::<R>(&id, before)?))?;
            let content = make(before)?;
            let entity = entity::<R>(&id, &content)?;
            let state = edit::state(&entity);
            Ok((Edit { put: vec![entity], remove: Vec::new(), reason }, (state, content)))
        })?;
        Ok::<_, Problem>((outcome, state, id, content))
    });
    let (outcome, state, id, content) = done.await?;
    Ok(Tagged(state, Changed { id, content, made: outcome.now()? }))
}

async fn remove<R: Resource>(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    if_match: IfMatch,
    Query(why): Query<Why>,
) -> Result<Json<Made>, NotMade> {
    let clock = server.now();
    let made = server.blocking(move |gate| {
        edit::act(gate, (&caller, &clock), |policy, domain| {
            let before = visible::<R>(policy, domain, &id)?;
            if_match.check(&edit::state(&entity::<R>(&id, before)?))?;
            let remove = vec![(R::KIND, id)];
            Ok((Edit { put: Vec::new(), remove, reason: why.reason }, ()))
        })
    });
    let (outcome, ()) = made.await?;
    outcome.now().map(Json)
}

/// What the caller administers with the power of the operation, as this node sees it.
fn seen(view: &View, caller: &Caller, clock: &ClockReading) -> Result<Domain, Problem> {
    let facts = view.facts(clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    edit::domain(view.engine(), &session, caller)
}

/// One that the caller administers; others look as if they were not there.
fn visible<'p, R: Resource>(
    policy: &'p Policy,
    domain: &Domain,
    id: &str,
) -> Result<&'p R::Content, Problem> {
    let found = R::all(policy).get_key_value(id);
    let found = found.filter(|one| R::is_inside(policy, domain, *one));
    found.map(|(_, content)| content).ok_or_else(Problem::not_found)
}

fn entity<R: Resource>(id: &str, content: &R::Content) -> Result<Entity, Problem> {
    Entity::new(R::KIND, id, content).map_err(|error| Problem::fault(&error))
}

/// Ids are read by people and stand in addresses, logs and files.
pub(super) fn good_id(id: &str) -> Result<(), Problem> {
    let is_good = !id.trim().is_empty()
        && id.len() <= 255
        && id.trim() == id
        && !matches!(id, "." | "..")
        && id.nfc().eq(id.chars())
        && !id.chars().any(|letter| letter.is_control() || is_unseen(letter));
    if is_good {
        return Ok(());
    }
    let what = "an id has 1 to 255 bytes, composed letters (NFC), no control characters, nothing that is not seen and no space at its ends, and is not `.` or `..`, which no address can name";
    let told = serde_json::json!({ "place": "id", "pointer": "/id", "what": what });
    Err(Problem::new(Code::Invalid).member("problems", vec![told]))
}

/// Marks that turn the direction of writing or are not seen at all, and spaces that are not the usual one: Unicode's
/// `Default_Ignorable_Code_Point`, `Bidi_Control` and `White_Space`.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || letter != ' ' && letter.is_whitespace()
}

/// As people read it: whatever its case, its width and the way in which its letters are put together.
fn folded(id: &str) -> String {
    id.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// RFC 7396: members take the place of members, `null` takes one out.
fn merge(whole: &mut Value, change: Value) {
    let Value::Object(members) = change else {
        *whole = change;
        return;
    };
    if !whole.is_object() {
        *whole = Value::Object(Map::new());
    }
    if let Some(target) = whole.as_object_mut() {
        for (name, value) in members {
            if value.is_null() {
                target.remove(&name);
            } else {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{folded, good_id, merge};

    #[test]
    fn members_take_the_place_of_members_and_null_takes_one_out() {
        let mut whole = json!({ "a": "b", "c": { "d": "e", "f": "g" }, "list": [1] });
        merge(
            &mut whole,
            json!({ "a": "z", "c": { "f": null }, "list": [2, 3], "new": { "x": null } }),
        );
        assert_eq!(whole, json!({ "a": "z", "c": { "d": "e" }, "list": [2, 3], "new": {} }));
    }

    #[test]
    fn an_id_can_be_read_and_written() {
        for good in ["a", "客户", "profile/Admin", "x.y z"] {
            assert!(good_id(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            " a",
            "a\n",
            "a\u{202e}b",
            "\u{feff}a",
            "a\u{ad}",
            "a\u{3164}",
            "a\u{a0}b",
            "e\u{301}",
            ".",
            "..",
        ] {
            assert!(good_id(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_people_do_not_tell_apart_is_one() {
        for (one, other) in
            [("li.wei", "Li.Wei"), ("ａｎｎａ", "anna"), ("ﬁn", "fin"), ("\u{c9}", "\u{e9}")]
        {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("anna"), folded("ann"));
    }
}
