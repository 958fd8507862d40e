use super::byte_size::{NoBytes, bytes_text, parse_bytes};
use super::check::{Check, Here};
use super::clip_text::clip_text;
use super::node::Node;
use super::shape::{Bounds, Shape};
use super::time_text::{NoTime, parse_time, time_text};
use super::value::Value;
use super::{Colour, Factor, Length, Loudness};
use mmm_base::diagnostics::Code;
use mmm_base::{Score, Speed, Time};

impl Check {
    /// Returns the value of a node that is written as one word or text.
    pub(super) fn scalar(&mut self, node: &Node, shape: &'static Shape, here: &Here) -> Option<Value> {
        let Some(text) = node.text() else { return self.wrong_type(node, shape, here) };
        match shape {
            Shape::Text { longest, may_be_empty } => self.words(text, *longest, *may_be_empty, here),
            Shape::Flag => match node.plain() {
                Some("true") => Some(Value::Flag(true)),
                Some("false") => Some(Value::Flag(false)),
                _ => self.wrong_type(node, shape, here),
            },
            Shape::Version(version) => self.version(node, shape, *version, here),
            Shape::Count { least, most } => self.count(node, shape, (*least, *most), here),
            Shape::Fraction => self.fraction(node, shape, here),
            Shape::Time(bounds) => self.time(text, *bounds, shape, here).map(Value::Time),
            Shape::Moment => self.moment(text, shape, here),
            Shape::ClockShift => self.clock_shift(text, shape, here),
            Shape::Zone => self.zone(text, shape, here),
            Shape::Shift(bounds) => self.shift(text, *bounds, shape, here).map(Value::Time),
            Shape::People => self.people(text, here),
            Shape::Stars => self.stars(text, shape, here),
            Shape::Factor => self.factor(node, shape, here),
            Shape::Speed => self.speed(node, shape, here),
            Shape::Range(bounds) => {
                self.range(text, *bounds, shape, here).map(|(low, high)| Value::Range(low, high))
            }
            Shape::Length(bounds) => self.length(text, *bounds, shape, here).map(Value::Length),
            Shape::Loudness { least, most } => self.loudness(text, (*least, *most), shape, here),
            Shape::Bytes { least, most } => self.bytes(text, (*least, *most), shape, here),
            Shape::WordOrColour(_) => self.colour(text, here),
            _ => self.wrong_type(node, shape, here),
        }
    }

    fn bytes(&mut self, text: &str, (least, most): (u64, u64), shape: &Shape, here: &Here) -> Option<Value> {
        match parse_bytes(text) {
            _ if text == "none" => Some(Value::Bytes(None)),
            Ok(bytes) if (least..=most).contains(&bytes) => Some(Value::Bytes(Some(bytes))),
            Ok(_) => self.out_of_bounds(here, &bytes_text(least), &bytes_text(most)),
            Err(NoBytes::Bare) => {
                let message = format!("{} takes a size with its unit, not a bare number", here.name);
                let help = format!("write `{}MB` for megabytes", clip_text(text));
                self.complain(Code::BARE_NUMBER, here, message, "no unit", help);
                None
            }
            Err(NoBytes::Other) => {
                let message = format!("{} can't be `{}`", here.name, clip_text(text));
                let help = format!("write {}; units are kB, MB, GB, KiB, MiB and GiB", shape.noun());
                self.complain(Code::BAD_VALUE, here, message, "not a size", help);
                None
            }
        }
    }

    fn colour(&mut self, text: &str, here: &Here) -> Option<Value> {
        let colour = Colour::of_hex(text);
        if colour.is_none() {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            let help = "write `#` and six digits of 0 to 9 and a to f, in quotes, such as `\"#f4efe6\"`";
            self.complain(Code::BAD_VALUE, here, message, "not a colour", help.to_owned());
        }
        colour.map(Value::Colour)
    }

    fn words(&mut self, text: &str, longest: usize, may_be_empty: bool, here: &Here) -> Option<Value> {
        let text = text.trim();
        let trouble = match () {
            () if text.is_empty() && !may_be_empty => {
                ("is empty", "write some text, or remove the key".into())
            }
            () if text.chars().count() > longest => {
                ("is too long", format!("write at most {longest} characters"))
            }
            () if text.chars().any(|c| c.is_control() && c != '\n') => {
                ("contains a control character", "remove it; only line breaks are allowed".into())
            }
            () => return Some(Value::Text(text.to_owned())),
        };
        self.complain(Code::BAD_VALUE, here, format!("{} {}", here.name, trouble.0), "this text", trouble.1);
        None
    }

    fn version(&mut self, node: &Node, shape: &Shape, version: u32, here: &Here) -> Option<Value> {
        let Some(number) = node.plain().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())) else {
            return self.wrong_type(node, shape, here);
        };
        if number.parse() == Ok(version) {
            return Some(Value::Count(version));
        }
        let message = format!("this version of mmm can't read version {} of the language", clip_text(number));
        let help = format!("write `{version}`, or install a newer `mmm`");
        self.complain(Code::UNSUPPORTED_VERSION, here, message, "unknown version", help);
        None
    }

    fn count(&mut self, node: &Node, shape: &Shape, (least, most): (u32, u32), here: &Here) -> Option<Value> {
        let digits = |text: &&str| {
            let text = text.strip_prefix('-').unwrap_or(text);
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let Some(text) = node.plain().filter(digits) else { return self.wrong_type(node, shape, here) };
        if let Some(count) = text.parse::<u32>().ok().filter(|count| (least..=most).contains(count)) {
            return Some(Value::Count(count));
        }
        self.out_of_bounds(here, &least, &most)
    }

    fn fraction(&mut self, node: &Node, shape: &Shape, here: &Here) -> Option<Value> {
        let number = node.plain().and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite());
        match number {
            Some(value) if (0.0..=1.0).contains(&value) => Some(Value::Fraction(Score::new(value))),
            Some(_) => self.out_of_bounds(here, &0, &1),
            None => self.wrong_type(node, shape, here),
        }
    }

    fn out_of_bounds<T>(
        &mut self,
        here: &Here,
        least: &impl std::fmt::Display,
        most: &impl std::fmt::Display,
    ) -> Option<T> {
        let message = format!("{} must be between {least} and {most}", here.name);
        self.complain(
            Code::BAD_RANGE,
            here,
            message,
            "out of range",
            format!("write a value from {least} to {most}"),
        );
        None
    }

    fn time(&mut self, text: &str, bounds: Bounds, shape: &Shape, here: &Here) -> Option<Time> {
        match parse_time(text) {
            Ok(time) if bounds.hold(time) => Some(time),
            Ok(_) | Err(NoTime::Negative) => {
                self.out_of_bounds(here, &time_text(bounds.least), &time_text(bounds.most))
            }
            Err(NoTime::Bare) => {
                let message = format!("{} takes a time with its unit, not a bare number", here.name);
                let help = format!("write `{}s` for seconds", clip_text(text.trim_start_matches('-')));
                self.complain(Code::BARE_NUMBER, here, message, "no unit", help);
                None
            }
            Err(NoTime::Other) => {
                let message = format!("{} can't be `{}`", here.name, clip_text(text));
                let help =
                    format!("write {}; times are `3.2s`, `1200ms`, `1:02.5`, `90min` or `1h`", shape.noun());
                self.complain(Code::BAD_VALUE, here, message, "not a time", help);
                None
            }
        }
    }

    /// Parses a time that may have a minus in front.
    fn shift(&mut self, text: &str, bounds: Bounds, shape: &Shape, here: &Here) -> Option<Time> {
        let Some(later) = text.strip_prefix('-') else { return self.time(text, bounds, shape, here) };
        match parse_time(later) {
            Ok(time) if bounds.hold(-time) => Some(-time),
            Ok(_) => self.out_of_bounds(here, &"-10s", &time_text(bounds.most)),
            // A text that is not a time without the minus is not one with it either.
            Err(_) => self.time(later, bounds, shape, here),
        }
    }

    fn factor(&mut self, node: &Node, shape: &Shape, here: &Here) -> Option<Value> {
        let number = node.plain().and_then(|text| text.parse::<f64>().ok());
        let Some(number) = number else { return self.wrong_type(node, shape, here) };
        let known = Factor::ALL.into_iter().find(|factor| factor.get() == number);
        if known.is_none() {
            let message = format!("{} can't be `{number}`", here.name);
            self.complain(
                Code::BAD_VALUE,
                here,
                message,
                "not an allowed value",
                format!("write {}", shape.noun()),
            );
        }
        known.map(Value::Factor)
    }

    fn speed(&mut self, node: &Node, shape: &Shape, here: &Here) -> Option<Value> {
        let number = |text: &&str| text.parse::<f64>().is_ok_and(f64::is_finite);
        let Some(text) = node.plain().filter(number) else { return self.wrong_type(node, shape, here) };
        let Some(thousandths) = decimal(text, 3) else {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            let help = "write at most three digits after the point, such as `0.333`".into();
            self.complain(Code::BAD_VALUE, here, message, "too many digits", help);
            return None;
        };
        match Speed::from_thousandths(i64::from(thousandths)) {
            Some(speed) => Some(Value::Speed(speed)),
            None => self.out_of_bounds(here, &Speed::SLOWEST.get(), &Speed::FASTEST.get()),
        }
    }

    fn range(&mut self, text: &str, bounds: Bounds, shape: &Shape, here: &Here) -> Option<(Time, Time)> {
        let Some((low, high)) = text.split_once("..") else {
            let message = format!("{} takes a range, not one value", here.name);
            let help = match parse_time(text) {
                Ok(_) => format!("write `{0}..{0}` for exactly this length, or two times", clip_text(text)),
                Err(_) => format!("write {}", shape.noun()),
            };
            self.complain(Code::BAD_VALUE, here, message, "only one value", help);
            return None;
        };
        let (low, high) = (self.time(low, bounds, shape, here), self.time(high, bounds, shape, here));
        let (low, high) = (low?, high?);
        if low > high {
            let message = format!("{} ends before it starts", here.name);
            let help = format!("write `{}..{}`", time_text(high), time_text(low));
            self.complain(Code::BAD_RANGE, here, message, "the first time is the longer", help);
            return None;
        }
        Some((low, high))
    }

    fn length(&mut self, text: &str, bounds: Bounds, shape: &Shape, here: &Here) -> Option<Length> {
        match text {
            "music" => Some(Length::Music),
            _ if text.contains("..") => {
                let (low, high) = self.range(text, bounds, shape, here)?;
                Some(if low == high { Length::Exact(low) } else { Length::Within(low, high) })
            }
            _ => self.time(text, bounds, shape, here).map(Length::Exact),
        }
    }

    fn loudness(
        &mut self,
        text: &str,
        (least, most): (i32, i32),
        shape: &Shape,
        here: &Here,
    ) -> Option<Value> {
        let number = text.strip_suffix(" LUFS").unwrap_or(text);
        let Some(hundredths) = decimal(number, 2) else {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            self.complain(
                Code::BAD_VALUE,
                here,
                message,
                "not a loudness",
                format!("write {}", shape.noun()),
            );
            return None;
        };
        if number.len() == text.len() {
            let message = format!("{} takes a loudness with its unit, not a bare number", here.name);
            self.complain(Code::BARE_NUMBER, here, message, "no unit", format!("write `{number} LUFS`"));
            return None;
        }
        if !(least * 100..=most * 100).contains(&hundredths) {
            return self.out_of_bounds(here, &format!("{least} LUFS"), &format!("{most} LUFS"));
        }
        Some(Value::Loudness(Loudness(hundredths)))
    }
}

/// Parses `-14` or `-14.25` into units of the last of `places` decimals.
fn decimal(text: &str, places: usize) -> Option<i32> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole, 4) || !plain(part, places) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse::<i32>().ok().map(|units| sign * units)
}
