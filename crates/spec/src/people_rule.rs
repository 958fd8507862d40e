use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use super::name_form::folded_name;

/// Which people a medium must show: names with `and`, `or`, `not` and parentheses. `not` binds closest, then
/// `and`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleRule {
    /// As written, with single spaces between its words.
    Name(String),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// The deepest nesting of parentheses and `not`.
const DEEPEST: usize = 32;

/// A rule that can't be read: what is wrong, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct BadPeople {
    pub why: String,
    pub help: String,
}

impl PeopleRule {
    /// Parses a rule.
    pub(super) fn parse(text: &str) -> Result<Self, BadPeople> {
        let tokens = tokens(text)?;
        let mut reader = RuleReader { tokens: &tokens, at: 0 };
        let rule = reader.any(0)?;
        match reader.next() {
            None => Ok(rule),
            Some(Token::Close) => Err(bad("a `)` closes nothing", "remove it, or add `(` in front")),
            Some(_) => Err(between()),
        }
    }

    /// Whether a medium with these people matches, whose names are in folded form ([`folded_name`]).
    pub fn admits(&self, people: &BTreeSet<String>) -> bool {
        match self {
            Self::Name(name) => people.contains(&folded_name(name)),
            Self::Not(rule) => !rule.admits(people),
            Self::All(rules) => rules.iter().all(|rule| rule.admits(people)),
            Self::Any(rules) => rules.iter().any(|rule| rule.admits(people)),
        }
    }

    /// Returns the names in it, in the order in which they are written.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) => vec![name],
            Self::Not(rule) => rule.names(),
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::names).collect(),
        }
    }
}

impl Display for PeopleRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |f: &mut Formatter<'_>, rules: &[Self], word: &str| {
            for (index, rule) in rules.iter().enumerate() {
                let is_simple = matches!(rule, Self::Name(_) | Self::Not(_));
                f.write_str(if index > 0 { word } else { "" })?;
                if is_simple { write!(f, "{rule}") } else { write!(f, "({rule})") }?;
            }
            Ok(())
        };
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Not(rule) if matches!(**rule, Self::Name(_)) => write!(f, "not {rule}"),
            Self::Not(rule) => write!(f, "not ({rule})"),
            Self::All(rules) => list(f, rules, " and "),
            Self::Any(rules) => list(f, rules, " or "),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Name(String),
}

fn bad(why: impl Into<String>, help: impl Into<String>) -> BadPeople {
    BadPeople { why: why.into(), help: help.into() }
}

fn between() -> BadPeople {
    bad("there is neither `and` nor `or` between two names", "write `Anna and Bob`, or `Anna or Bob`")
}

/// Splits a rule into its parts. Words that follow each other are one name.
fn tokens(text: &str) -> Result<Vec<Token>, BadPeople> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_open = false;
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if matches!(first, '(' | ')') {
            tokens.push(if first == '(' { Token::Open } else { Token::Close });
            (rest, is_open) = (rest[1..].trim_start(), false);
        } else if matches!(first, '"' | '\'') {
            let inner = &rest[1..];
            let Some(end) = closing(inner, first) else {
                return Err(bad("a quoted name has no end", format!("write `{first}` behind the name")));
            };
            let name = inner[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            if name.is_empty() {
                return Err(bad("a name is empty", "write a name between the quotes"));
            }
            tokens.push(Token::Name(name));
            (rest, is_open) = (inner[end + 1..].trim_start(), false);
        } else {
            let end = rest.find(|letter: char| letter.is_whitespace() || "()".contains(letter));
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            let token = word_token(word)?;
            match (token, tokens.last_mut()) {
                (Token::Name(word), Some(Token::Name(name))) if is_open => *name = format!("{name} {word}"),
                (token, _) => {
                    is_open = matches!(token, Token::Name(_));
                    tokens.push(token);
                }
            }
            rest = after.trim_start();
        }
    }
    Ok(tokens)
}

/// Returns where the quote ends: at a quote behind which no letter follows, so that `'O'Brien'` is one name.
fn closing(text: &str, quote: char) -> Option<usize> {
    let is_end = |at: usize| text[at + 1..].chars().next().is_none_or(|next| !next.is_alphanumeric());
    text.match_indices(quote).map(|(at, _)| at).find(|at| is_end(*at))
}

fn word_token(word: &str) -> Result<Token, BadPeople> {
    Ok(match word.to_lowercase().as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "&" | "&&" | "+" => return Err(bad(format!("`{word}` is no word of a rule"), "write `and`")),
        "|" | "||" | "/" => return Err(bad(format!("`{word}` is no word of a rule"), "write `or`")),
        _ if word.contains([',', ';']) => {
            return Err(bad(
                "a comma is neither `and` nor `or`",
                "write `and` or `or`; put a name with a comma in quotes",
            ));
        }
        _ => Token::Name(word.to_owned()),
    })
}

/// Reads a rule from left to right.
struct RuleReader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl RuleReader<'_> {
    fn next(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn skip(&mut self, token: &Token) -> bool {
        let is_there = self.next() == Some(token);
        self.at += usize::from(is_there);
        is_there
    }

    fn any(&mut self, depth: usize) -> Result<PeopleRule, BadPeople> {
        let mut rules = vec![self.all(depth)?];
        while self.skip(&Token::Or) {
            rules.push(self.all(depth)?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { PeopleRule::Any(rules) })
    }

    fn all(&mut self, depth: usize) -> Result<PeopleRule, BadPeople> {
        let mut rules = vec![self.one(depth)?];
        while self.skip(&Token::And) {
            rules.push(self.one(depth)?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { PeopleRule::All(rules) })
    }

    fn one(&mut self, depth: usize) -> Result<PeopleRule, BadPeople> {
        if depth > DEEPEST {
            return Err(bad("the rule is nested too deeply", format!("use at most {DEEPEST} levels")));
        }
        let found = self.next().cloned();
        self.at += 1;
        match found {
            Some(Token::Name(name)) => Ok(PeopleRule::Name(name)),
            Some(Token::Not) => Ok(PeopleRule::Not(Box::new(self.one(depth + 1)?))),
            Some(Token::Open) => {
                let rule = self.any(depth + 1)?;
                match self.next() {
                    Some(Token::Close) => {}
                    None => return Err(bad("a `(` is not closed", "add `)`")),
                    Some(_) => return Err(between()),
                }
                self.at += 1;
                Ok(rule)
            }
            Some(Token::And | Token::Or | Token::Close) | None => Err(bad(
                "a name is missing",
                "write a name on both sides of `and` and `or`, and behind `not`; put a name such as `And` in quotes",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> PeopleRule {
        PeopleRule::parse(text).unwrap_or_else(|bad| panic!("{text}: {}", bad.why))
    }

    fn admits(rule: &str, people: &[&str]) -> bool {
        read(rule).admits(&people.iter().map(|name| folded_name(name)).collect())
    }

    #[test]
    fn words_combine_names() {
        let rule = "Anna and (Bob or Carla Smith) and not Dan";
        assert!(admits(rule, &["Anna", "Bob"]) && admits(rule, &["carla smith", "ANNA"]));
        assert!(!admits(rule, &["Anna"]) && !admits(rule, &["Anna", "Bob", "Dan"]));
        assert!(!admits(rule, &["Anna", "Carla"]));
        // `and` comes before `or`.
        assert!(admits("Anna or Bob and Carla", &["Anna"]) && !admits("Anna or Bob and Carla", &["Bob"]));
        assert!(admits("not Anna", &[]) && admits("NOT (Anna Or Bob)", &["Carla"]));
        assert!(admits("Zu\u{308}li", &["z\u{dc}LI"]));
        assert_eq!(read(rule).names(), ["Anna", "Bob", "Carla Smith", "Dan"]);
    }

    #[test]
    fn quotes_keep_words_of_a_name() {
        assert_eq!(read("'Anna and Co'  or  Bob"), read("(\"Anna and  Co\" or Bob)"));
        assert_eq!(read("O'Brien"), PeopleRule::Name("O'Brien".into()));
        assert_eq!(read("'O'Brien, Pat' and Bob").names(), ["O'Brien, Pat", "Bob"]);
        assert_eq!(read("Or\u{e9}e"), PeopleRule::Name("Or\u{e9}e".into()));
    }

    #[test]
    fn mistakes_are_named() {
        let why = |text: &str| PeopleRule::parse(text).unwrap_err().why;
        for text in ["", "and", "Anna and", "or Anna", "not", "()", "Anna and or Bob"] {
            assert_eq!(why(text), "a name is missing", "{text}");
        }
        assert_eq!(why("(Anna or Bob"), "a `(` is not closed");
        assert_eq!(why("Anna) or Bob"), "a `)` closes nothing");
        assert_eq!(why("'Anna' 'Bob'"), "there is neither `and` nor `or` between two names");
        assert_eq!(why("Anna (Bob)"), "there is neither `and` nor `or` between two names");
        assert_eq!(why("'Anna"), "a quoted name has no end");
        assert_eq!(why("''"), "a name is empty");
        assert!(why("Anna, Bob").starts_with("a comma"));
        assert_eq!(why("Anna & Bob"), "`&` is no word of a rule");
        assert_eq!(why(&"(".repeat(100_000)), "the rule is nested too deeply");
        assert_eq!(why(&"not ".repeat(100_000)), "the rule is nested too deeply");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_the_same(text in r#"(Anna|Bob|or|and|not|\(|\)| |'|"|,|é){0,24}"#) {
            if let Ok(rule) = PeopleRule::parse(&text) {
                // Names with words of the rule are shown without their quotes.
                if rule.names().iter().all(|name| name.split(' ').all(|word| matches!(word, "Anna" | "Bob"))) {
                    prop_assert_eq!(read(&rule.to_string()), rule);
                }
            }
        }
    }
}
