use super::check::{Check, Here, LONGEST_NAME, MOST_NAMES};
use super::clip_text::clip_text;
use super::media_filter::StarRange;
use super::name_form::folded_name;
use super::node::{Kind, Node};
use super::people_rule::{BadPeople, PeopleRule};
use super::settings::PersonShots;
use super::shape::Shape;
use super::value::Value;
use mmm_base::diagnostics::Code;

/// The longest rule about people, in characters.
pub(super) const LONGEST_RULE: usize = 2000;

impl Check {
    /// Returns a rule about people.
    pub(super) fn people(&mut self, text: &str, here: &Here) -> Option<Value> {
        if text.chars().count() > LONGEST_RULE {
            let message = format!("{} is longer than {LONGEST_RULE} characters", here.name);
            self.complain(Code::BAD_VALUE, here, message, "this rule", "write a shorter rule".into());
            return None;
        }
        match PeopleRule::parse(text) {
            Ok(rule) => Some(Value::People(rule)),
            Err(BadPeople { why, help }) => {
                let message = format!("{} can't be read: {why}", here.name);
                self.complain(Code::BAD_VALUE, here, message, "this rule", help);
                None
            }
        }
    }

    /// Returns a range of stars.
    pub(super) fn stars(&mut self, text: &str, shape: &Shape, here: &Here) -> Option<Value> {
        let range = StarRange::parse(text);
        if range.is_none() {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            let help = format!("write {}; `..2` is at most two stars", shape.noun());
            self.complain(Code::BAD_VALUE, here, message, "not a range of stars", help);
        }
        range.map(Value::Stars)
    }

    /// Returns the fewest shots of people, by their names.
    pub(super) fn shots(&mut self, node: &Node, shape: &Shape, most: u32, here: &Here) -> Option<Value> {
        let Kind::Map(entries) = &node.kind else { return self.wrong_type(node, shape, here) };
        if entries.len() > MOST_NAMES {
            let message = format!("{} has more than {MOST_NAMES} entries", here.name);
            self.complain(Code::TOO_LARGE, here, message, "too many", "remove some".into());
            return None;
        }
        let mut people: Vec<PersonShots> = Vec::new();
        for (index, (key, value)) in entries.iter().enumerate() {
            let name = key.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                let place = Here { span: key.span, ..here.clone() };
                let message = format!("a name in {} is empty or too long", here.name);
                let help = format!("write a name of at most {LONGEST_NAME} characters");
                self.complain(Code::BAD_VALUE, &place, message, "this name", help);
                continue;
            }
            let is_same = |(key, _): &&(Node, Node)| {
                folded_name(key.text().unwrap_or_default().trim()) == folded_name(&name)
            };
            if let Some((first, _)) = entries[..index].iter().find(is_same) {
                self.duplicate(&name, first.span, key.span);
                continue;
            }
            let span = if value.span.len == 0 { key.span } else { value.span };
            let path = format!("{}.{name}", here.path);
            let inner = Here { path, name: format!("`{}`", clip_text(&name)), span };
            self.spans.insert(inner.path.clone(), inner.span);
            if let Some(least) = self.fewest(value, most, &inner) {
                people.push(PersonShots { name, least });
            }
        }
        Some(Value::Shots(people))
    }

    /// Returns the number in `3..`.
    fn fewest(&mut self, node: &Node, most: u32, here: &Here) -> Option<u32> {
        let digits = node.text().and_then(|text| text.strip_suffix(".."));
        let is_whole = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let least = digits.filter(is_whole).and_then(|digits| digits.parse::<u32>().ok());
        let least = least.filter(|least| (1..=most).contains(least));
        if least.is_none() {
            let message = format!("{} takes the fewest shots, such as `3..`", here.name);
            let help = match node.text().and_then(|text| text.parse::<u32>().ok()) {
                Some(number) if (1..=most).contains(&number) => {
                    format!("write `{number}..` for at least {number} shots")
                }
                _ => format!("write a number from 1 to {most} and `..`"),
            };
            self.complain(Code::BAD_VALUE, here, message, "not a number of shots", help);
        }
        least
    }
}
