use super::Zone;
use super::check::{Check, Here};
use super::clip_text::clip_text;
use super::clock_shift::{CLOCK_SHIFTS, parse_clock_shift};
use super::dates::date_text;
use super::shape::Shape;
use super::value::Value;
use mmm_base::diagnostics::Code;
use mmm_base::{CaptureTime, TimeSource};

/// Values that are times of the calendar.
impl Check {
    pub(super) fn moment(&mut self, text: &str, shape: &Shape, here: &Here) -> Option<Value> {
        // The year comes first, so that no month is taken for a day.
        let starts_with_year = text.len() >= 8 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
        let Some(written) = date_text(text).filter(|_| starts_with_year) else {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            let help = format!("write {}", shape.noun());
            self.complain(Code::BAD_VALUE, here, message, "not a date", help);
            return None;
        };
        Some(Value::Moment(CaptureTime {
            local_s: written.local_s,
            offset_min: written.offset_min,
            source: TimeSource::Spec,
            day_only: written.day_only,
        }))
    }

    pub(super) fn clock_shift(&mut self, text: &str, shape: &Shape, here: &Here) -> Option<Value> {
        let Some(seconds) = parse_clock_shift(text) else {
            let bare = text.trim_start_matches(['+', '-']).parse::<u32>().is_ok();
            let message = match bare {
                true => format!("{} takes a time with its unit, not a bare number", here.name),
                false => format!("{} can't be `{}`", here.name, clip_text(text)),
            };
            let code = if bare { Code::BARE_NUMBER } else { Code::BAD_VALUE };
            let help = format!("write {}; the units are `d`, `h`, `m` and `s`", shape.noun());
            self.complain(code, here, message, "not a shift of a clock", help);
            return None;
        };
        if !CLOCK_SHIFTS.contains(&seconds) {
            let message = format!("{} is more than 100 years", here.name);
            let help = "write a smaller one, or `taken` with the right date".into();
            self.complain(Code::BAD_RANGE, here, message, "out of range", help);
            return None;
        }
        Some(Value::ClockShift(seconds))
    }

    pub(super) fn zone(&mut self, text: &str, shape: &Shape, here: &Here) -> Option<Value> {
        let zone = Zone::parse(text);
        if zone.is_none() {
            let message = format!("{} can't be `{}`", here.name, clip_text(text));
            let all = format!("write {}", shape.noun());
            let help = match Zone::nearest(text) {
                Some(name) => format!("did you mean `{name}`? {all}"),
                None => all,
            };
            self.complain(Code::UNKNOWN_ZONE, here, message, "not a time zone", help);
        }
        zone.map(Value::Zone)
    }
}
