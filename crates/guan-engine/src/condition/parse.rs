//! The text form of conditions: a tokenizer and a descent of bounded depth.

use super::{Comparison, Expression, Operand, characters_before};
use crate::model::{LIMITS, Value};

/// Text that is not a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("condition, at character {at}: {what}")]
pub struct ConditionSyntax {
    /// How many characters come before the place.
    pub at: usize,
    what: String,
}

impl ConditionSyntax {
    pub(super) fn too_deep(at: usize) -> Self {
        Self { at, what: format!("nested deeper than {} levels", LIMITS.depth_max) }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Quoted(String),
    Text(String),
    Number(String),
    Sign(&'static str),
    End,
}

/// Whether a field name can stand without back-ticks.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || matches!(character, '_' | '.'))
        && !KEYWORDS.contains(&name)
}

const KEYWORDS: [&str; 12] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "true",
    "false",
    "contains",
    "starts_with",
    "today",
    "now",
];

const SIGNS: [&str; 13] =
    ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "$user.", "$record.owner"];

/// Parses a whole text.
pub(super) fn expression(text: &str) -> Result<Expression, ConditionSyntax> {
    whole(text).map_err(|ConditionSyntax { at, what }| ConditionSyntax {
        at: characters_before(text, at),
        what,
    })
}

/// As [`expression`], with places in bytes.
fn whole(text: &str) -> Result<Expression, ConditionSyntax> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let expression = parser.or(0)?;
    if matches!(parser.peek(), Token::End) {
        Ok(expression)
    } else {
        Err(parser.expected("`and`, `or` or the end"))
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ConditionSyntax> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(rest, first).map_err(|what| ConditionSyntax { at, what })?;
        tokens.push((at, token));
        at += length;
    }
    tokens.push((text.len(), Token::End));
    Ok(tokens)
}

fn token(rest: &str, first: char) -> Result<(Token, usize), String> {
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Token::Sign(sign), sign.len()));
    }
    match first {
        '"' => quoted(rest, '"').map(|(text, length)| (Token::Text(text), length)),
        '`' => quoted(rest, '`').map(|(text, length)| (Token::Quoted(text), length)),
        _ if first.is_ascii_digit() => {
            let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            Ok((Token::Number(rest.get(..length).unwrap_or_default().to_owned()), length))
        }
        _ if first.is_alphabetic() || first == '_' => {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'))
                .unwrap_or(rest.len());
            Ok((Token::Name(rest.get(..length).unwrap_or_default().to_owned()), length))
        }
        _ => Err(format!(
            "`{first}` has no meaning here; put text in \"quotes\" and field names with unusual characters in back-ticks"
        )),
    }
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
            return Ok((text, at + character.len_utf8()));
        } else {
            text.push(character);
        }
    }
    Err(format!("the closing {mark} is missing"))
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(_, token)| token)
    }
    fn place(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |(at, _)| *at)
    }
    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }
    fn takes_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(found);
        found
    }
    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(found) if found == word);
        self.at += usize::from(found);
        found
    }
    fn expected(&self, what: &str) -> ConditionSyntax {
        let found = match self.peek() {
            Token::Name(name) | Token::Number(name) => format!("`{name}`"),
            Token::Quoted(name) => format!("the field `{name}`"),
            Token::Text(text) => format!("the text `{text}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        };
        ConditionSyntax { at: self.place(), what: format!("expected {what}, found {found}") }
    }
    fn close(&mut self) -> Result<(), ConditionSyntax> {
        if self.takes_sign(")") { Ok(()) } else { Err(self.expected("`)`")) }
    }

    fn or(&mut self, depth: usize) -> Result<Expression, ConditionSyntax> {
        let mut parts = vec![self.and(depth)?];
        while self.takes_word("or") {
            parts.push(self.and(depth)?);
        }
        Ok(single(parts, Expression::Or))
    }
    fn and(&mut self, depth: usize) -> Result<Expression, ConditionSyntax> {
        let mut parts = vec![self.not(depth)?];
        while self.takes_word("and") {
            parts.push(self.not(depth)?);
        }
        Ok(single(parts, Expression::And))
    }
    fn not(&mut self, depth: usize) -> Result<Expression, ConditionSyntax> {
        if depth > LIMITS.depth_max {
            return Err(ConditionSyntax::too_deep(self.place()));
        }
        if self.takes_word("not") {
            return Ok(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.takes_sign("(") {
            let inner = self.or(depth + 1)?;
            self.close()?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, ConditionSyntax> {
        let at = self.place();
        let left = self.operand()?;
        if let Token::Sign(sign) = *self.peek()
            && let Some(comparison) = by_sign(sign)
        {
            self.at += 1;
            return Ok(Expression::Compare(at, left, comparison, self.operand()?));
        }
        for (word, comparison) in
            [("contains", Comparison::Contains), ("starts_with", Comparison::StartsWith)]
        {
            if self.takes_word(word) {
                return Ok(Expression::Compare(at, left, comparison, self.operand()?));
            }
        }
        if self.takes_word("is") {
            let negated = self.takes_word("not");
            if !self.takes_word("null") {
                return Err(self.expected("`null`"));
            }
            return Ok(if negated {
                Expression::IsNotNull(at, left)
            } else {
                Expression::IsNull(at, left)
            });
        }
        if self.takes_word("in") {
            return Ok(Expression::In(at, left, self.list()?));
        }
        if let Operand::Literal(Value::Bool(value)) = left {
            return Ok(Expression::Constant(value));
        }
        Err(self.expected("a comparison: =, !=, <, <=, >, >=, contains, starts_with, in, is null"))
    }

    fn list(&mut self) -> Result<Vec<Value>, ConditionSyntax> {
        if !self.takes_sign("(") {
            return Err(self.expected("`(` and a list"));
        }
        let mut values = Vec::new();
        loop {
            let Operand::Literal(value) = self.operand()? else {
                return Err(self.expected("a literal before this"));
            };
            values.push(value);
            if !self.takes_sign(",") {
                self.close()?;
                return Ok(values);
            }
        }
    }

    fn operand(&mut self) -> Result<Operand, ConditionSyntax> {
        let expected =
            self.expected("a field, $user.ATTRIBUTE, $record.owner, a value, today() or now()");
        match self.next() {
            Token::Text(text) => Ok(Operand::Literal(Value::Text(text))),
            Token::Number(digits) => self.number(&digits, ""),
            Token::Sign("-") => match self.next() {
                Token::Number(digits) => self.number(&digits, "-"),
                Token::Name(_)
                | Token::Quoted(_)
                | Token::Text(_)
                | Token::Sign(_)
                | Token::End => Err(expected),
            },
            Token::Sign("$record.owner") => Ok(Operand::Owner),
            Token::Sign("$user.") => match self.next() {
                Token::Name(attribute) | Token::Quoted(attribute) => Ok(Operand::User(attribute)),
                Token::Text(_) | Token::Number(_) | Token::Sign(_) | Token::End => Err(expected),
            },
            Token::Quoted(name) => Ok(Operand::Field(name.into())),
            Token::Name(name) => match name.as_str() {
                "true" => Ok(Operand::Literal(Value::Bool(true))),
                "false" => Ok(Operand::Literal(Value::Bool(false))),
                "today" => Ok(Operand::Today(self.shift(&[("d", 1)])?)),
                "now" => Ok(Operand::Now(self.shift(&[
                    ("ms", 1),
                    ("s", 1_000),
                    ("m", 60_000),
                    ("h", 3_600_000),
                    ("d", 86_400_000),
                ])?)),
                keyword if KEYWORDS.contains(&keyword) => Err(expected),
                _ => Ok(Operand::Field(name.into())),
            },
            Token::Sign(_) | Token::End => Err(expected),
        }
    }

    fn number(&self, digits: &str, sign: &str) -> Result<Operand, ConditionSyntax> {
        format!("{sign}{digits}")
            .parse()
            .map(|number| Operand::Literal(Value::Number(number)))
            .map_err(|error: crate::model::ValueError| ConditionSyntax {
                at: self.place(),
                what: error.to_string(),
            })
    }

    /// `()` and then `+ 30d` or `- 30d`, if any.
    fn shift(&mut self, units: &[(&str, i64)]) -> Result<i64, ConditionSyntax> {
        if !self.takes_sign("(") || !self.takes_sign(")") {
            return Err(self.expected("`()`"));
        }
        let sign = if self.takes_sign("+") {
            1
        } else if self.takes_sign("-") {
            -1
        } else {
            return Ok(0);
        };
        let wrong = self.expected("a length such as 30d");
        let (Token::Number(digits), Token::Name(unit)) = (self.next(), self.next()) else {
            return Err(wrong);
        };
        let factor = units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let count = digits.parse::<i64>().ok();
        match (count, factor) {
            (Some(count), Some(factor)) => {
                count.checked_mul(factor).map(|length| sign * length).ok_or(wrong)
            }
            _ => Err(wrong),
        }
    }
}

fn by_sign(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "=" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn single(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            join(parts)
        }
        (_, None) => join(parts),
    }
}
