use super::value::{Fields, Item, Value};
use super::{Known, MediaFilter, Zone};
use mmm_base::Score;

/// Returns what an entry of `media` says about its files.
pub(super) fn known(fields: &Fields) -> Known {
    Known {
        required: fields.flag("required"),
        from: fields.time("in"),
        to: fields.time("out"),
        speed: match fields.get("speed") {
            Some(Value::Speed(speed)) => Some(*speed),
            _ => None,
        },
        steady: fields.said("steady"),
        live: fields.word("live"),
        sound: fields.word("sound"),
        audio: audio(fields),
        caption: fields.text("caption").map(str::to_owned),
        focus: focus(fields.get("focus")),
        role: fields.word("role"),
        taken: match fields.get("taken") {
            Some(Value::Moment(time)) => Some(*time),
            _ => None,
        },
        clock_s: clock(fields),
        zone: zone(fields),
    }
}

pub(super) fn clock(fields: &Fields) -> Option<i64> {
    match fields.get("clock") {
        Some(Value::ClockShift(seconds)) => Some(*seconds),
        _ => None,
    }
}

pub(super) fn zone(fields: &Fields) -> Option<Zone> {
    match fields.get("zone") {
        Some(Value::Zone(zone)) => Some(zone.clone()),
        _ => None,
    }
}

/// Returns the number of the sound track that is heard.
pub(super) fn audio(fields: &Fields) -> Option<u8> {
    match fields.get("audio")? {
        Value::Count(track) => u8::try_from(*track).ok(),
        _ => None,
    }
}

fn focus(value: Option<&Value>) -> Option<(Score, Score)> {
    let Some(Value::List(items)) = value else { return None };
    match items.as_slice() {
        [Item { value: Value::Fraction(x), .. }, Item { value: Value::Fraction(y), .. }] => Some((*x, *y)),
        _ => None,
    }
}

/// Returns what an entry of `media` asks of the content of its files.
pub(super) fn filter(fields: &Fields) -> MediaFilter {
    MediaFilter {
        people: match fields.get("people") {
            Some(Value::People(rule)) => Some(rule.clone()),
            _ => None,
        },
        rating: match fields.get("rating") {
            Some(Value::Stars(range)) => Some(*range),
            _ => None,
        },
    }
}
