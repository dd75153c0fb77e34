//! The part of the vendor's formula language that restriction rules use.

use super::criteria::{simplify, typed};
use super::directory::{Directory, long_id};
use super::draft::Draft;
use guan_engine::condition::{Comparison, Expression, Operand};
use guan_engine::model::{FieldId, FieldType, Number, ObjectId, Value};

/// Nesting of parentheses and functions.
const DEPTH_MAX: usize = 40;

/// What a formula may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Attributes of the user only.
    User,
    /// Fields of the record too.
    Record,
}

/// A parsed formula, before its names are looked up.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Formula {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Compare(Term, Comparison, Term),
    Blank(Term),
    Constant(bool),
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    Field(String),
    User(String),
    Literal(Value),
    Null,
    Today,
    Now,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(Number),
    Sign(&'static str),
}

const SIGNS: [&str; 14] =
    ["<>", "!=", "<=", ">=", "==", "&&", "||", "=", "<", ">", "(", ")", ",", "!"];

/// Parses a formula.
pub(super) fn parse(text: &str, scope: Scope) -> Result<Formula, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, scope };
    let parsed = parser.or(0)?;
    match parser.tokens.first() {
        None => Ok(parsed),
        Some(token) => Err(format!("`{}` is unexpected in `{text}`", shown(token))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name(name) | Token::Text(name) => name.clone(),
        Token::Number(number) => number.to_string(),
        Token::Sign(sign) => (*sign).to_owned(),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else if matches!(first, '\'' | '"') {
            let (text, length) = quoted(rest, first)?;
            tokens.push(Token::Text(text));
            length
        } else if first.is_ascii_digit() || first == '-' {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| !c.is_ascii_digit() && *c != '.')
                .map_or(rest.len(), |(at, _)| at);
            let digits = rest.get(..end).unwrap_or_default();
            tokens.push(Token::Number(
                digits.parse().map_err(|_| format!("`{digits}` is no number"))?,
            ));
            end
        } else if first.is_alphabetic() || matches!(first, '$' | '_') {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && !matches!(c, '$' | '_' | '.'))
                .unwrap_or(rest.len());
            tokens.push(Token::Name(rest.get(..end).unwrap_or_default().to_owned()));
            end
        } else {
            return Err(format!("`{first}` has no counterpart in `{text}`"));
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn quoted(rest: &str, mark: char) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        if escaped {
            text.push(character);
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == mark {
            return Ok((text, at + 1));
        } else {
            text.push(character);
        }
    }
    Err(format!("a closing {mark} is missing"))
}

struct Parser<'t> {
    tokens: &'t [Token],
    scope: Scope,
}

impl Parser<'_> {
    fn next(&mut self) -> Result<Token, String> {
        let (first, rest) =
            self.tokens.split_first().ok_or("the formula ends too early".to_owned())?;
        self.tokens = rest;
        Ok(first.clone())
    }
    fn takes(&mut self, sign: &str) -> bool {
        let found = match self.tokens.first() {
            Some(Token::Sign(found)) => *found == sign,
            Some(Token::Name(name)) => name.eq_ignore_ascii_case(sign),
            _ => false,
        };
        if found {
            self.tokens = self.tokens.get(1..).unwrap_or_default();
        }
        found
    }
    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("`{sign}` is missing")) }
    }
    /// A function's name with its opening parenthesis.
    fn takes_call(&mut self, name: &str) -> bool {
        let is_call = matches!(
            self.tokens,
            [Token::Name(found), Token::Sign("("), ..] if found.eq_ignore_ascii_case(name)
        );
        if is_call {
            self.tokens = self.tokens.get(2..).unwrap_or_default();
        }
        is_call
    }
    fn list(&mut self, depth: usize) -> Result<Vec<Formula>, String> {
        let mut parts = vec![self.or(depth)?];
        while self.takes(",") {
            parts.push(self.or(depth)?);
        }
        self.expect(")")?;
        Ok(parts)
    }
    fn or(&mut self, depth: usize) -> Result<Formula, String> {
        let mut parts = vec![self.and(depth)?];
        while self.takes("||") || self.takes("OR") {
            parts.push(self.and(depth)?);
        }
        Ok(single(parts, Formula::Or))
    }
    fn and(&mut self, depth: usize) -> Result<Formula, String> {
        let mut parts = vec![self.not(depth)?];
        while self.takes("&&") || self.takes("AND") {
            parts.push(self.not(depth)?);
        }
        Ok(single(parts, Formula::And))
    }
    fn not(&mut self, depth: usize) -> Result<Formula, String> {
        if depth > DEPTH_MAX {
            return Err(format!("the formula is nested deeper than {DEPTH_MAX} levels"));
        }
        if self.takes_call("AND") {
            return Ok(Formula::And(self.list(depth + 1)?));
        }
        if self.takes_call("OR") {
            return Ok(Formula::Or(self.list(depth + 1)?));
        }
        if self.takes("!") || self.takes("NOT") {
            return Ok(Formula::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.takes("(") {
            let inner = self.or(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        for (name, comparison) in [
            ("ISPICKVAL", Comparison::Equal),
            ("INCLUDES", Comparison::Contains),
            ("CONTAINS", Comparison::Contains),
            ("BEGINS", Comparison::StartsWith),
        ] {
            if self.takes_call(name) {
                let left = self.term()?;
                self.expect(",")?;
                let right = self.term()?;
                self.expect(")")?;
                return Ok(Formula::Compare(left, comparison, right));
            }
        }
        if self.takes_call("ISBLANK") || self.takes_call("ISNULL") {
            let term = self.term()?;
            self.expect(")")?;
            return Ok(Formula::Blank(term));
        }
        self.comparison()
    }
    fn comparison(&mut self) -> Result<Formula, String> {
        let left = self.term()?;
        if self.takes("IN") {
            self.expect("(")?;
            let mut any = vec![Formula::Compare(left.clone(), Comparison::Equal, self.term()?)];
            while self.takes(",") {
                any.push(Formula::Compare(left.clone(), Comparison::Equal, self.term()?));
            }
            self.expect(")")?;
            return Ok(single(any, Formula::Or));
        }
        let comparison = match self.tokens.first() {
            Some(Token::Sign("=" | "==")) => Comparison::Equal,
            Some(Token::Sign("<>" | "!=")) => Comparison::NotEqual,
            Some(Token::Sign("<")) => Comparison::Less,
            Some(Token::Sign("<=")) => Comparison::LessOrEqual,
            Some(Token::Sign(">")) => Comparison::Greater,
            Some(Token::Sign(">=")) => Comparison::GreaterOrEqual,
            _ => {
                return match left {
                    Term::Literal(Value::Bool(value)) => Ok(Formula::Constant(value)),
                    // A checkbox alone says that it is ticked.
                    other => Ok(Formula::Compare(
                        other,
                        Comparison::Equal,
                        Term::Literal(Value::Bool(true)),
                    )),
                };
            }
        };
        self.tokens = self.tokens.get(1..).unwrap_or_default();
        Ok(Formula::Compare(left, comparison, self.term()?))
    }
    fn term(&mut self) -> Result<Term, String> {
        match self.next()? {
            Token::Text(text) => Ok(Term::Literal(Value::Text(text))),
            Token::Number(number) => Ok(Term::Literal(Value::Number(number))),
            Token::Sign(sign) => Err(format!("a value is missing before `{sign}`")),
            Token::Name(name) => self.named(name),
        }
    }
    fn named(&mut self, name: String) -> Result<Term, String> {
        match name.to_ascii_lowercase().as_str() {
            "true" => return Ok(Term::Literal(Value::Bool(true))),
            "false" => return Ok(Term::Literal(Value::Bool(false))),
            "null" => return Ok(Term::Null),
            "today" | "now" if self.takes("(") => {
                self.expect(")")?;
                return Ok(if name.eq_ignore_ascii_case("now") { Term::Now } else { Term::Today });
            }
            _ => {}
        }
        if matches!(self.tokens.first(), Some(Token::Sign("("))) {
            return Err(format!("the function `{name}` has no counterpart"));
        }
        if let Some(attribute) = name.strip_prefix("$User.") {
            return Ok(Term::User(attribute.to_owned()));
        }
        if name.starts_with('$') {
            return Err(format!("`{name}` has no counterpart"));
        }
        if self.scope == Scope::User {
            return Err(format!("`{name}` is not an attribute of `$User`"));
        }
        if name.contains('.') {
            return Err(format!("the path `{name}` leads to another record"));
        }
        Ok(Term::Field(name))
    }
}

fn single(mut parts: Vec<Formula>, join: fn(Vec<Formula>) -> Formula) -> Formula {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            join(parts)
        }
    }
}

/// Makes the fields of a formula known, with types from what they are compared with.
pub(super) fn declare_fields(draft: &mut Draft<'_>, object: &ObjectId, formula: &Formula) {
    match formula {
        Formula::And(parts) | Formula::Or(parts) => {
            for part in parts {
                declare_fields(draft, object, part);
            }
        }
        Formula::Not(part) => declare_fields(draft, object, part),
        Formula::Compare(left, _, right) => {
            for (one, other) in [(left, right), (right, left)] {
                if let Term::Field(name) = one
                    && !is_owner(name)
                {
                    let field = draft.field(object, name);
                    let better = match other {
                        Term::Literal(Value::Bool(_)) => FieldType::Boolean,
                        Term::Literal(Value::Number(_)) => FieldType::Number,
                        _ => continue,
                    };
                    draft.refine_type(object, &field, better);
                }
            }
        }
        Formula::Blank(Term::Field(name)) if !is_owner(name) => {
            draft.field(object, name);
        }
        Formula::Blank(_) | Formula::Constant(_) => {}
    }
}

fn is_owner(field: &str) -> bool {
    field.eq_ignore_ascii_case("OwnerId")
}

/// Looks the names up: users by name, ids in their long form, values in the types of their fields.
pub(super) fn resolve(
    draft: &Draft<'_>,
    directory: &Directory,
    object: Option<&ObjectId>,
    formula: Formula,
) -> Result<Expression, String> {
    let each = |parts: Vec<Formula>| {
        parts
            .into_iter()
            .map(|part| resolve(draft, directory, object, part))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(simplify(match formula {
        Formula::And(parts) => Expression::And(each(parts)?),
        Formula::Or(parts) => Expression::Or(each(parts)?),
        Formula::Not(part) => Expression::Not(Box::new(resolve(draft, directory, object, *part)?)),
        Formula::Constant(value) => Expression::Constant(value),
        Formula::Blank(term) => {
            Expression::IsNull(0, operand(draft, directory, object, &term, None)?)
        }
        Formula::Compare(left, comparison, right) => {
            let lookup = Lookup { draft, directory, object };
            return lookup.compare(&left, comparison, &right);
        }
    }))
}

struct Lookup<'l, 'o> {
    draft: &'l Draft<'o>,
    directory: &'l Directory,
    object: Option<&'l ObjectId>,
}

impl Lookup<'_, '_> {
    fn compare(
        &self,
        left: &Term,
        comparison: Comparison,
        right: &Term,
    ) -> Result<Expression, String> {
        let side = |term: &Term, other: &Term| {
            operand(self.draft, self.directory, self.object, term, Some(other))
        };
        let (term, other) = if is_empty(right) { (left, right) } else { (right, left) };
        if is_empty(other) || is_empty(term) {
            let present = if is_empty(term) { other } else { term };
            let operand = side(present, &Term::Null)?;
            return match comparison {
                Comparison::Equal => Ok(Expression::IsNull(0, operand)),
                Comparison::NotEqual => Ok(Expression::IsNotNull(0, operand)),
                _ => Err("an order against nothing has no counterpart".to_owned()),
            };
        }
        let (left_operand, right_operand) = (side(left, right)?, side(right, left)?);
        let blank_passes = comparison == Comparison::NotEqual
            || matches!(
                (comparison, left, right),
                (Comparison::Equal, Term::Field(_), Term::Literal(Value::Bool(false)))
            );
        let compared = Expression::Compare(0, left_operand.clone(), comparison, right_operand);
        if blank_passes && matches!(left, Term::Field(_)) && left_operand != Operand::Owner {
            return Ok(Expression::Or(vec![Expression::IsNull(0, left_operand), compared]));
        }
        Ok(compared)
    }
}

fn is_empty(term: &Term) -> bool {
    matches!(term, Term::Null)
        || matches!(term, Term::Literal(Value::Text(text)) if text.is_empty())
}

fn operand(
    draft: &Draft<'_>,
    directory: &Directory,
    object: Option<&ObjectId>,
    term: &Term,
    other: Option<&Term>,
) -> Result<Operand, String> {
    let against_owner = matches!(other, Some(Term::Field(name)) if is_owner(name));
    Ok(match term {
        Term::Field(name) if is_owner(name) => Operand::Owner,
        Term::Field(name) => Operand::Field(spelling(draft, object, name)),
        Term::User(name) if name == "Id" && against_owner => Operand::User("id".to_owned()),
        Term::User(_) if against_owner => {
            return Err("only `$User.Id` is comparable with the owner".to_owned());
        }
        Term::User(name) => Operand::User(name.clone()),
        Term::Today => Operand::Today(0),
        Term::Now => Operand::Now(0),
        Term::Null => return Err("nothing stands where a value must".to_owned()),
        Term::Literal(Value::Text(id)) if against_owner => {
            let user = directory.user(id).ok_or_else(|| format!("the user `{id}` is unknown"))?;
            Operand::Literal(Value::Text(user.to_string()))
        }
        Term::Literal(value) => match (value, other, object) {
            (Value::Text(text), Some(Term::Field(name)), Some(object)) => {
                let field = spelling(draft, Some(object), name);
                let field_type = draft.field_type(object, &field);
                Operand::Literal(
                    typed(text, field_type)
                        .ok_or_else(|| format!("`{text}` is no value of `{name}`"))?,
                )
            }
            (Value::Text(text), Some(Term::User(name)), _) if name.ends_with("Id") => {
                Operand::Literal(Value::Text(long_id(text)))
            }
            (value, _, _) => Operand::Literal(value.clone()),
        },
    })
}

fn spelling(draft: &Draft<'_>, object: Option<&ObjectId>, name: &str) -> FieldId {
    object
        .and_then(|object| draft.policy.objects.get(object))
        .and_then(|object| {
            object.fields.keys().find(|known| known.as_str().eq_ignore_ascii_case(name)).cloned()
        })
        .unwrap_or_else(|| FieldId::new(name))
}
